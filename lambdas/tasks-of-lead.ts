import type { Lead } from '#core/lead';
import type { Ports } from '#core/ports';

/** Of every handoff that was begun; those that were not confirmed have none. One under way: `handoffs` and one more. */
export const tasksOfLead = async (
  { salesTasks }: { readonly salesTasks: Pick<Ports['salesTasks'], 'find'> },
  { leadId, handoffs }: Pick<Lead, 'leadId' | 'handoffs'>,
  taskId: Ports['ids']['taskId'],
) => {
  const found = await Promise.all(Array.from({ length: handoffs }, (_, at) => salesTasks.find(taskId(leadId, at + 1))));
  return found.filter((it) => it !== undefined);
};
