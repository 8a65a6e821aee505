import { byIdentity } from '#core/by-identity';
import type { LiveConfig } from '#core/config';
import { isConfirmation } from '#core/consent';
import { armText, wasSent, wentAt } from '#core/counters';
import { lastOf, movesTo } from '#core/counts-of';
import type { Enrolment } from '#core/enrolment';
import { type Instant, toEpoch, toInstant } from '#core/instant';
import { type Lead, stages } from '#core/lead';
import { settled } from '#core/ledger';
import type { StageMove } from '#core/lifecycle';
import type { History } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import { isSameRules } from '#core/same-rules';
import { judgedInOrder } from '#core/scoring';
import type { SendRecord } from '#core/sending';
import { compare, type FunnelStep, type LeadFacts, type Mark, type Reached, type RunFacts } from './facts.ts';
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
export const taskIdsOf = ({ lead, moves }: Pick<History, 'lead' | 'moves'>): readonly string[] => {
  if (moves.length === 0 && !lead?.handoff) return [];
  const moved = moves.filter((it) => it.by === 'sales').map((it) => it.answer?.taskId ?? taskIdIn(it.id));
  return [...new Set([...moved, ...(lead?.handoff ? [lead.handoff.taskId] : [])])];
};
/** Moves by answers are named `<task>:<answer>`. */
const taskIdIn = (moveId: string): string => moveId.split(/[:#]/, 1)[0] ?? '';

/** All that a report takes from one lead: a pure function of its rows and its tasks, whose order cannot matter. undefined: no lead. */
export const factsOf = (given: FactsGiven): LeadFacts | undefined => {
  const { history, tasks, live, now } = given;
  if (!history.lead) return undefined;
  // What becomes of a task may be a matter of time.
  if (tasks.length > 0) return gathered(given, history.lead);
  const known = facts.of(history);
  if (known && isSameRules(known.live, live) && known.upTo <= toEpoch(now)) return known.facts;
  const found = gathered(given, history.lead);
  const upTo = lastOf(history);
  if (upTo <= toEpoch(now)) facts.keep(history, { live, facts: found, upTo });
  return found;
};

/** Of leads without tasks, what is so today is so tomorrow. By history: nobody changes one in place. */
const facts = byIdentity<FactsGiven['history'], { readonly live: FactsGiven['live']; readonly facts: LeadFacts; readonly upTo: number }>();

const gathered = ({ history: whole, tasks, live, now }: FactsGiven, lead: Lead): LeadFacts => {
  const history = settled(whole, now);
  const inOrder = judgedInOrder(history, live.scoring);
  const touches = touchesOf(inOrder);
  const byTime = tasks.toSorted((one, other) => compare(one.createdAt, other.createdAt) || compare(one.taskId, other.taskId));
  const given = { history, live, now };
  const moves = movesTo(salesSteps, given);
  // Going through a lifecycle for moves of no importance takes long: only who was won may have turned away again.
  const turns = moves.some((it) => it.to === 'won') ? movesTo(stages, given) : moves;
  const wins = winsOf({ moves: turns, inOrder, tasks: byTime, touches, live });
  const marks = marksOf(moves, byTime, wins);
  const mails = history.sends.filter((it) => wasSent(it) && !isConfirmation(it.sequence));
  const runs = history.enrolments.filter((it) => !isConfirmation(it.sequence));
  const lost = firstOf(marks, 'lost', lead.createdAt);
  return {
    source: sourceOf(whole),
    reached: { lead: lead.createdAt, ...reachedSince({ runs, mails, touches, marks }) },
    ...(lost !== undefined && { lost }),
    moves: marks,
    runs: firstRuns(runs).map((run) => runFacts(run, mails, touches, marks)),
    tasks: byTime.map((task, at) => taskFactsOf(task, { next: byTime[at + 1]?.createdAt, marks, live, now })),
    wins,
    mails: mails.length,
    usage: usageOfLead(whole),
  };
};

/** What the record of moves says; and what the tasks say of themselves, where their move is missing, or was not made: who was won stays so. */
const marksOf = (moves: readonly StageMove[], tasks: readonly SalesTask[], wins: readonly { readonly at: Instant }[]): readonly Mark[] => {
  if (moves.length === 0 && tasks.length === 0 && wins.length === 0) return [];
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
  const found: { [step in FunnelStep]?: Instant } = {};
  const entered = earliest(runs.map((it) => it.enrolledAt));
  if (entered !== undefined) found.entered = entered;
  const mailed = earliest(mails.map(wentAt));
  if (mailed !== undefined) {
    found.mailed = mailed;
    // Who did something before our first mail was not moved by it.
    const from = toEpoch(mailed);
    const engaged = touches.find((it) => it.epoch >= from)?.epoch;
    if (engaged !== undefined) found.engaged = toInstant(engaged);
  }
  for (const step of marks.length === 0 ? [] : laterSteps) {
    const at = firstOf(marks, step, since);
    if (at !== undefined) found[step] = at;
  }
  return found;
};
const laterSteps = ['mql', 'sal', 'sql', 'won'] as const;

const earliest = (times: readonly Instant[]): Instant | undefined => {
  let first = times[0];
  for (const at of times) if (first !== undefined && at < first) first = at;
  return first;
};

const firstOf = (marks: readonly Mark[], to: Mark['to'], since: Instant): Instant | undefined =>
  marks.find((it) => it.to === to && it.at >= since)?.at;

const firstRuns = (runs: readonly Enrolment[]): readonly Enrolment[] => {
  if (runs.length < 2) return runs;
  const inOrder = runs.toSorted((one, other) => compare(one.enrolledAt, other.enrolledAt) || compare(one.enrolmentId, other.enrolmentId));
  return inOrder.filter((run, at) => inOrder.findIndex((it) => it.sequence === run.sequence) === at);
};

/** Engaged is who did something by itself after this run's first mail, other than by another sequence's mail. */
const runFacts = (run: Enrolment, mails: readonly SendRecord[], touches: readonly LeadTouch[], marks: readonly Mark[]): RunFacts => {
  const { sequence, version, arms, enrolmentId, enrolledAt } = run;
  const own = onlySome(mails, (it) => it.enrolmentId === enrolmentId);
  const theirs = onlySome(touches, (it) => it.sequence === undefined || it.sequence === sequence);
  const lost = firstOf(marks, 'lost', enrolledAt);
  return {
    sequence,
    version,
    arm: armText(arms),
    reached: reachedSince({ runs: [run], mails: own, touches: theirs, marks }, enrolledAt),
    ...(lost !== undefined && { lost }),
  };
};

/** Of a lead with one run all is its own. */
const onlySome = <It>(all: readonly It[], is: (it: It) => boolean): readonly It[] => (all.every(is) ? all : all.filter(is));
