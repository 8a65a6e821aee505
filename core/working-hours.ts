import { type Rep, type Sales, salesDefaults, type WorkHours } from './config.ts';
import { type Instant, toEpoch, toInstant } from './instant.ts';
import { openSpans, type Span } from './open-spans.ts';
import { dayMilliseconds, localDay } from './time-zone.ts';

type Team = Pick<Sales, 'holidays'>;
type Worker = Pick<Rep, 'timeZone' | 'hours' | 'holidays' | 'away'>;

/** Longer than any leave; who works at no time within it never does. */
const daysAhead = 800;
/** openSpans looks some four weeks ahead. */
const turnDays = 28;

/** When the rep works, in order, from `from` on; the first span may have begun before. Holidays and days away are none. */
function* workSpans(rep: Worker, team: Team, from: Instant): Generator<Span, void> {
  const free = freeDaysOf(rep, team);
  const begin = toEpoch(from);
  let done = begin;
  for (let ahead = 0; ahead < daysAhead; ahead += turnDays) {
    const hours = { window: { ...hoursOf(rep), zone: 'lead' as const }, zone: rep.timeZone, holidays: free };
    for (const span of openSpans(begin + ahead * dayMilliseconds, hours)) {
      if (span.to <= done) continue;
      yield { from: Math.max(span.from, done), to: span.to };
      done = span.to;
    }
  }
}

export const hoursOf = (rep: Pick<Rep, 'hours'>): WorkHours => rep.hours ?? salesDefaults.hours;

/** When a rep who begins now has worked so many seconds. undefined: not within two years. */
export const addWorkSeconds = (rep: Worker, team: Team, from: Instant, seconds: number): Instant | undefined => {
  let left = seconds * 1000;
  for (const span of workSpans(rep, team, from)) {
    const length = span.to - span.from;
    if (length >= left) return toInstant(span.from + left);
    left -= length;
  }
  return undefined;
};

/** How many seconds of work lie between two moments; negative: the second one is over. */
export const workSecondsBetween = (rep: Worker, team: Team, from: Instant, upTo: Instant): number => {
  if (upTo < from) return -workSecondsBetween(rep, team, upTo, from);
  const end = toEpoch(upTo);
  let milliseconds = 0;
  for (const span of workSpans(rep, team, from)) {
    if (span.from >= end) break;
    milliseconds += Math.min(span.to, end) - span.from;
  }
  return Math.round(milliseconds / 1000);
};

/** The first moment from then on at which the rep works. */
export const nextWorkTime = (rep: Worker, team: Team, from: Instant): Instant | undefined => {
  const [first] = workSpans(rep, team, from);
  return first && toInstant(first.from);
};

export const isAtWork = (rep: Worker, team: Team, at: Instant): boolean => nextWorkTime(rep, team, at) === at;

/** On a day between whose two dates the rep is away. */
export const isAwayOn = (rep: Pick<Rep, 'away'>, date: string): boolean =>
  (rep.away ?? []).some((it) => it.from <= date && date <= it.upTo);

/** The rep's own date. */
export const dateAt = (rep: Pick<Rep, 'timeZone'>, at: Instant): string => dateOfDay(localDay(toEpoch(at), rep.timeZone));

/**
 * Why this rep gets no lead now; undefined: may get one. Away today, or on leave or holiday on the next day that would be a working
 * day: what arrives on the eve of a leave would lie there until it is over.
 */
export const whyNotThere = (rep: Worker, team: Team, now: Instant): 'away' | 'holiday' | undefined => {
  const today = localDay(toEpoch(now), rep.timeZone);
  if (isAwayOn(rep, dateOfDay(today))) return 'away';
  const next = localDay(nextByHours(rep, now), rep.timeZone);
  if (isAwayOn(rep, dateOfDay(next))) return 'away';
  return holidaysFor(rep, team).has(next) ? 'holiday' : undefined;
};

/** By the hours of the week alone. */
const nextByHours = (rep: Worker, now: Instant): number => {
  const epoch = toEpoch(now);
  for (const span of openSpans(epoch, { window: { ...hoursOf(rep), zone: 'lead' }, zone: rep.timeZone })) {
    if (span.to > epoch) return Math.max(span.from, epoch);
  }
  return epoch;
};

const dateOfDay = (day: number): string => new Date(day * dayMilliseconds).toISOString().slice(0, 10);
const dayOfDate = (date: string): number => Date.parse(`${date}T00:00:00Z`) / dayMilliseconds;

/** The configuration lives as long as the process. */
const calendars = new WeakMap<readonly string[], ReadonlySet<number>>();
const holidaysFor = (rep: Worker, { holidays }: Team): ReadonlySet<number> => {
  const dates = (rep.holidays !== undefined && holidays?.days[rep.holidays]) || [];
  const known = calendars.get(dates);
  if (known) return known;
  const days = new Set(dates.map(dayOfDate));
  calendars.set(dates, days);
  return days;
};

/** Whether the rep works on a date of their own. */
export const dayKindOf = (rep: Worker, team: Team, date: string): 'works' | 'free' | 'away' | 'holiday' => {
  if (isAwayOn(rep, date)) return 'away';
  const day = dayOfDate(date);
  if (!hoursOf(rep).days.includes(((day + 3) % 7) + 1)) return 'free';
  return holidaysFor(rep, team).has(day) ? 'holiday' : 'works';
};

const freeDaysOf = (rep: Worker, team: Team): ReadonlySet<number> => {
  const holidays = holidaysFor(rep, team);
  if (!rep.away || rep.away.length === 0) return holidays;
  const days = new Set(holidays);
  for (const { from, upTo } of rep.away) for (let day = dayOfDate(from); day <= dayOfDate(upTo); day++) days.add(day);
  return days;
};
