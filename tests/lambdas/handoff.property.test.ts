import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createIds } from '#adapters/crypto/ids';
import { silentLog } from '#adapters/memory/logs';
import { memoryConfig } from '#adapters/memory/memory-config';
import { memoryMetrics } from '#adapters/memory/memory-metrics';
import { memoryTable } from '#adapters/memory/memory-table';
import { stores } from '#adapters/stores/stores';
import type { Sales } from '#core/config';
import { addSeconds, type Instant } from '#core/instant';
import type { Ports } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import { assignTask } from '#lambdas/sales/assign-task';
import { checkTask } from '#lambdas/sales/check-task';
import { releaseTasks } from '#lambdas/ticks/release-tasks';
import { createGate, randomOf } from '#local/prove/gate';
import { throughGate } from '#tests/helpers/chaos';
import { aRep, sam, withSla } from '#tests/helpers/handoff-world';
import { liveConfig } from '#tests/helpers/protocol-sequence';

/** BATON_HANDOFF_RUNS=2000 for a long run. */
const numRuns = Number(process.env.BATON_HANDOFF_RUNS ?? 25);
const start = '2026-03-23T08:00:00.000Z';
const team = [aRep('ben', { atMostOpen: 1 }), aRep('eva', { atMostOpen: 2 }), sam];
const mostOpen: Readonly<Record<string, number>> = { ben: 1, eva: 2 };
const numbers = [1, 2, 3, 4, 5];

const unused: object = {
  artifacts: { current: async () => [] },
  wakeQueue: { push: async () => undefined },
  mail: {},
  replyMail: {},
  salesEvents: {},
  answerQueue: {},
  machines: {},
  enrolQueue: {},
  eventQueue: {},
  noticeQueue: {},
};

