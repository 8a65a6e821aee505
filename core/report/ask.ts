import type { LiveConfig } from '#core/config';
import { utcDayOf } from '#core/counters';
import { addSeconds, type Instant, utcMinute } from '#core/instant';
import { agreementOf } from './agreement.ts';
import type { Window } from './cells.ts';
import type { Report, ReportBy } from './report.ts';
import { sectionsOf } from './sections.ts';
import { counted } from './tables.ts';

export type Asked = Window & { readonly now: Instant; readonly weeksAhead: number };
export type GatheredReport = Report & { readonly leadsRead: number };

const usualDays = 91;

/** Thirteen weeks up to today, unless said otherwise. */
export const windowOf = ({ since, until }: { readonly since?: string; readonly until?: string }, now: Instant): Window => {
  const last = until ?? utcDayOf(now);
  const first = since ?? utcDayOf(addSeconds(`${last}T00:00:00.000Z`, -(usualDays - 1) * 86_400));
  if (first > last) throw new Error(`--since ${first} is after --until ${last}`);
  return { since: first, until: last };
};

/** What is said, in whatever form. `by`: without the other breakdowns. */
export const saidOf = (report: GatheredReport, live: Pick<LiveConfig, 'brand' | 'scoring' | 'sales'>, by?: ReportBy) => ({
  company: live.brand.company,
  title: `${report.since} to ${report.until} (UTC days), as of ${utcMinute(report.asOf)} UTC; ${counted(report.leadsRead, 'lead')} read`,
  agreement: agreementOf(live),
  sections: sectionsOf(report).filter(({ id }) => by === undefined || !id.startsWith('by-') || id === `by-${by}`),
});
