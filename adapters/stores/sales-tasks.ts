import { retryableError } from '#core/errors';
import { toEpoch } from '#core/instant';
import { acceptedTasksPk, doneTasksPk, heldTasksPk, holdSk, openTasksPk, shardOf, taskPk, taskSk, watchedPk } from '#core/keys';
import type { SalesTasks } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import type { Item, Table } from '#core/table';
import { fromItem, onlyExisting } from './items.ts';

export const salesTaskStore = (table: Table): SalesTasks => {
  const keyOf = (taskId: string) => ({ pk: taskPk(taskId), sk: taskSk });
  const holdOf = (taskId: string) => ({ pk: taskPk(taskId), sk: holdSk });
  return {
    find: async (taskId) => {
      const item = await table.get(keyOf(taskId));
      return item && fromItem<SalesTask>(item);
    },
    create: async (task) => {
      const written = await table.put({ ...keyOf(task.taskId), ...(task as unknown as Item), ...indexOf(task) }, { exists: false });
      return written === 'written' ? 'created' : 'exists';
    },
    strip: async (taskId) => {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const item = await table.get(keyOf(taskId));
        if (!item) return false;
        const { status, turn } = fromItem<SalesTask>(item);
        const bare = bareOf(fromItem<SalesTask>(item));
        const row = { ...keyOf(taskId), ...(bare as unknown as Item), ...indexOf(bare) };
        const same = {
          exists: true,
          equals: { status, ...(turn !== undefined && { turn }) },
          ...(turn === undefined && { absent: ['turn'] }),
        };
        if ((await table.put(row, same)) === 'written') return true;
      }
      throw retryableError('the task is being written by others');
    },
    markQueued: async (taskId, at) => void (await table.update(keyOf(taskId), { setIfAbsent: { queuedAt: at } }, onlyExisting)),
    markNotified: async (taskId, at) => void (await table.update(keyOf(taskId), { setIfAbsent: { notifiedAt: at } }, onlyExisting)),
    markTold: async (taskId, key, at) => {
      await table.update(keyOf(taskId), { setIfAbsent: { told: {} } }, onlyExisting);
      await table.update(keyOf(taskId), { setInIfAbsent: { told: { [key]: at } } }, onlyExisting);
    },
    answer: async ({ taskId, rep, status }, next) => {
      const place = indexOf({ rep, status: next.status, answers: next.answers });
      const update = { set: { status: next.status, answers: next.answers as unknown as Item[], ...place } };
      return (await table.update(keyOf(taskId), update, { ...onlyExisting, equals: { rep, status } })) === 'refused'
        ? 'refused'
        : 'written';
    },
    markApplied: async (taskId, count) => {
      const fewer = [{ absent: ['applied'] }, { below: { applied: count } }];
      await table.update(keyOf(taskId), { set: { applied: count } }, { ...onlyExisting, either: fewer });
    },
    change: async (before, changes) => {
      const { taskId, status, turn = 0 } = before;
      const next = { ...before, ...changes, turn: turn + 1 };
      const index = indexOf(next as SalesTask);
      const entries = Object.entries({ ...changes, turn: turn + 1, ...index });
      const gone = [...entries.flatMap(([name, value]) => (value === undefined ? [name] : [])), ...(index ? [] : indexNames)];
      const set = Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Item;
      const sameTurn = turn === 0 ? { either: [{ absent: ['turn'] }, { equals: { turn } }] } : {};
      const same = { ...onlyExisting, equals: { status, ...(turn > 0 && { turn }) }, ...sameTurn };
      const written = await table.update(keyOf(taskId), { set, ...(gone.length > 0 && { remove: gone }) }, same);
      return written === 'refused' ? 'refused' : fromItem<SalesTask>(written);
    },
    leaveIndex: async ({ taskId, rep }) => {
      const still = { ...onlyExisting, equals: { gsi2pk: openTasksPk(rep) } };
      await table.update(keyOf(taskId), { remove: indexNames }, still);
    },
    ofRep: async (rep, which, limit, after) => {
      const pk = { open: openTasksPk, accepted: acceptedTasksPk, done: doneTasksPk }[which](rep);
      const range = { limit, descending: which !== 'open', ...(after !== undefined && { after }) };
      const page = await table.queryIndex('gsi2', pk, range);
      return { tasks: page.items.map((it) => fromItem<SalesTask>(it)), ...(page.next !== undefined && { next: page.next }) };
    },
    wake: async (taskId) => {
      const item = await table.update(holdOf(taskId), { increase: { wakes: 1 } });
      return item === 'refused' || item.token === undefined ? undefined : String(item.token);
    },
    wakes: async (taskId) => Number((await table.get(holdOf(taskId)))?.wakes ?? 0),
    watchFrom: async ({ taskId, leadId }, at) => {
      const watched = { set: { taskId, leadId, gsi1pk: watchedPk(shardOf(leadId)), gsi1sk: at } };
      return (await table.update(holdOf(taskId), watched, { absent: ['wakes'] })) === 'refused' ? 'had-one' : 'watched';
    },
    toWatch: async (shard, upTo, limit) =>
      (await table.queryIndex('gsi1', watchedPk(shard), { upTo, limit })).items.map(
        ({ taskId, leadId, machineLeg = 1, gsi1sk }) =>
          ({ taskId, leadId, leg: machineLeg, lookAt: gsi1sk }) as { taskId: string; leadId: string; leg: number; lookAt: string },
      ),
    lookAgain: async ({ taskId, lookAt }, at) => {
      const update = at === undefined ? { remove: ['gsi1pk', 'gsi1sk'] } : { set: { gsi1sk: at } };
      await table.update(holdOf(taskId), update, { ...onlyExisting, equals: { gsi1sk: lookAt } });
    },
    nextMachine: async ({ taskId, leg, lookAt }, at) => {
      const update = { set: { machineLeg: leg + 1, gsi1sk: at } };
      return (await table.update(holdOf(taskId), update, { ...onlyExisting, equals: { gsi1sk: lookAt } })) === 'refused'
        ? 'refused'
        : leg + 1;
    },
    held: async (limit, after) => {
      const page = await table.queryIndex('gsi2', heldTasksPk, { limit, descending: true, ...(after !== undefined && { after }) });
      return { tasks: page.items.map((it) => fromItem<SalesTask>(it)), ...(page.next !== undefined && { next: page.next }) };
    },
  };
};

