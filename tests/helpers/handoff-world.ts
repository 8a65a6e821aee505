import type { Rep, Sales } from '#core/config';
import type { Instant } from '#core/instant';
import type { SalesTask, TaskAnswer, TaskStatus } from '#core/sales-task';
import type { WorldOptions } from '#local/world';
import { liveConfig } from './protocol-sequence.ts';
import { aWorld } from './world.ts';

/** Nine to five in Berlin, unless said otherwise. */
export const aRep = (rep: string, more: Partial<Rep> = {}): Rep => ({
  rep,
  email: `${rep}@example.com`,
  timeZone: 'Europe/Berlin',
  countries: [],
  weight: 1,
  role: 'rep',
  ...more,
});

export const ben = aRep('ben');
export const eva = aRep('eva');
export const sam = aRep('sam', { role: 'manager', timeZone: 'Europe/London' });

const hour = 3600;
export const withSla: Partial<Sales> = {
  acceptWithinSeconds: 4 * hour,
  onBreach: [{ do: 'remind' }, { do: 'reassign' }, { do: 'escalate', to: 'sam' }],
};

/** A world whose sales team is this one; what stands in `sales` may be changed while it runs, as by a deployment. */
export const aHandoffWorld = async (
  team: readonly Rep[],
  more: Partial<Sales> = {},
  ticksSlowedBy = 1,
  onTold?: () => void,
  onHandoffEvent?: WorldOptions['onHandoffEvent'],
) => {
  const sales: { -readonly [Key in keyof Sales]: Sales[Key] } = { ...liveConfig.sales, team, ...more };
  const told: string[] = [];
  const world = await aWorld({
    live: { ...liveConfig, sales },
    ticksSlowedBy: () => ticksSlowedBy,
    ...(onTold && { onTold }),
    ...(onHandoffEvent && { onHandoffEvent }),
  });
  const { ports, runner } = world;
  const taskId = (number = 1) => ports.ids.taskId(world.leadId, number);
  const task = async (number = 1): Promise<SalesTask> => {
    const found = await ports.salesTasks.find(taskId(number));
    if (!found) throw new Error('there is no task');
    return found;
  };
  const wake = async () => {
    const token = await ports.salesTasks.wake(taskId());
    if (token !== undefined) await ports.tokens.fail(token, 'Halt', 'answered');
    await world.runUntil(world.clock.now());
  };
  return {
    ...world,
    sales,
    told,
    task,
    taskId,
    wake,
    qualify: async () => {
      await world.did('trial.started');
      await world.did('visited', '/pricing');
      await world.advance('31 minutes');
    },
    /** As an answer page writes it: the row, then the wake. */
    answer: async (status: TaskStatus, answer: Pick<TaskAnswer, 'answer'> & Partial<TaskAnswer>) => {
      const standing = await task();
      const given: TaskAnswer = { at: world.clock.now(), by: standing.rep, via: 'page', ...answer };
      const written = await ports.salesTasks.answer(standing, { status, answers: [...standing.answers, given] });
      await wake();
      return written;
    },
    log: async () => ((await task()).log ?? []).map((it) => [it.at.slice(0, 16), it.what, it.rep].filter(Boolean).join(' ')),
    status: () => runner.list().find((it) => it.name === taskId())?.status,
    runTo: (at: Instant) => world.runUntil(at),
  };
};
