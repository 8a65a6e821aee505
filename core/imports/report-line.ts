import type { RowNote } from '#core/lead-import';

export type LineNote = RowNote & { readonly line: number; readonly kind: 'rejected' | 'warning' };

export const reportHeader = 'line,column,what,kind\r\n';

/** A line of the report that stands beside a list: never a value of it. */
export const reportLine = ({ line, column = '', reason, kind }: LineNote): string => `${line},${cell(column)},${cell(reason)},${kind}\r\n`;

/** No cell begins a formula. */
const cell = (text: string): string =>
  `"${text
    .replace(/^[=+\-@]/, "'$&")
    .replace(/\s+/g, ' ')
    .replaceAll('"', '""')}"`;
