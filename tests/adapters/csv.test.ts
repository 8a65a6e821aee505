import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type CsvRow, readCsv } from '#adapters/files/csv';

async function* pieces(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = async (content: string | Uint8Array, size?: number): Promise<CsvRow[]> => {
  const rows: CsvRow[] = [];
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for await (const row of readCsv(pieces(bytes, size))) rows.push(row);
  return rows;
};

const kim = { email: 'kim@example.com', name: 'Kim' };
const table = 'email,name\nkim@example.com,Kim\nö@example.com,Jürgen\n';

describe('reading CSV', () => {
  it.each([
    ['UTF-8', Buffer.from(table)],
    ['UTF-8 with a BOM', Buffer.from(`\uFEFF${table}`)],
    ['UTF-16LE with a BOM', iconv.encode(table, 'utf-16le', { addBOM: true })],
    ['UTF-16BE with a BOM', iconv.encode(table, 'utf-16be', { addBOM: true })],
    ['UTF-16LE without a BOM', iconv.encode(table, 'utf-16le', { addBOM: false })],
    ['Windows-1252', iconv.encode(table, 'windows-1252')],
    ['CRLF', Buffer.from(table.replaceAll('\n', '\r\n'))],
    ['old Mac line ends', Buffer.from(table.replaceAll('\n', '\r'))],
    ['semicolons', Buffer.from(table.replaceAll(',', ';'))],
    ['tabs', Buffer.from(table.replaceAll(',', '\t'))],
    ['bars', Buffer.from(table.replaceAll(',', '|'))],
    ['no line end at the end', Buffer.from(table.trimEnd())],
    ['blank lines', Buffer.from(table.replace('\n', '\n\n'))],
  ])('takes %s', async (_, bytes) => {
    for (const size of [1, 7, 65_536]) {
      const rows = await read(bytes, size);
      expect(rows.map((it) => ('cells' in it ? it.cells : it))).toEqual([kim, { email: 'ö@example.com', name: 'Jürgen' }]);
    }
  });

  it('counts lines as an editor does, also behind line ends in quotes', async () => {
    const rows = await read('email,name\n"a@example.com","two\nlines"\nb@example.com,B\nc@example.com\nd@example.com,D\n');
    expect(rows.map((it) => it.line)).toEqual([2, 4, 5, 6]);
    expect(rows[2]).toEqual({ line: 5, problem: 'the row has 1 cells, the header has 2' });
  });

  it('reports what is not a table', async () => {
    const onlyProblem = async (content: string | Uint8Array) => (await read(content)).map((it) => ('problem' in it ? it.problem : 'a row'));
    expect(await onlyProblem('')).toEqual(['the file is empty']);
    expect(await onlyProblem('email,name\n')).toEqual([]);
    expect(await onlyProblem(Buffer.from([0x50, 0x4b, 3, 4, 0, 0]))).toEqual(['this is an Excel or zip file; save it as CSV']);
    expect(await onlyProblem(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))).toEqual(['this is an old Excel file; save it as CSV']);
    expect(await onlyProblem(Buffer.from(Array.from({ length: 300 }, (_, at) => at % 7)))).toEqual([
      'this is not a text file; a CSV file is needed',
    ]);
    expect(await onlyProblem('email,email\na,b\n')).toEqual(['two columns are named "email"']);
    expect(await onlyProblem(`email,${Array.from({ length: 100 }, (_, at) => `c${at}`).join(',')}\n`)).toEqual([
      'the header has more than 100 columns',
    ]);
    expect(await onlyProblem(`email,name\nkim@example.com,${'x'.repeat(20_000)}\n`)).toEqual([
      'the cell under "name" is longer than 10000 characters',
    ]);
    expect(await onlyProblem(`email,name\nkim@example.com,Kim\nb@example.com,"never closed\n`)).toEqual([
      'a row',
      expect.stringContaining('cannot be read as CSV'),
    ]);
  });

  it('gives what stands before an endless row, and says where it gave up', async () => {
    const rows = await read(`email,name\nkim@example.com,Kim\n"${'x'.repeat(300_000)}`, 65_536);
    expect(rows[0]).toEqual({ line: 2, cells: kim });
    expect(rows[1]).toEqual({ line: 3, problem: expect.stringContaining('cannot be read as CSV') });
  });

  it('reads a hundred thousand rows', async () => {
    async function* many(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('email,name\n');
      for (let at = 0; at < 100; at++)
        yield Buffer.from(Array.from({ length: 1000 }, (_, row) => `l${at * 1000 + row}@example.com,N\n`).join(''));
    }
    let count = 0;
    for await (const row of readCsv(many())) count += 'cells' in row ? 1 : 0;
    expect(count).toBe(100_000);
  });

  it('never throws, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }),
          fc.string({ unit: 'binary', maxLength: 200 }).map((it) => Buffer.from(it)),
        ),
        fc.integer({ min: 1, max: 64 }),
        async (bytes, size) => {
          for (const row of await read(bytes, size)) expect(row.line).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});
