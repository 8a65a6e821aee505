import { CognitoJwtVerifier } from 'aws-jwt-verify';
import * as z from 'zod/mini';
import { groups } from '#core/console/views';
import { retryableError } from '#core/errors';
import type { SignIn } from '#core/ports';

export type CognitoClient = {
  readonly userPoolId: string;
  readonly clientId: string;
  /** Of the pool's own pages, such as https://baton-prod-1234.auth.eu-west-1.amazoncognito.com */
  readonly origin: string;
};

const Tokens = z.object({ id_token: z.string(), refresh_token: z.optional(z.string()), expires_in: z.number() });
const Claims = z.object({
  sub: z.string(),
  email: z.string(),
  /** A pool of another's making may let people in whose address nobody has looked at: tasks hang on it. */
  email_verified: z.optional(z.union([z.boolean(), z.string()])),
  name: z.optional(z.string()),
  'cognito:groups': z.optional(z.array(z.string())),
});

/**
 * Sign-in by the hosted pages of a user pool: authorization code with PKCE, by a client without a secret. Nothing of it needs AWS
 * permissions. `verifier`: given by tests, with keys of their own; its keys are fetched once and kept.
 */
export const cognitoSignIn = (
  { userPoolId, clientId, origin }: CognitoClient,
  { send = fetch, verifier = verifierOf({ userPoolId, clientId }) }: { send?: typeof fetch; verifier?: Verifier } = {},
): SignIn => {
  const post = (path: string, form: Record<string, string>) =>
    send(`${origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_id: clientId, ...form }).toString(),
      signal: AbortSignal.timeout(5000),
    });
  const ask = async (form: Record<string, string>) => {
    const answer = await post('/oauth2/token', form).catch((error: unknown) => {
      throw retryableError('the user pool does not answer', error);
    });
    if (answer.status >= 500 || answer.status === 429) throw retryableError(`the user pool answered ${answer.status}`);
    if (!answer.ok) return undefined;
    const read = Tokens.safeParse(await answer.json().catch(() => undefined));
    if (!read.success) return undefined;
    const { id_token: idToken, refresh_token: refreshToken, expires_in: expiresInSeconds } = read.data;
    return { idToken, expiresInSeconds, ...(refreshToken !== undefined && { refreshToken }) };
  };
  return {
    url: ({ back, state, challenge }) =>
      `${origin}/oauth2/authorize?${new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: back,
        scope: 'openid email profile',
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      })}`,
    exchange: (code, proof, back) => ask({ grant_type: 'authorization_code', code, code_verifier: proof, redirect_uri: back }),
    refresh: (refreshToken) => ask({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    revoke: (refreshToken) =>
      post('/oauth2/revoke', { token: refreshToken }).then(
        (answer) => (answer.ok ? 'revoked' : 'failed'),
        () => 'failed',
      ),
    personOf: async (idToken) => {
      const payload = await verifier.verify(idToken).catch((error: Error) => {
        // Without its keys nothing can be said of a token; that is not the person's fault.
        if (/^(Fetch|Jwks|NonRetryableFetch)/.test(error.name)) throw retryableError('the keys of the user pool could not be read', error);
        return undefined;
      });
      const read = Claims.safeParse(payload);
      if (!read.success || String(read.data.email_verified) !== 'true') return undefined;
      const { sub, email, name, 'cognito:groups': named = [] } = read.data;
      return { id: sub, email, name: name ?? email.slice(0, email.indexOf('@')), groups: groups.filter((it) => named.includes(it)) };
    },
    signOutUrl: (back) => `${origin}/logout?${new URLSearchParams({ client_id: clientId, logout_uri: back })}`,
  };
};

type Verifier = { verify(token: string): Promise<unknown> };
const verifierOf = ({ userPoolId, clientId }: Pick<CognitoClient, 'userPoolId' | 'clientId'>) =>
  CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse: 'id' });
