import type { ComponentChildren } from 'preact';
import { type Cell, saveCsv, toCsv } from '../lib/csv.ts';
import { Table } from '../ui/table.tsx';

export type ChartTable = {
  readonly caption: string;
  readonly columns: readonly { readonly name: string; readonly isNumber?: boolean }[];
  /** As they are said. */
  readonly rows: readonly (readonly string[])[];
  /** As a spreadsheet wants them; the same as `rows` when not given. */
  readonly plain?: readonly (readonly Cell[])[];
};

/** A chart is never alone: below it stand its table and its file for a spreadsheet. */
export const ChartWithTable = ({
  table,
  name,
  csv,
  isTableOpen,
  children,
}: {
  table: ChartTable;
  /** Of the file. */
  name: string;
  /** Where the server has the file; else it is made here. */
  csv?: string;
  isTableOpen?: boolean;
  children?: ComponentChildren;
}) => (
  <div class="figure-box">
    {children}
    <div class="figure-foot">
      {isTableOpen ? (
        <Plain table={table} />
      ) : (
        <details>
          <summary>{children ? 'As a table' : table.caption}</summary>
          <Plain table={table} />
        </details>
      )}
      {csv === undefined ? (
        <button type="button" class="link" onClick={() => saveCsv(name, csvOf(table))}>
          CSV<span class="unseen"> of {table.caption}</span>
        </button>
      ) : (
        <a href={csv} download={`${name}.csv`}>
          CSV<span class="unseen"> of {table.caption}</span>
        </a>
      )}
    </div>
  </div>
);

const csvOf = ({ columns, rows, plain }: ChartTable): string =>
  toCsv(
    columns.map((it) => it.name),
    plain ?? rows,
  );

const Plain = ({ table: { caption, columns, rows } }: { table: ChartTable }) => (
  <Table
    caption={caption}
    isCaptionShown
    rows={rows}
    keyOf={(_, at) => at}
    columns={columns.map((column, at) => ({
      head: column.name,
      cell: (row: readonly string[]) => row[at] ?? '',
      isName: at === 0,
      ...(column.isNumber && { isNumber: true }),
    }))}
  />
);
