import { expect, it } from 'vitest';
import { createIds } from '#adapters/crypto/ids';
import { silentLog } from '#adapters/memory/logs';
import { memoryConfig } from '#adapters/memory/memory-config';
import { memoryTable } from '#adapters/memory/memory-table';
import { stores } from '#adapters/stores/stores';
import type { Use } from '#core/handlers';
import { addSeconds } from '#core/instant';
import { releaseTasks } from '#lambdas/ticks/release-tasks';
import { aRep, sam } from '#tests/helpers/handoff-world';
import { liveConfig } from '#tests/helpers/protocol-sequence';

const start = '2026-03-23T10:00:00.000Z';

it('leads of a rep who has room do not wait behind any number of better ones whose rep is full', async () => {
  const team = [aRep('ben', { countries: ['DE'], atMostOpen: 1 }), aRep('eva', { countries: ['GB'] }), sam];
  const live = {
    ...liveConfig,
    sales: { ...liveConfig.sales, team, route: ['country' as const] },
    scoring: { ...liveConfig.scoring, qualified: { if: { kind: 'engagement' as const, atLeast: 0 }, holdSeconds: 60, hysteresis: 0 } },
  };
  const use = {
    ...stores(memoryTable(), async () => []),
    clock: { now: () => start },
    ids: createIds('an identity key for tests only, 32+ characters'),
    config: memoryConfig(live),
    artifacts: { current: async () => [] },
    salesQueue: { push: async () => undefined },
    wakeQueue: { push: async () => undefined },
    tokens: { fail: async () => 'told' as const },
    log: silentLog(),
  } as unknown as Use<'release-tasks'> & ReturnType<typeof stores>;
  const hold = async (number: number, country: string) => {
    const leadId = `lead-${number}`;
    await use.leads.upsert({ leadId, email: `${leadId}@x.example`, fields: { country }, consents: {} }, start);
    await use.leads.moveStage(leadId, 'lead', 'holding');
    await use.salesTasks.create({
      ...{ taskId: `task-${number}`, leadId, createdAt: addSeconds(start, -number), heldSince: start, status: 'holding', turn: 0 },
      ...{ answers: [], rep: '', routedBecause: '', fit: 100 - number, engagement: 1, reasons: [], touches: [], from: [] },
    });
  };
  for (let number = 1; number <= 12; number++) await hold(number, 'DE');
  await hold(13, 'GB');
  const tick = releaseTasks(use, { pageSize: 2, mostPages: 3 });
  for (let ticks = 0; ticks < 4; ticks++) await tick();
  expect(await use.salesTasks.find('task-13')).toMatchObject({ status: 'open', rep: 'eva' });
  expect(await use.salesTasks.find('task-1')).toMatchObject({ status: 'open', rep: 'ben' });
  expect(await use.salesTasks.find('task-2')).toMatchObject({ status: 'holding' });
});
