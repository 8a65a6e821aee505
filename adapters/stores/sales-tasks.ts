import { holdSk, taskPk, taskSk } from '#core/keys';
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
    markQueued: async (taskId, at) => void (await table.update(keyOf(taskId), { setIfAbsent: { queuedAt: at } }, onlyExisting)),
    markNotified: async (taskId, at) => void (await table.update(keyOf(taskId), { setIfAbsent: { notifiedAt: at } }, onlyExisting)),
    markTold: async (taskId, key, at) => {
      await table.update(keyOf(taskId), { setIfAbsent: { told: {} } }, onlyExisting);
      await table.update(keyOf(taskId), { setInIfAbsent: { told: { [key]: at } } }, onlyExisting);
    },
    answer: async ({ taskId, rep, status }, next) => {
      const update = { set: { status: next.status, answers: next.answers as unknown as Item[] } };
      return (await table.update(keyOf(taskId), update, { ...onlyExisting, equals: { rep, status } })) === 'refused' ? 'refused' : 'written';
    },
    markApplied: async (taskId, count) => {
      const fewer = [{ absent: ['applied'] }, { below: { applied: count } }];
      await table.update(keyOf(taskId), { set: { applied: count } }, { ...onlyExisting, either: fewer });
    },
    findToken: async (taskId) => {
      const item = await table.get({ pk: taskPk(taskId), sk: holdSk });
      return item?.token === undefined ? undefined : String(item.token);
    },
  };
};
