import type { Lead } from '#core/lead';
import type { Ports } from '#core/ports';
import type { SalesTask } from '#core/sales-task';

type Finding = { readonly ids: Pick<Ports['ids'], 'taskId'>; readonly salesTasks: Pick<Ports['salesTasks'], 'find'> };

/** Of a lead that was erased, or went into another, nobody knows how many tasks it had. */
export const mostForgotten = 12;

export const tasksOf = async (use: Finding, leadId: string, last: number): Promise<readonly SalesTask[]> => {
  const numbers = Array.from({ length: Math.min(last, mostForgotten) }, (_, at) => last - at);
  const found = await Promise.all(numbers.map((it) => use.salesTasks.find(use.ids.taskId(leadId, it))));
  return found.filter((it) => it !== undefined);
};

/** Tasks of leads that went into this one. Nobody is asked where none did. */
export const tasksOfFormer = async (use: Finding, { absorbed = {} }: Pick<Lead, 'absorbed'>): Promise<readonly SalesTask[]> =>
  (await Promise.all(Object.keys(absorbed).map((it) => tasksOf(use, it, mostForgotten)))).flat();
