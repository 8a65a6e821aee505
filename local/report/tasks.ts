import type { LiveConfig } from '#core/config';
import { toEpoch } from '#core/instant';
import { type SalesTask, type TaskStatus, taskStatuses } from '#core/sales-task';
import { engagementAt, fitOf } from '#core/scoring';
import type { LeadRows } from './lead-rows.ts';
import { compare } from './tally.ts';

/** What one rule gave at the handoff, after decay; to a tenth of a point. */
export type RulePoints = { readonly rule: string; readonly because: string; readonly of: 'fit' | 'engagement'; readonly points: number };

export type TaskFigures = SalesTask & {
  readonly company: string;
  /** From the lead's first day with us to the handoff. */
  readonly secondsToQualify: number;
  readonly points: readonly RulePoints[];
};

/** Tasks by how they stand, and what was won by currency. */
export type AnswerFigures = {
  readonly byStatus: { readonly [status in TaskStatus]?: number };
  readonly won: { readonly [currency: string]: number };
};

export const answersTo = (tasks: readonly SalesTask[]): AnswerFigures => {
  const known = taskStatuses.map((status) => [status, tasks.filter((it) => it.status === status).length] as const);
  const won: Record<string, number> = {};
  for (const { amount = 0, currency } of tasks.flatMap((it) => it.answers)) if (currency) won[currency] = (won[currency] ?? 0) + amount;
  return { byStatus: Object.fromEntries(known.filter(([, count]) => count > 0)), won };
};

export const tasksOf = (tasks: readonly SalesTask[], leads: readonly LeadRows[], live: LiveConfig): readonly TaskFigures[] => {
  const byId = new Map(leads.map((it) => [it.lead.leadId, it]));
  return tasks
    .map((task) => {
      const rows = byId.get(task.leadId);
      if (!rows) throw new Error(`the task ${task.taskId} is for a lead that nobody imported`);
      return {
        ...task,
        company: String(rows.lead.fields.company ?? ''),
        secondsToQualify: Math.round((toEpoch(task.createdAt) - toEpoch(rows.lead.createdAt)) / 1000),
        points: pointsOf(task, rows, live),
      };
    })
    .sort((one, other) => compare(one.createdAt, other.createdAt) || compare(one.taskId, other.taskId));
};

/** The task keeps reasons as sentences; by rule they are scored again, at the task's own moment. */
const pointsOf = (task: SalesTask, { lead, ...ledger }: LeadRows, live: LiveConfig): readonly RulePoints[] => {
  const engagement = engagementAt(ledger, live.scoring, live.brand.timeZone, task.createdAt).lines;
  const fit = fitOf(lead, live.scoring).lines.map(({ rule, because, points }) => ({ rule, because, of: 'fit' as const, points }));
  const byRule = new Map<string, RulePoints>();
  for (const { rule, because, now } of engagement) {
    byRule.set(rule, { rule, because, of: 'engagement', points: (byRule.get(rule)?.points ?? 0) + now });
  }
  return [...fit, ...byRule.values()]
    .map((it) => ({ ...it, points: Math.round(it.points * 10) / 10 }))
    .sort((one, other) => other.points - one.points || compare(one.rule, other.rule));
};
