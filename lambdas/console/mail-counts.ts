import type { MailCounts } from '#core/console/views';
import { metrics, type Sums, utcDayOf } from '#core/counters';
import { addSeconds, type Instant } from '#core/instant';
import { type StatsRow, statsRows } from '#core/stats';

export const mailCounts = (counts: StatsRow['counts'] | undefined = {}): MailCounts =>
  Object.fromEntries(metrics.map((it) => [it, counts[it] ?? 0])) as MailCounts;

export const added = (one: MailCounts, other: MailCounts): MailCounts =>
  Object.fromEntries(metrics.map((it) => [it, one[it] + other[it]])) as MailCounts;

/** By step. */
export const mailsByStep = (sums: Sums): ReadonlyMap<string, MailCounts> =>
  new Map(statsRows(sums, 'step').rows.map((it) => [it.of, mailCounts(it.counts)]));

/** The last so many UTC days, today among them. */
export const lastDays = (now: Instant, days: number): { readonly from: string; readonly upTo: string } => ({
  from: utcDayOf(addSeconds(now, -(days - 1) * 86_400)),
  upTo: utcDayOf(now),
});
