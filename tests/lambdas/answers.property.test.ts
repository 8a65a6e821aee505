import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryConfig } from '#adapters/memory/memory-config';
import { memoryTable } from '#adapters/memory/memory-table';
import { stores } from '#adapters/stores/stores';
import { addSeconds, type Instant } from '#core/instant';
import type { AnswerMessage } from '#core/messages';
import type { Ports } from '#core/ports';
import type { GivenAnswer } from '#core/sales-answers';
import type { HandoffEvent } from '#core/sales-events-schema';
import { giveAnswer } from '#lambdas/give-answer';
import { applyAnswer } from '#lambdas/sales/apply-answer';
import { Crash, createGate, randomOf } from '#local/prove/gate';
import { aSalesTask } from '#tests/helpers/builders';
import { aRep, ben } from '#tests/helpers/handoff-world';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { start } from '#tests/helpers/world';

const runs = Number(process.env.BATON_ANSWER_RUNS ?? 60);
const leadId = 'lead-a';
const taskId = 'task-a';
const answers: readonly GivenAnswer[] = [
  { answer: 'accept' },
  { answer: 'reject', reason: 'competitor' },
  { answer: 'recycle', reason: 'wrong-time', until: '2026-09-01T00:00:00.000Z' },
  { answer: 'won', amount: 900, currency: 'EUR' },
  { answer: 'lost', reason: 'price' },
];

/** Reps press at the same time, the queue delivers late, twice and in any order, and processes die before or after any effect. */
const play = async (seed: number, tries: readonly { readonly given: GivenAnswer; readonly rep: string }[]) => {
  const random = randomOf(seed);
  const gate = createGate(random, { left: 6, rate: 0.08 });
  const table = memoryTable();
  const kept = stores(table, async () => []);
  const events: HandoffEvent[] = [];
  const queue: AnswerMessage[] = [];
  let now: Instant = start;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const counted: string[] = [];
  const bare = {
    ...kept,
    clock: { now: () => now },
    log,
    config: memoryConfig({ ...liveConfig, sales: { ...liveConfig.sales, team: [ben, aRep('ruth')] } }),
    salesEvents: { emit: async (event: HandoffEvent) => void events.push(event), erased: async () => undefined },
    wakeQueue: { push: async () => undefined },
    artifacts: { current: async () => [] },
    answerQueue: { push: async (message: AnswerMessage) => void queue.push(message) },
    tokens: { succeed: async () => 'gone' as const, fail: async () => 'gone' as const },
  };
  await kept.leads.upsert({ leadId, email: 'kim@rival.example', fields: {}, consents: {} }, start);
  await kept.stages.record(leadId, { id: taskId, at: start, from: 'lead', to: 'mql', by: 'sales', because: 'qualified' });
  await kept.leads.moveStage(leadId, 'lead', 'mql');
  await kept.salesTasks.create(aSalesTask({ leadId, createdAt: start }));
  /** Every call of a port is a step in which another may run, or the process may die. */
  const gated = Object.fromEntries(
    Object.entries(bare).map(([name, port]) => [
      name,
      name === 'clock' || name === 'log'
        ? port
        : Object.fromEntries(
            Object.entries(port).map(([method, call]) => [
              method,
              (...args: never[]) => gate.pass(() => (call as (...all: never[]) => unknown)(...args)),
            ]),
          ),
    ]),
  ) as unknown as Ports;

  const told: string[] = [];
  let busy = 0;
  const actor = async (work: () => Promise<void>) => {
    busy++;
    await work().catch((error: unknown) => {
      if (!(error instanceof Crash) && (error as Error).name !== 'RetryableError') throw error;
    });
    busy--;
  };
  const press = (at: number) =>
    actor(async () => {
      const { given, rep } = tries[at] ?? { given: { answer: 'accept' } as const, rep: 'ben' };
      for (let time = 0; time < 3; time++) {
        try {
          const answered = await giveAnswer(gated, taskId, given, { by: rep, via: 'page' });
          if (answered) told.push(answered.decision.do);
          return;
        } catch (error) {
          // The page said that it failed; the rep presses again.
          if (time === 2) throw error;
        }
      }
    });
  const deliver = (message: AnswerMessage) =>
    actor(async () => {
      try {
        await applyAnswer(gated)(message);
        // Delivered twice, now and then.
        if (random() < 0.2) queue.push(message);
      } catch (error) {
        queue.push(message);
        throw error;
      }
    });
  const going: Promise<void>[] = tries.map((_, at) => press(at));
  for (let turn = 0; turn < 5000 && (busy > 0 || queue.length > 0); turn++) {
    now = addSeconds(now, 1);
    if (queue.length > 0 && random() < 0.3) {
      const [message] = queue.splice(Math.floor(random() * queue.length), 1);
      if (message) going.push(deliver(message));
    }
    await gate.letOneGo();
  }
  await Promise.all(going);
  // One who comes by later finds what a lost message left, and no process dies any more.
  for (let time = 0; time < 3; time++) {
    const last = await giveAnswer(bare as unknown as Ports, taskId, { answer: 'accept' }, { by: 'nobody', via: 'page' });
    expect(last?.decision.do).not.toBe('write');
    for (const message of queue.splice(0)) await applyAnswer(bare as unknown as Ports)(message);
  }
  const history = await kept.histories.ofLead(leadId);
  return { task: await kept.salesTasks.find(taskId), history, events, told, counted, stopList: await kept.stopList.all() };
};

it('whatever is pressed at once, however often messages come and processes die, each question has one answer, and it has one effect', async () => {
  const aTry = fc.record({ given: fc.constantFrom(...answers), rep: fc.constantFrom('ben', 'ben', 'ben', 'ruth') });
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.array(aTry, { minLength: 1, maxLength: 8 }), async (seed, tries) => {
      const { task, history, events, told, stopList } = await play(seed, tries);
      const said = task?.answers.map((it) => it.answer) ?? [];
      expect(said.join()).toMatch(/^(|accept|reject|recycle|accept,won|accept,lost)$/);
      expect(told.filter((it) => it === 'write').length).toBeLessThanOrEqual(said.length);
      expect(task?.applied ?? 0).toBe(said.length);
      const moves = history.moves.filter((it) => it.answer).map((it) => it.answer?.answer);
      expect(moves.toSorted()).toEqual(said.toSorted());
      const last = said.at(-1);
      const stage = last === undefined ? 'mql' : { accept: 'sal', reject: 'lead', recycle: 'recycled', won: 'won', lost: 'lost' }[last];
      expect(history.lead?.stage).toBe(stage);
      expect(new Set(events.map((it) => it.id)).size).toBe(said.length);
      expect(stopList).toHaveLength(said.includes('reject') ? 1 : 0);
    }),
    { numRuns: runs },
  );
});
