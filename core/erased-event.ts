import * as z from 'zod';
import type { Erasure } from './erasure.ts';

/** On the bus, type `baton.lead.erased`: whoever has data of this lead by its id lets it go too. Ids only. */
export const erasedType = 'baton.lead.erased';

export const ErasedEvent = z.strictObject({
  schema: z.literal(1).describe('Raised when a field changes its meaning or goes; new ones may come'),
  id: z.string().describe('The same however often the event is told'),
  kind: z.literal('erased'),
  at: z.iso.datetime().describe('When it was asked for'),
  leadId: z.string(),
  ids: z
    .array(z.string())
    .describe('Every id that anything of this lead may stand under: its own, its addresses’, and leads that went into it'),
  taskIds: z.array(z.string()).describe('Sales tasks that were about it'),
  because: z.enum(['asked', 'retention']),
});
export type ErasedEvent = z.output<typeof ErasedEvent>;

export const erasedEventOf = ({ leadId, askedAt, ids, taskIds, because }: Erasure): ErasedEvent => ({
  schema: 1,
  id: `${leadId}:erased:${askedAt}`,
  kind: 'erased',
  at: askedAt,
  leadId,
  ids: [...ids],
  taskIds: [...taskIds],
  because,
});
