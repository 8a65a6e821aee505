import type { memoryTable } from '#adapters/memory/memory-table';
import type { LiveConfig } from '#core/config';
import type { Instant } from '#core/instant';
import type { Item, Key } from '#core/table';
import { recount } from '#lambdas/ticks/recount';
import { type DevOptions, openDevWorld } from '#local/dev/dev-world';

/** A population that was played for seven weeks and then counted as every night counts it, with a console: all rows that its views read. */
export const playedWorld = async (live: LiveConfig, compiled: DevOptions['compiled']) => {
  const dev = await openDevWorld({
    ...{ compiled, live, folder: undefined, people: true, stack: 'memory', hasConsole: true },
    startAt: '2026-03-02T09:00:00.000Z',
    sample: { file: 'examples/leads.csv', list: 'webinar' },
    seed: 'console',
  });
  dev.sample.importIt(true);
  dev.hasten(true);
  await dev.world.runUntil('2026-04-20T12:00:00.000Z');
  const { world } = dev;
  // The rest of a night's calls at once: it may have begun already.
  for (let call = 0; call < 40; call++) {
    await recount(world.ports)();
    if ((await world.ports.recounts.state())?.phase === 'done') break;
  }
  const now: Instant = world.clock.now();
  const ids = [...dev.leads.entries()].map(([leadId]) => leadId);
  const tasks = await Promise.all(ids.map((leadId) => world.ports.salesTasks.find(world.ports.ids.taskId(leadId, 1))));
  const task = tasks.find((it) => it?.status === 'open');
  const histories = await Promise.all(ids.map((leadId) => world.ports.histories.ofLead(leadId)));
  // The lead with the longest story is the one that is looked at.
  const longest = histories.toSorted((one, other) => other.events.length - one.events.length)[0]?.lead;
  if (!task || !longest) throw new Error('nobody qualified in the population that was played');
  return {
    now,
    ports: world.ports,
    items: (world.table as ReturnType<typeof memoryTable>).all() as readonly (Item & Key)[],
    leadId: longest.leadId,
    email: longest.email,
    taskId: task.taskId,
    sequence: 'trial-nurture',
    stop: () => world.stop(),
  };
};
