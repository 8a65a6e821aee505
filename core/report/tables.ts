/** How the numbers of a column are said. Shares are 0 to 1, spans in hours, amounts in whole units. */
export type Column = { readonly name: string; readonly as: 'text' | 'count' | 'share' | 'span' | 'dollars' | 'amount' | 'number' };
export type Value = string | number | undefined;
export type ReportTable = { readonly caption: string; readonly columns: readonly Column[]; readonly rows: readonly (readonly Value[])[] };

/** Bars beside a table. `ends`: what stands at the end of each row. */
export type ReportBars = {
  readonly as: 'rows' | 'columns';
  readonly unit: string;
  readonly categories: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  readonly ends?: readonly string[];
};

/** A part of a report: the same for the terminal, the page and the spreadsheet. */
export type Section = {
  readonly id: string;
  readonly title: string;
  readonly takeaway: string;
  readonly tables: readonly (ReportTable & { readonly id: string; readonly bars?: ReportBars })[];
};

export const said = (value: Value, { as }: Pick<Column, 'as'>): string => {
  if (value === undefined) return '–';
  if (typeof value === 'string') return value;
  switch (as) {
    case 'text':
    case 'number':
      return String(value);
    case 'count':
      return count(value);
    case 'share':
      return percent(value);
    case 'span':
      return span(value);
    case 'dollars':
      return dollars(value);
    case 'amount':
      return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }
};

export const count = (value: number): string => value.toLocaleString('en-US');
export const counted = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
export const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
export const dollars = (value: number): string => `$${value.toFixed(value < 10 ? 4 : 2)}`;
/** Hours up to two days, then days. */
export const span = (hours: number): string =>
  hours < 1 ? 'under an hour' : hours < 48 ? counted(hours, 'hour') : counted(Math.floor(hours / 24), 'day');
export const shareOf = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole);
