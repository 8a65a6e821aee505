import { Temporal } from 'temporal-polyfill';
import { parseDuration } from '#core/duration';
import { addSeconds, type Instant, toInstant } from '#core/instant';
import type { Span } from './model.ts';

export const timeRule = '2026-03-23 14:00 (the lead’s time), 2026-03-23 14:00 +01:00, or after the one before it: + 2 days';
export const spanRule =
  '2026-03-23 14:00, 2026-03-23 10:00..11:00, 2026-03-23 (any time that day), 2026-03-23..2026-03-25, or between two: 2026-03-23 10:00..2026-03-25 11:00';

const form = /^(\d{4}-\d{2}-\d{2})[ T](\d{1,2}):(\d{2})(?: ?(Z|[+-]\d{2}:\d{2}))?$/;
const dayForm = /^\d{4}-\d{2}-\d{2}$/;

/** A moment as a test says it; `before`: the one that `+ 2 days` counts from. undefined: not understood. */
export const parseTime = (text: string, zone: string, before?: Instant): Instant | undefined => {
  const [, date, hour = '', minute = '', offset] = form.exec(text.trim()) ?? [];
  if (date !== undefined) return localTime(`${date}T${hour.padStart(2, '0')}:${minute}`, offset, zone);
  const plus = /^\+ ?(.+)$/.exec(text.trim())?.[1];
  const seconds = plus === undefined ? undefined : secondsOf(plus);
  return seconds === undefined || before === undefined ? undefined : addSeconds(before, seconds);
};

/** A minute as it is written lasts two, as machines take their time. */
const slackSeconds = 120;

export const parseSpan = (text: string, zone: string): Span | undefined => {
  if (dayForm.test(text.trim())) return daySpan(text.trim(), zone);
  const [first = '', last] = text.split('..').map((it) => it.trim());
  if (last !== undefined && dayForm.test(first) && dayForm.test(last)) {
    const [from, to] = [daySpan(first, zone)?.from, daySpan(last, zone)?.to];
    return from === undefined || to === undefined || to <= from ? undefined : { from, to };
  }
  const from = parseTime(first, zone);
  if (from === undefined) return undefined;
  if (last === undefined) return { from, to: addSeconds(from, slackSeconds) };
  const to = parseTime(/^\d{1,2}:\d{2}$/.test(last) ? `${first.slice(0, 10)} ${last}` : last, zone);
  return to === undefined || to <= from ? undefined : { from, to };
};

/** `2 days 3 hours`. */
const secondsOf = (text: string): number | undefined => {
  const parts = text.match(/\d+ [a-z]+/g) ?? [];
  const lengths = parts.map((it) => parseDuration(it)?.seconds);
  return parts.join(' ') !== text.trim() || lengths.length === 0 || lengths.includes(undefined)
    ? undefined
    : lengths.reduce<number>((sum, it) => sum + (it ?? 0), 0);
};

const localTime = (text: string, offset: string | undefined, zone: string): Instant | undefined => {
  try {
    return offset === undefined
      ? toInstant(Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds)
      : toInstant(Temporal.Instant.from(`${text}${offset}`).epochMilliseconds);
  } catch {
    return undefined;
  }
};

const daySpan = (text: string, zone: string): Span | undefined => {
  try {
    const date = Temporal.PlainDate.from(text);
    const at = (day: Temporal.PlainDate) => toInstant(day.toZonedDateTime(zone).epochMilliseconds);
    return { from: at(date), to: at(date.add({ days: 1 })) };
  } catch {
    return undefined;
  }
};

/** `Tue 2026-03-24 09:12`, in this zone. */
export const timeInWords = (at: Instant, zone: string): string => {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(zone);
  const weekday = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][local.dayOfWeek - 1];
  return `${weekday} ${local.toPlainDate().toString()} ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`;
};
/** As short as it is written: a minute, hours of a day (`Tue 2026-03-24 09:00..11:00`), a day, days. */
export const spanInWords = ({ from, to }: Span, zone: string): string => {
  const [first, last] = [timeInWords(from, zone), timeInWords(to, zone)];
  if (addSeconds(from, slackSeconds) === to) return first;
  const [day, lastDay] = [first.slice(0, dayLength), timeInWords(addSeconds(to, -1), zone).slice(0, dayLength)];
  if (first.endsWith('00:00') && last.endsWith('00:00')) return day === lastDay ? day : `${day} .. ${lastDay}`;
  return day === last.slice(0, dayLength) ? `${first}..${last.slice(dayLength + 1)}` : `${first} .. ${last}`;
};
const dayLength = 'Tue 2026-03-24'.length;
