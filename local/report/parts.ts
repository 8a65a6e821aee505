import { type Bars, colourOf, drawBars } from './charts.ts';

/** Every text of a report passes through here: names of companies come from a list that anyone may have written. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

export type Table = {
  readonly caption: string;
  readonly head: readonly string[];
  /** Numbers and times are put to the right. */
  readonly rows: readonly (readonly (string | number)[])[];
};

export const table = ({ caption, head, rows }: Table): string => {
  const numbers = head.map((_, column) => rows.length > 0 && rows.every((row) => /^[$\d.,:% -]+$/.test(String(row[column] ?? ''))));
  const mark = (column: number) => (numbers[column] ? ' class="number"' : '');
  return [
    `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(caption)}"><table><caption>${escaped(caption)}</caption>`,
    `<thead><tr>${head.map((it, column) => `<th scope="col"${mark(column)}>${escaped(it)}</th>`).join('')}</tr></thead><tbody>`,
    ...rows.map((row) => `<tr>${row.map((it, column) => cell(String(it), column, mark(column))).join('')}</tr>`),
    rows.length === 0 ? `<tr><td colspan="${head.length}">none</td></tr>` : '',
    '</tbody></table></div>',
  ].join('\n');
};

const cell = (text: string, column: number, mark: string): string =>
  column === 0 ? `<th scope="row"${mark}>${escaped(text)}</th>` : `<td${mark}>${escaped(text)}</td>`;

export const details = (inner: Table): string => `<details><summary>The numbers</summary>${table(inner)}</details>`;

export const section = (title: string, takeaway: string, ...inner: readonly string[]): string =>
  `<section><h2>${escaped(title)}</h2><p class="takeaway">${escaped(takeaway)}</p>\n${inner.join('\n')}</section>`;

export const figure = (bars: Omit<Bars, 'label'>, label: string, data: Table): string =>
  `<figure>${legend(bars)}${drawBars({ ...bars, label })}${details(data)}</figure>`;

export const legend = ({ series }: Omit<Bars, 'label'>): string =>
  series.length < 2
    ? ''
    : `<ul class="legend">${series.map((it, index) => `<li><i style="background:${colourOf(index)}"></i>${escaped(it.name)}</li>`).join('')}</ul>`;

export const card = (value: string, label: string, kind = ''): string =>
  `<div class="card${kind && ` ${kind}`}"><dt>${escaped(label)}</dt><dd>${escaped(value)}</dd></div>`;
export const cards = (...inner: readonly string[]): string => `<dl class="cards">${inner.join('')}</dl>`;
