import type { Enrolment } from '#core/enrolment';
import { type Instant, toEpoch } from '#core/instant';
import { reasons } from '#core/reasons';
import { localDay } from '#core/time-zone';
import type { Coming } from './next.ts';
import { becameKnown, type Happening } from './story.ts';

/** Why no mail went on a day, or which did. */
export type DayAnswer = { readonly day: string; readonly sent: readonly Happening[]; readonly because: readonly Happening[] };

type Parts = {
  readonly story: readonly Happening[];
  readonly enrolments: readonly Enrolment[];
  readonly next: readonly Coming[];
  readonly zone: string;
  readonly now: Instant;
};

/** Local days, in the lead's zone, on which an e-mail was put off, skipped or refused, with the reasons; oldest first. Pure. */
export const daysWithoutMail = ({ story, zone }: Pick<Parts, 'story' | 'zone'>): readonly DayAnswer[] => {
  const days = new Map<string, Happening[]>();
  for (const it of story.filter(isRefusal)) days.set(dayOf(it.at, zone), [...(days.get(dayOf(it.at, zone)) ?? []), it]);
  return [...days].map(([day, because]) => ({ day, sent: sentOn(story, day, zone), because }));
};

/** One day, whatever was on it: also when nothing was due, and what came before and after. Pure. */
export const answerFor = (day: string, { story, enrolments, next, zone, now }: Parts): DayAnswer => {
  const sent = sentOn(story, day, zone);
  const refused = story.filter((it) => isRefusal(it) && dayOf(it.at, zone) === day);
  if (refused.length > 0 || sent.length > 0) return { day, sent, because: refused };
  const runs = enrolments.filter((it) => dayOf(it.enrolledAt, zone) <= day && !isOverBefore(it, day, zone));
  if (runs.length === 0) return { day, sent, because: [outside(day, story, zone, now)] };
  return { day, sent, because: runs.map((it) => betweenMails(it, day, { story, next, zone, now })) };
};

const isRefusal = ({ kind, code }: Happening): boolean => kind === 'decision' && code !== undefined;
const sentOn = (story: readonly Happening[], day: string, zone: string) =>
  story.filter((it) => it.kind === 'mail' && dayOf(it.at, zone) === day);

const isOverBefore = ({ endedAt, stop }: Enrolment, day: string, zone: string): boolean => {
  const ends = [endedAt, stop?.at].filter((it) => it !== undefined).map((it) => dayOf(it, zone));
  return ends.some((it) => it < day);
};

const outside = (day: string, story: readonly Happening[], zone: string, now: Instant): Happening => {
  const last = story.findLast((it) => (it.kind === 'stop' || it.kind === 'end') && dayOf(it.at, zone) < day);
  const knownAt = story.find((it) => it.what === becameKnown)?.at ?? now;
  const what = dayOf(knownAt, zone) > day ? 'nobody knew this lead yet' : 'the lead was in no sequence';
  return {
    at: startOf(day),
    kind: 'decision',
    what,
    ...(last && {
      why: `${last.what}${last.why === undefined ? '' : `: ${last.why}`}`,
      ...(last.code !== undefined && { code: last.code }),
    }),
  };
};

const betweenMails = (run: Enrolment, day: string, { story, next, zone, now }: Omit<Parts, 'enrolments'>): Happening => {
  const mails = story.filter((it) => it.kind === 'mail' && it.sequence === run.sequence);
  const before = mails.findLast((it) => dayOf(it.at, zone) < day);
  const after = mails.find((it) => dayOf(it.at, zone) > day);
  const coming = next.find((it) => it.sequence === run.sequence);
  const went = before ? `“${before.step}” had gone on ${dayOf(before.at, zone)}` : `it had entered on ${dayOf(run.enrolledAt, zone)}`;
  const goes = after
    ? `“${after.step}” went on ${dayOf(after.at, zone)}`
    : run.stop
      ? reasons[run.stop.reason]
      : coming && comingInWords(coming, zone);
  const isToCome = day > dayOf(now, zone);
  return {
    at: startOf(day),
    kind: 'decision',
    what: `${run.sequence}: ${isToCome ? 'no e-mail is known to be due' : 'no e-mail was due'}`,
    why: [went, ...(goes === undefined ? [] : [goes])].join(', and '),
    sequence: run.sequence,
  };
};

const comingInWords = ({ at, what }: Coming, zone: string): string => (at === undefined ? what : `on ${dayOf(at, zone)} ${what}`);

const startOf = (day: string): Instant => `${day}T00:00:00.000Z`;
/** YYYY-MM-DD where the lead is. */
export const dayOf = (at: Instant, zone: string): string => new Date(localDay(toEpoch(at), zone) * 86_400_000).toISOString().slice(0, 10);
