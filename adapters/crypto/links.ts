import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import type { Clock, LinkPurpose, Links } from '#core/ports';
import { linkKeyIds, signerOf } from './link-ring.ts';
import { replyTokens } from './reply-tokens.ts';

/** The secret as it is kept: which key id signs, and every secret that still verifies (rotation without breaking old mail). */
export const LinkSecret = z.catchall(z.object({ current: z.string().check(z.minLength(1)) }), z.string().check(z.minLength(32)));
export type LinkSecret = z.output<typeof LinkSecret>;

const Claims = z.strictObject({ leadId: z.string(), topic: z.string(), expiresAt: z.string(), locale: z.string() });
const AnswerClaims = z.strictObject({ taskId: z.string(), rep: z.string(), expiresAt: z.string() });

/**
 * Tokens are `<key id>.<claims>.<HMAC-SHA256>`, base64url. Each purpose has a key of its own, derived from the secret, so
 * that no link serves another purpose.
 */
export const createLinks = (secret: LinkSecret, clock: Clock): Links => {
  const derived = new Map<string, Buffer>();
  const signer = signerOf(secret);
  const keyOf = (purpose: LinkPurpose | 'reply' | 'answer', keyId: string): Buffer | undefined => {
    const text = keyId !== 'current' && Object.hasOwn(secret, keyId) ? secret[keyId] : undefined;
    if (text === undefined) return undefined;
    const name = `${purpose} ${keyId}`;
    const key = derived.get(name) ?? Buffer.from(hkdfSync('sha256', text, '', `baton link ${purpose}`, 32));
    derived.set(name, key);
    return key;
  };
  const seal = (purpose: LinkPurpose | 'answer', values: readonly string[]): string => {
    const keyId = signer(clock.now());
    const key = keyOf(purpose, keyId);
    if (!key) throw new Error(`there is no link key ${keyId}`);
    const body = Buffer.from(JSON.stringify(values)).toString('base64url');
    return `${keyId}.${body}.${sealed(key, keyId, body).digest('base64url')}`;
  };
  /** undefined: forged, or for another purpose. */
  const open = (purpose: LinkPurpose | 'answer', token: string): readonly unknown[] | undefined => {
    const [keyId = '', body = '', given = '', ...rest] = token.split('.');
    const key = keyOf(purpose, keyId);
    if (!key || rest.length > 0) return undefined;
    const expected = sealed(key, keyId, body).digest();
    const actual = Buffer.from(given, 'base64url');
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return undefined;
    return JSON.parse(Buffer.from(body, 'base64url').toString()) as unknown[];
  };
  const replyKeys = () => {
    const signs = signer(clock.now());
    return [signs, ...linkKeyIds(secret).filter((it) => it !== signs)];
  };
  return {
    ...replyTokens(() => replyKeys().map((keyId) => keyOf('reply', keyId))),
    sign: (purpose, { leadId, topic, expiresAt, locale }) => seal(purpose, [leadId, topic, expiresAt, locale]),
    verify: (purpose, token, now) => {
      const values = open(purpose, token);
      if (!values) return undefined;
      const [leadId, topic, expiresAt, locale = 'en'] = values;
      const claims = Claims.parse({ leadId, topic, expiresAt, locale });
      return now < claims.expiresAt ? claims : undefined;
    },
    signAnswer: ({ taskId, rep, expiresAt }) => seal('answer', [taskId, rep, expiresAt]),
    verifyAnswer: (token) => {
      const values = open('answer', token);
      if (!values) return undefined;
      const [taskId, rep, expiresAt] = values;
      return AnswerClaims.parse({ taskId, rep, expiresAt });
    },
  };
};

const sealed = (key: Buffer, keyId: string, body: string) => createHmac('sha256', key).update(`${keyId}.${body}`);
