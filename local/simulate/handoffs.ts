import type { LiveConfig, Sales } from '#core/config';
import { addSeconds } from '#core/instant';
import { dayKindOf } from '#core/working-hours';
import { dateOf } from '#lambdas/sales/give-task';
import type { Plan } from './plan.ts';
import { medianOf, type SalesDesk, type WhatIf, whatIf } from './sales-queue.ts';
import { countOf, sumsBy, type Tally, under } from './tally.ts';

export type HandoffDay = {
  readonly date: string;
  /** Tasks that reps were given on this day of the brand's zone. */
  readonly byRep: { readonly [rep: string]: number };
  readonly together: number;
  /** At its end: leads that wait until sales has room, and tasks on desks that nobody has answered. */
  readonly held: number;
  readonly open: number;
};

export const answerWords = ['accept', 'reject', 'recycle', 'won', 'lost'] as const;
export type AnswerCounts = { readonly [answer in (typeof answerWords)[number]]: number };
/** What was done about answers that were late, by sales.yaml's on-breach; `unanswered`: all of it, and still no answer. */
const lateWords = ['reminded', 'reassigned', 'escalated', 'unanswered'] as const;
export type LateCounts = { readonly [what in (typeof lateWords)[number]]: number };

export type RepFigures = {
  readonly rep: string;
  readonly tasks: number;
  /** Of others, who had not answered or are away. */
  readonly takenOver: number;
  readonly perWorkingDay: number;
  readonly atMostOpen?: number;
  /** At the end of a day. */
  readonly mostOpen: number;
  readonly openAtEnd: number;
  /** In the rep's working hours; only where anything was answered. */
  readonly medianAnswerHours?: number;
  readonly answers: AnswerCounts;
  /** Tasks that this rep was late with. */
  readonly lateTasks: number;
  readonly late: LateCounts;
};

export type Handoffs = {
  /** That reps were given. */
  readonly tasks: number;
  /** sales.yaml: what the whole team takes on a day, and within how many working hours it answers. */
  readonly atMostPerDay?: number;
  readonly acceptWithinHours?: number;
  readonly perDay: readonly HandoffDay[];
  /** Leads that had to wait for room; of these, who waits at the end, and who fell away meanwhile. */
  readonly held: number;
  readonly heldAtEnd: number;
  readonly fellAway: number;
  /** Days on which leads waited and fewer were given than the team takes: reps were full or away, or other blocks left their share (docs/decisions/0082). */
  readonly daysHeldWithRoom: number;
  /** Of the tasks that were given: these are all of them. */
  readonly answered: number;
  readonly unanswered: number;
  readonly takenBack: number;
  /** Tasks of which an answer was late at least once. */
  readonly lateTasks: number;
  readonly answers: AnswerCounts;
  readonly reasons: { readonly [answer in 'reject' | 'recycle' | 'lost']: { readonly [reason: string]: number } };
  /** By currency, as the model makes it up. */
  readonly worth: { readonly [currency: string]: number };
  readonly late: LateCounts;
  readonly reps: readonly RepFigures[];
  /** With --capacity. */
  readonly whatIf?: WhatIf;
};

/**
 * What sales got and did, from the rows of its tasks. `dueOn`: what the blocks that were run may give of a day's ceiling, where they are
 * not all.
 */
