import type { SalesTask } from './sales-task.ts';

type Asked = Pick<SalesTask, 'taskId' | 'leadId' | 'createdAt' | 'status' | 'answers'>;

/**
 * One person needs one rep. Of a person's other tasks the one whose rep keeps the lead in place of this open task's; undefined: nobody
 * else does. Who accepted keeps it, of several the first; of tasks that nobody has answered the kept lead's own, then the older one. Pure.
 */
export const keeperOf = <Task extends Asked>(task: Asked, others: readonly Task[], leadId: string): Task | undefined => {
  const [accepted] = others.filter(isTaken).sort((one, other) => order(takenAt(one), takenAt(other)) || order(one.taskId, other.taskId));
  if (accepted) return accepted;
  const rank = (it: Asked): string => `${it.leadId === leadId ? 0 : 1} ${it.createdAt} ${it.taskId}`;
  const [first] = others.filter((it) => it.status === 'open').sort((one, other) => order(rank(one), rank(other)));
  return first && rank(first) < rank(task) ? first : undefined;
};

/** Somebody took the lead on, and it has not come back. */
const isTaken = ({ status }: Asked): boolean => status === 'accepted' || status === 'won';
const takenAt = ({ answers }: Asked): string => answers.find((it) => it.answer === 'accept')?.at ?? '';
const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
