import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { type CsvRow, readCsv } from '#adapters/files/csv';
import { normaliseEmail } from '#core/address';
import { SesPage } from '#core/exports/ses';

/** A file of another tool: a table, or the JSON that `aws sesv2 list-suppressed-destinations` prints. */
export type Source =
  | { readonly kind: 'table'; readonly rows: AsyncIterable<CsvRow> }
  | { readonly kind: 'ses'; readonly entries: readonly unknown[]; readonly isCut: boolean };

export type SourceOptions = { readonly isExport: boolean; readonly onBytes: (bytes: number) => void };

const headBytes = 4096;
/** JSON is read whole. */
const maxJsonBytes = 200 * 1024 * 1024;

/** `onBytes` is told how much of the file was read. */
export const openSource = async (path: string, { isExport, onBytes }: SourceOptions): Promise<Source> => {
  const head = await headOf(path);
  if (/^\s*[[{]/.test(head)) return sesSource(path, onBytes);
  const firstLine = (head.split(/\r\n|\n|\r/, 1)[0] ?? '').trim().replace(/^"|"$/g, '');
  // One address a line: the first is no header.
  const isBare = normaliseEmail(firstLine) !== undefined;
  const rows = readCsv(bytesOf(path, isBare, onBytes), { isExport });
  return { kind: 'table', rows: isBare ? oneLineUp(rows) : rows };
};

const headOf = async (path: string): Promise<string> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer
      .subarray(0, bytesRead)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  } finally {
    await file.close();
  }
};

async function* bytesOf(path: string, isBare: boolean, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  if (isBare) yield Buffer.from('email\n');
  let isFirst = true;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    onBytes(chunk.length);
    const hasMark = isFirst && isBare && chunk.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]));
    yield hasMark ? chunk.subarray(3) : chunk;
    isFirst = false;
  }
}

async function* oneLineUp(rows: AsyncIterable<CsvRow>): AsyncGenerator<CsvRow> {
  for await (const row of rows) yield { ...row, line: row.line - 1 };
}

const sesSource = async (path: string, onBytes: (bytes: number) => void): Promise<Source> => {
  const { size } = await stat(path);
  if (size > maxJsonBytes) throw new Error(`the file is larger than ${maxJsonBytes} bytes; split it`);
  const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  onBytes(size);
  const pages = documentsIn(text).map((it) => SesPage.safeParse(it));
  if (pages.length === 0 || !pages.every((it) => it.success)) {
    throw new Error('this JSON is not what `aws sesv2 list-suppressed-destinations` prints');
  }
  return {
    kind: 'ses',
    entries: pages.flatMap((it) => it.data?.SuppressedDestinationSummaries ?? []),
    isCut: pages.at(-1)?.data?.NextToken !== undefined,
  };
};

/** Pages that were appended to one file stand one after the other. */
const documentsIn = (text: string): readonly unknown[] => {
  const found: unknown[] = [];
  let depth = 0;
  let from = 0;
  // Braces inside of texts are passed over with the text.
  for (const { 0: token, index } of text.matchAll(/"(?:\\.|[^"\\])*"|[{}]/g)) {
    if (token === '{' && depth++ === 0) from = index;
    if (token === '}' && --depth === 0) found.push(parsed(text.slice(from, index + 1)));
  }
  if (depth !== 0) throw new Error('the JSON is cut off');
  return found;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote the text.
    throw new Error('the JSON is not well formed');
  }
};
