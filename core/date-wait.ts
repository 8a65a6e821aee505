import { Temporal } from 'temporal-polyfill';
import { type Instant, toEpoch, toInstant } from './instant.ts';
import type { LeadFields } from './lead.ts';
import type { DateWait, EntryDate } from './sequences/model.ts';

/** `wait`: until then. `reached`: it is time. `none`: there is no such day ahead. */
export type DateWaitState = { readonly is: 'wait'; readonly at: Instant } | { readonly is: 'reached' | 'none' };

/** Who comes a little late still counts as in time. */
const graceMilliseconds = 86_400_000;

/**
 * How a run that stands at this wait goes on. A local time that the clocks skip moves forward; of a doubled one the first counts. Whoever
 * comes within the days between `before` and the day itself is in time. Pure.
 */
export const dateWaitAt = (fields: LeadFields, wait: DateWait, now: Instant, zone: string): DateWaitState => {
  const given = dateIn(fields[wait.field], zone);
  if (!given) return { is: 'none' };
  const from = toEpoch(now);
  for (const { moment, last } of daysOf(given, wait, now, zone)) {
    if (from > last) continue;
    if (moment <= from) return { is: 'reached' };
    return moment - from > wait.atMostSeconds * 1000 ? { is: 'none' } : { is: 'wait', at: toInstant(moment) };
  }
  return { is: 'none' };
};

/** Whoever enters by a day. `day`: the one that the field names, in that year. `at`: when. */
export type EntryDay = { readonly day: string; readonly at: Instant };

/** The next day by which this lead enters, after the one by which it did; what has passed is none any more. Pure. */
export const nextEntryDay = (
  fields: LeadFields,
  rule: EntryDate,
  now: Instant,
  zone: string,
  entered: string | undefined,
): EntryDay | undefined => {
  const given = dateIn(fields[rule.field], zone);
  const found = given && daysOf(given, rule, now, zone).find(({ day, last }) => day !== entered && toEpoch(now) <= last);
  return found && { day: found.day, at: toInstant(found.moment) };
};

/** Whether a lead may enter by this day now: `changed`, the field names another; `missed`, it has passed by too long. Pure. */
export const entryByDay = (fields: LeadFields, rule: EntryDate, day: string, now: Instant, zone: string): 'open' | 'changed' | 'missed' => {
  const given = dateIn(fields[rule.field], zone);
  const found = given && daysOf(given, rule, now, zone).find((it) => it.day === day);
  if (!found) return 'changed';
  return toEpoch(now) > found.last ? 'missed' : 'open';
};

type Day = { readonly day: string; readonly moment: number /** After this it has passed. */; readonly last: number };

const daysOf = (given: Temporal.PlainDate, rule: EntryDate, now: Instant, zone: string): readonly Day[] =>
  (rule.yearly ? anniversaries(given, now, zone) : [given]).map((date) => {
    const moment = startOf(date.add({ days: rule.plusDays }), rule.atMinute, zone);
    return { day: date.toString(), moment, last: Math.max(moment, startOf(date.add({ days: 1 }), 0, zone)) + graceMilliseconds };
  });

const startOf = (date: Temporal.PlainDate, minute: number, zone: string): number =>
  date.toZonedDateTime({ timeZone: zone, plainTime: { hour: Math.floor(minute / 60), minute: minute % 60 } }).epochMilliseconds;

/** The day in the years around now; 29 February is the 28th where there is none. Soonest first. */
const anniversaries = (date: Temporal.PlainDate, now: Instant, zone: string): readonly Temporal.PlainDate[] => {
  const { year } = Temporal.Instant.from(now).toZonedDateTimeISO(zone);
  return [-1, 0, 1, 2].map((plus) => date.with({ year: year + plus }));
};

/** From this year on a date stands for "never": what is reckoned from it must keep years of four digits, so that instants sort as text. */
const neverYear = 9999;

/** `2026-12-01`, or a moment such as `2026-12-01T10:00:00Z`, whose local day counts. */
const dateIn = (value: unknown, zone: string): Temporal.PlainDate | undefined => {
  if (typeof value !== 'string') return undefined;
  try {
    const date = /T.*(Z|[+-]\d{2}:?\d{2})$/.test(value)
      ? Temporal.Instant.from(value).toZonedDateTimeISO(zone).toPlainDate()
      : Temporal.PlainDate.from(value.trim()).withCalendar('iso8601');
    return date.year >= 0 && date.year < neverYear ? date : undefined;
  } catch {
    return undefined;
  }
};
