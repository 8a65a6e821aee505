import { hash } from 'node:crypto';

const blockBytes = 64;
const digestBytes = 32;

/** In base64url. */
export type Mac = (data: string | Uint8Array) => string;

/**
 * HMAC-SHA256 (RFC 2104) of many things by one key. What the key makes of itself is made once, and each hash is one call: `createHmac`
 * takes twice as long and more, for an object that is used once and then collected (docs/decisions/0098).
 */
export const macBy = (key: string | Uint8Array): Mac => {
  const given = Buffer.from(key);
  const short = given.length > blockBytes ? hash('sha256', given, 'buffer') : given;
  const inner = padded(short, 0x36);
  const outer = Buffer.concat([padded(short, 0x5c), Buffer.alloc(digestBytes)]);
  return (data) => {
    const message = Buffer.concat([inner, typeof data === 'string' ? Buffer.from(data) : data]);
    outer.write(hash('sha256', message, 'binary'), blockBytes, 'binary');
    return hash('sha256', outer, 'base64url');
  };
};

const padded = (key: Buffer, byte: number): Buffer => Buffer.alloc(blockBytes, byte).map((it, at) => it ^ (key[at] ?? 0)) as Buffer;
