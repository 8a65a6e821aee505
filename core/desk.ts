import type { Rep } from './config.ts';
import type { PoolState } from './fair-share.ts';
import type { Instant } from './instant.ts';
import type { RouteRecord } from './sales-task.ts';

/**
 * What the whole team has on its desks: the row DESK, written only over the revision that was read. One row, so that two leads at
 * once can neither be given the last place of a rep twice nor be counted once.
 */
export type Desk = {
  readonly revision: number;
  /** Shares, by pool. */
  readonly pools: { readonly [pool: string]: PoolState };
  /** Tasks that wait for a rep's answer, and since when. */
  readonly open: { readonly [rep: string]: { readonly [taskId: string]: Instant } };
  /** Tasks that were given out on this date of the brand. */
  readonly day?: { readonly date: string; readonly taken: number };
  /** The last that were given out: a repeat after a crash finds what was decided. */
  readonly made: readonly Made[];
  /** When the rows of tasks were last compared with this. */
  readonly checkedOn?: string;
  /** Behind which held task the next release goes on, once it has looked at the best: some held ones may wait for reps who are full. */
  readonly heldFrom?: string;
};

export type Made = {
  readonly taskId: string;
  readonly turn: number;
  readonly rep: string;
  readonly because: string;
  readonly record: RouteRecord;
};

export const emptyDesk: Desk = { revision: 0, pools: {}, open: {}, made: [] };

export const hasRoom = (desk: Desk, { rep, atMostOpen }: Pick<Rep, 'rep' | 'atMostOpen'>): boolean =>
  atMostOpen === undefined || Object.keys(desk.open[rep] ?? {}).length < atMostOpen;

/** On whose desks it lies: two, while it changes hands. */
export const holdersOf = (desk: Desk, taskId: string): readonly string[] =>
  Object.keys(desk.open).filter((rep) => desk.open[rep]?.[taskId] !== undefined);

const mostMade = 10;

/**
 * The desk when this rep gets the task. Whoever had it keeps the place until its row says so (`takeFrom`): else that place could be
 * given away too early. `isFirst`: it counts for the day. Pure.
 */
export const giveTo = (desk: Desk, made: Made, given: { readonly at: Instant; readonly date: string; readonly isFirst: boolean }): Desk => {
  const taken = desk.day?.date === given.date ? desk.day.taken : 0;
  return {
    ...desk,
    open: { ...desk.open, [made.rep]: { ...desk.open[made.rep], [made.taskId]: given.at } },
    ...(given.isFirst && { day: { date: given.date, taken: taken + 1 } }),
    made: [made, ...desk.made.filter((it) => it.taskId !== made.taskId)].slice(0, mostMade),
  };
};

/** The task waits for nobody's answer any more, but for this rep's, if one is named. Pure. */
export const takeFrom = (desk: Desk, taskId: string, keep?: string): Desk => {
  const open = Object.entries(desk.open).flatMap(([rep, tasks]) => {
    if (rep === keep || tasks[taskId] === undefined) return [[rep, tasks] as const];
    const { [taskId]: _gone, ...left } = tasks;
    return Object.keys(left).length > 0 ? [[rep, left] as const] : [];
  });
  return { ...desk, open: Object.fromEntries(open) };
};
