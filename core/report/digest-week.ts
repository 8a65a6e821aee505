import { Temporal } from 'temporal-polyfill';
import type { DigestRules } from '#core/config';
import type { Instant } from '#core/instant';
import { mondayOf, weekOf } from './weeks.ts';

/** The last moment at which a digest was due, the week that it tells of (the last whole one), and its name. */
export type DueDigest = { readonly at: Instant; readonly week: number; readonly name: string };

export const dueDigest = ({ weekday, minute }: Omit<DigestRules, 'to'>, zone: string, now: Instant): DueDigest => {
  const local = Temporal.Instant.from(now).toZonedDateTimeISO(zone);
  const ofThisWeek = local.toPlainDate().add({ days: weekday - local.dayOfWeek });
  const atTime = (date: Temporal.PlainDate) =>
    date.toZonedDateTime({ timeZone: zone, plainTime: { hour: Math.floor(minute / 60), minute: minute % 60 } });
  const due = Temporal.ZonedDateTime.compare(atTime(ofThisWeek), local) <= 0 ? ofThisWeek : ofThisWeek.subtract({ days: 7 });
  const week = weekOf(due.toString()) - 1;
  return { at: new Date(atTime(due).epochMilliseconds).toISOString(), week, name: mondayOf(week) };
};

/** Figures that began to be made before the week had ended lack some of it. */
export const isWhole = (week: number, asOf: Instant): boolean => weekOf(asOf) > week;
/** After an outage a digest still goes so long after its time, in seconds: a day before the next nobody needs it. */
export const madeUpForSeconds = 6 * 86_400;
/** So long a digest waits for figures of the whole week, in seconds; then it says what there is. */
export const waitsForFigures = 86_400;
