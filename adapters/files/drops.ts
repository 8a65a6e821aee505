import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { CsvPlace, PlacedRow } from '#core/imports/drop';
import type { DropFile, Drops } from '#core/ports';
import { readCsvFrom } from './csv.ts';

type Bytes = AsyncIterable<Uint8Array>;
/** Where files lie: `open` gives the bytes from `offset` on, of that file and no other. */
export type DropStorage = {
  open(file: DropFile, offset: number): Promise<Bytes | 'gone' | 'replaced'>;
  get(key: string): Promise<string | undefined>;
  put(key: string, text: string): Promise<void>;
};

/** Lists as rows. A compressed one is unpacked from its beginning each time, since nobody can begin in its midst. */
export const dropsOn = ({ open, get, put }: DropStorage): Drops => ({
  rows: async (file, from) => {
    const isPacked = /\.gz$/i.test(file.key);
    const bytes = await open(file, isPacked ? 0 : (from?.offset ?? 0));
    if (typeof bytes === 'string') return bytes;
    return isPacked ? unpackedRows(bytes, from) : readCsvFrom(bytes, { isExport: true }, from);
  },
  report: async (key) => (await get(key)) ?? '',
  putReport: put,
});

async function* unpackedRows(bytes: Bytes, from: CsvPlace | undefined): AsyncGenerator<PlacedRow> {
  let line = from?.line ?? 0;
  try {
    for await (const row of readCsvFrom(without(unpacked(bytes), from?.offset ?? 0), { isExport: true }, from)) {
      line = row.next?.line ?? row.line;
      yield row;
    }
  } catch (error) {
    if (!isTorn(error)) throw error;
    yield { line: line + 1, problem: 'the compressed file is torn: what comes after this line cannot be read' };
  }
}

async function* unpacked(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const source = Readable.from(bytes, { objectMode: false });
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  try {
    yield* source.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

async function* without(bytes: Bytes, offset: number): AsyncGenerator<Uint8Array> {
  let toSkip = offset;
  for await (const chunk of bytes) {
    if (toSkip < chunk.length) yield chunk.subarray(toSkip);
    toSkip = Math.max(0, toSkip - chunk.length);
  }
}

const isTorn = (error: unknown): boolean => String((error as { code?: unknown }).code ?? '').startsWith('Z_');
