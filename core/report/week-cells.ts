import type { Instant } from '#core/instant';
import { type Cells, cell, collected } from './cells.ts';
import type { LeadFacts } from './facts.ts';
import { weekOf } from './weeks.ts';

/** Weeks that are looked back on. */
export const weeksKept = 78;
export const forecastGoals = ['mql', 'won'] as const;
export type ForecastGoal = (typeof forecastGoals)[number];

/**
 * What one lead adds to the weeks: what happened in each, for the digest, and how old leads of each week were when they first became an
 * MQL and first were won, for the forecast.
 */
export const weekCells = (facts: LeadFacts, now: Instant): Cells =>
  collected((take) => {
    const from = weekOf(now) - weeksKept;
    const say = (at: Instant | undefined, what: string, count = 1) => {
      if (at !== undefined && weekOf(at) >= from) take(cell('week', weekOf(at), what), count);
    };
    const { reached } = facts;
    say(reached.lead, 'lead');
    for (const run of facts.runs) say(run.reached.entered, 'entered');
    say(reached.mailed, 'mailed');
    say(reached.engaged, 'engaged');
    for (const { to, at } of facts.moves) say(at, to);
    for (const task of facts.tasks) {
      say(task.at, 'task');
      if (task.status === 'holding') say(now, 'held');
      if (task.verdict !== undefined) {
        say(task.verdictAt, task.verdict);
        if (task.verdict !== 'accept') say(task.verdictAt, `${task.verdict}: ${task.reason ?? 'no reason given'}`);
      }
      if (task.sla === 'kept' || task.sla === 'missed') say(task.at, `sla-${task.sla}`);
    }
    for (const { at, cents, currency } of facts.wins) if (cents > 0) say(at, `money ${currency}`, cents);
    if (reached.lead === undefined || weekOf(reached.lead) < from) return;
    const cohort = weekOf(reached.lead);
    take(cell('cohort', cohort));
    for (const goal of forecastGoals) {
      const at = reached[goal];
      if (at !== undefined) take(cell('curve', goal, cohort, Math.max(0, weekOf(at) - cohort)));
    }
  });
