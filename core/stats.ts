import { cellOf, type Metric, type Sums } from './counters.ts';

/** By what the rows of a report are told apart. */
export const statsBy = ['step', 'version', 'arm', 'day'] as const;
export type StatsBy = (typeof statsBy)[number];

/** `amounts`: of what was won, in whole units, by currency. */
export type StatsRow = {
  readonly of: string;
  readonly counts: { readonly [metric in Exclude<Metric, `amount.${string}`>]?: number };
  readonly amounts: { readonly [currency: string]: number };
};

const amountPrefix = 'amount.';

/** Sums by step, version, arm or day, and of all. A cache may have been told too often of what was taken back: never below zero. */
export const statsRows = (sums: Sums, by: StatsBy): { readonly rows: readonly StatsRow[]; readonly total: StatsRow } => {
  const byRow = new Map<string, Map<Metric, number>>();
  const all = new Map<Metric, number>();
  for (const [text, count] of Object.entries(sums)) {
    const cell = cellOf(text);
    const row = byRow.get(cell[by]) ?? new Map<Metric, number>();
    byRow.set(cell[by], row);
    for (const it of [row, all]) it.set(cell.metric, (it.get(cell.metric) ?? 0) + count);
  }
  const rows = [...byRow.entries()].map(([of, counts]) => toRow(of, counts)).sort((one, other) => (one.of < other.of ? -1 : 1));
  return { rows, total: toRow('all', all) };
};

const toRow = (of: string, found: ReadonlyMap<Metric, number>): StatsRow => {
  const numbers = [...found.entries()].map(([metric, count]) => [metric, Math.max(0, count)] as const).filter(([, count]) => count > 0);
  const isAmount = (metric: string) => metric.startsWith(amountPrefix);
  return {
    of,
    counts: Object.fromEntries(numbers.filter(([metric]) => !isAmount(metric))),
    amounts: Object.fromEntries(
      numbers.filter(([metric]) => isAmount(metric)).map(([metric, count]) => [metric.slice(amountPrefix.length), count / 100]),
    ),
  };
};
