import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';

/** A long text as one short word: machines of 50 KB take 4 in baton.lock.json. */
export const pack = (text: string): string => brotliCompressSync(text).toString('base64');

export const unpack = (word: string): string => brotliDecompressSync(Buffer.from(word, 'base64')).toString('utf8');
