import * as z from 'zod';
import { handoffEventKinds } from './sales-event-kinds.ts';
import { answerKinds } from './sales-task.ts';

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
  rep: z.string().describe('Who has the task, or had it when it was cancelled; empty while nobody has it'),
  fit: z.number(),
  engagement: z.number().describe('At the handoff'),
  grade: z.string().optional(),
  answer: z.enum(answerKinds).optional(),
  reason: z.string().optional().describe('reject, recycle, lost: one of those in sales.yaml'),
  until: z.iso.datetime().optional().describe('recycle: the lead comes back then'),
  amount: z.number().optional().describe('won: in whole units of the currency'),
  currency: z.string().optional().describe('won: ISO 4217'),
  because: z.string().optional().describe('cancelled: why, in words'),
  keptBy: z.string().optional().describe('cancelled: the rep who has the same person by another task, where that is why'),
});
export type HandoffEvent = z.output<typeof HandoffEvent>;