const attempts = 5;

const bareOf = (task: SalesTask): SalesTask => ({
  ...(Object.fromEntries(Object.entries(task).filter(([name]) => keptOfTask.includes(name))) as SalesTask),
  status: task.status === 'open' || task.status === 'holding' ? 'cancelled' : task.status,
  routedBecause: '',
  reasons: [],
  touches: [],
  from: [],
});

const indexNames = ['gsi2pk', 'gsi2sk'];

type Indexed = Pick<SalesTask, 'status' | 'rep' | 'answers'> & Partial<Pick<SalesTask, 'createdAt' | 'fit' | 'engagement' | 'heldSince'>>;
/**
 * Open ones by rep and time, those that were answered by rep and time of the last answer; held ones by score, then time: read from the
 * end, the best comes first, and of equals the oldest.
 */
const indexOf = (task: Indexed): { readonly gsi2pk: string; readonly gsi2sk: string } | undefined => {
  const { status, rep, createdAt = '', fit = 0, engagement = 0 } = task;
  const answeredAt = task.answers.at(-1)?.at;
  if (status === 'open') return { gsi2pk: openTasksPk(rep), gsi2sk: createdAt };
  if (status !== 'holding' && rep !== '' && answeredAt !== undefined)
    return { gsi2pk: status === 'accepted' ? acceptedTasksPk(rep) : doneTasksPk(rep), gsi2sk: answeredAt };
  if (status !== 'holding' || task.heldSince === undefined) return undefined;
  const score = Math.max(0, Math.round((fit + engagement) * 10) + 1_000_000);
  return { gsi2pk: heldTasksPk, gsi2sk: `${pad(score, 9)}#${pad(1e13 - toEpoch(createdAt), 14)}` };
};
const pad = (value: number, length: number): string => String(value).padStart(length, '0');
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
  'heldSince',
  'turn',
  'applied',
];
