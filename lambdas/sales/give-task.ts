import type { LiveConfig, Rep } from '#core/config';
import { type Desk, giveTo, holdersOf, type Made, takeFrom } from '#core/desk';
import { retryableError } from '#core/errors';
import { type Instant, toEpoch } from '#core/instant';
import type { Ports } from '#core/ports';
import type { RouteDecision } from '#core/routing';
import type { SalesTask, TaskEvent } from '#core/sales-task';
import { acceptByOf } from '#core/sla';
import { dayMilliseconds, localDay } from '#core/time-zone';

export type Giving = {
  readonly desks: Pick<Ports['desks'], 'read' | 'write'>;
  readonly salesTasks: Pick<Ports['salesTasks'], 'find' | 'change'>;
} & Pick<Ports, 'clock' | 'log'>;

export type Given = {
  readonly what: Extract<TaskEvent, 'assigned' | 'reassigned' | 'escalated'>;
  readonly live: LiveConfig;
  /** Asked anew whenever somebody else wrote the desk. */
  readonly decide: (desk: Desk) => RouteDecision;
  /** What else changes of the task. */
  readonly changes?: Partial<SalesTask>;
  /** Why it changes hands, where it does. */
  readonly because?: string;
};

/** `hold`: nobody may have it now. `other`: somebody changed the task meanwhile; as it is then. */
export type Outcome = { readonly done: 'given' | 'other'; readonly task: SalesTask } | { readonly done: 'hold'; readonly because: string };

const attempts = 12;

/**
 * Gives a task to a rep: first the desk, over the revision that the choice was made on, then the task. A repeat finds its choice on the
 * desk. So no rep is ever given more than there is room for, and a task has one rep at a time: the one its row names.
 */
export const giveTask = async (use: Giving, task: SalesTask, given: Given): Promise<Outcome> => {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const desk = await use.desks.read();
    const standing = madeBefore(desk, task);
    if (standing) return put(use, task, standing, given);
    const decision = given.decide(desk);
    if (decision.to === 'hold') return { done: 'hold', because: decision.because };
    const now = use.clock.now();
    const { rep, because, record } = decision;
    const made = { taskId: task.taskId, turn: task.turn ?? 0, rep, because, record };
    const next = giveTo({ ...desk, pools: decision.pools }, made, {
      at: now,
      date: dateOf(given.live, now),
      isFirst: given.what === 'assigned',
    });
    if ((await use.desks.write(next)) === 'written') return put(use, task, made, given);
  }
  throw retryableError('the desk is being written by others');
};

/** The day of the team's ceiling. */
export const dateOf = ({ brand }: Pick<LiveConfig, 'brand'>, now: Instant): string =>
  new Date(localDay(toEpoch(now), brand.timeZone) * dayMilliseconds).toISOString().slice(0, 10);

/** Nobody is asked about this task any more, but for this rep, if one is named. */
export const clearDesk = async (use: Pick<Giving, 'desks'>, taskId: string, keep?: string): Promise<void> => {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const desk = await use.desks.read();
    if (holdersOf(desk, taskId).every((it) => it === keep)) return;
    if ((await use.desks.write(takeFrom(desk, taskId, keep))) === 'written') return;
  }
  throw retryableError('the desk is being written by others');
};

/** The choice that a crash kept from the task's row. */
const madeBefore = (desk: Desk, task: SalesTask): Made | undefined => {
  const made = desk.made.find((it) => it.taskId === task.taskId && it.turn === (task.turn ?? 0));
  if (made) return made;
  const holder = holdersOf(desk, task.taskId).find((it) => it !== task.rep);
  // Of a task that was given on, the place that was not cleared yet is nobody's choice.
  if (holder === undefined || task.log?.some((it) => it.from === holder)) return undefined;
  return {
    taskId: task.taskId,
    turn: task.turn ?? 0,
    rep: holder,
    because: 'was chosen before',
    record: { rule: 'repeat', among: [], passedOver: [] },
  };
};

const put = async (use: Giving, task: SalesTask, made: Made, { what, live, changes = {}, because }: Given): Promise<Outcome> => {
  const now = use.clock.now();
  const rep = live.sales.team.find((it) => it.rep === made.rep);
  const from = task.rep === '' ? {} : { from: task.rep };
  const why = because === undefined ? made.because : `${because}; ${made.rep} ${made.because}`;
  const changed = await use.salesTasks.change(task, {
    ...changes,
    status: 'open',
    rep: made.rep,
    routedBecause: made.because,
    route: made.record,
    releasedAt: task.releasedAt ?? now,
    acceptBy: rep && acceptByOf(rep, live.sales, now),
    log: [...(changes.log ?? task.log ?? []), { at: now, what, rep: made.rep, ...from, because: why }],
  });
  if (changed !== 'refused') {
    if (task.rep !== '') await clearDesk(use, task.taskId, made.rep);
    use.log.info('task given', { taskId: task.taskId, rep: made.rep, what });
    return { done: 'given', task: changed };
  }
  const other = await use.salesTasks.find(task.taskId);
  if (!other) throw retryableError('the task cannot be read');
  if (other.status !== 'open' && other.status !== 'holding') await clearDesk(use, task.taskId);
  return { done: 'other', task: other };
};

/** A choice that no rule made: this rep, named by sales.yaml. */
export const onlyRep = ({ rep, weight }: Rep, because: string, desk: Desk): RouteDecision => ({
  to: 'rep',
  rep,
  because,
  record: { rule: 'named', among: [{ rep, weight, owed: 0 }], passedOver: [] },
  pools: desk.pools,
});
