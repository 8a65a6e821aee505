export const tableName = 'baton';

/** Keys of the embedded runtime. They guard nothing: everything there is made up. On AWS keys come from Secrets Manager. */
export const testKeys = {
  identity: 'the identity key of the embedded runtime, not a secret',
  links: { current: 'local', local: 'the link key of the embedded runtime, not a secret' },
  api: { local: 'the API key of the embedded runtime, not a secret' },
};
