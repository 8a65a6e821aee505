import type { ConsoleFile } from '#core/console/outside';
import { isAslError } from '#core/errors';
import { consoleFileKey } from '#core/object-keys';
import type { ConsoleFiles } from '#core/ports';
import type { ReadObject } from './artifacts.ts';

/** `body`: in base64, compressed by Brotli. What is deployed together is read together: names hold their hash but for those that the page begins with. */
export type StoredFile = { readonly body: string; readonly type: string; readonly etag: string; readonly isForever: boolean };

const freshForMilliseconds = 60_000;
const mostKept = 60;

/** The page as it was deployed (lib/objects.ts), out of the artifact bucket; what was read is kept, for a minute where it may change. */
export const objectConsoleFiles = (read: ReadObject, now: () => number = Date.now): ConsoleFiles => {
  const kept = new Map<string, { readonly file: ConsoleFile | undefined; readonly until: number }>();
  return {
    find: async (path) => {
      if (!/^\/console\/[\w.-]{1,100}$/.test(path)) return undefined;
      const known = kept.get(path);
      if (known && known.until > now()) return known.file;
      const text = await read(consoleFileKey(path)).catch((error: unknown) => {
        if (isAslError(error, 'PermanentError')) return undefined;
        throw error;
      });
      const stored = text === undefined ? undefined : (JSON.parse(text) as StoredFile);
      const file = stored && { ...stored, body: new Uint8Array(Buffer.from(stored.body, 'base64')) };
      if (kept.size >= mostKept) kept.clear();
      kept.set(path, { file, until: file?.isForever ? Number.POSITIVE_INFINITY : now() + freshForMilliseconds });
      return file;
    },
  };
};
