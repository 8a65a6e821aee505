import { entryByDay, nextEntryDay } from './date-wait.ts';
import { type Change, isConcerned } from './entry-facts.ts';
import { evaluate, type Facts, needsLedger } from './evaluate-condition.ts';
import type { Instant } from './instant.ts';
import type { EntryMark, Lead } from './lead.ts';
import { dateOf, whenOf } from './sequences/enter.ts';
import type { Artifact } from './sequences/model.ts';

/** The trigger of the n-th time that the condition began to hold; and of a day. */
export const becameTrigger = (edge: number): string => `became:${edge}`;
export const dayTrigger = (day: string): string => `date:${day}`;
export const isBecame = (trigger: string): boolean => trigger.startsWith('became:');
export const dayOfTrigger = (trigger: string): string | undefined =>
  trigger.startsWith('date:') ? trigger.slice('date:'.length) : undefined;

/** Has this sequence to be looked at for a lead of which this changed, or of which something is still to be queued? */
export const isToBeLookedAt = (
  { sequence, enter }: Pick<Artifact, 'sequence' | 'enter'>,
  lead: Lead,
  changes: readonly Change[],
): boolean => (lead.entries?.[sequence]?.pending?.length ?? 0) > 0 || readsAny({ sequence, enter }, changes);

/** The same before anybody has read the lead. */
export const readsAny = ({ sequence, enter }: Pick<Artifact, 'sequence' | 'enter'>, changes: readonly Change[]): boolean => {
  const [when, date] = [whenOf(enter), dateOf(enter)];
  if (!when && !date) return false;
  if (changes.includes(`sequence:${sequence}`)) return true;
  return (when !== undefined && isConcerned(when.reads, changes)) || (date !== undefined && changes.some((it) => movesDay(date.field, it)));
};

/** The day itself, and what the lead's time zone is told by. */
const movesDay = (field: string, change: Change): boolean =>
  ['created', 'due', `field:${field}`, 'field:time-zone', 'field:country'].includes(change);

export type Look = {
  readonly lead: Lead;
  readonly artifact: Pick<Artifact, 'sequence' | 'enter'>;
  readonly facts: Facts;
  /** Facts as they were right before each thing that the lead did since then. */
  readonly factsSince: (at: Instant) => readonly Facts[];
  /** Of the last thing that the lead did; clocks differ. */
  readonly lastEventAt?: Instant | undefined;
  readonly zone: string;
  readonly now: Instant;
};

/** What is to be remembered of this lead and this sequence from now on; the same as before: nothing happened. Pure. */
export const lookAt = (look: Look): EntryMark => {
  const before = look.lead.entries?.[look.artifact.sequence] ?? {};
  return byDay(byCondition(before, look), look);
};

/** An edge, not a level: whoever was inside stays inside until the condition does not hold. */
const byCondition = (mark: EntryMark, { artifact, facts, factsSince, lastEventAt, now }: Look): EntryMark => {
  const trigger = whenOf(artifact.enter);
  if (!trigger) return mark;
  const { when } = trigger;
  if (!evaluate(when, facts)) return mark.holds ? { ...mark, holds: false } : mark;
  // What faded below and was earned again began anew, though nobody looked in between.
  const wasLeft = mark.holds && needsLedger(when) && factsSince(mark.at ?? now).some((it) => !evaluate(when, it));
  if (mark.holds && !wasLeft) return mark;
  const edge = (mark.edge ?? 0) + 1;
  const at = lastEventAt !== undefined && lastEventAt > now ? lastEventAt : now;
  return { ...mark, holds: true, at, edge, pending: [...(mark.pending ?? []), becameTrigger(edge)] };
};

/** Every day whose moment has come is queued once, also one that passed by during an outage: the entry says what becomes of it. */
const byDay = (mark: EntryMark, { lead, artifact, zone, now }: Look): EntryMark => {
  const rule = dateOf(artifact.enter);
  const { due, day, ...rest } = mark;
  if (!rule) return rest.entered === undefined && due === undefined ? mark : rest;
  const isDue = due !== undefined && due <= now && day !== undefined && entryByDay(lead.fields, rule, day, now, zone) !== 'changed';
  const open = isDue ? [day] : [];
  let entered = isDue ? day : rest.entered;
  let next = nextEntryDay(lead.fields, rule, now, zone, entered);
  if (next && next.at <= now) {
    entered = next.day;
    open.push(next.day);
    next = nextEntryDay(lead.fields, rule, now, zone, entered);
  }
  return {
    ...rest,
    ...(entered !== undefined && { entered }),
    ...(next && { due: next.at, day: next.day }),
    ...(open.length > 0 && { pending: [...new Set([...(rest.pending ?? []), ...open.map(dayTrigger)])] }),
  };
};
