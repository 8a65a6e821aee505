/** Numbers, money and dates as the reader's own browser writes them, in the reader's own zone. */
const locale = (): string[] => [...navigator.languages];
let zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
/** Of whoever is signed in: their working hours are in it. */
export const setZone = (it: string): void => {
  zone = it;
  formatters.clear();
};

const formatters = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();
const kept = <F extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => F): F => {
  const found = (formatters.get(key) as F | undefined) ?? make();
  formatters.set(key, found);
  return found;
};
const numbers = (options: Intl.NumberFormatOptions) => kept(JSON.stringify(options), () => new Intl.NumberFormat(locale(), options));
const dates = (options: Intl.DateTimeFormatOptions) =>
  kept(JSON.stringify(options), () => new Intl.DateTimeFormat(locale(), { timeZone: zone, ...options }));

export const number = (value: number, digits = 0): string => numbers({ maximumFractionDigits: digits }).format(value);
export const compact = (value: number): string =>
  Math.abs(value) < 10_000 ? number(value) : numbers({ notation: 'compact', maximumFractionDigits: 1 }).format(value);
/** Of a share from 0 to 1; small ones with a digit more. */
export const percent = (share: number): string =>
  numbers({ style: 'percent', maximumFractionDigits: share > 0 && share < 0.1 ? 1 : 0 }).format(share);
export const money = (amount: number, currency: string): string =>
  numbers({ style: 'currency', currency, ...(Math.abs(amount) >= 1000 && { maximumFractionDigits: 0 }) }).format(amount);
/** What a thing of Amazon's costs may be a thousandth of a dollar. */
export const dollars = (amount: number): string =>
  numbers({ style: 'currency', currency: 'USD', maximumSignificantDigits: amount !== 0 && Math.abs(amount) < 1 ? 2 : 6 }).format(
    Math.abs(amount) < 1 ? amount : Math.round(amount * 100) / 100,
  );
export const signed = (value: number, digits = 1): string =>
  numbers({ maximumFractionDigits: digits, signDisplay: 'exceptZero' }).format(value);

export const dateTime = (at: string, inZone?: string): string =>
  dates({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(inZone && { timeZone: inZone }),
  }).format(new Date(at));
export const inFull = (at: string, inZone?: string): string =>
  dates({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(inZone && { timeZone: inZone }),
  }).format(new Date(at));
/** Sentences of Baton name instants as machines write them; here they are said as everything else. */
export const withDates = (words: string): string =>
  words.replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g, (at) => dateTime(at));
export const day = (at: string): string => dates({ day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(at));
/** Of a date without a time, which is the same everywhere. */
export const calendarDay = (date: string): string => dates({ day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(date));

export const counted = (count: number, noun: string, nouns = `${noun}s`): string => `${number(count)} ${count === 1 ? noun : nouns}`;

const spans = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const;
/** `3 h 20 min`, `2 d 4 h`: the two largest parts. */
export const span = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds / 60) * 60);
  if (whole < 60) return 'under a minute';
  let left = whole;
  const parts = spans.flatMap(([size, unit]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count > 0 ? [`${number(count)} ${unit}`] : [];
  });
  return parts.slice(0, 2).join(' ');
};

export const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

/** `2 h ago`, `in 3 d`. */
export const ago = (at: string, now: string): string => {
  const seconds = secondsBetween(at, now);
  if (Math.abs(seconds) < 60) return 'just now';
  const largest = span(Math.abs(seconds)).split(' ').slice(0, 2).join(' ');
  return seconds > 0 ? `${largest} ago` : `in ${largest}`;
};
