import type { Lead } from '#core/lead';
import type { Ports } from '#core/ports';
import type { SalesTask } from '#core/sales-task';

/** Nobody gave more of a lead's tasks back at once. */
const tasksBack = 5;

/** Whether sales gave the lead back, or rejected it, by a later task: then that answer counts, and this one's day no longer does. */
export const isAnsweredSince = async (
  use: { readonly ids: Pick<Ports['ids'], 'taskId'>; readonly salesTasks: Pick<Ports['salesTasks'], 'find'> },
  task: SalesTask,
  { leadId, handoffs }: Lead,
): Promise<boolean> => {
  const since = task.answers.at(-1)?.at ?? task.createdAt;
  for (let number = handoffs; number > 0 && number > handoffs - tasksBack; number--) {
    const other = await use.salesTasks.find(use.ids.taskId(leadId, number));
    if (other?.taskId === task.taskId) return false;
    const isGivenBack = other?.status === 'recycled' || other?.status === 'rejected';
    if (isGivenBack && (other.answers.at(-1)?.at ?? '') > since) return true;
  }
  return false;
};
