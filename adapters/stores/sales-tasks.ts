import { taskPk, taskSk } from '#core/keys';
import type { SalesTasks } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import type { Item, Table } from '#core/table';
import { fromItem, onlyExisting } from './items.ts';

export const salesTaskStore = (table: Table): SalesTasks => {
  const keyOf = (taskId: string) => ({ pk: taskPk(taskId), sk: taskSk });
  return {
    find: async (taskId) => {
      const item = await table.get(keyOf(taskId));
      return item && fromItem<SalesTask>(item);
    },
    create: async (task) => {
      const index = { gsi2pk: `TASKS#${task.rep}`, gsi2sk: task.createdAt };
      const written = await table.put({ ...keyOf(task.taskId), ...(task as unknown as Item), ...index }, { exists: false });
      return written === 'written' ? 'created' : 'exists';
    },
    strip: async (taskId) => {
      const item = await table.get(keyOf(taskId));
      if (!item) return false;
      const task = fromItem<SalesTask>(item);
      const bare: SalesTask = {
        ...(Object.fromEntries(Object.entries(task).filter(([name]) => keptOfTask.includes(name))) as SalesTask),
        status: task.status === 'open' || task.status === 'holding' ? 'cancelled' : task.status,
        routedBecause: '',
        reasons: [],
        touches: [],
        from: [],
      };
      const { gsi2pk, gsi2sk } = item;
      const index = gsi2pk === undefined || gsi2sk === undefined ? {} : { gsi2pk, gsi2sk };
      await table.put({ ...keyOf(taskId), ...(bare as unknown as Item), ...index }, { exists: true, equals: { status: task.status } });
      return true;
    },
    markQueued: async (taskId, at) => void (await table.update(keyOf(taskId), { setIfAbsent: { queuedAt: at } }, onlyExisting)),
    markNotified: async (taskId, at) => void (await table.update(keyOf(taskId), { setIfAbsent: { notifiedAt: at } }, onlyExisting)),
  };
};

/** Figures of the handoff, and nothing of the lead. */
const keptOfTask: readonly string[] = [
  'taskId',
  'leadId',
  'createdAt',
  'status',
  'answers',
  'releasedAt',
  'acceptBy',
  'rep',
  'fit',
  'engagement',
  'grade',
  'queuedAt',
  'notifiedAt',
];
