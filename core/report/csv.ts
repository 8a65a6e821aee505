import type { Column, ReportTable, Value } from './tables.ts';

/** For a spreadsheet: bare numbers, and no text that it would take for a formula. */
export const csvOf = ({ columns, rows }: ReportTable): string =>
  [columns.map((it: Column) => it.name), ...rows]
    .map((row) => row.map(csvCell).join(','))
    .join('\r\n')
    .concat('\r\n');

const csvCell = (value: Value): string => {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
