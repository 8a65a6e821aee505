import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { base32nopad } from '@scure/base';
import type { Links } from '#core/ports';

const leadIdShape = /^[a-z2-7]{26}$/;
const idBytes = 16;
const markBytes = 6;
const macBytes = 10;
const tokenShape = /^[a-z2-7]{52}$/;

/**
 * Tokens of addresses that answers come to: lead id, mark of the send, and an HMAC, in base32, for mail systems change the case
 * of an address and allow 64 characters before the `@`. They last as long as the keys: an answer may come years later.
 * `keys`: all that verify; the first one signs.
 */
export const replyTokens = (keys: () => readonly (Buffer | undefined)[]): Pick<Links, 'signReply' | 'verifyReply' | 'sendMarkOf'> => {
  const mac = (key: Buffer, body: Uint8Array) => createHmac('sha256', key).update(body).digest().subarray(0, macBytes);
  const markOf = (enrolmentId: string, step: string, round: number) =>
    createHash('sha256').update(`${enrolmentId}\u0000${step}\u0000${round}`).digest().subarray(0, markBytes);
  return {
    signReply: ({ leadId, enrolmentId, step, round }) => {
      const [key] = keys();
      if (!leadIdShape.test(leadId) || !key) return undefined;
      const body = Buffer.concat([decode(leadId), markOf(enrolmentId, step, round)]);
      return encode(Buffer.concat([body, mac(key, body)]));
    },
    verifyReply: (token) => {
      if (!tokenShape.test(token.toLowerCase())) return undefined;
      const bytes = Buffer.from(decode(token));
      const [body, given] = [bytes.subarray(0, idBytes + markBytes), bytes.subarray(idBytes + markBytes)];
      const isOurs = keys().filter((key) => key !== undefined && timingSafeEqual(mac(key, body), given)).length > 0;
      return isOurs ? { leadId: encode(body.subarray(0, idBytes)), sendMark: encode(body.subarray(idBytes)) } : undefined;
    },
    sendMarkOf: ({ enrolmentId, step, round }) => encode(markOf(enrolmentId, step, round)),
  };
};

const encode = (bytes: Uint8Array): string => base32nopad.encode(bytes).toLowerCase();
/** The last character of an id may carry bits that no id has: those are no ids of ours. */
const decode = (text: string): Uint8Array => {
  try {
    return base32nopad.decode(text.toUpperCase());
  } catch {
    return new Uint8Array(idBytes + markBytes + macBytes);
  }
};
