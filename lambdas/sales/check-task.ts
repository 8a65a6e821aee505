import type { LiveConfig } from '#core/config';
import type { Use } from '#core/handlers';
import { type Instant, secondsBetween } from '#core/instant';
import type { Lead } from '#core/lead';
import { hasLeft } from '#core/left-mail';
import { keeperOf } from '#core/one-rep';
import type { SalesTask } from '#core/sales-task';
import { acceptByOf, endOf, isUntold, slaStep } from '#core/sla';
import { CheckInput, type TaskStep } from '#core/task-steps';
import { findPresentLead } from '#lambdas/aliases';
import { onInvoke } from '#lambdas/runtime';
import { isAnsweredSince } from './answered-since.ts';
import { clearDesk } from './give-task.ts';
import { cancelTask, finishCancelling } from './lead-of-task.ts';
import { moveOn } from './move-on.ts';
import { beganAt } from './release-task.ts';
import { tasksOf, tasksOfFormer } from './tasks-of-person.ts';

type Handler = Use<'check-task'>;
type Next = Pick<TaskStep, 'next' | 'seconds'>;

/** The machine woke, or the time to answer is over: what is to be done about this task now? */
export const checkTask =
  (use: Handler) =>
  async (event: unknown): Promise<TaskStep> => {
    const { taskId, turn } = CheckInput.parse(event);
    const wakes = await use.salesTasks.wakes(taskId);
    const task = await use.salesTasks.find(taskId);
    if (!task) return { next: 'done', seconds: 1, wakes, turn };
    const [after, next] = await look(use, task, turn);
    return { ...next, wakes, turn: after.turn ?? 0 };
  };

const done: Next = { next: 'done', seconds: 1 };
/** Somebody had it, and hears that it is over. */
const ended = ({ status, releasedAt }: SalesTask): Next =>
  status === 'cancelled' && releasedAt !== undefined ? { next: 'cancelled', seconds: 1 } : done;

/** `turn`: the last one that the machine has heard of. */
const look = async (use: Handler, task: SalesTask, turn: number): Promise<readonly [SalesTask, Next]> => {
  if (task.status === 'open') return lookAtOpen(use, task, turn);
  await clearDesk(use, task.taskId);
  await use.salesTasks.leaveIndex(task);
  const lead = await findPresentLead(use, task.leadId);
  if (task.status === 'cancelled') {
    await finishCancelling(use, task, lead);
    return [task, lead ? ended(task) : done];
  }
  if (!lead || task.status !== 'recycled') return [task, done];
  const next = untilReturn(task, use.clock.now());
  return [task, next.next === 'return' && (await isAnsweredSince(use, task, lead)) ? done : next];
};

const untilReturn = (task: SalesTask, now: Instant): Next => {
  const { until } = task.answers.findLast((it) => it.answer === 'recycle') ?? {};
  const ends = until !== undefined && until > endOf(task) ? endOf(task) : until;
  return ends === undefined || ends <= now ? { next: 'return', seconds: 1 } : { next: 'later', seconds: secondsBetween(now, ends) };
};

const lookAtOpen = async (use: Handler, task: SalesTask, turn: number): Promise<readonly [SalesTask, Next]> => {
  const lead = await findPresentLead(use, task.leadId);
  const live = await use.config.live();
  if (!lead) return [await cancelTask(use, task, undefined, 'the lead is gone'), done];
  const over = await whyOver(use, task, lead, live);
  if (over) {
    const after = await cancelTask(use, task, lead, over.because, over.keeper);
    return after.status === 'cancelled' ? [after, ended(after)] : look(use, after, turn);
  }
  // Changed before a crash, and sales was not told of it.
  const { toTell } = task;
  if (toTell && toTell.turn > turn) return [task, { next: toTell.notice, seconds: secondsLeft(task, use.clock.now()) }];
  const marked = await markIfLeft(use, task, lead, live);
  const now = use.clock.now();
  const step = slaStep(marked, live.sales, now);
  switch (step.do) {
    case 'wait':
      return [marked, { next: isUntold(marked, now) ? 'untold' : 'wait', seconds: Math.max(1, secondsBetween(now, step.until)) }];
    case 'give-up':
      return [await noteUnanswered(use, marked, now), step.until > now ? { next: 'wait', seconds: secondsBetween(now, step.until) } : done];
    case 'remind':
      return look(use, await remind(use, marked, live, now), turn);
    // What follows is looked at again: somebody may have changed the task at the same moment, or nobody can take it.
    default:
      return look(use, await moveOn(use, marked, step, lead, live), turn);
  }
};

