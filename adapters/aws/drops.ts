import { type DropStorage, dropsOn } from '#adapters/files/drops';
import { retryableError } from '#core/errors';
import type { Drops } from '#core/ports';
import type { SignedFetch } from './signed-fetch.ts';

/** Lists in a bucket of their own. `If-Match` holds every piece to the file that was told of. */
export const bucketDrops = (signed: () => Pick<SignedFetch, 'askObject'>, bucket: () => string): Drops => {
  const storage: DropStorage = {
    open: async ({ key, etag }, offset) => {
      const headers = { 'if-match': `"${etag}"`, ...(offset > 0 && { range: `bytes=${offset}-` }) };
      const answer = await signed().askObject(bucket(), key, { method: 'GET', headers });
      // Without the right to list, S3 says of what is not there that it is forbidden.
      if (answer.status === 404 || answer.status === 403) return 'gone';
      if (answer.status === 412) return 'replaced';
      // Nothing comes after the last byte.
      if (answer.status === 416) return nothing();
      if (!answer.ok || (offset > 0 && answer.status !== 206)) throw retryableError('a dropped file could not be read');
      return answer.body ?? nothing();
    },
    get: async (key) => {
      const answer = await signed().askObject(bucket(), key, { method: 'GET', headers: {} });
      if (answer.status === 404 || answer.status === 403) return undefined;
      if (!answer.ok) throw retryableError('a report could not be read');
      return answer.text();
    },
    put: async (key, text) => {
      const headers = { 'content-type': key.endsWith('.json') ? 'application/json' : 'text/csv; charset=utf-8' };
      const answer = await signed().askObject(bucket(), key, { method: 'PUT', headers, body: text });
      if (!answer.ok) throw retryableError('a report could not be written');
    },
  };
  return dropsOn(storage);
};

async function* nothing(): AsyncGenerator<Uint8Array> {}
