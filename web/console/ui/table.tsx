import type { ComponentChildren } from 'preact';

export type Column<Row> = {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
  /** The row's name: a header of its row. */
  readonly isName?: boolean;
  readonly class?: string;
};

/**
 * Rows as a table, and as cards where the screen is narrow. The roles stand there in words, as a table that is laid out as blocks loses
 * its own.
 */
export function Table<Row>({
  caption,
  columns,
  rows,
  keyOf,
  isCaptionShown,
  current,
}: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row, at: number) => string | number;
  isCaptionShown?: boolean;
  current?: (row: Row) => boolean;
}) {
  return (
    <div class="table-box">
      <table class="table" role="table">
        <caption class={isCaptionShown ? '' : 'unseen'}>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((it) => (
              <th key={it.head} role="columnheader" scope="col" class={it.isNumber ? 'number' : ''}>
                {it.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, at) => (
            <tr key={keyOf(row, at)} role="row" class={current?.(row) ? 'current' : ''}>
              {columns.map((it) => (
                <TableCell key={it.head} column={it} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TableCell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const name = [column.isNumber ? 'number' : '', column.isName ? 'name' : '', column.class ?? ''].filter(Boolean).join(' ');
  const content = column.cell(row);
  const isEmpty = content === '' || content === undefined || content === null || content === false;
  if (column.isName)
    return (
      <th role="rowheader" scope="row" class={name} data-label={column.head}>
        {content}
      </th>
    );
  return (
    <td role="cell" class={isEmpty ? `${name} none` : name} data-label={column.head}>
      {content}
    </td>
  );
}
