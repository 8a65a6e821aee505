import * as z from 'zod';
import { parseDuration } from '#core/duration';
import type { Report, YamlPath } from '#core/problems';

const daysRule = 'days or weeks, e.g. 30 days';

/** A day that a field of the lead names, as waits and entries write it. */
export const DayField = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'the name of a field: lower-case words joined by hyphens, such as renewal-date')
  .describe('A field of the lead that holds a day, e.g. renewal-date');
export const dayOffset = {
  before: z.string(daysRule).optional().describe('So many days or weeks before that day, e.g. 30 days'),
  after: z.string(daysRule).optional().describe('So many days or weeks after it'),
};
export const LocalTime = z.string().regex(/^([01]?\d|2[0-3]):[0-5]\d$/, 'a time of day such as 09:00');

const daySeconds = 86_400;

/** Days after the day, negative before it. */
export const readDayOffset = (
  { before, after }: { readonly before?: string | undefined; readonly after?: string | undefined },
  path: YamlPath,
  report: Report,
): number => {
  if (before !== undefined && after !== undefined)
    report([...path, 'after'], { code: 'not-understood', what: 'it is before a day or after it', allowed: 'before or after, not both' });
  return daysIn(after, [...path, 'after'], report) - daysIn(before, [...path, 'before'], report);
};

/** `09:00`; midnight when it is not said. */
export const minuteOf = (time: string | undefined): number => {
  const [hours = 0, minutes = 0] = (time ?? '0:00').split(':').map(Number);
  return hours * 60 + minutes;
};

/** Whole days. */
const daysIn = (text: string | undefined, path: YamlPath, report: Report): number => {
  const days = text === undefined ? 0 : (parseDuration(text)?.seconds ?? Number.NaN) / daySeconds;
  if (Number.isInteger(days)) return days;
  report(path, { code: 'bad-duration', what: 'this is not a number of days', got: text ?? '', allowed: daysRule });
  return 0;
};