/** By when the next look is due, whatever was done now. */
const secondsLeft = (task: SalesTask, now: Instant): number => Math.max(1, secondsBetween(now, task.acceptBy ?? endOf(task)));

const remind = async (use: Handler, task: SalesTask, { sales }: LiveConfig, now: Instant): Promise<SalesTask> => {
  const rep = sales.team.find((it) => it.rep === task.rep);
  const { acceptBy = now, turn = 0 } = task;
  const because = `no answer by ${acceptBy}`;
  return change(use, task, {
    breaches: { ...task.breaches, remind: now },
    acceptBy: rep && acceptByOf(rep, sales, now),
    toTell: { notice: 'remind', turn: turn + 1 },
    log: [...(task.log ?? []), { at: now, what: 'reminded', rep: task.rep, because }],
  });
};

const noteUnanswered = async (use: Handler, task: SalesTask, now: Instant): Promise<SalesTask> => {
  if (task.acceptBy === undefined || task.log?.some((it) => it.what === 'unanswered')) return task;
  use.log.warn('task unanswered', { taskId: task.taskId });
  const because = 'all that sales.yaml says was done';
  return change(use, task, { log: [...(task.log ?? []), { at: now, what: 'unanswered', rep: task.rep, because }] });
};

const markIfLeft = async (use: Handler, task: SalesTask, lead: Lead, live: LiveConfig): Promise<SalesTask> => {
  if (task.doNotEmail || !hasLeft(lead, await use.suppressions.ofLead(lead.leadId), beganAt(task, live))) return task;
  const entry = { at: use.clock.now(), what: 'do-not-email', because: 'the lead left our mail' } as const;
  return change(use, task, { doNotEmail: true, log: [...(task.log ?? []), entry] });
};

/** `keeper`: who has the person by another task, where two leads turned out to be one: one person needs one rep. */
type Over = { readonly because: string; readonly keeper?: string };

const whyOver = async (use: Handler, task: SalesTask, lead: Lead, live: LiveConfig): Promise<Over | undefined> => {
  if (live.sales.onUnsubscribe === 'drop' && hasLeft(lead, await use.suppressions.ofLead(lead.leadId), beganAt(task, live)))
    return { because: 'it left our mail' };
  // Of a lead into which no other went this is the only task that is open.
  if (lead.absorbed === undefined) return undefined;
  const others = [...(await tasksOf(use, lead.leadId, lead.handoffs)), ...(await tasksOfFormer(use, lead))];
  const keeper = keeperOf(
    task,
    others.filter((it) => it.taskId !== task.taskId),
    lead.leadId,
  );
  if (!keeper) return undefined;
  const because =
    lead.leadId === task.leadId ? 'another lead, which sales has, went into its lead' : 'its lead went into one that sales has';
  return { because, keeper: keeper.rep };
};

const change = async (use: Handler, task: SalesTask, changes: Parameters<Handler['salesTasks']['change']>[1]): Promise<SalesTask> => {
  const changed = await use.salesTasks.change(task, changes);
  return changed === 'refused' ? ((await use.salesTasks.find(task.taskId)) ?? task) : changed;
};

export const handler = onInvoke(checkTask);