export const handoffsOf = (
  tally: Tally,
  plan: Plan,
  live: LiveConfig,
  desk: SalesDesk | undefined,
  dueOn: (date: string, atMost: number) => number = (_date, atMost) => atMost,
): Handoffs => {
  const { sales } = live;
  const given = under(tally, 'given').map(({ at: [date = '', rep = ''], count }) => ({ date, rep, count }));
  const reps = [...new Set([...sales.team.map((it) => it.rep), ...given.map((it) => it.rep)])];
  const dates = datesOf(plan, live);
  const waiting = runningSums(tally, dates, 'waiting');
  const open = new Map(reps.map((rep) => [rep, runningSums(tally, dates, 'open', rep)]));
  const perDay = dates.map((date, at): HandoffDay => {
    const byRep = Object.fromEntries(reps.map((rep) => [rep, total(given.filter((it) => it.date === date && it.rep === rep))]));
    return {
      ...{ date, byRep, together: sum(Object.values(byRep)), held: waiting[at] ?? 0 },
      open: sum(reps.map((rep) => open.get(rep)?.[at] ?? 0)),
    };
  });
  const { atMostPerDay, acceptWithinSeconds } = sales;
  const tasks = (what: string) => countOf(tally, 'tasks', what);
  const figures = reps.map((rep) => repFigures(tally, dates, sales, rep, total(given.filter((it) => it.rep === rep)), open.get(rep) ?? []));
  return {
    tasks: total(given),
    ...(atMostPerDay !== undefined && { atMostPerDay }),
    ...(acceptWithinSeconds !== undefined && { acceptWithinHours: acceptWithinSeconds / 3600 }),
    perDay,
    held: tasks('held'),
    heldAtEnd: waiting.at(-1) ?? 0,
    fellAway: tasks('fell away'),
    daysHeldWithRoom:
      atMostPerDay === undefined ? 0 : perDay.filter((it) => it.held > 0 && it.together < dueOn(it.date, atMostPerDay)).length,
    answered: tasks('answered'),
    unanswered: tasks('unanswered'),
    takenBack: tasks('taken back'),
    lateTasks: tasks('late'),
    answers: sumOf(
      answerWords,
      figures.map((it) => it.answers),
    ),
    reasons: {
      reject: sumsBy(tally, 'reason', 'reject'),
      recycle: sumsBy(tally, 'reason', 'recycle'),
      lost: sumsBy(tally, 'reason', 'lost'),
    },
    worth: sumsBy(tally, 'worth'),
    late: sumOf(
      lateWords,
      figures.map((it) => it.late),
    ),
    reps: figures,
    ...(desk && { whatIf: whatIf(tally, plan, sales, desk) }),
  };
};

const repFigures = (
  tally: Tally,
  dates: readonly string[],
  sales: Sales,
  rep: string,
  tasks: number,
  open: readonly number[],
): RepFigures => {
  const member = sales.team.find((it) => it.rep === rep);
  const workingDays = member ? dates.filter((it) => dayKindOf(member, sales, it) === 'works').length : 0;
  const hours = new Map(under(tally, 'answered-after', rep).map(({ at, count }) => [Number(at[0]), count]));
  return {
    rep,
    tasks,
    takenOver: countOf(tally, 'taken-over', rep),
    perWorkingDay: Math.round((tasks / Math.max(1, workingDays)) * 10) / 10,
    ...(member?.atMostOpen !== undefined && { atMostOpen: member.atMostOpen }),
    mostOpen: Math.max(0, ...open),
    openAtEnd: open.at(-1) ?? 0,
    ...(hours.size > 0 && { medianAnswerHours: medianOf(hours) }),
    answers: counted(answerWords, (word) => countOf(tally, 'answer', rep, word)),
    lateTasks: countOf(tally, 'late-with', rep),
    late: counted(lateWords, (word) => countOf(tally, 'late', rep, word)),
  };
};

/** From the first day to that on which it ends, in the brand's zone. */
const datesOf = ({ startAt, days }: Plan, live: LiveConfig): readonly string[] => {
  const all = Array.from({ length: days + 3 }, (_, at) => addSeconds(startAt, (at - 1) * 86_400).slice(0, 10));
  const [first, last] = [dateOf(live, startAt), dateOf(live, addSeconds(startAt, days * 86_400))];
  return all.filter((it) => it >= first && it <= last);
};

/** Of what came and went on each day, how much there is at its end. */
const runningSums = (tally: Tally, dates: readonly string[], ...name: readonly string[]): readonly number[] => {
  let there = 0;
  return dates.map((date) => {
    there += countOf(tally, 'change', date, ...name);
    // Less than nothing only by rounding, where a sample is scaled.
    return Math.max(0, there);
  });
};

const counted = <Word extends string>(words: readonly Word[], of: (word: Word) => number) =>
  Object.fromEntries(words.map((it) => [it, of(it)])) as { readonly [word in Word]: number };
const sumOf = <Word extends string>(words: readonly Word[], all: readonly { readonly [word in Word]: number }[]) =>
  counted(words, (word) => sum(all.map((it) => it[word])));
const sum = (values: readonly number[]): number => values.reduce((all, it) => all + it, 0);
const total = (all: readonly { readonly count: number }[]): number => sum(all.map((it) => it.count));
