import { createHash } from 'node:crypto';
import { type DropStorage, dropsOn } from '#adapters/files/drops';
import type { DropMessage } from '#core/imports/drop';
import type { Drops } from '#core/ports';

export type MemoryDrops = Drops & {
  /** Puts a file there, as a bucket does; returns what it would tell of it. */
  put(key: string, content: string | Uint8Array): DropMessage;
  read(key: string): string | undefined;
  keys(): readonly string[];
};

const chunkBytes = 16_384;

/** A bucket on a map. */
export const memoryDrops = (): MemoryDrops => {
  const objects = new Map<string, Uint8Array>();
  let count = 0;
  const etagOf = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
  const read = (key: string) => {
    const found = objects.get(key);
    return found && Buffer.from(found).toString('utf8');
  };
  const storage: DropStorage = {
    open: async ({ key, etag }, offset) => {
      const bytes = objects.get(key);
      if (!bytes) return 'gone';
      return etagOf(bytes) === etag ? chunksOf(bytes, offset) : 'replaced';
    },
    get: async (key) => read(key),
    put: async (key, text) => void objects.set(key, Buffer.from(text)),
  };
  return {
    ...dropsOn(storage),
    put: (key, content) => {
      const bytes = Buffer.from(content);
      objects.set(key, bytes);
      return { key, etag: etagOf(bytes), sequencer: String(++count) };
    },
    read,
    keys: () => [...objects.keys()].sort(),
  };
};

async function* chunksOf(bytes: Uint8Array, offset: number): AsyncGenerator<Uint8Array> {
  for (let at = offset; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}
