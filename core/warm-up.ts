import { Temporal } from 'temporal-polyfill';
import type { Brand } from './config.ts';
import type { Instant } from './instant.ts';
import { toInstant } from './instant.ts';

/** How many e-mails may go on a day while the domain warms up. `day`: local, in brand.yaml's zone. */
export type Ceiling = { readonly day: string; readonly most: number; readonly nextDayAt: Instant };

/** undefined: there is no ceiling, or the warm-up is over. Before it begins, its first day's ceiling holds. */
export const ceilingAt = ({ warmUp, timeZone }: Pick<Brand, 'warmUp' | 'timeZone'>, at: Instant): Ceiling | undefined => {
  if (!warmUp) return undefined;
  const today = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone).toPlainDate();
  const daysIn = Temporal.PlainDate.from(warmUp.start).until(today, { largestUnit: 'days' }).days;
  const most = warmUp.perDay[Math.max(0, daysIn)];
  if (most === undefined) return undefined;
  const next = today.add({ days: 1 }).toZonedDateTime(timeZone);
  return { day: today.toString(), most, nextDayAt: toInstant(next.epochMilliseconds) };
};
