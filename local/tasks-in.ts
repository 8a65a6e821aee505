import type { SalesTask } from '#core/sales-task';
import type { World } from './world.ts';

/** Every task that sales was told of, as it stands now. */
export const tasksIn = async ({ queues, ports }: Pick<World, 'queues' | 'ports'>): Promise<readonly SalesTask[]> => {
  const ids = queues.messagesIn('sales-tasks').map((it) => (JSON.parse(it.body) as Pick<SalesTask, 'taskId'>).taskId);
  const found = await Promise.all([...new Set(ids)].map((taskId) => ports.salesTasks.find(taskId)));
  return found.flatMap((it) => (it ? [it] : []));
};