/** What machines, ticks and reps do to five tasks, all at once, each call a place where a process may die or be overtaken. */
const run = async (seed: number) => {
  const random = randomOf(seed);
  const crashes = { left: 12, rate: 0.04 };
  const gate = createGate(random, crashes);
  const sales: { -readonly [Key in keyof Sales]: Sales[Key] } = { ...liveConfig.sales, team, ...withSla };
  const table = memoryTable();
  let now: Instant = start;
  const bare = {
    ...stores(table, async () => []),
    clock: { now: () => now },
    ids: createIds('an identity key for tests only, 32+ characters'),
    config: memoryConfig({
      ...liveConfig,
      sales,
      scoring: { ...liveConfig.scoring, qualified: { if: { kind: 'engagement', atLeast: 0 }, holdSeconds: 60, hysteresis: 0 } },
    }),
    salesQueue: { push: async () => undefined },
    tokens: { succeed: async () => 'told' as const, fail: async () => 'told' as const },
    metrics: memoryMetrics(),
    log: silentLog(),
    ...unused,
  } as unknown as Ports;
  const taskIds = numbers.map((it) => `task-${it}`);
  const rows = async () => (await Promise.all(taskIds.map((it) => bare.salesTasks.find(it)))).filter((it) => it !== undefined);
  const faults: string[] = [];
  const watch = async (port: string, method: string) => {
    if (port !== 'salesTasks' || (method !== 'change' && method !== 'answer')) return;
    const open = (await rows()).filter((it) => it.status === 'open');
    for (const [rep, most] of Object.entries(mostOpen))
      if (open.filter((it) => it.rep === rep).length > most) faults.push(`${rep} has too many`);
  };
  const ports = throughGate(bare, gate, watch);

  for (const [at, taskId] of taskIds.entries()) {
    const leadId = `lead-${at}`;
    await bare.leads.upsert({ leadId, email: `${leadId}@x.example`, fields: {}, consents: {} }, start);
    await bare.leads.beginHandoff(leadId, { taskId, since: start, until: start });
    const task: SalesTask = {
      taskId,
      leadId,
      createdAt: addSeconds(start, at),
      status: 'holding',
      turn: 0,
      answers: [],
      rep: '',
      routedBecause: '',
      fit: at,
      engagement: 1,
      reasons: [],
      touches: [],
      from: [],
    };
    await bare.salesTasks.create(task);
  }
  const heard = new Map<string, number>();
  let actors = 0;
  const errors: unknown[] = [];
  const act = (work: () => Promise<unknown>) => {
    actors++;
    const attempt = async (): Promise<void> => {
      try {
        await work();
      } catch (error) {
        const { name } = error as Error;
        if (name !== 'Crash' && name !== 'RetryableError') errors.push(error);
        else await attempt();
      }
    };
    void attempt().finally(() => actors--);
  };
  /** A machine's next look: what it does depends on what it heard last. */
  const look = async (taskId: string, leadId: string) => {
    const turn = heard.get(taskId);
    const step = turn === undefined ? await assignTask(ports)({ taskId, leadId }) : await checkTask(ports)({ taskId, leadId, turn });
    if (step.next !== 'held' && step.next !== 'done') heard.set(taskId, step.turn);
  };
  for (let round = 0; round < 14; round++) {
    for (const [at, taskId] of taskIds.entries()) {
      if (random() < 0.7) act(() => look(taskId, `lead-${at}`));
      if (random() < 0.15) act(() => look(taskId, `lead-${at}`));
    }
    if (random() < 0.6) act(() => releaseTasks(ports)());
    for (const task of await rows()) {
      if (task.status !== 'open' || random() > 0.12) continue;
      const answers = [{ answer: 'accept' as const, at: now, by: task.rep, via: 'page' as const }];
      act(() => ports.salesTasks.answer(task, { status: 'accepted', answers }));
    }
    if (random() < 0.15)
      sales.team =
        random() < 0.5
          ? team
          : team.map((it) => (it.rep === 'eva' ? { ...it, away: [{ from: now.slice(0, 10), upTo: now.slice(0, 10) }] } : it));
    for (let turn = 0; actors > 0 && turn < 20_000; turn++) {
      if (gate.waiting > 0) await gate.letOneGo(0.3);
      else await new Promise((resolve) => setImmediate(resolve));
    }
    now = addSeconds(now, Math.floor(random() * 5 * 3600));
  }
  expect(actors).toBe(0);
  expect(errors).toEqual([]);
  // All is quiet: what is left over is what the rows say.
  for (const [at, taskId] of taskIds.entries()) await checkTask(bare)({ taskId, leadId: `lead-${at}`, turn: 99 });
  now = addSeconds(now, 86_400);
  await releaseTasks(bare)();
  return { tasks: await rows(), desk: await bare.desks.read(), faults, crashed: 12 - crashes.left };
};

it('a task has one rep at a time, nobody has more than there is room for, and each late action comes once, whatever crashes', async () => {
  let crashed = 0;
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const { tasks, desk, faults, crashed: died } = await run(seed);
      crashed += died;
      expect(faults).toEqual([]);
      for (const task of tasks) {
        const log = task.log ?? [];
        for (const entry of log) seen.set(entry.what, (seen.get(entry.what) ?? 0) + 1);
        for (const what of ['held', 'assigned', 'reminded', 'escalated', 'unanswered'])
          expect(log.filter((it) => it.what === what).length).toBeLessThanOrEqual(1);
        expect(log.filter((it) => it.what === 'reassigned' && it.because.includes('had not answered')).length).toBeLessThanOrEqual(1);
        // Each change of hands goes from who had it: there is one line of reps.
        const hands = log.filter(
          (it) => it.what !== 'held' && !it.because.startsWith('not possible') && (it.what === 'assigned' || it.from !== undefined),
        );
        for (const [at, it] of hands.entries()) if (at > 0) expect(it.from).toBe(hands[at - 1]?.rep);
        const holders = Object.keys(desk.open).filter((rep) => desk.open[rep]?.[task.taskId] !== undefined);
        expect(holders).toEqual(task.status === 'open' ? [task.rep] : []);
      }
    }),
    { numRuns },
  );
  if (numRuns > 25) console.log(`handoffs: ${numRuns} runs, ${crashed} crashes, ${JSON.stringify([...seen])}`);
}, 120_000);
