import type { Rep, Sales } from '#core/config';
import { addSeconds, toEpoch } from '#core/instant';
import { offsetAt } from '#core/time-zone';
import { dayKindOf, hoursOf } from '#core/working-hours';
import type { Plan } from './plan.ts';
import { type Tally, under } from './tally.ts';

/** What if: so many tasks a rep gets done on a working day; and within how many of their working hours a task is to be taken up. */
export type SalesDesk = { readonly tasksPerDay: { readonly [rep: string]: number }; readonly slaHours?: number };

export type QueueOfRep = {
  readonly rep: string;
  readonly capacity: number;
  readonly longestQueue: number;
  /** In working hours. */
  readonly medianWaitHours: number;
  /** Taken up later than the promise; only where there is one. */
  readonly late?: number;
};
export type WhatIf = {
  readonly slaHours?: number;
  readonly reps: readonly QueueOfRep[];
  /** On all desks at the end of each day (UTC). */
  readonly waiting: { readonly [date: string]: number };
};

/**
 * The tasks of a run against what sales would get done: each rep works through its own in the order in which they came, evenly over
 * its working hours. Worked out afterwards, to the hour.
 */
export const whatIf = (tally: Tally, plan: Plan, sales: Sales, { tasksPerDay, slaHours }: SalesDesk): WhatIf => {
  const arrivals = under(tally, 'task').map(({ at: [hour = '', rep = ''], count }) => ({ hour, rep, count }));
  const waiting: Record<string, number> = {};
  const reps = sales.team.flatMap((rep): readonly QueueOfRep[] => {
    const capacity = tasksPerDay[rep.rep];
    if (capacity === undefined) return [];
    const byHour = new Map(arrivals.filter((it) => it.rep === rep.rep).map((it) => [it.hour, it.count]));
    const { waitingOn, ...queue } = workThrough(plan, byHour, { rep, sales, capacity, slaHours });
    for (const [date, tasks] of Object.entries(waitingOn)) waiting[date] = (waiting[date] ?? 0) + tasks;
    return [{ rep: rep.rep, capacity, ...queue }];
  });
  return { ...(slaHours !== undefined && { slaHours }), reps, waiting };
};

type Work = { readonly rep: Rep; readonly sales: Sales; readonly capacity: number; readonly slaHours: number | undefined };

const workThrough = ({ startAt, days }: Plan, byHour: ReadonlyMap<string, number>, { rep, sales, capacity, slaHours }: Work) => {
  const waitingOn: Record<string, number> = {};
  const queue: { readonly cameAfter: number; left: number }[] = [];
  const waits = new Map<number, number>();
  let [tasks, done, longest, late, worked, credit] = [0, 0, 0, 0, 0, 0];
  const isLate = (hours: number) => slaHours !== undefined && hours > slaHours;
  for (let hour = 0; hour < days * 24; hour++) {
    const at = addSeconds(`${startAt.slice(0, 13)}:00:00.000Z`, hour * 3600);
    const came = byHour.get(at.slice(0, 13)) ?? 0;
    if (came > 0) queue.push({ cameAfter: worked, left: came });
    tasks += came;
    if (worksAt(rep, sales, at)) {
      credit += capacity / hoursADay(rep);
      while (credit >= 1 && queue[0]) {
        const [first] = queue;
        const some = Math.min(first.left, Math.floor(credit));
        const waited = worked - first.cameAfter;
        waits.set(waited, (waits.get(waited) ?? 0) + some);
        if (isLate(waited)) late += some;
        credit -= some;
        done += some;
        first.left -= some;
        if (first.left === 0) queue.shift();
      }
      // Nobody works ahead: with nothing to do, an hour is gone.
      if (queue.length === 0) credit = Math.min(credit, 1);
      worked++;
    }
    longest = Math.max(longest, tasks - done);
    waitingOn[at.slice(0, 10)] = tasks - done;
  }
  for (const it of queue) if (isLate(worked - it.cameAfter)) late += it.left;
  return { longestQueue: longest, medianWaitHours: medianOf(waits), ...(slaHours !== undefined && { late }), waitingOn };
};

/** In whole hours, as the queue is. */
const hourSpan = (rep: Rep): readonly [number, number] => {
  const { fromMinute, toMinute } = hoursOf(rep);
  return [Math.floor(fromMinute / 60), Math.max(Math.floor(fromMinute / 60) + 1, Math.floor(toMinute / 60))];
};
const hoursADay = (rep: Rep): number => hourSpan(rep)[1] - hourSpan(rep)[0];

const worksAt = (rep: Rep, sales: Sales, at: string): boolean => {
  const epoch = toEpoch(at);
  const local = new Date(epoch + offsetAt(epoch, rep.timeZone)).toISOString();
  const [opens, closes] = hourSpan(rep);
  const hour = Number(local.slice(11, 13));
  return hour >= opens && hour < closes && dayKindOf(rep, sales, local.slice(0, 10)) === 'works';
};

/** Of a histogram. */
export const medianOf = (counts: ReadonlyMap<number, number>): number => {
  const sorted = [...counts].sort(([one], [other]) => one - other);
  const half = sorted.reduce((sum, [, count]) => sum + count, 0) / 2;
  let before = 0;
  for (const [value, count] of sorted) {
    before += count;
    if (before >= half) return value;
  }
  return 0;
};
