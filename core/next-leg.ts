import type { Enrolment } from './enrolment.ts';
import { addSeconds, type Instant, secondsBetween } from './instant.ts';
import type { Artifact } from './sequences/model.ts';
import { atRound, roundOf, stepOf } from './sequences/rounds.ts';

/** Where the next leg of a run begins, and what is left of a wait to be sat out before that. */
export type Resume = { readonly startAt: string; readonly rest?: NonNullable<Enrolment['rest']> };

/** A wait with more than this left begins anew: rest and leg together must stay under a year. */
const mostRestSeconds = 150 * 86_400;

/** When the wait that the run is parked in ends; undefined: it is parked nowhere. */
export const dueOf = ({ step, gsi1sk, waitSeconds }: Enrolment): Instant | undefined =>
  step === undefined || gsi1sk === undefined ? undefined : addSeconds(gsi1sk, waitSeconds ?? 0);

/**
 * Where a run goes on whose execution failed or is gone, in its own version. Behind a wait that is over, on the way that the
 * awaited event opened, else where it was last seen. E-mails that went meanwhile are not sent again: their record answers.
 */
export const resumeOf = (run: Enrolment, { onward, stepIds }: Pick<Artifact, 'onward' | 'stepIds'>, now: Instant): Resume => {
  const { step, awaiting, seen, sinceHere } = run;
  if (step === undefined || !stepIds.includes(step)) return { startAt: run.startAt ?? '', ...(run.rest && { rest: run.rest }) };
  const { next, happened, timedOut } = onward[step] ?? {};
  const due = dueOf(run) ?? now;
  if (!awaiting) return next === undefined ? { startAt: step } : { startAt: next, ...restOf(step, due, now, { startAt: step }) };
  if (!sinceHere && awaiting.some((key) => seen[key] !== undefined)) return { startAt: happened ?? step };
  return { startAt: (due <= now && timedOut) || step };
};

/** `whole`: where to begin when too much is left. */
const restOf = (step: string, until: Instant, now: Instant, whole: Resume): Partial<Resume> => {
  if (until <= now) return {};
  return secondsBetween(now, until) > mostRestSeconds ? whole : { rest: { step, until } };
};

/** `from`: the versions whose leads move. `steps`: old step to new; a step that is not named goes to the one of its name. */
export type Migration = { readonly from: 'all' | readonly string[]; readonly steps: { readonly [step: string]: string } };

export type Move =
  | { readonly do: 'move'; readonly from: string; readonly to: Resume; readonly step: string; readonly mayMailWithinADay: boolean }
  /** It is about to go on, or a mail is on its way: the next look finds it parked. */
  | { readonly do: 'wait'; readonly from: string | undefined }
  | { readonly do: 'unmapped'; readonly from: string }
  /** Ended, stopped, of another version, or there already. */
  | { readonly do: 'leave' };

/** A machine whose wait ends sooner than this is let go on first. */
const marginSeconds = 600;

/** What a migration does to one run. Pure. `source`: its version; `target`: where leads go. */
export const moveOf = (
  run: Enrolment,
  migration: Migration,
  { source, target, now }: { readonly source: Pick<Artifact, 'onward'>; readonly target: Artifact; readonly now: Instant },
): Move => {
  const isMeant = migration.from === 'all' || migration.from.includes(run.version);
  if (run.sequence !== target.sequence || run.version === target.version || !isMeant) return { do: 'leave' };
  if (run.endedAt !== undefined || run.stop) return { do: 'leave' };
  if (run.step === undefined) return { do: 'wait', from: undefined };
  const from = stepOf(run.step);
  const step = migratedTo(run.step, migration.steps[from], target.stepIds);
  if (!target.stepIds.includes(step)) return { do: 'unmapped', from };
  const due = dueOf(run);
  const isWoken = run.awaiting?.some((key) => run.seen[key] !== undefined) && !run.sinceHere;
  if (run.token === undefined || due === undefined || due <= addSeconds(now, marginSeconds) || isWoken) return { do: 'wait', from };
  const wasWaiting = source.onward[run.step] !== undefined && !run.awaiting;
  const next = target.onward[step]?.next;
  const to: Resume = wasWaiting && next !== undefined ? { startAt: next, ...restOf(step, due, now, { startAt: step }) } : { startAt: step };
  const soonest = (to.rest ? secondsBetween(now, to.rest.until) : 0) + (target.soonestMail[to.startAt] ?? Number.POSITIVE_INFINITY);
  return { do: 'move', from, to, step, mayMailWithinADay: soonest < 86_400 };
};

/** In the same round where there is one, else in the first. */
const migratedTo = (from: string, mapped: string | undefined, known: readonly string[]): string => {
  const step = mapped ?? stepOf(from);
  const inRound = mapped === undefined ? from : atRound(mapped, roundOf(from));
  return known.includes(inRound) ? inRound : step;
};
