import type { ReportTable, Section } from '#core/report/tables';
import { said } from '#core/report/tables';

export type Said = { readonly title: string; readonly agreement: readonly string[]; readonly sections: readonly Section[] };

/** A report for a terminal: each part's sentence, then its tables. */
export const inWords = ({ title, agreement, sections }: Said): string =>
  [
    title,
    '',
    'What we agreed on',
    ...agreement.map((it) => `  ${wrapped(it, 2)}`),
    ...sections.flatMap((it) => [
      '',
      heading(it.title),
      wrapped(it.takeaway, 0),
      ...it.tables.filter(isWorth).flatMap((table) => ['', tableInWords(table)]),
    ]),
  ].join('\n');

const isWorth = ({ rows }: ReportTable): boolean => rows.length > 0;
const heading = (title: string): string => `${title}\n${'-'.repeat(title.length)}`;

const width = 120;
const wrapped = (words: string, indent: number): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of words.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width - indent) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
};

const tableInWords = ({ caption, columns, rows }: ReportTable): string => {
  const cells = [columns.map((it) => it.name), ...rows.map((row) => columns.map((column, at) => said(row[at], column)))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `  ${row.map((it, at) => (columns[at]?.as === 'text' ? it.padEnd(widths[at] ?? 0) : it.padStart(widths[at] ?? 0))).join('  ')}`.trimEnd();
  return [`  ${caption}`, ...cells.map(line)].join('\n');
};
