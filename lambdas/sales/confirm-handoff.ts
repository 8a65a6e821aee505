import { buildSalesTask } from '#core/brief';
import { retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import type { Instant } from '#core/instant';
import { type Lead, nurtureStages } from '#core/lead';
import { HandoffStepInput } from '#core/messages';
import { stillQualifies } from '#core/qualification';
import { routeLead } from '#core/routing';
import type { SalesTask } from '#core/sales-task';
import { countNow } from '#lambdas/count-changes';
import { factsOn } from '#lambdas/facts';
import { onInvoke } from '#lambdas/runtime';
import { running, runningEnrolments, tellStop } from '#lambdas/tell-enrolments';
import { tellOfChanges } from '#lambdas/tell-of-changes';

type Handler = Use<'confirm-handoff'>;

/**
 * After the hold: does the lead still qualify? Then one task, the lead's stage, the stops, the queue, in this order:
 * the task row makes a repeat finish what a crash left, and the stage is what keeps mail from going out.
 */
export const confirmHandoff = (use: Handler) => async (event: unknown) => {
  const { taskId, leadId } = HandoffStepInput.parse(event);
  const begun = use.clock.now();
  const lead = await use.leads.find(leadId);
  if (!lead) return { confirmed: false, reason: 'lead-gone' } as const;
  const task = (await use.salesTasks.find(taskId)) ?? (await makeTask(use, lead, taskId));
  if (!task) {
    await use.leads.endHandoff(leadId, taskId, 'lead');
    use.log.info('handoff not confirmed', { leadId, taskId });
    return { confirmed: false, reason: 'no-longer-qualified' } as const;
  }
  const { stage: from } = lead;
  if (from !== 'mql') {
    const because = 'qualified, and the score held';
    await use.stages.record(leadId, { id: taskId, at: task.createdAt, from, to: 'mql', by: 'sales', because });
  }
  await use.leads.endHandoff(leadId, taskId, 'mql');
  for (const enrolment of await runningEnrolments(use, leadId)) await tellStop(use, enrolment, { reason: 'qualified', at: task.createdAt });
  await tellOfChanges(use, leadId, ['stage']);
  if (task.queuedAt === undefined) {
    await use.salesQueue.push(task);
    await use.salesTasks.markQueued(taskId, use.clock.now());
    await countNow(use, leadId, begun, (history) => ({ ...history, moves: history.moves.filter((it) => it.id !== taskId) }));
  }
  use.log.info('lead handed off', { leadId, taskId });
  return { confirmed: true } as const;
};

const makeTask = async (use: Handler, lead: Lead, taskId: string): Promise<SalesTask | undefined> => {
  // What it did meanwhile may have put it past sales, such as buying.
  if (lead.handoff?.taskId !== taskId || !nurtureStages.includes(lead.stage)) return undefined;
  const now = use.clock.now();
  const live = await use.config.live();
  const history = await use.histories.ofLead(lead.leadId);
  const factsAt = (at: Instant) => factsOn(history, { lead, seen: {}, live, now: at });
  if (!stillQualifies(live.scoring, factsAt(now), factsAt(lead.handoff.since))) return undefined;
  const route = routeLead(live.sales, lead, taskId);
  const task = buildSalesTask({ taskId, lead, now, live, route, ledger: history, enrolments: running(history.enrolments) });
  if ((await use.salesTasks.create(task)) === 'created') return task;
  const made = await use.salesTasks.find(taskId);
  if (!made) throw retryableError('the task was made and cannot be read');
  return made;
};

export const handler = onInvoke(confirmHandoff);
