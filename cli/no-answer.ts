/** Why AWS gave no answer, and what to do; `hasNone`: this shell has nothing to ask with. */
export type NoAnswer = { readonly says: string; readonly todo: string; readonly hasNone: boolean };

/** Of an error of the AWS SDK that has nothing to do with what was asked; undefined: AWS answered, or it was nothing of AWS's. */
export const whyNoAnswer = (error: Error): NoAnswer | undefined => {
  const { name, message } = error;
  if (message === 'Region is missing')
    return { says: 'this shell has no Region', todo: 'set AWS_REGION, or a region in your AWS profile', hasNone: true };
  if (name === 'CredentialsProviderError')
    return message.startsWith('Could not load credentials from any providers')
      ? { says: 'this shell has no credentials', todo: 'set AWS_PROFILE (or keys), or sign in with aws sso login', hasNone: true }
      : { says: `the credentials of this shell cannot be used (${message})`, todo: signIn, hasNone: false };
  if (refused.has(name)) return { says: `AWS does not take the credentials of this shell (${name})`, todo: signIn, hasNone: false };
  return '$metadata' in error && isUnheard(error) ? unreached(error) : undefined;
};

const signIn = 'sign in anew (aws sso login), or see that AWS_PROFILE or the keys are those of your account';

const refused = new Set([
  ...['UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidClientTokenIdException', 'InvalidAccessKeyId', 'AuthFailure'],
  ...['ExpiredToken', 'ExpiredTokenException', 'InvalidSignatureException', 'SignatureDoesNotMatch', 'IncompleteSignatureException'],
]);

const unheard = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE']);
const isUnheard = (error: Error & { readonly code?: unknown }): boolean => error.name === 'TimeoutError' || unheard.has(String(error.code));

const unreached = (error: Error & { readonly code?: unknown }): NoAnswer => ({
  says: `it cannot be reached from here (${error.message || String(error.code)})`,
  todo: 'see that this machine has a way out, a proxy if there must be one, and that AWS_ENDPOINT_URL and AWS_REGION are right',
  hasNone: false,
});
