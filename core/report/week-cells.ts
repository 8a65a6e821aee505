import type { Instant } from '#core/instant';
import { type Cells, cell, collected, type Take } from './cells.ts';
import type { LeadFacts } from './facts.ts';
import { beginOfWeek, weekOf } from './weeks.ts';

/** Weeks that are looked back on. */
const weeksKept = 78;
export const forecastGoals = ['mql', 'won'] as const;
export type ForecastGoal = (typeof forecastGoals)[number];

/**
 * What one lead adds to the weeks: what happened in each, for the digest, and how old leads of each week were when they first became an
 * MQL and first were won, for the forecast.
 */
export const weekCells = (facts: LeadFacts, now: Instant): Cells => {
  const from = weekOf(now) - weeksKept;
  const known = cellsOf.get(facts);
  if (known && known.from <= from && from <= known.upTo) return known.cells;
  let upTo = Number.POSITIVE_INFINITY;
  const cells = collected((take) => {
    const say = (at: Instant | undefined, what: string, count = 1) => {
      if (at === undefined) return;
      const week = weekOf(at);
      if (week < from) return;
      upTo = Math.min(upTo, week);
      take(cell('week', week, what), count);
    };
    tellWeeks(facts, now, say);
    if (facts.reached.lead === undefined) return;
    const cohort = weekOf(facts.reached.lead);
    if (cohort >= from) tellCohort(facts.reached, cohort, take);
  });
  // Who is held today may not be tomorrow.
  if (!facts.tasks.some((it) => it.status === 'holding')) cellsOf.set(facts, { from, upTo, cells });
  return cells;
};

/** From the one week on until the other drops out of what is looked back on, a lead that did nothing adds the same. */
const cellsOf = new WeakMap<LeadFacts, { readonly from: number; readonly upTo: number; readonly cells: Cells }>();

/** Until when (in milliseconds) it adds what it added last; of who is held not at all. */
export const weekCellsUntil = (facts: LeadFacts): number => {
  const known = cellsOf.get(facts);
  return known ? beginOfWeek(known.upTo + weeksKept + 1) : Number.NEGATIVE_INFINITY;
};

type Say = (at: Instant | undefined, what: string, count?: number) => void;

const tellWeeks = ({ reached, runs, moves, tasks, wins }: LeadFacts, now: Instant, say: Say): void => {
  say(reached.lead, 'lead');
  for (const run of runs) say(run.reached.entered, 'entered');
  say(reached.mailed, 'mailed');
  say(reached.engaged, 'engaged');
  for (const { to, at } of moves) say(at, to);
  for (const task of tasks) {
    say(task.at, 'task');
    if (task.status === 'holding') say(now, 'held');
    if (task.verdict !== undefined) {
      say(task.verdictAt, task.verdict);
      if (task.verdict !== 'accept') say(task.verdictAt, `${task.verdict}: ${task.reason ?? 'no reason given'}`);
    }
    if (task.sla === 'kept' || task.sla === 'missed') say(task.at, `sla-${task.sla}`);
  }
  for (const { at, cents, currency } of wins) if (cents > 0) say(at, `money ${currency}`, cents);
};

const tellCohort = (reached: LeadFacts['reached'], cohort: number, take: Take): void => {
  take(cell('cohort', cohort));
  for (const goal of forecastGoals) {
    const at = reached[goal];
    if (at !== undefined) take(cell('curve', goal, cohort, Math.max(0, weekOf(at) - cohort)));
  }
};
