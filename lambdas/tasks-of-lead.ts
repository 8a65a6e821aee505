import type { Lead } from '#core/lead';
import type { Ports } from '#core/ports';

/** Of every handoff that has ended; those that were not confirmed have none. */
export const tasksOfLead = async (
  { salesTasks }: { readonly salesTasks: Pick<Ports['salesTasks'], 'find'> },
  { leadId, handoffs }: Pick<Lead, 'leadId' | 'handoffs'>,
  taskId: Ports['ids']['taskId'],
) => {
  const found = await Promise.all(Array.from({ length: handoffs }, (_, at) => salesTasks.find(taskId(leadId, at + 1))));
  return found.filter((it) => it !== undefined);
};

/** That of the handoff under way as well. */
export const everyTaskOfLead = (
  use: Parameters<typeof tasksOfLead>[0],
  lead: Pick<Lead, 'leadId' | 'handoffs'>,
  taskId: Ports['ids']['taskId'],
) => tasksOfLead(use, { ...lead, handoffs: lead.handoffs + 1 }, taskId);
