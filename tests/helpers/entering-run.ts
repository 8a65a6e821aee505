import { silentLog } from '#adapters/memory/logs';
import { memoryArtifacts } from '#adapters/memory/memory-artifacts';
import { memoryConfig } from '#adapters/memory/memory-config';
import { memoryMetrics } from '#adapters/memory/memory-metrics';
import { memoryTable } from '#adapters/memory/memory-table';
import { stores } from '#adapters/stores/stores';
import type { LiveConfig } from '#core/config';
import type { Instant } from '#core/instant';
import type { EnrolMessage, WakeMessage } from '#core/messages';
import type { Ports } from '#core/ports';
import type { Artifact } from '#core/sequences/model';
import { createGate, randomOf } from '#local/prove/gate';
import { createChaosQueues, type Delivery, throughGate } from './chaos.ts';

export const start: Instant = '2026-03-02T09:00:00.000Z';
export const leadId = 'aaaaaaaaaaaaaaaaaaaaaaaaaa';

type Given = {
  readonly seed: number;
  readonly crashes: number;
  readonly rate: number;
  readonly artifacts: readonly Artifact[];
  readonly live: LiveConfig;
  /** What takes a message that was delivered; late, twice or after a death, as queues and processes are. */
  readonly take: (ports: Ports, body: unknown) => Promise<void>;
  readonly onCall?: Parameters<typeof throughGate>[2] extends (...args: infer Args) => unknown
    ? (bare: Ports, ...args: Args) => unknown
    : never;
};

/** One lead, a queue that is late and delivers twice, processes that die; what is put into sequences is noted and goes no further. */
export const createEnteringRun = ({ seed, crashes, rate, artifacts, live, take, onCall }: Given) => {
  const random = randomOf(seed);
  let now: Instant = start;
  const clock = { now: () => now };
  const gate = createGate(random, { left: crashes, rate });
  const queues = createChaosQueues(random, clock.now, 180);
  const queued: string[] = [];
  const bare = {
    ...stores(memoryTable(), async () => []),
    clock,
    artifacts: memoryArtifacts(artifacts),
    config: memoryConfig(live),
    ids: { taskId: () => 'task' },
    mail: {},
    machines: {},
    tokens: {},
    eventQueue: {},
    salesQueue: {},
    noticeQueue: {},
    enrolQueue: { push: async (it: EnrolMessage) => void queued.push(`${it.sequence} ${it.trigger}`) },
    wakeQueue: { push: async (it: WakeMessage) => queues.push('wake', it) },
    metrics: memoryMetrics(),
    mailQuota: { read: async () => ({ sent: 0 }) },
    log: silentLog(),
  } as unknown as Ports;
  const ports = throughGate(bare, gate, async (...args) => void (await onCall?.(bare, ...args)));
  let actors = 0;
  const failures: unknown[] = [];
  const act = (work: () => Promise<unknown>) => {
    actors++;
    void work()
      .catch((error: Error) => (error.name === 'Crash' || error.name === 'RetryableError' ? undefined : failures.push(error)))
      .finally(() => actors--);
  };
  const deliver = (message: Delivery) =>
    act(async () => {
      await take(ports, JSON.parse(message.body));
      queues.remove(message);
    });
  return {
    bare,
    ports,
    queues,
    queued,
    act,
    now: clock.now,
    setTo: (at: Instant) => {
      if (at > now) now = at;
    },
    /** Until nobody is at work and nothing waits. */
    settle: async (): Promise<void> => {
      for (let turn = 0; turn < 20_000; turn++) {
        const message = random() < 0.6 || gate.waiting === 0 ? queues.receive() : undefined;
        if (message) deliver(message);
        if (gate.waiting > 0) {
          await gate.letOneGo();
          continue;
        }
        await new Promise((resolve) => setImmediate(resolve));
        if (gate.waiting > 0) continue;
        const next = queues.peek();
        if (actors === 0 && next === undefined) return;
        if (next !== undefined && next > now) now = next;
      }
      throw new Error('it never comes to rest');
    },
    /** Whatever went wrong that may not. */
    throwFailures: () => {
      if (failures[0]) throw failures[0];
    },
  };
};
