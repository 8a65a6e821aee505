import { Temporal } from 'temporal-polyfill';
import type { Brand } from './config.ts';
import { fractionOf } from './hash.ts';
import { type Instant, toEpoch, toInstant } from './instant.ts';
import type { SendWindow, WaitLength } from './sequences/model.ts';

export type Hours = { readonly window?: SendWindow; readonly quietHours?: NonNullable<Brand['quietHours']>; readonly zone: string };

/** Longest look ahead: every window recurs weekly, and a day may be cut by quiet hours or skipped by a zone. */
const daysAhead = 15;
/** Kept free at the end of a window, so that what is planned into it is not late by a breath. */
const closingSeconds = 300;

/** May a mail go at this moment? */
export const isAllowed = ({ at, ...hours }: Hours & { readonly at: Instant }): boolean => {
  const moment = toEpoch(at);
  return spansFrom(at, hours).some((it) => it.from <= moment && moment < it.to);
};

/**
 * The earliest allowed moment at or after `from`. When a window has to open first, the moment lies inside it at a place
 * that `spreadKey` alone decides, so that a thousand leads do not wake as one herd and a repeat plans the same.
 */
export const nextSendTime = ({ from, spreadKey, ...hours }: Hours & { readonly from: Instant; readonly spreadKey: string }): Instant => {
  const moment = toEpoch(from);
  for (const span of spansFrom(from, hours)) {
    if (span.to <= moment) continue;
    if (span.from <= moment) return from;
    const seconds = (span.to - span.from) / 1000;
    const usable = Math.max(1, seconds - Math.min(closingSeconds, seconds / 10));
    return toInstant(span.from + Math.floor(fractionOf(spreadKey) * Math.min(usable, spreadSeconds(hours))) * 1000);
  }
  return from;
};

/** Without a window, quiet hours end for everyone at once: an hour is spread enough. */
const spreadSeconds = (hours: Hours) => (hours.window ? Number.POSITIVE_INFINITY : 3600);

type Span = { readonly from: number; readonly to: number };

/** Allowed spans in order, from the day before `from` in the zone that counts. */
const spansFrom = (from: Instant, { window, quietHours, zone }: Hours): readonly Span[] => {
  const windowZone = window && window.zone !== 'lead' ? window.zone : zone;
  if (!window && !quietHours) return [{ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }];
  const first = Temporal.Instant.from(from).toZonedDateTimeISO(windowZone).toPlainDate().subtract({ days: 1 });
  const spans: Span[] = [];
  for (let day = 0; day < daysAhead; day++) {
    const date = first.add({ days: day });
    const open = window ? windowOn(date, window, windowZone) : allDay(date, windowZone);
    if (open) spans.push(...(quietHours ? withoutQuiet(open, quietHours, zone) : [open]));
  }
  return spans;
};

const windowOn = (date: Temporal.PlainDate, window: SendWindow, zone: string): Span | undefined =>
  window.days.includes(date.dayOfWeek) ? span(date, window.fromMinute, date, window.toMinute, zone) : undefined;

const allDay = (date: Temporal.PlainDate, zone: string): Span | undefined => span(date, 0, date.add({ days: 1 }), 0, zone);

/** Local minutes to moments. A skipped local time moves forward, of a doubled one the first counts; a skipped day has no span. */
const span = (fromDate: Temporal.PlainDate, fromMinute: number, toDate: Temporal.PlainDate, toMinute: number, zone: string): Span | undefined => {
  const from = momentAt(fromDate, fromMinute, zone);
  const to = momentAt(toDate, toMinute, zone);
  if (Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone).toPlainDate().equals(fromDate)) return from < to ? { from, to } : undefined;
  return undefined;
};

const minutesADay = 1440;

const momentAt = (date: Temporal.PlainDate, minute: number, zone: string): number => {
  const day = minute >= minutesADay ? date.add({ days: 1 }) : date;
  const rest = minute % minutesADay;
  const time = Temporal.PlainTime.from({ hour: Math.floor(rest / 60), minute: rest % 60 });
  return day.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
};

/** Cuts the lead's quiet hours out of an open span. */
const withoutQuiet = (open: Span, quiet: NonNullable<Hours['quietHours']>, zone: string): readonly Span[] => {
  const first = Temporal.Instant.fromEpochMilliseconds(open.from).toZonedDateTimeISO(zone).toPlainDate().subtract({ days: 1 });
  let spans: readonly Span[] = [open];
  for (let day = 0; day < 4; day++) {
    const date = first.add({ days: day });
    const end = quiet.fromMinute < quiet.toMinute ? date : date.add({ days: 1 });
    const silence = { from: momentAt(date, quiet.fromMinute, zone), to: momentAt(end, quiet.toMinute, zone) };
    spans = spans.flatMap((it) => cut(it, silence));
  }
  return spans;
};

const cut = (open: Span, silence: Span): readonly Span[] =>
  [
    { from: open.from, to: Math.min(open.to, silence.from) },
    { from: Math.max(open.from, silence.to), to: open.to },
  ].filter((it) => it.from < it.to);

/** When a wait that begins at `from` ends, before any window. Business days are Monday to Friday and keep the local time. */
export const afterWait = (from: Instant, length: WaitLength, zone: string): Instant =>
  'seconds' in length ? toInstant(toEpoch(from) + length.seconds * 1000) : addBusinessDays(from, length.businessDays, zone);

export const addBusinessDays = (from: Instant, days: number, zone: string): Instant => {
  const start = Temporal.Instant.from(from).toZonedDateTimeISO(zone);
  let date = start.toPlainDate();
  for (let left = days; left > 0; ) {
    date = date.add({ days: 1 });
    if (date.dayOfWeek <= 5) left--;
  }
  return toInstant(date.toZonedDateTime({ timeZone: zone, plainTime: start.toPlainTime() }).epochMilliseconds);
};
