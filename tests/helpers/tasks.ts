import type { SalesTask } from '#core/sales-task';
import type { World } from '#local/world';
import { aSalesTask } from '#tests/helpers/builders';

/** A lead that went to sales, with its task, as confirm-handoff leaves them. */
export const aTaskFor = async (
  world: Pick<World, 'ports' | 'clock'>,
  leadId: string,
  more: Partial<SalesTask> = {},
): Promise<SalesTask> => {
  const { ports, clock } = world;
  const at = clock.now();
  const task = aSalesTask({ leadId, createdAt: at, releasedAt: at, ...more });
  await ports.stages.record(leadId, { id: task.taskId, at, from: 'lead', to: 'mql', by: 'sales', because: 'qualified' });
  await ports.leads.moveStage(leadId, (await ports.leads.find(leadId))?.stage ?? 'lead', 'mql');
  await ports.salesTasks.create(task);
  return task;
};
