import * as z from 'zod';
import type { Instant } from './instant.ts';
import { answerKinds, type SalesTask, type TaskAnswer } from './sales-task.ts';

/** What other systems hear of a task; each kind is `baton.handoff.<kind>` on the bus. */
export const handoffEventKinds = [
  'created',
  'reminded',
  'reassigned',
  'escalated',
  'taken-back',
  'accepted',
  'rejected',
  'recycled',
  'won',
  'lost',
] as const;
export type HandoffEventKind = (typeof handoffEventKinds)[number];

export const eventSource = 'baton';
export const typeOf = (kind: HandoffEventKind): string => `${eventSource}.handoff.${kind}`;

/**
 * The detail of an event: ids, short names of reps, scores and reasons by their names. Nothing that says who the lead is: whoever may
 * know looks it up by its id (docs/crm.md).
 */
export const HandoffEvent = z.strictObject({
  schema: z.literal(1).describe('Raised when a field changes its meaning or goes; new ones may come'),
  id: z.string().describe('The same however often the event is told'),
  kind: z.enum(handoffEventKinds),
  at: z.iso.datetime(),
  taskId: z.string(),
  leadId: z.string(),
  rep: z.string().describe('Who has the task; empty while nobody has it'),
  fit: z.number(),
  engagement: z.number().describe('At the handoff'),
  grade: z.string().optional(),
  answer: z.enum(answerKinds).optional(),
  reason: z.string().optional().describe('reject, recycle, lost: one of those in sales.yaml'),
  until: z.iso.datetime().optional().describe('recycle: the lead comes back then'),
  amount: z.number().optional().describe('won: in whole units of the currency'),
  currency: z.string().optional().describe('won: ISO 4217'),
});
export type HandoffEvent = z.output<typeof HandoffEvent>;

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
