import type { CsvRow } from '#adapters/files/csv';
import type { Source } from '#cli/import/source';
import { normaliseEmail } from '#core/address';
import { type ExportFormat, type ExportOptions, type Recognised, type SuppressionRow, toCells } from '#core/exports/format';
import { recogniseConsents, recogniseSuppressions } from '#core/exports/recognise';
import { readSesSummary } from '#core/exports/ses';
import { columnKey, columnsOf, headerTrouble, type Mapping } from '#core/imports/mapping';
import { fieldName, type RowNote } from '#core/lead-import';

/** What one row of the file gives the API: items, or why it gives none. */
export type Unit = { readonly line: number; readonly items: readonly object[] } | { readonly line: number; readonly rejected: RowNote };
export type Units = AsyncIterable<Unit>;
type Tell = (format: string) => void;

export async function* suppressionUnits(source: Source, options: ExportOptions, tell: Tell): Units & AsyncGenerator<Unit> {
  if (source.kind === 'table') return yield* tableUnits(source.rows, recogniseSuppressions, options, tell, (row: SuppressionRow) => row);
  tell('SES, account suppression list');
  for (const [index, entry] of source.entries.entries()) yield { line: index + 1, ...readSesSummary(entry, options) };
  if (source.isCut) {
    const reason = 'the list goes on: run the command again with --next-token and append what it prints';
    yield { line: source.entries.length + 1, rejected: { column: 'NextToken', reason } };
  }
}

export async function* consentUnits(source: Source, options: ExportOptions, tell: Tell): AsyncGenerator<Unit> {
  const rows = tableUnits(rowsOf(source), recogniseConsents, options, tell, (row) => ('rejected' in row ? row : { items: [row.columns] }));
  yield* withoutDoubles(rows);
}

export async function* leadUnits(source: Source, tell: Tell): AsyncGenerator<Unit> {
  tell('list of leads');
  const plain = async function* (): AsyncGenerator<Unit> {
    for await (const row of rowsOf(source)) {
      yield 'problem' in row ? { line: row.line, rejected: { reason: row.problem } } : { line: row.line, items: [row.cells] };
    }
  };
  yield* withoutDoubles(plain());
}

/** Only what the mapping reads leaves the file. A person may stand there twice: its rules say which row counts. */
export async function* mappedUnits(source: Source, mapping: Mapping, tell: Tell): AsyncGenerator<Unit> {
  tell(`imports/${mapping.name}.yaml`);
  const wanted = new Set(columnsOf(mapping).map(columnKey));
  let isChecked = false;
  for await (const row of rowsOf(source)) {
    if ('problem' in row) {
      yield { line: row.line, rejected: { reason: row.problem } };
      continue;
    }
    const trouble = isChecked ? undefined : headerTrouble(mapping, Object.keys(row.cells));
    if (trouble !== undefined) throw new Error(trouble);
    isChecked = true;
    yield { line: row.line, items: [Object.fromEntries(Object.entries(row.cells).filter(([column]) => wanted.has(columnKey(column))))] };
  }
}

const rowsOf = (source: Source): AsyncIterable<CsvRow> => {
  if (source.kind === 'table') return source.rows;
  throw new Error('JSON of SES holds suppressions: --suppressions');
};

async function* tableUnits<Row>(
  rows: AsyncIterable<CsvRow>,
  recognise: (headers: readonly string[]) => Recognised<Row>,
  options: ExportOptions,
  tell: Tell,
  toUnit: (row: Row) => Pick<Extract<Unit, { items: unknown }>, 'items'> | Pick<Extract<Unit, { rejected: unknown }>, 'rejected'>,
): AsyncGenerator<Unit> {
  let format: ExportFormat<Row> | undefined;
  for await (const row of rows) {
    if ('problem' in row) {
      yield { line: row.line, rejected: { reason: row.problem } };
      continue;
    }
    if (!format) {
      const recognised = recognise(Object.keys(row.cells));
      if ('problem' in recognised) throw new Error(recognised.problem);
      format = recognised;
      tell(format.name);
    }
    yield { line: row.line, ...toUnit(format.read(toCells(row.cells), options)) };
  }
}

/** Of two rows for one person the first counts, and the second is said. */
async function* withoutDoubles(units: AsyncIterable<Unit>): AsyncGenerator<Unit> {
  const lines = new Map<string, number>();
  for await (const unit of units) {
    const email = 'items' in unit ? emailOf(unit.items[0]) : undefined;
    const earlier = email === undefined ? undefined : lines.get(email);
    if (email !== undefined && earlier === undefined) lines.set(email, unit.line);
    yield earlier === undefined
      ? unit
      : { line: unit.line, rejected: { column: 'email', reason: `the same address as in line ${earlier}` } };
  }
}

const emailOf = (item: object | undefined): string | undefined => {
  const value = Object.entries(item ?? {}).find(([header]) => fieldName(header) === 'email')?.[1];
  return typeof value === 'string' ? normaliseEmail(value) : undefined;
};
