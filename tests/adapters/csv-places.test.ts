import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readCsvFrom } from '#adapters/files/csv';
import type { CsvPlace, PlacedRow } from '#core/imports/drop';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const all = async (bytes: Uint8Array, size: number, from?: CsvPlace): Promise<readonly PlacedRow[]> => {
  const rows: PlacedRow[] = [];
  for await (const row of readCsvFrom(pieces(bytes.subarray(from?.offset ?? 0), size), {}, from)) rows.push(row);
  return rows;
};

const cell = fc.stringMatching(/^[a-zé€"\n\r ,;]{0,6}$/);
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe('a CSV read in parts', () => {
  it('gives from any row on what it gives as a whole: in any encoding, cut into any pieces', async () => {
    const encodings = fc.constantFrom('utf-8', 'utf-8-bom', 'windows-1252', 'utf-16le', 'utf-16be');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, fc.constantFrom('\n', '\n\n')), { minLength: 1, maxLength: 12 }),
        encodings,
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 40 }),
        async (rows, encoding, end, size) => {
          const text = [
            'a,é',
            ...rows.map(
              ([one, other]) =>
                `x${quoted(one)
                  .replace(/^"/, '')
                  .replace(/"$/, '')
                  .replace(/["\n\r,;]/g, '')},${quoted(other)}`,
            ),
          ].join(end);
          const gaps = rows.some(([, , gap]) => gap === '\n\n') ? text.replace(end, `${end}${end}`) : text;
          const bytes = iconv.encode(gaps, encoding === 'utf-8-bom' ? 'utf-8' : encoding, {
            addBOM: encoding.endsWith('bom') || encoding.startsWith('utf-16'),
          });
          const whole = await all(bytes, size);
          expect(whole).toHaveLength(rows.length);
          for (const [at, { next }] of whole.entries()) expect(await all(bytes, size, next)).toEqual(whole.slice(at + 1));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('counts lines as an editor does, with line ends in cells and empty lines between', async () => {
    const rows = await all(Buffer.from('a,b\r\n\r\n1,"x\r\ny\r\nz"\r\n2,y\r\n\r\n3,"p\nq"\r\n4,z\r\n'), 7);
    expect(rows.map((it) => it.line)).toEqual([3, 6, 8, 10]);
  });
});
