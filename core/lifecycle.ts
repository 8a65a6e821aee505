import { byIdentity } from './by-identity.ts';
import { type Leaf, leavesOf } from './condition.ts';
import type { LiveConfig, Scoring, StageRule } from './config.ts';
import { evaluate, type Facts } from './evaluate-condition.ts';
import { type Instant, toEpoch } from './instant.ts';
import type { Lead, Stage } from './lead.ts';
import type { Ledger } from './ledger.ts';
import type { TaskAnswer } from './sales-task.ts';
import { isSameRules } from './same-rules.ts';
import { createTally, type EngagementTally, fitOf, gradeOf, type JudgedEvent, judgedInOrder, keepTally, scoresAlike } from './scoring.ts';

/** Who moved a lead: a rule of scoring.yaml, sales (a handoff, an answer), a step of a sequence, or another system. */
const stageMovers = ['rule', 'sales', 'sequence', 'api'] as const;
/** The row STAGE#<id>: one move, never changed again. */
export type StageMove = {
  readonly id: string;
  readonly at: Instant;
  readonly from: Stage;
  readonly to: Stage;
  readonly by: (typeof stageMovers)[number];
  readonly because: string;
  /** By an answer of sales. */
  readonly answer?: AnswerFacts;
};

/** `keeps`: of its engagement until then, 0 to 1. */
export type AnswerFacts = Pick<TaskAnswer, 'answer' | 'reason' | 'until' | 'amount' | 'currency'> & {
  readonly taskId: string;
  readonly rep: string;
  readonly keeps?: number;
};

export type LifecycleParts = {
  readonly lead: Lead;
  readonly ledger: Ledger;
  /** What is on record of this lead. */
  readonly moves: readonly StageMove[];
  readonly live: Pick<LiveConfig, 'scoring' | 'brand'>;
  readonly now: Instant;
};

/**
 * Where the rules of scoring.yaml put a lead: a pure function of the ledger, of the moves that people and sequences made, and
 * of the rules, so that the order in which events arrive cannot matter. Everything is gone through in order of time; what has
 * faded is looked at once more at the end. Moves by rules are not taken from the record but made anew.
 */
export const lifecycleOf = (parts: LifecycleParts): { readonly stage: Stage; readonly moves: readonly StageMove[] } => {
  const { lead, live, now } = parts;
  const { stage, moves, tally, fit } = walkOf(parts);
  if (live.scoring.stages.length === 0) return { stage, moves };
  const last = movesAt({ lead, live, stage, tally, fit, at: now, id: now });
  return { stage: last.at(-1)?.to ?? stage, moves: last.length === 0 ? moves : [...moves, ...last] };
};

/** Until when (in milliseconds) a lead stays where it is, whatever fades, if nothing happens to it. */
export const staysUntil = (parts: LifecycleParts): number =>
  walkOf(parts).tally.keepsUntil(levelsOf(parts.live.scoring), toEpoch(parts.now));

/** Points at which a rule may begin or cease to hold: rules see whole points, and of time nothing else. */
const levelsOf = (scoring: Scoring): readonly number[] => {
  const known = levels.of(scoring);
  if (known) return known;
  const found = scoring.stages.flatMap((rule) => ('when' in rule ? leavesOf(rule.when).flatMap((it) => levelsIn(it, scoring)) : []));
  levels.keep(scoring, found);
  return found;
};
const levels = byIdentity<Scoring, readonly number[]>();

const levelsIn = (leaf: Leaf, { grades }: Scoring): readonly number[] => {
  if (leaf.kind === 'grade') return (grades?.engagement ?? []).map(belowWhole);
  if (leaf.kind !== 'engagement') return [];
  const { atLeast, atMost } = leaf;
  return [...(atLeast === undefined ? [] : [belowWhole(atLeast)]), ...(atMost === undefined ? [] : [belowWhole(Math.floor(atMost) + 1)])];
};
/** From here on points are rounded up to it. */
const belowWhole = (points: number): number => Math.ceil(points) - 0.5;

/** What happened up to a moment, and what the events until then are worth from then on. */
type Walk = {
  readonly stage: Stage;
  readonly moves: readonly StageMove[];
  readonly tally: EngagementTally;
  readonly fit: number;
};
/** `upTo`: the last event or move, which is in the walk. */
type Walked = Pick<LifecycleParts, 'ledger' | 'moves' | 'live'> & {
  readonly judged: readonly JudgedEvent[];
  readonly walk: Walk;
  readonly upTo: number;
};

/**
 * A lead to which nothing happened since is where it was, but for what faded; and one to which more happened goes on from there. By lead:
 * nobody changes one in place, and a fit is that of one row.
 */
const walks = byIdentity<Lead, Walked>();

const walkOf = (parts: LifecycleParts): Walk => {
  const { lead, ledger, moves, live, now } = parts;
  const until = toEpoch(now);
  const last = walks.of(lead);
  const isSameLead = last && (last.moves === moves || last.moves.length + moves.length === 0) && isSameRules(last.live, live);
  const known = isSameLead && last.upTo <= until ? last : undefined;
  if (known?.ledger === ledger) return known.walk;
  const judged = judgedInOrder(ledger, live.scoring);
  const walk = known && goesOn(known, judged) ? walkOn(parts, judged, known) : walkThrough(parts, judged);
  let upTo = judged.at(-1)?.epoch ?? Number.NEGATIVE_INFINITY;
  for (const { at } of moves) upTo = Math.max(upTo, toEpoch(at));
  if (upTo > until) return walk;
  walks.keep(lead, { ledger, moves, live, judged, walk, upTo });
  // Cuts of one moment come in another order there.
  if (ledger.moves === moves && !moves.some((it) => it.answer?.keeps !== undefined))
    keepTally(ledger, { scoring: live.scoring, zone: live.brand.timeZone, tally: walk.tally, upTo });
  return walk;
};

