import { Temporal } from 'temporal-polyfill';
import type { Enrolment } from '#core/enrolment';
import { type Instant, toEpoch, toInstant } from '#core/instant';
import { reasons } from '#core/reasons';
import { dayMilliseconds, localDay } from '#core/time-zone';
import type { Coming } from './next.ts';
import { becameKnown, type Happening } from './story.ts';
import type { Waiting } from './waits.ts';

/** Why no mail went on a day, or which did. */
export type DayAnswer = { readonly day: string; readonly sent: readonly Happening[]; readonly because: readonly Happening[] };

type Parts = {
  readonly story: readonly Happening[];
  readonly enrolments: readonly Enrolment[];
  readonly waitings: readonly Waiting[];
  readonly next: readonly Coming[];
  readonly zone: string;
  readonly now: Instant;
};

/**
 * Local days, in the lead's zone, on which an e-mail was put off, skipped or refused, or waited for its time; oldest first. A day
 * on which another went is not left out. Pure.
 */
export const daysWithoutMail = ({ story, waitings, zone, now }: Omit<Parts, 'enrolments' | 'next'>): readonly DayAnswer[] => {
  const days = new Map<string, Happening[]>();
  const add = (day: string, it: Happening) => days.set(day, [...(days.get(day) ?? []), it]);
  for (const it of story.filter(isRefusal)) add(dayOf(it.at, zone), it);
  for (const it of waitings)
    for (const day of daysOf(it, zone, now)) if (!(days.get(day) ?? []).some((one) => isSame(one, it.because))) add(day, it.because);
  return [...days]
    .map(([day, because]) => ({ day, sent: sentOn(story, day, zone), because }))
    .toSorted((one, other) => (one.day < other.day ? -1 : 1));
};

/** One day, whatever was on it: also when nothing was due, and what came before and after. Pure. */
export const answerFor = (day: string, { story, enrolments, waitings, next, zone, now }: Parts): DayAnswer => {
  const sent = sentOn(story, day, zone);
  const refused = story.filter((it) => isRefusal(it) && dayOf(it.at, zone) === day);
  const waited = waitings
    .filter((it) => dayOf(it.from, zone) <= day && day <= dayOf(it.until, zone))
    .map((it) => it.because)
    .filter(
      (it) => !refused.some((one) => isSame(one, it)) && !sent.some((one) => one.enrolmentId === it.enrolmentId && one.step === it.step),
    );
  const because = [...refused, ...(sent.length > 0 ? [] : waited)];
  if (because.length > 0 || sent.length > 0) return { day, sent, because };
  const runs = enrolments.filter((it) => dayOf(it.enrolledAt, zone) <= day && !isOverBefore(it, day, zone));
  if (runs.length === 0) return { day, sent, because: [outside(day, story, zone, now)] };
  return { day, sent, because: runs.map((it) => betweenMails(it, day, { story, next, zone, now })) };
};

const isRefusal = ({ kind, code }: Happening): boolean => kind === 'decision' && code !== undefined;
/** Looked at several times a day, it is put off for one reason. */
const isSame = (one: Happening, other: Happening): boolean =>
  one.enrolmentId === other.enrolmentId && one.step === other.step && one.code === other.code;
const sentOn = (story: readonly Happening[], day: string, zone: string) =>
  story.filter((it) => it.kind === 'mail' && dayOf(it.at, zone) === day);

/** A run lasts a year at most. */
const mostDays = 400;

/** From the first on to the day before it could go, none of them still to come. */
const daysOf = ({ from, until }: Waiting, zone: string, now: Instant): readonly string[] => {
  const first = localDay(toEpoch(from), zone);
  const end = Math.min(localDay(toEpoch(until), zone), localDay(toEpoch(now), zone) + 1, first + mostDays);
  return Array.from({ length: Math.max(0, end - first) }, (_, at) => named(first + at));
};

const isOverBefore = ({ endedAt, stop }: Enrolment, day: string, zone: string): boolean => {
  const ends = [endedAt, stop?.at].filter((it) => it !== undefined).map((it) => dayOf(it, zone));
  return ends.some((it) => it < day);
};

const outside = (day: string, story: readonly Happening[], zone: string, now: Instant): Happening => {
  const last = story.findLast((it) => (it.kind === 'stop' || it.kind === 'end') && dayOf(it.at, zone) < day);
  const knownAt = story.find((it) => it.what === becameKnown)?.at ?? now;
  const refused = story.findLast((it) => isRefusal(it) && it.step === 'enter' && dayOf(it.at, zone) < day);
  const what = dayOf(knownAt, zone) > day ? 'nobody knew this lead yet' : 'the lead was in no sequence';
  const cause = last ?? refused;
  return {
    at: startOf(day, zone),
    kind: 'decision',
    what,
    ...(cause && {
      why: `${cause.what} on ${dayOf(cause.at, zone)}${cause.why === undefined ? '' : `: ${cause.why}`}`,
      ...(cause.code !== undefined && { code: cause.code }),
    }),
  };
};

const betweenMails = (run: Enrolment, day: string, { story, next, zone, now }: Omit<Parts, 'enrolments' | 'waitings'>): Happening => {
  const mails = story.filter((it) => it.kind === 'mail' && it.enrolmentId === run.enrolmentId);
  const before = mails.findLast((it) => dayOf(it.at, zone) < day);
  const after = mails.find((it) => dayOf(it.at, zone) > day);
  const comings = next.filter((it) => it.sequence === run.sequence && (it.at === undefined || dayOf(it.at, zone) >= day));
  const coming = comings.find((it) => it.at !== undefined) ?? comings[0];
  const went = before ? `“${before.step}” had gone on ${dayOf(before.at, zone)}` : `it had entered on ${dayOf(run.enrolledAt, zone)}`;
  const goes = after
    ? `“${after.step}” went on ${dayOf(after.at, zone)}`
    : run.stop
      ? `on ${dayOf(run.stop.at, zone)} it was stopped: ${reasons[run.stop.reason]}`
      : coming && comingInWords(coming, run.sequence, zone);
  const isToCome = day > dayOf(now, zone);
  return {
    at: startOf(day, zone),
    kind: 'decision',
    what: `${run.sequence}: ${isToCome ? 'no e-mail is known to be due' : 'no e-mail was due'}`,
    why: [went, ...(goes === undefined ? [] : [goes])].join(', and '),
    sequence: run.sequence,
  };
};

const comingInWords = ({ at, what }: Coming, sequence: string, zone: string): string => {
  const bare = what.startsWith(`${sequence}: `) ? what.slice(sequence.length + 2) : what;
  return at === undefined ? bare : `next, on ${dayOf(at, zone)}, ${bare}`;
};

const startOf = (day: string, zone: string): Instant => toInstant(Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds);
/** YYYY-MM-DD where the lead is. */
export const dayOf = (at: Instant, zone: string): string => named(localDay(toEpoch(at), zone));
const named = (day: number): string => toInstant(day * dayMilliseconds).slice(0, 10);
