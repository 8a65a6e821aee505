import type { Section } from '#core/report/tables';
import { said } from '#core/report/tables';
import { drawBars } from './charts.ts';
import { details, escaped, legend, section, table } from './parts.ts';
import { style } from './style.ts';

export type ReportPage = {
  readonly company: string;
  readonly title: string;
  readonly agreement: readonly string[];
  readonly sections: readonly Section[];
};

/** The report as one file: no script, nothing from elsewhere. Every chart has its table beside it. Same figures, same bytes. */
export const reportPage = ({ company, title, agreement, sections }: ReportPage): string =>
  [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(`Marketing and sales at ${company}`)}</title><style>${style}${more}</style></head><body><main>`,
    `<header><h1>Marketing and sales at ${escaped(company)}</h1><p class="takeaway">${escaped(title)}</p></header>`,
    `<section class="agreement"><h2>What we agreed on</h2>${agreement.map((it) => `<p>${escaped(it)}</p>`).join('')}</section>`,
    `<nav aria-label="Parts of the report">${sections.map((it) => `<a href="#${escaped(it.id)}">${escaped(it.title)}</a>`).join('')}</nav>`,
    ...sections.map((it) => `<div id="${escaped(it.id)}">${section(it.title, it.takeaway, ...it.tables.map(shown))}</div>`),
    '<footer>Counted from the rows of every lead. Days and weeks are UTC. How each figure is made: docs/report.md.</footer>',
    '</main></body></html>',
    '',
  ].join('\n');

/** Long lists of names make long charts: the table has all. */
const mostBars = 20;

const shown = ({ caption, columns, rows, bars }: Section['tables'][number]): string => {
  if (rows.length === 0) return '';
  const data = { caption, head: columns.map((it) => it.name), rows: rows.map((row) => columns.map((column, at) => said(row[at], column))) };
  if (!bars || bars.categories.length === 0)
    return rows.length > 12 ? `<details><summary>${escaped(caption)}</summary>${table(data)}</details>` : table(data);
  const cut = {
    ...bars,
    categories: bars.categories.slice(0, mostBars),
    series: bars.series.map((it) => ({ ...it, values: it.values.slice(0, mostBars) })),
    ...(bars.ends && { ends: bars.ends.slice(0, mostBars) }),
  };
  const label = `Bars: ${caption}`;
  return `<figure>${legend(cut)}${drawBars({ ...cut, label })}${details(data)}</figure>`;
};

const more = `
.agreement{background:var(--panel);border-radius:8px;padding:16px;margin-top:24px}
.agreement p:last-child{margin:0}
nav{display:flex;flex-wrap:wrap;gap:6px 16px;margin-top:24px;font-size:.9rem}
nav a{color:var(--series-1);padding:4px 0}
div[id]{scroll-margin-top:12px}
`;
