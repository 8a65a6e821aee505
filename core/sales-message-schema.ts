import * as z from 'zod';

/**
 * What the queue `sales-tasks` holds, for systems that take tasks in: schemas/sales-task.schema.json. Ids, scores and reasons; no name
 * and no address.
 */
export const SalesTaskMessage = z.strictObject({
  schema: z.literal(1).describe('Raised when a field changes its meaning or goes; new ones may come'),
  taskId: z.string().describe('The same however often the task is told'),
  leadId: z.string(),
  createdAt: z.iso.datetime(),
  rep: z.string().describe('Short name in sales.yaml; empty while nobody has it'),
  routedBecause: z.string().describe('Why this rep, in words'),
  fit: z.number(),
  engagement: z.number(),
  grade: z.string().optional().describe('Fit as a letter, engagement as a number; if scoring.yaml has grades'),
  reasons: z.array(z.string()).describe('Why now, in words, strongest first'),
  touches: z
    .array(z.strictObject({ at: z.iso.datetime(), what: z.string() }))
    .describe('What the lead did last, newest first, at most ten; nothing that a machine did'),
  from: z.array(z.string()).describe('Sequences that ended with the handoff, with their step'),
});
export type SalesTaskMessage = z.output<typeof SalesTaskMessage>;
