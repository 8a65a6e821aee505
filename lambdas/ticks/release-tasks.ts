import type { LiveConfig } from '#core/config';
import { type Desk, takeFrom } from '#core/desk';
import type { Use } from '#core/handlers';
import { addSeconds, type Instant } from '#core/instant';
import { isCeilingReached } from '#core/routing';
import type { SalesTask } from '#core/sales-task';
import { isUntold, whyGone } from '#core/sla';
import { onTick } from '#lambdas/runtime';
import { dateOf } from '#lambdas/sales/give-task';
import { releaseTask } from '#lambdas/sales/release-task';

type Handler = Use<'release-tasks'>;

/** Of those that wait: the best, then those behind whom the last tick stopped; the others have their turn at the next. */
const usual = { pageSize: 50, mostPages: 10 } as const;
type Limits = { readonly pageSize: number; readonly mostPages: number };
/** A function has 30 seconds; whoever is not reached by then has their turn at the next tick. */
const secondsPerTick = 20;
/** What nobody answered for so long takes nobody's place any more. */
const forgottenSeconds = 60 * 86_400;

/**
 * Gives tasks that wait for room to reps who have some, best first, and wakes those whose rep has left or is away. Once a day the desk is
 * compared with the tasks, should one have been answered and its machine not been there to say so.
 */
export const releaseTasks =
  (use: Handler, limits: Limits = usual) =>
  async (): Promise<void> => {
    const live = await use.config.live();
    const until = addSeconds(use.clock.now(), secondsPerTick);
    await finishGiven(use);
    await tidyDesk(use, live);
    const failures: unknown[] = [];
    await releaseHeld(use, live, { ...limits, until }, failures);
    if (failures.length > 0) throw failures[0];
  };

/** One that fails is in nobody else's way, and those of reps who are full are in nobody's way for long. */
const releaseHeld = async (
  use: Handler,
  live: LiveConfig,
  { pageSize, mostPages, until }: Limits & { readonly until: Instant },
  failures: unknown[],
): Promise<void> => {
  const { heldFrom } = await use.desks.read();
  let after: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const { tasks, next } = await use.salesTasks.held(pageSize, after);
    for (const { taskId } of tasks) {
      if (use.clock.now() > until) return rememberPlace(use, page === 0 ? heldFrom : after);
      if (isCeilingReached({ sales: live.sales, desk: await use.desks.read(), date: dateOf(live, use.clock.now()) })) return;
      await release(use, taskId).catch((error: unknown) => failures.push(error));
    }
    after = page === 0 && next !== undefined ? (heldFrom ?? next) : next;
    if (after === undefined) break;
  }
  await rememberPlace(use, after);
};

/** Somebody else wrote the desk: the next tick goes on where this one did. */
const rememberPlace = async (use: Handler, place: string | undefined): Promise<void> => {
  const { heldFrom, ...desk } = await use.desks.read();
  if (heldFrom !== place) await use.desks.write({ ...desk, ...(place !== undefined && { heldFrom: place }) });
};

/** The index may be a moment old, so the row is asked. The machine is told, also of what went wrong half-way: it does the rest. */
const release = async (use: Handler, taskId: string): Promise<void> => {
  const task = await use.salesTasks.find(taskId);
  if (task?.status !== 'holding') return;
  let isNews = true;
  try {
    isNews = (await releaseTask(use, task)).status !== 'holding';
  } finally {
    if (isNews) await wakeMachine(use, taskId);
  }
};

const wakeMachine = async (use: Handler, taskId: string): Promise<void> => {
  const token = await use.salesTasks.wake(taskId);
  if (token !== undefined) await use.tokens.fail(token, 'Halt', 'released');
};

/** A tick died between the desk and the rep, or nobody could be told: the machine does the rest. */
const finishGiven = async (use: Handler): Promise<void> => {
  const { made } = await use.desks.read();
  for (const { taskId } of made) await wakeIfUntold(use, await use.salesTasks.find(taskId));
};

const wakeIfUntold = async (use: Handler, task: SalesTask | undefined): Promise<void> => {
  if (task && isUntold(task, use.clock.now())) await wakeMachine(use, task.taskId);
};

/** Once a day for each: what was found is noted with the desk. */
const tidyDesk = async (use: Handler, live: LiveConfig): Promise<void> => {
  const now = use.clock.now();
  const desk = await use.desks.read();
  const date = dateOf(live, now);
  for (const [rep, open] of Object.entries(desk.open)) {
    if (whyGone(rep, live.sales, now) === undefined) continue;
    for (const taskId of Object.keys(open)) await wakeIfDue(use, taskId, now);
  }
  if (desk.checkedOn === date) return;
  let next: Desk = { ...desk, checkedOn: date };
  for (const [rep, open] of Object.entries(desk.open)) {
    for (const [taskId, since] of Object.entries(open)) {
      const task = await use.salesTasks.find(taskId);
      if (isAnswered(task) || since < addSeconds(now, -forgottenSeconds)) next = takeFrom(next, taskId);
      else if (task?.log?.some((it) => it.from === rep) && task.rep !== rep) next = takeFrom(next, taskId, task.rep);
      else await wakeIfUntold(use, task);
    }
  }
  // Somebody else wrote it: the next tick looks.
  await use.desks.write(next);
};

const isAnswered = (task: SalesTask | undefined): boolean => task !== undefined && task.status !== 'open' && task.status !== 'holding';

/** Where nobody can take it over, it says itself when to look again. */
const wakeIfDue = async (use: Handler, taskId: string, now: Instant): Promise<void> => {
  const task = await use.salesTasks.find(taskId);
  if (task?.status === 'open' && (task.lookAt === undefined || task.lookAt <= now)) await wakeMachine(use, taskId);
};

export const handler = onTick(releaseTasks);
