export const tableName = 'baton';
/** No sequence can be called so: ids have no underscore. */
export const handoffMachineName = '_handoff';
export const bucketName = 'baton-artifacts';
export const replyBucketName = 'baton-replies';
export const eventBusName = 'baton-sales';
export const timerSettings = { group: 'baton-local', roleArn: 'arn:aws:iam::000000000000:role/baton-local-timers' };
export const configurationSet = 'baton-local';

/** Keys of the embedded runtime. They guard nothing: everything there is made up. On AWS keys come from Secrets Manager. */
export const testKeys = {
  identity: 'the identity key of the embedded runtime, not a secret',
  outside: { signing: 'dGhlIHNpZ25pbmcga2V5IG9mIHRoZSBlbWJlZGRlZCBydW50aW1l', slack: {} },
  links: { current: 'local', local: 'the link key of the embedded runtime, not a secret' },
  api: {
    local: 'the-API-key-of-the-embedded-runtime-not-a-secret',
    billing: { webhook: 'whsec_YSB3ZWJob29rIHNlY3JldCBvZiB0aGUgZW1iZWRkZWQgcnVudGltZQ==' },
    slow: { key: 'the-API-key-of-a-system-that-may-ask-twice', 'per-minute': 2 },
    crm: { key: 'the-API-key-of-a-system-that-sends-events-only', paths: ['/events' as const] },
  },
};
