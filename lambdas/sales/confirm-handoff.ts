import { buildSalesTask } from '#core/brief';
import { retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import type { Instant } from '#core/instant';
import { type Lead, nurtureStages } from '#core/lead';
import { ConfirmInput } from '#core/messages';
import { stillQualifies } from '#core/qualification';
import type { SalesTask } from '#core/sales-task';
import { factsOn } from '#lambdas/facts';
import { onInvoke } from '#lambdas/runtime';
import { running } from '#lambdas/tell-enrolments';
import { releaseTask } from './release-task.ts';

type Handler = Use<'confirm-handoff'>;

/**
 * After the hold: does the lead still qualify? Then there is one task, which nobody has yet; assign-task goes on from its row. An execution that
 * began on an older definition has no such state: then it is given to a rep here.
 */
export const confirmHandoff = (use: Handler) => async (event: unknown) => {
  const { taskId, leadId, thenAssign = false } = ConfirmInput.parse(event);
  const lead = await use.leads.find(leadId);
  const task = (await use.salesTasks.find(taskId)) ?? (lead && (await makeTask(use, lead, taskId)));
  if (task) return { confirmed: thenAssign || (await releaseTask(use, task, true)).status === 'open' } as const;
  if (!lead) return { confirmed: false, reason: 'lead-gone' } as const;
  await use.leads.endHandoff(leadId, taskId, 'lead');
  use.log.info('handoff not confirmed', { leadId, taskId });
  return { confirmed: false, reason: 'no-longer-qualified' } as const;
};

const makeTask = async (use: Handler, lead: Lead, taskId: string): Promise<SalesTask | undefined> => {
  // What it did meanwhile may have put it past sales, such as buying.
  if (lead.handoff?.taskId !== taskId || !nurtureStages.includes(lead.stage)) return undefined;
  const now = use.clock.now();
  const live = await use.config.live();
  const history = await use.histories.ofLead(lead.leadId);
  const factsAt = (at: Instant) => factsOn(history, { lead, seen: {}, live, now: at });
  if (!stillQualifies(live.scoring, factsAt(now), factsAt(lead.handoff.since))) return undefined;
  const route = { rep: '', because: '' };
  const { releasedAt: _none, ...parts } = buildSalesTask({
    taskId,
    lead,
    now,
    live,
    route,
    ledger: history,
    enrolments: running(history.enrolments),
  });
  const task: SalesTask = { ...parts, status: 'holding', turn: 0 };
  if ((await use.salesTasks.create(task)) === 'created') return task;
  const made = await use.salesTasks.find(taskId);
  if (!made) throw retryableError('the task was made and cannot be read');
  return made;
};

export const handler = onInvoke(confirmHandoff);
