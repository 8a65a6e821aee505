import { buildSalesTask } from '#core/brief';
import type { LiveConfig } from '#core/config';
import type { Desk } from '#core/desk';
import type { Use } from '#core/handlers';
import { addSeconds, type Instant } from '#core/instant';
import { type Lead, nurtureStages } from '#core/lead';
import { hasLeft } from '#core/left-mail';
import type { History } from '#core/ports';
import { stillQualifies } from '#core/qualification';
import { isCeilingReached, type RouteDecision, routeLead } from '#core/routing';
import { holdingOf, type SalesTask } from '#core/sales-task';
import { findPresentLead } from '#lambdas/aliases';
import { countNow } from '#lambdas/count-changes';
import { factsOn } from '#lambdas/facts';
import { running, runningEnrolments, tellStop } from '#lambdas/tell-enrolments';
import { tellOfChanges } from '#lambdas/tell-of-changes';
import { dateOf, giveTask } from './give-task.ts';
import { cancelTask, finishCancelling, heldMoveId, moveForTask } from './lead-of-task.ts';
import { keepOwner, ownersOf } from './owners.ts';

export type Releasing = Use<'assign-task'>;

/**
 * A task that waits for a rep gets one, if there is room and its lead still belongs to sales; else it is held. Returns the task as it
 * is then. The row comes first, then the lead's stage, its stops and the queue, all of which a repeat makes good.
 */
export const releaseTask = async (use: Releasing, task: SalesTask): Promise<SalesTask> => {
  const lead = await findPresentLead(use, task.leadId);
  if (task.status === 'open') return lead ? handOff(use, task, lead) : task;
  if (task.status === 'cancelled') await finishCancelling(use, task, lead);
  if (task.status !== 'holding') return task;
  if (!lead) return cancelTask(use, task, undefined, 'the lead is gone');
  const live = await use.config.live();
  const now = use.clock.now();
  const history = await use.histories.ofLead(lead.leadId);
  const left = hasLeft(lead, await use.suppressions.ofLead(lead.leadId), beganAt(task, live));
  const over = whyOver(task, lead, history, live, now) ?? (left && live.sales.onUnsubscribe === 'drop' ? 'it left our mail' : undefined);
  if (over !== undefined) return cancelTask(use, task, lead, over);
  const isOverdue = task.heldSince !== undefined && addSeconds(task.heldSince, holdingOf(live.sales).longestSeconds) <= now;
  if (isOverdue && holdingOf(live.sales).afterwards === 'nurture')
    return cancelTask(use, task, lead, 'held for as long as sales.yaml allows, and sales had no room');
  const owners = await ownersOf(use, lead, task, live);
  const isOutdone = await isBetterWaiting(use, task, live);
  const decide = (desk: Desk): RouteDecision =>
    isOutdone && !isCeilingReached({ sales: live.sales, desk, date: dateOf(live, now) })
      ? { to: 'hold', because: 'leads with a better score wait for sales' }
      : routeLead({ sales: live.sales, desk, lead, ...owners, now, date: dateOf(live, now), isOverdue });
  const changes = { ...freshFigures(task, lead, history, live, now), ...(left && { doNotEmail: true as const }) };
  const outcome = await giveTask(use, task, { what: 'assigned', live, decide, changes });
  if (outcome.done === 'hold') return hold(use, task, lead, outcome.because);
  return outcome.task.status === 'open' ? handOff(use, outcome.task, lead) : outcome.task;
};

/** The hold before the confirmation counts as well. */
export const beganAt = (task: Pick<SalesTask, 'createdAt'>, { scoring }: LiveConfig): Instant =>
  addSeconds(task.createdAt, -scoring.qualified.holdSeconds - 60);

/** What happened while it was held that keeps it from sales; what faded by itself does not. */
const whyOver = (task: SalesTask, lead: Lead, history: History, live: LiveConfig, now: Instant): string | undefined => {
  if (lead.stage === 'won') return 'it has bought meanwhile';
  if (lead.handoff?.taskId === task.taskId) return undefined;
  if (lead.stage !== 'holding') return nurtureStages.includes(lead.stage) ? undefined : 'sales has this lead already';
  const factsAt = (at: Instant) => factsOn(history, { lead, seen: {}, live, now: at });
  return stillQualifies(live.scoring, factsAt(now), factsAt(task.createdAt)) ? undefined : 'it no longer qualifies';
};

/** Who waits longer and scores more goes first; the release tick sees to it. */
const isBetterWaiting = async (use: Releasing, task: SalesTask, { sales }: LiveConfig): Promise<boolean> => {
  if (sales.atMostPerDay === undefined || task.heldSince !== undefined) return false;
  const [best] = (await use.salesTasks.held(1)).tasks;
  return best !== undefined && best.fit + best.engagement > task.fit + task.engagement;
};

/** The brief says what is so on the day of its release. */
const freshFigures = (task: SalesTask, lead: Lead, history: History, live: LiveConfig, now: Instant): Partial<SalesTask> => {
  if (task.heldSince === undefined) return {};
  const { taskId } = task;
  const route = { rep: '', because: '' };
  const fresh = buildSalesTask({ taskId, lead, now, live, route, ledger: history, enrolments: running(history.enrolments) });
  const { fit, engagement, grade, reasons, touches, from } = fresh;
  return { fit, engagement, ...(grade !== undefined && { grade }), reasons, touches, from };
};

const hold = async (use: Releasing, task: SalesTask, lead: Lead, because: string): Promise<SalesTask> => {
  const now = use.clock.now();
  const entry = { at: now, what: 'held', because } as const;
  const held =
    task.heldSince !== undefined
      ? task
      : await use.salesTasks.change(task, { heldSince: now, heldBecause: because, log: [...(task.log ?? []), entry] });
  const standing = held === 'refused' ? await use.salesTasks.find(task.taskId) : held;
  if (!standing || standing.status !== 'holding') return standing ?? task;
  const at = standing.heldSince ?? now;
  if (lead.stage !== 'holding' || lead.handoff)
    await moveForTask(use, lead, task.taskId, { id: heldMoveId(task.taskId), at, to: 'holding', because });
  if (task.heldSince === undefined) use.log.info('lead held', { leadId: lead.leadId, taskId: task.taskId });
  return standing;
};

const handOff = async (use: Releasing, task: SalesTask, lead: Lead): Promise<SalesTask> => {
  if (task.queuedAt !== undefined) return task;
  const begun = use.clock.now();
  const { taskId } = task;
  const { leadId } = lead;
  const at = task.releasedAt ?? begun;
  const because = task.heldSince === undefined ? 'qualified, and the score held' : 'qualified, and sales has room';
  await moveForTask(use, lead, taskId, { id: taskId, at, to: 'mql', because });
  for (const enrolment of await runningEnrolments(use, leadId)) await tellStop(use, enrolment, { reason: 'qualified', at });
  await tellOfChanges(use, lead.leadId, ['stage']);
  await keepOwner(use, lead, task, await use.config.live());
  await use.salesQueue.push(task);
  await use.salesTasks.markQueued(taskId, use.clock.now());
  await countNow(use, leadId, begun, (history) => ({ ...history, moves: history.moves.filter((it) => it.id !== taskId) }));
  use.log.info('lead handed off', { leadId, taskId });
  return task;
};
