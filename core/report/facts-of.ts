import type { LiveConfig } from '#core/config';
import { isConfirmation } from '#core/consent';
import { armText, wasSent, wentAt } from '#core/counters';
import { movesTo } from '#core/counts-of';
import type { Enrolment } from '#core/enrolment';
import { type Instant, toEpoch, toInstant } from '#core/instant';
import { stages } from '#core/lead';
import type { StageMove } from '#core/lifecycle';
import type { History } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import { judgedInOrder } from '#core/scoring';
import type { SendRecord } from '#core/sending';
import { compare, type LeadFacts, type Mark, type Reached, type RunFacts } from './facts.ts';
import { sourceOf } from './lead-source.ts';
import { taskFactsOf } from './task-facts.ts';
import { type LeadTouch, touchesOf } from './touches.ts';
import { usageOfLead } from './usage-of-lead.ts';
import { winsOf } from './wins.ts';

export type FactsGiven = {
  readonly history: Omit<History, 'mergedInto'>;
  readonly tasks: readonly SalesTask[];
  readonly live: Pick<LiveConfig, 'scoring' | 'brand'>;
  readonly now: Instant;
};

const salesSteps = ['mql', 'sal', 'sql', 'won', 'lost'] as const;

/** The tasks that a lead ever had: the move to mql is named after its task. */
export const taskIdsOf = ({ lead, moves }: Pick<History, 'lead' | 'moves'>): readonly string[] => [
  ...new Set([
    ...moves.filter((it) => it.by === 'sales').map((it) => it.answer?.taskId ?? taskIdIn(it.id)),
    ...(lead?.handoff ? [lead.handoff.taskId] : []),
  ]),
];
/** Moves by answers are named `<task>:<answer>`. */
const taskIdIn = (moveId: string): string => moveId.split(/[:#]/, 1)[0] ?? '';

/** All that a report takes from one lead: a pure function of its rows and its tasks, whose order cannot matter. undefined: no lead. */
export const factsOf = ({ history, tasks, live, now }: FactsGiven): LeadFacts | undefined => {
  const { lead } = history;
  if (!lead) return undefined;
  const events = history.events.filter((it) => it.done && it.at <= now);
  const inOrder = judgedInOrder({ events, sends: history.sends }, live.scoring);
  const touches = touchesOf(inOrder);
  const byTime = tasks.toSorted((one, other) => compare(one.createdAt, other.createdAt) || compare(one.taskId, other.taskId));
  const given = { history: { ...history, events }, live, now };
  const moves = movesTo(salesSteps, given);
  // Going through a lifecycle for moves of no importance takes long: only who was won may have turned away again.
  const turns = moves.some((it) => it.to === 'won') ? movesTo(stages, given) : moves;
  const wins = winsOf({ moves: turns, inOrder, tasks: byTime, touches, live });
  const marks = marksOf(moves, byTime, wins);
  const mails = history.sends.filter((it) => wasSent(it) && !isConfirmation(it.sequence));
  const runs = history.enrolments.filter((it) => !isConfirmation(it.sequence));
  const lost = firstOf(marks, 'lost', lead.createdAt);
  return {
    source: sourceOf(history),
    reached: { lead: lead.createdAt, ...reachedSince({ runs, mails, touches, marks }) },
    ...(lost !== undefined && { lost }),
    moves: marks,
    runs: firstRuns(runs).map((run) => runFacts(run, mails, touches, marks)),
    tasks: byTime.map((task, at) => taskFactsOf(task, { next: byTime[at + 1]?.createdAt, marks, live, now })),
    wins,
    mails: mails.length,
    usage: usageOfLead(history),
  };
};

/** What the record of moves says; and what the tasks say of themselves, where their move is missing, or was not made: who was won stays so. */
const marksOf = (moves: readonly StageMove[], tasks: readonly SalesTask[], wins: readonly { readonly at: Instant }[]): readonly Mark[] => {
  const known = new Set(moves.map((it) => it.id));
  const moved = moves.flatMap(({ to, at }): Mark[] => (isSalesStep(to) && to !== 'won' ? [{ to, at }] : []));
  const told = tasks.flatMap(({ taskId, releasedAt, answers }): Mark[] => [
    ...(releasedAt === undefined || known.has(taskId) ? [] : [{ to: 'mql' as const, at: releasedAt }]),
    ...answers
      .filter((it) => !known.has(`${taskId}:${it.answer}`))
      .flatMap(({ answer, at }): Mark[] => (answer === 'accept' ? [{ to: 'sal', at }] : answer === 'lost' ? [{ to: 'lost', at }] : [])),
  ]);
  const all: readonly Mark[] = [...moved, ...told, ...wins.map(({ at }): Mark => ({ to: 'won', at }))];
  return all.toSorted((one, other) => compare(one.at, other.at) || compare(one.to, other.to));
};
const isSalesStep = (stage: string): stage is (typeof salesSteps)[number] => (salesSteps as readonly string[]).includes(stage);

type Since = {
  readonly runs: readonly Enrolment[];
  readonly mails: readonly SendRecord[];
  readonly touches: readonly LeadTouch[];
  readonly marks: readonly Mark[];
};

const reachedSince = ({ runs, mails, touches, marks }: Since, since: Instant = ''): Reached => {
  const entered = runs.map((it) => it.enrolledAt).sort()[0];
  const mailed = mails.map(wentAt).sort()[0];
  // Who did something before our first mail was not moved by it.
  const engaged = mailed === undefined ? undefined : touches.find((it) => it.epoch >= toEpoch(mailed))?.epoch;
  const later = (['mql', 'sal', 'sql', 'won'] as const).map((step) => [step, firstOf(marks, step, since)] as const);
  return defined({ entered, mailed, engaged: engaged === undefined ? undefined : toInstant(engaged), ...Object.fromEntries(later) });
};

const firstOf = (marks: readonly Mark[], to: Mark['to'], since: Instant): Instant | undefined =>
  marks.find((it) => it.to === to && it.at >= since)?.at;

const firstRuns = (runs: readonly Enrolment[]): readonly Enrolment[] => {
  const inOrder = runs.toSorted((one, other) => compare(one.enrolledAt, other.enrolledAt) || compare(one.enrolmentId, other.enrolmentId));
  return inOrder.filter((run, at) => inOrder.findIndex((it) => it.sequence === run.sequence) === at);
};

/** Engaged is who did something by itself after this run's first mail, other than by another sequence's mail. */
const runFacts = (run: Enrolment, mails: readonly SendRecord[], touches: readonly LeadTouch[], marks: readonly Mark[]): RunFacts => {
  const { sequence, version, arms, enrolmentId, enrolledAt } = run;
  const own = mails.filter((it) => it.enrolmentId === enrolmentId);
  const theirs = touches.filter((it) => it.sequence === undefined || it.sequence === sequence);
  const lost = firstOf(marks, 'lost', enrolledAt);
  return {
    sequence,
    version,
    arm: armText(arms),
    reached: reachedSince({ runs: [run], mails: own, touches: theirs, marks }, enrolledAt),
    ...(lost !== undefined && { lost }),
  };
};

const defined = (reached: { readonly [step: string]: Instant | undefined }): Reached =>
  Object.fromEntries(Object.entries(reached).filter(([, at]) => at !== undefined));
