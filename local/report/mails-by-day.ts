import { figure, type Table } from './parts.ts';
import { sum } from './words.ts';

type Day = { readonly date: string; readonly sent: { readonly [sequence: string]: number } };
type Given<D extends Day> = {
  readonly days: readonly D[];
  readonly sequences: readonly string[];
  readonly label: string;
  readonly caption: string;
  /** Further columns of the table. */
  readonly head?: readonly string[];
  readonly more?: (day: D) => Table['rows'][number];
};

/** Columns of e-mails by day (UTC) and sequence, with their table. */
export const mailsByDay = <D extends Day>({ days, sequences, label, caption, head = [], more = () => [] }: Given<D>): string => {
  const sentOf = ({ sent }: Day): readonly number[] => sequences.map((name) => sent[name] ?? 0);
  return figure(
    {
      as: 'columns',
      unit: 'e-mails',
      categories: days.map((it) => it.date.slice(5)),
      series: sequences.map((name) => ({ name, values: days.map((it) => it.sent[name] ?? 0) })),
    },
    label,
    {
      caption,
      head: ['Day', ...sequences, 'Together', ...head],
      rows: days.map((it) => [it.date, ...sentOf(it), sum(Object.values(it.sent)), ...more(it)]),
    },
  );
};
