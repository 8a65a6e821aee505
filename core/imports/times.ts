import { readTime } from '#core/import-time';
import { type Instant, toInstant } from '#core/instant';
import { offsetAt } from '#core/time-zone';

/** A pattern in letters, e.g. `DD.MM.YYYY HH:mm`; two letters are two digits, one letter one or two. */
const letters: { readonly [letters: string]: readonly [part: Part, pattern: string] } = {
  YYYY: ['year', '\\d{4}'],
  MM: ['month', '\\d{2}'],
  M: ['month', '\\d{1,2}'],
  DD: ['day', '\\d{2}'],
  D: ['day', '\\d{1,2}'],
  HH: ['hour', '\\d{2}'],
  H: ['hour', '\\d{1,2}'],
  hh: ['hour', '\\d{2}'],
  h: ['hour', '\\d{1,2}'],
  mm: ['minute', '\\d{2}'],
  ss: ['second', '\\d{2}'],
  A: ['half', '[AaPp]\\.?[Mm]\\.?'],
};
type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'half';
type Parts = { readonly [part in Part]?: string };

const tokens = /YYYY|MM|DD|HH|hh|mm|ss|[MDHhA]/g;
export const formatRule = 'letters for the parts, e.g. DD.MM.YYYY HH:mm or M/D/YYYY h:mm A';

/** Whether it names a day, each part once, with am and pm where the hours need it. */
export const isTimeFormat = (format: string): boolean => {
  const found = format.match(tokens) ?? [];
  const parts = found.map((it) => letters[it]?.[0]);
  const hasOwn = (part: Part) => parts.includes(part);
  const isDay = (['year', 'month', 'day'] as const).every(hasOwn) && new Set(parts).size === parts.length;
  const isHalfDay = found.some((it) => it.startsWith('h'));
  return (
    isDay &&
    isHalfDay === hasOwn('half') &&
    (!hasOwn('minute') || hasOwn('hour')) &&
    !/[a-z]/i.test(format.replace(tokens, '').replace(/T/, ''))
  );
};

/** The moment that the text names on the clocks of that zone; undefined: it names none. Without a format: ISO, whose own offset counts. */
export const readTimeAs = (text: string, format: string | undefined, timeZone: string): Instant | undefined => {
  if (format === undefined) return isoIn(text, timeZone);
  const parts = partsOf(text.trim(), format);
  const local = parts && localOf(parts);
  return local === undefined ? undefined : fromLocal(local, timeZone);
};

/** `2026-03-14`, whatever the format; undefined: no day. */
export const readDay = (text: string, format: string | undefined): string | undefined => readTimeAs(text, format, 'UTC')?.slice(0, 10);

const isoIn = (text: string, timeZone: string): Instant | undefined => {
  const at = readTime(text);
  const hasOffset = /(?:Z|UTC|[+-]\d{2}:\d{2})$/.test(text.trim()) && /:/.test(text);
  return at === undefined || hasOffset || timeZone === 'UTC' ? at : fromLocal(Date.parse(at), timeZone);
};

const patterns = new Map<string, RegExp>();

const partsOf = (text: string, format: string): Parts | undefined => {
  let pattern = patterns.get(format);
  if (!pattern) {
    const escaped = format.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    pattern = new RegExp(`^${escaped.replace(tokens, (it) => `(?<${letters[it]?.[0]}>${letters[it]?.[1]})`)}$`);
    if (patterns.size < 100) patterns.set(format, pattern);
  }
  return pattern.exec(text)?.groups as Parts | undefined;
};

/** Milliseconds, as if the clock showed UTC; undefined: there is no such day or hour. */
const localOf = ({ year, month, day, hour = '0', minute = '0', second = '0', half }: Parts): number | undefined => {
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12)) return undefined;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0);
  if (hours > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const epoch = Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute), Number(second));
  const isDay = new Date(epoch).getUTCMonth() === Number(month) - 1 && new Date(epoch).getUTCDate() === Number(day) && Number(year) >= 1900;
  return isDay ? epoch : undefined;
};

/** An hour that a clock change leaves out or doubles: the offset after it counts. */
const fromLocal = (local: number, timeZone: string): Instant => {
  const guess = local - offsetAt(local, timeZone);
  return toInstant(local - offsetAt(guess, timeZone));
};
