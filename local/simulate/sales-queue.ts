import type { Sales } from '#core/config';
import { addSeconds, toEpoch } from '#core/instant';
import { offsetAt } from '#core/time-zone';
import type { Plan } from './plan.ts';
import { type Tally, under } from './tally.ts';

/** What a rep gets done: so many tasks on a working day; and within how long a task is to be taken up. */
export type SalesDesk = { readonly tasksPerDay: { readonly [rep: string]: number }; readonly slaSeconds: number };

export type RepFigures = {
  readonly rep: string;
  readonly tasks: number;
  /** Tasks a working day that come in, and that get done; the latter only with a capacity. */
  readonly perWorkingDay: number;
  readonly capacity?: number;
  readonly longestQueue?: number;
  readonly medianWaitHours?: number;
  readonly breaches?: number;
};
export type Handoffs = {
  readonly tasks: number;
  readonly perDay: readonly { readonly date: string; readonly byRep: { readonly [rep: string]: number }; readonly waiting?: number }[];
  readonly reps: readonly RepFigures[];
  readonly slaHours?: number;
};

/** Working hours of a rep, local. */
const [opens, closes] = [9, 17];
const hoursADay = closes - opens;

/**
 * Handoffs against what sales gets done. Each rep works through its tasks in the order in which they came, Monday to Friday from nine
 * to five in its own zone, evenly over the day; a task that is taken up later than the promise is a breach.
 */
export const handoffsOf = (tally: Tally, plan: Plan, sales: Sales, desk: SalesDesk | undefined): Handoffs => {
  const arrivals = under(tally, 'task').map(({ at: [hour = '', rep = ''], count }) => ({ hour, rep, count }));
  const reps = [...new Set([...sales.team.map((it) => it.rep), ...arrivals.map((it) => it.rep)])];
  const queues = reps.map((rep) => {
    const zone = sales.team.find((it) => it.rep === rep)?.timeZone ?? 'UTC';
    return {
      rep,
      ...workThrough(
        plan,
        arrivals.filter((it) => it.rep === rep),
        zone,
        desk?.tasksPerDay[rep],
        desk?.slaSeconds ?? 0,
      ),
    };
  });
  const dates = Array.from({ length: plan.days + 1 }, (_, at) => addSeconds(plan.startAt, at * 86_400).slice(0, 10));
  return {
    tasks: arrivals.reduce((sum, it) => sum + it.count, 0),
    perDay: dates.map((date) => ({
      date,
      byRep: Object.fromEntries(reps.map((rep) => [rep, queues.find((it) => it.rep === rep)?.tasksOn[date] ?? 0])),
      ...(desk && { waiting: queues.reduce((sum, it) => sum + (it.waitingOn[date] ?? 0), 0) }),
    })),
    reps: queues.map(({ tasksOn: _tasks, waitingOn: _waiting, ...it }) => it),
    ...(desk && { slaHours: desk.slaSeconds / 3600 }),
  };
};

type Arrival = { readonly hour: string; readonly count: number };

const workThrough = (
  { startAt, days }: Plan,
  arrivals: readonly Arrival[],
  zone: string,
  perDay: number | undefined,
  slaSeconds: number,
) => {
  const byHour = new Map(arrivals.map((it) => [it.hour, it.count]));
  const tasksOn: Record<string, number> = {};
  const waitingOn: Record<string, number> = {};
  const queue: { readonly at: number; left: number }[] = [];
  const waits: { readonly hours: number; readonly count: number }[] = [];
  let [tasks, done, longest, breaches, workingDays, credit] = [0, 0, 0, 0, 0, 0];
  for (let hour = 0; hour < days * 24; hour++) {
    const at = addSeconds(`${startAt.slice(0, 13)}:00:00.000Z`, hour * 3600);
    const epoch = toEpoch(at);
    const count = byHour.get(at.slice(0, 13)) ?? 0;
    if (count > 0) {
      queue.push({ at: epoch, left: count });
      tasks += count;
      tasksOn[at.slice(0, 10)] = (tasksOn[at.slice(0, 10)] ?? 0) + count;
    }
    const local = new Date(epoch + offsetAt(epoch, zone));
    const isWorkday = local.getUTCDay() >= 1 && local.getUTCDay() <= 5;
    if (isWorkday && local.getUTCHours() === opens) workingDays++;
    if (perDay !== undefined && isWorkday && local.getUTCHours() >= opens && local.getUTCHours() < closes) {
      credit += perDay / hoursADay;
      while (credit >= 1 && queue[0]) {
        const first = queue[0];
        const some = Math.min(first.left, Math.floor(credit));
        const waited = epoch - first.at;
        waits.push({ hours: waited / 3_600_000, count: some });
        if (waited > slaSeconds * 1000) breaches += some;
        credit -= some;
        done += some;
        first.left -= some;
        if (first.left === 0) queue.shift();
      }
      // Nobody works ahead: with nothing to do, an hour is gone.
      if (queue.length === 0) credit = Math.min(credit, 1);
    }
    const waiting = tasks - done;
    longest = Math.max(longest, waiting);
    waitingOn[at.slice(0, 10)] = waiting;
  }
  const end = toEpoch(addSeconds(startAt, days * 86_400));
  for (const it of queue) if (end - it.at > slaSeconds * 1000) breaches += it.left;
  return {
    tasks,
    perWorkingDay: Math.round((tasks / Math.max(1, workingDays)) * 10) / 10,
    ...(perDay !== undefined && { capacity: perDay, longestQueue: longest, medianWaitHours: medianWait(waits), breaches }),
    tasksOn,
    waitingOn,
  };
};

const medianWait = (waits: readonly { readonly hours: number; readonly count: number }[]): number => {
  const sorted = waits.toSorted((one, other) => one.hours - other.hours);
  const half = sorted.reduce((sum, it) => sum + it.count, 0) / 2;
  let before = 0;
  for (const { hours, count } of sorted) {
    before += count;
    if (before >= half) return Math.round(hours * 10) / 10;
  }
  return 0;
};
