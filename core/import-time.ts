import { type Instant, toInstant } from './instant.ts';

/** `2026-03-14`, `2026-03-14 09:30`, with seconds, fractions and offset; UTC where nothing is said. undefined: not a time. */
export const readTime = (text: string): Instant | undefined => {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?(Z|UTC|[+-]\d{2}:\d{2})?)?$/.exec(text.trim());
  if (!parts) return undefined;
  const [, day = '', time = '00:00', offset = 'Z'] = parts;
  const epoch = Date.parse(`${day}T${time}${offset === 'UTC' ? 'Z' : offset}`);
  // `2026-02-31` is read as a day of March by some engines.
  const isDay = !Number.isNaN(Date.parse(day)) && new Date(`${day}T00:00Z`).toISOString().startsWith(day);
  return Number.isNaN(epoch) || !isDay ? undefined : toInstant(epoch);
};
