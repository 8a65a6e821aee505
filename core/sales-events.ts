import type { Instant } from './instant.ts';
import type { HandoffEventKind } from './sales-event-kinds.ts';
import type { HandoffEvent } from './sales-events-schema.ts';
import { keptBy, type SalesTask, type TaskAnswer } from './sales-task.ts';

export const eventSource = 'baton';
export const typeOf = (kind: HandoffEventKind): string => `${eventSource}.handoff.${kind}`;

const kindOf = { accept: 'accepted', reject: 'rejected', recycle: 'recycled', won: 'won', lost: 'lost' } as const;

export const eventOfAnswer = (task: SalesTask, answer: TaskAnswer): HandoffEvent => {
  const { answer: kind, at, by, reason, until, amount, currency } = answer;
  return {
    ...base(task, kindOf[kind], at, kindOf[kind]),
    rep: by,
    answer: kind,
    ...(reason !== undefined && { reason }),
    ...(until !== undefined && { until }),
    ...(amount !== undefined && { amount }),
    ...(currency !== undefined && { currency }),
  };
};

/** Told again it says the same, unless the task went on meanwhile. */
export const eventOfNotice = (task: SalesTask, kind: HandoffEventKind): HandoffEvent => {
  const { releasedAt, createdAt, log = [], rep, turn = 0 } = task;
  const at = (kind === 'created' ? undefined : log.at(-1)?.at) ?? releasedAt ?? createdAt;
  return base(task, kind, at, kind === 'created' ? `${kind}:${rep}` : `${kind}:${rep}:${turn}`);
};

/** Once for a task. Of a lead that was erased there is `baton.lead.erased` instead. */
export const eventOfCancelling = (task: SalesTask): HandoffEvent => {
  const { at = task.createdAt, because, from } = task.log?.findLast((it) => it.what === 'cancelled') ?? {};
  const keeper = keptBy(task);
  return {
    ...base(task, 'cancelled', at, 'cancelled'),
    rep: from ?? task.rep,
    ...(because !== undefined && { because }),
    ...(keeper !== undefined && { keptBy: keeper }),
  };
};

const base = (
  { taskId, leadId, rep, fit, engagement, grade }: SalesTask,
  kind: HandoffEventKind,
  at: Instant,
  mark: string,
): HandoffEvent => ({
  schema: 1,
  id: `${taskId}:${mark}`,
  kind,
  at,
  taskId,
  leadId,
  rep,
  fit,
  engagement,
  ...(grade !== undefined && { grade }),
});
