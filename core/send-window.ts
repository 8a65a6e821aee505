import { Temporal } from 'temporal-polyfill';
import { fractionOf } from './hash.ts';
import { type Instant, toEpoch, toInstant } from './instant.ts';
import { type Hours, isOpenAt, openSpans } from './open-spans.ts';
import type { WaitLength } from './sequences/model.ts';
import { dayMilliseconds } from './time-zone.ts';

/** Kept free at the end of a window, so that what is planned into it is not late by a breath. */
const closingSeconds = 300;
/** Without a window, quiet hours end for everyone at once: an hour is spread enough. */
const quietSpreadSeconds = 3600;

/** May a mail go at this moment? */
export const isAllowed = (asked: Hours & { readonly at: Instant }): boolean => isOpenAt(toEpoch(asked.at), asked);

/**
 * The earliest allowed moment at or after `from`. When hours have to open first, the moment lies inside them at a place
 * that `spreadKey` alone decides, so that a thousand leads do not wake as one herd and a repeat plans the same. Where
 * window and quiet hours never meet it is `from`: the sender then finds it closed, and gives up with that reason.
 */
export const nextSendTime = (hours: Hours & { readonly from: Instant; readonly spreadKey: string }): Instant => {
  const { from, spreadKey } = hours;
  const moment = toEpoch(from);
  if (isOpenAt(moment, hours)) return from;
  for (const span of openSpans(moment, hours)) {
    if (span.from <= moment) continue;
    const seconds = (span.to - span.from) / 1000;
    const usable = seconds - Math.min(closingSeconds, seconds / 10);
    const spread = hours.window ? usable : Math.min(usable, quietSpreadSeconds);
    return toInstant(span.from + Math.floor(fractionOf(spreadKey) * spread) * 1000);
  }
  return from;
};

/** Is there any moment in the fortnight after `from` at which a mail may go? */
export const everOpens = (hours: Hours & { readonly from: Instant }): boolean =>
  [...openSpans(toEpoch(hours.from), hours)].some((it) => it.to > toEpoch(hours.from));

/** When a wait that begins at `from` ends, before any window. */
export const afterWait = (
  from: Instant,
  length: Exclude<WaitLength, { readonly until: unknown }>,
  zone: string,
  holidays?: ReadonlySet<number>,
): Instant =>
  'seconds' in length ? toInstant(toEpoch(from) + length.seconds * 1000) : addBusinessDays(from, length.businessDays, zone, holidays);

/** Monday to Friday, but for holidays (local days). Keeps the local time; one that the clocks skip moves forward, of a doubled one the first counts. */
export const addBusinessDays = (from: Instant, days: number, zone: string, holidays?: ReadonlySet<number>): Instant => {
  const start = Temporal.Instant.from(from).toZonedDateTimeISO(zone);
  let date = start.toPlainDate();
  for (let left = days; left > 0; ) {
    date = date.add({ days: 1 });
    if (date.dayOfWeek <= 5 && !holidays?.has(dayNumber(date)) && isOnCalendar(date, zone)) left--;
  }
  if (date.equals(start.toPlainDate())) return from;
  return toInstant(date.toZonedDateTime({ timeZone: zone, plainTime: start.toPlainTime() }).epochMilliseconds);
};

const dayNumber = (date: Temporal.PlainDate): number => Date.UTC(date.year, date.month - 1, date.day) / dayMilliseconds;

/** Zones that crossed the date line skipped a day: Apia had no 2011-12-30. */
const isOnCalendar = (date: Temporal.PlainDate, zone: string): boolean => date.toZonedDateTime(zone).toPlainDate().equals(date);
