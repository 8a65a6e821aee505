import { Temporal } from 'temporal-polyfill';
import type { Brand } from './config.ts';
import type { Instant } from './instant.ts';
import { toInstant } from './instant.ts';
import type { Artifact } from './sequences/model.ts';

/** How many e-mails may go on a day while the domain warms up. `day`: local, in brand.yaml's zone. */
export type Ceiling = { readonly day: string; readonly most: number; readonly nextDayAt: Instant };

/** undefined: there is no ceiling, or the warm-up is over. Before it begins, its first day's ceiling holds. */
export const ceilingAt = ({ warmUp, timeZone }: Pick<Brand, 'warmUp' | 'timeZone'>, at: Instant): Ceiling | undefined => {
  if (!warmUp) return undefined;
  const today = dayAt(timeZone, at);
  const daysIn = Temporal.PlainDate.from(warmUp.start).until(today, { largestUnit: 'days' }).days;
  const most = warmUp.perDay[Math.max(0, daysIn)];
  if (most === undefined) return undefined;
  const next = today.add({ days: 1 }).toZonedDateTime(timeZone);
  return { day: today.toString(), most, nextDayAt: toInstant(next.epochMilliseconds) };
};

/** The ceiling of a local day; undefined: it has none. */
export const mostOn = ({ warmUp }: Pick<Brand, 'warmUp'>, day: string): number | undefined => {
  if (!warmUp) return undefined;
  const daysIn = Math.round((Date.parse(day) - Date.parse(warmUp.start)) / 86_400_000);
  return warmUp.perDay[Math.max(0, daysIn)];
};

/** What somebody waits for goes all the same; it counts, so that less of the rest goes that day. */
export const isExemptFromWarmUp = ({ lawfulBasis }: Pick<Artifact, 'lawfulBasis'>): boolean =>
  lawfulBasis === 'confirmation' || lawfulBasis === 'contract';

/** The schedule day by day, as `doctor` shows it. `state`: as seen at that moment. */
export type WarmUpPlan =
  | { readonly state: 'none' }
  | {
      readonly state: 'ahead' | 'running' | 'over';
      readonly timeZone: string;
      readonly today: string;
      readonly days: readonly { readonly day: string; readonly most: number }[];
      /** The first day without a ceiling. */
      readonly freeFrom: string;
    };

export const warmUpPlan = ({ warmUp, timeZone }: Pick<Brand, 'warmUp' | 'timeZone'>, at: Instant): WarmUpPlan => {
  if (!warmUp) return { state: 'none' };
  const start = Temporal.PlainDate.from(warmUp.start);
  const today = dayAt(timeZone, at).toString();
  const days = warmUp.perDay.map((most, index) => ({ day: start.add({ days: index }).toString(), most }));
  const freeFrom = start.add({ days: days.length }).toString();
  const state = today < warmUp.start ? 'ahead' : today < freeFrom ? 'running' : 'over';
  return { state, timeZone, today, days, freeFrom };
};

const dayAt = (timeZone: string, at: Instant): Temporal.PlainDate => Temporal.Instant.from(at).toZonedDateTimeISO(timeZone).toPlainDate();
