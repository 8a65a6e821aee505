import { type Options, parse } from 'csv-parse';
import iconv from 'iconv-lite';
import type { CsvPlace, PlacedRow } from '#core/imports/drop';

/** One row by header name; `line` is where it begins in the file, counted from 1. Or what is wrong with it. */
export type CsvRow =
  | { readonly line: number; readonly cells: Readonly<Record<string, string>> }
  | { readonly line: number; readonly problem: string };

/** `isExport`: as other tools write them, with columns by the hundred, of which two may have one name; else both are a problem. */
export type CsvOptions = { readonly isExport?: boolean };

const maxColumns = 100;
const maxExportColumns = 2000;
const maxCell = 10_000;
const maxRow = 200_000;
const delimiters = [',', ';', '\t', '|'] as const;

/**
 * Reads a CSV of any size in constant memory, however a spreadsheet wrote it: UTF-8 or UTF-16 with or without BOM,
 * Windows-1252, any line end, comma, semicolon, tab or bar. What is not text, or not a table, is one problem and the end.
 */
export async function* readCsv(source: AsyncIterable<Uint8Array>, options: CsvOptions = {}): AsyncGenerator<CsvRow> {
  for await (const { next: _next, ...row } of readCsvFrom(source, options)) yield row;
}

/** The same, row by row with where the next one begins. `from`: goes on there; the source then begins with the byte at its offset. */
export async function* readCsvFrom(
  source: AsyncIterable<Uint8Array>,
  options: CsvOptions = {},
  from?: CsvPlace,
): AsyncGenerator<PlacedRow> {
  const bytes = source[Symbol.asyncIterator]();
  try {
    if (from)
      return yield* rowsOf(readFrom(noBytes, bytes, from.encoding, false), from, createOffsets(from.encoding, from.offset), options);
    const head = await firstBytes(bytes, 64_000);
    if (head.length === 0) return yield { line: 1, problem: 'the file is empty' };
    const trouble = notText(head);
    if (trouble !== undefined) return yield { line: 1, problem: trouble };
    const encoding = encodingOf(head);
    const headText = iconv.decode(Buffer.from(head), encoding);
    const start = {
      encoding,
      delimiter: delimiterOf(headText),
      ...(!headText.includes('\n') && { recordDelimiter: '\r' }),
      headers: [],
      offset: 0,
      line: 0,
    };
    const mark = encoding.startsWith('utf-16') && hasMark(head) ? 2 : 0;
    yield* rowsOf(readFrom(head, bytes, encoding, true), start, createOffsets(encoding, mark), options);
  } finally {
    await bytes.return?.();
  }
}

const noBytes = new Uint8Array();

async function* rowsOf(
  pieces: AsyncIterable<Uint8Array | string>,
  place: CsvPlace,
  offsets: Offsets,
  { isExport = false }: CsvOptions,
): AsyncGenerator<PlacedRow> {
  // Records are taken as they are found: read from the stream, those before an error would go down with it.
  const found: Found[] = [];
  const options: Options = {
    delimiter: place.delimiter,
    bom: place.offset === 0,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: maxRow,
    on_record: (record: string[], { lines, bytes }) => {
      found.push({ record, lines, offset: offsets.at(bytes) });
      return null;
    },
    ...(place.recordDelimiter !== undefined && { record_delimiter: place.recordDelimiter }),
  };
  const parser = parse(options);
  parser.on('error', () => undefined);
  const table = createTable(isExport, place);
  let trouble: unknown;
  for await (const piece of pieces) {
    offsets.saw(piece);
    trouble = await told((done) => parser.write(piece, done));
    yield* table.rows(found.splice(0));
    if (trouble || table.isBroken()) break;
  }
  trouble ??= table.isBroken() ? undefined : await told((done) => parser.end(done));
  yield* table.rows(found.splice(0));
  parser.destroy();
  if (trouble) yield { line: table.line() + 1, problem: `the rest of the file cannot be read as CSV: ${reasonOf(trouble)}` };
}

type Found = { readonly record: readonly string[]; readonly lines: number; readonly offset: number };

type Offsets = { saw(piece: Uint8Array | string): void; at(parsedBytes: number): number };

/** Where in the source a row ends. The parser counts the UTF-8 that it was given; text of another encoding has its own number of bytes a character. */
const createOffsets = (encoding: string, start: number): Offsets => {
  if (encoding === 'utf-8') return { saw: () => undefined, at: (bytes) => start + bytes };
  const bytesPerUnit = encoding.startsWith('utf-16') ? 2 : 1;
  let text = '';
  let unit = 0;
  let counted = 0;
  let offset = start;
  return {
    saw: (piece) => {
      text = text.slice(unit) + String(piece);
      unit = 0;
    },
    at: (bytes) => {
      const before = unit;
      while (counted < bytes && unit < text.length) {
        const point = text.codePointAt(unit) ?? 0;
        unit += point > 0xffff ? 2 : 1;
        counted += point > 0xffff ? 4 : point > 0x7ff ? 3 : point > 0x7f ? 2 : 1;
      }
      offset += (unit - before) * bytesPerUnit;
      return offset;
    },
  };
};

const told = (call: (done: (error?: Error | null) => void) => void): Promise<Error | undefined> =>
  new Promise((resolve) => call((error) => resolve(error ?? undefined)));