/** Whether all that is in a walk comes first, and whatever is new comes after it. */
const goesOn = ({ judged: before, upTo }: Walked, judged: readonly JudgedEvent[]): boolean => {
  const next = judged[before.length];
  if (next ? next.epoch < upTo : judged.length < before.length) return false;
  return before.every((it, at) => scoresAlike(it, judged[at] as JudgedEvent));
};

const walkOn = (parts: LifecycleParts, judged: readonly JudgedEvent[], { judged: before, walk }: Walked): Walk => {
  if (judged.length === before.length) return walk;
  const { stage, moves, tally, fit } = walk;
  return walkAlong(parts, judged, { from: before.length, given: [], start: { stage, moves, tally: tally.fork(), fit } });
};

const walkThrough = (parts: LifecycleParts, judged: readonly JudgedEvent[]): Walk => {
  const { lead, moves, live } = parts;
  const tally = createTally(live.scoring, live.brand.timeZone);
  const start = { stage: lead.startedAs ?? 'lead', moves: noMoves, tally, fit: fitOf(lead, live.scoring).points } as const;
  const given = moves.length === 0 ? moves : moves.filter((it) => it.by !== 'rule').sort(byTime);
  return walkAlong(parts, judged, { from: 0, given, start });
};

type Start = { readonly from: number; readonly given: readonly StageMove[]; readonly start: Walk };

/** `given`: by time, what was not decided by rules. */
const walkAlong = ({ lead, live, now }: LifecycleParts, judged: readonly JudgedEvent[], { from, given, start }: Start): Walk => {
  const { tally, fit } = start;
  const { scoring } = live;
  const until = toEpoch(now);
  let { stage, moves } = start;
  let next = 0;
  const make = (move: StageMove): void => {
    moves = [...moves, move];
    stage = move.to;
  };
  const takeGiven = (upTo: number): void => {
    for (let move = given[next]; move && toEpoch(move.at) <= upTo; move = given[++next]) {
      if (move.answer?.keeps !== undefined) tally.cut(toEpoch(move.at), move.answer.keeps);
      // Whoever has bought stays a customer, whatever became of the deal.
      if (!move.answer || stage !== 'won') make({ ...move, from: stage });
    }
  };

  for (let at = from; at < judged.length; at++) {
    const event = judged[at] as JudgedEvent;
    if (event.epoch > until) break;
    takeGiven(event.epoch);
    tally.take(event);
    if (scoring.stages.length > 0)
      for (const move of movesAt({ lead, live, stage, tally, fit, at: event.at, id: event.eventId, event })) make(move);
  }
  takeGiven(until);
  return { stage, moves, tally, fit };
};

type Moment = Pick<LifecycleParts, 'lead' | 'live'> &
  Pick<Walk, 'stage' | 'tally' | 'fit'> & { readonly at: Instant; readonly id: string; readonly event?: JudgedEvent };

/** Each rule once a moment: two that contradict each other must not turn for ever. */
const movesAt = (moment: Moment): readonly StageMove[] => {
  const { at, id, event } = moment;
  const { scoring } = moment.live;
  let made: StageMove[] | undefined;
  let { stage } = moment;
  let facts: Facts | undefined;
  for (const rule of scoring.stages) {
    if (!rule.from.includes(stage)) continue;
    if ('on' in rule) {
      if (!isCausedBy(rule, event)) continue;
    } else {
      facts ??= factsAt(moment, stage);
      if (!evaluate(rule.when, facts)) continue;
    }
    made ??= [];
    made.push({ id: `${id}:${rule.id}`, at, from: stage, to: rule.to, by: 'rule', because: rule.because });
    stage = rule.to;
    facts = undefined;
  }
  return made ?? noMoves;
};

const factsAt = ({ lead, live: { scoring }, tally, fit, at }: Moment, stage: Stage): Facts => {
  const engagement = tally.pointsAt(toEpoch(at));
  const grade = gradeOf(scoring, fit, engagement);
  return { lead: leadIn(lead, stage), seen: {}, fit, engagement, grade, now: at, lists: scoring.lists };
};

/** A walk begins anew at every event, where the lead began. */
const leadIn = (lead: Lead, stage: Stage): Lead => {
  if (lead.stage === stage) return lead;
  const known = elsewhere.of(lead);
  if (known?.stage === stage) return known;
  const moved = { ...lead, stage };
  elsewhere.keep(lead, moved);
  return moved;
};
const elsewhere = byIdentity<Lead, Lead>();

const noMoves: readonly StageMove[] = [];

const isCausedBy = (rule: StageRule & { readonly on: string }, event: JudgedEvent | undefined): boolean =>
  event !== undefined && event.name === rule.on && event.verdict.by === 'human';

const byTime = (one: StageMove, other: StageMove): number =>
  toEpoch(one.at) - toEpoch(other.at) || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
