import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { LinkPurpose, Links } from '#core/ports';

/** By purpose: the key id that signs, and all secrets that still verify (rotation without breaking old mail). */
export type LinkKeys = {
  readonly [purpose in LinkPurpose]: { readonly current: string; readonly secrets: { readonly [keyId: string]: string } };
};

const Claims = z.strictObject({ leadId: z.string(), topic: z.string(), expiresAt: z.string() });

/** Tokens are `<key id>.<claims>.<HMAC-SHA256>`, base64url; the purpose is signed, so that no link serves another. */
export const createLinks = (keys: LinkKeys): Links => ({
  sign: (purpose, claims) => {
    const { current, secrets } = keys[purpose];
    const body = Buffer.from(JSON.stringify([claims.leadId, claims.topic, claims.expiresAt])).toString('base64url');
    return `${current}.${body}.${signature(purpose, secretOf(secrets, current), current, body).toString('base64url')}`;
  },
  verify: (purpose, token, now) => {
    const [keyId = '', body = '', given = '', ...rest] = token.split('.');
    const secret = Object.hasOwn(keys[purpose].secrets, keyId) ? keys[purpose].secrets[keyId] : undefined;
    if (secret === undefined || rest.length > 0) return undefined;
    const expected = signature(purpose, secret, keyId, body);
    const actual = Buffer.from(given, 'base64url');
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return undefined;
    const [leadId, topic, expiresAt] = JSON.parse(Buffer.from(body, 'base64url').toString()) as unknown[];
    const claims = Claims.parse({ leadId, topic, expiresAt });
    return now < claims.expiresAt ? claims : undefined;
  },
});

const signature = (purpose: string, secret: string, keyId: string, body: string): Buffer =>
  createHmac('sha256', secret).update(`${purpose}.${keyId}.${body}`).digest();

const secretOf = (secrets: { readonly [keyId: string]: string }, keyId: string): string => {
  const secret = secrets[keyId];
  if (secret === undefined) throw new Error(`there is no link key ${keyId}`);
  return secret;
};