/** The header, then rows with the lines they begin on; a broken header is the end. */
const createTable = (isExport: boolean, place: CsvPlace) => {
  let headers: readonly string[] | undefined = place.headers.length > 0 ? place.headers : undefined;
  let lineBefore = place.line;
  let doubled = 0;
  let broken = false;
  return {
    isBroken: () => broken,
    line: () => lineBefore,
    rows: function* (found: readonly Found[]): Generator<PlacedRow> {
      for (const { record, lines, offset } of found) {
        // The parser counts both characters of a line end inside quotation marks.
        doubled += endsIn(record, /\r\n/g);
        const last = place.line + lines - doubled;
        const line = Math.max(lineBefore + 1, last - endsIn(record, /\r\n|\n|\r/g));
        lineBefore = Math.max(line, last);
        if (broken) return;
        if (headers) {
          yield { ...toRow(headers, record, line), next: { ...place, headers: headers as string[], offset, line: lineBefore } };
          continue;
        }
        const given = record.map((it) => it.trim());
        headers = isExport ? numbered(given) : given;
        const problem = headerProblem(headers, isExport ? maxExportColumns : maxColumns);
        broken = problem !== undefined;
        if (problem !== undefined) yield { line, problem };
      }
    },
  };
};

const endsIn = (record: readonly string[], ends: RegExp): number => record.reduce((sum, it) => sum + (it.match(ends)?.length ?? 0), 0);

const toRow = (headers: readonly string[], record: readonly string[], line: number): CsvRow => {
  if (record.length !== headers.length) {
    return { line, problem: `the row has ${record.length} cells, the header has ${headers.length}` };
  }
  const tooLong = headers.find((_, at) => (record[at] ?? '').length > maxCell);
  if (tooLong !== undefined) return { line, problem: `the cell under "${tooLong}" is longer than ${maxCell} characters` };
  return { line, cells: Object.fromEntries(headers.map((header, at) => [header, record[at] ?? ''])) };
};

/** `Reason`, `Reason` become `Reason`, `Reason (2)`. */
const numbered = (headers: readonly string[]): readonly string[] =>
  headers.map((it, at) => {
    const earlier = headers.slice(0, at).filter((other) => other === it).length;
    return it === '' || earlier === 0 ? it : `${it} (${earlier + 1})`;
  });

const headerProblem = (headers: readonly string[], most: number): string | undefined => {
  if (headers.length > most) return `the header has more than ${most} columns`;
  const double = headers.find((it, at) => it !== '' && headers.indexOf(it) < at);
  return double === undefined ? undefined : `two columns are named "${double}"`;
};

const reasonOf = (error: unknown): string => {
  const code = (error as { code?: string }).code;
  if (code === 'CSV_MAX_RECORD_SIZE') return `a row is longer than ${maxRow} characters; is a quotation mark left open?`;
  return code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quotation mark is left open' : 'it is not well formed';
};

const firstBytes = async (bytes: AsyncIterator<Uint8Array>, wanted: number): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  while (size < wanted) {
    const { value, done } = await bytes.next();
    if (done) break;
    parts.push(value);
    size += value.length;
  }
  return Buffer.concat(parts);
};

/** UTF-8 as it is, since the parser reads bytes; any other encoding as text. */
async function* readFrom(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  encoding: string,
  stripBOM: boolean,
): AsyncGenerator<Uint8Array | string> {
  const decoder = encoding === 'utf-8' ? undefined : iconv.getDecoder(encoding, { stripBOM });
  const read = (bytes: Uint8Array) => (decoder ? decoder.write(Buffer.from(bytes)) : bytes);
  if (head.length > 0) yield read(head);
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield read(next.value);
  yield decoder?.end() ?? '';
}

const hasMark = (head: Uint8Array): boolean => startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff);

const startsWith = (bytes: Uint8Array, ...magic: readonly number[]) => magic.every((it, at) => bytes[at] === it);

/** What people upload by mistake. */
const notText = (head: Uint8Array): string | undefined => {
  if (startsWith(head, 0x50, 0x4b, 0x03, 0x04)) return 'this is an Excel or zip file; save it as CSV';
  if (startsWith(head, 0xd0, 0xcf, 0x11, 0xe0)) return 'this is an old Excel file; save it as CSV';
  if (startsWith(head, 0x25, 0x50, 0x44, 0x46)) return 'this is a PDF; a CSV file is needed';
  if (encodingOf(head).startsWith('utf-16')) return undefined;
  const controls = head.filter((it) => it < 9 || (it > 13 && it < 32)).length;
  return controls > head.length / 100 ? 'this is not a text file; a CSV file is needed' : undefined;
};

const encodingOf = (head: Uint8Array): string => {
  if (startsWith(head, 0xff, 0xfe)) return 'utf-16le';
  if (startsWith(head, 0xfe, 0xff)) return 'utf-16be';
  const sample = head.subarray(0, 2000);
  const zeros = (parity: number) => sample.filter((it, at) => it === 0 && at % 2 === parity).length;
  if (zeros(1) > sample.length / 4) return 'utf-16le';
  if (zeros(0) > sample.length / 4) return 'utf-16be';
  return isUtf8(head) ? 'utf-8' : 'windows-1252';
};

/** The last character may be cut off by where the head ends. */
const isUtf8 = (head: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
};

/** The one that stands most often in the header outside quotes. */
const delimiterOf = (text: string): string => {
  const header = (text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/, 1)[0] ?? '').replace(/"[^"]*"/g, '');
  const count = (it: string) => header.split(it).length;
  return delimiters.reduce((best, it) => (count(it) > count(best) ? it : best));
};
