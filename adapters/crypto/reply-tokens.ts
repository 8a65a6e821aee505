import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
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
      const bytes = decode(token);
      // The last character has bits to spare: of its spellings one is ours.
      if (encode(bytes) !== token.toLowerCase()) return undefined;
      const [body, given] = [bytes.subarray(0, idBytes + markBytes), bytes.subarray(idBytes + markBytes)];
      const isOurs = keys().filter((key) => key !== undefined && timingSafeEqual(mac(key, body), given)).length > 0;
      return isOurs ? { leadId: encode(body.subarray(0, idBytes)), sendMark: encode(body.subarray(idBytes)) } : undefined;
    },
    sendMarkOf: ({ enrolmentId, step, round }) => encode(markOf(enrolmentId, step, round)),
  };
};

/** RFC 4648 in lower case without padding. By hand: the sender's bundle has no room for a library (tests/lib/bundles.test.ts). */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

const encode = (bytes: Uint8Array): string => {
  let [text, bits, value] = ['', 0, 0];
  for (const byte of bytes) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(value >>> (bits - 5)) & 31];
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet[(value << (5 - bits)) & 31];
};

/** What is left over at the end is dropped: an id of 26 characters has two bits more than its 16 bytes. */
const decode = (text: string): Buffer => {
  const bytes: number[] = [];
  let [bits, value] = [0, 0];
  for (const letter of text.toLowerCase()) {
    value = (value << 5) | alphabet.indexOf(letter);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >>> bits) & 255);
    value &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
};
