import { createIds } from '#adapters/crypto/ids';
import { logTo } from '#adapters/memory/logs';
import { memoryArtifacts } from '#adapters/memory/memory-artifacts';
import { memoryConfig } from '#adapters/memory/memory-config';
import { memoryTable } from '#adapters/memory/memory-table';
import { stores } from '#adapters/stores/stores';
import type { LiveConfig } from '#core/config';
import type { QueuedEvent } from '#core/events';
import { QueuedEvent as Shape } from '#core/events';
import { addSeconds, type Instant } from '#core/instant';
import type { Ports } from '#core/ports';
import type { Artifact } from '#core/sequences/model';
import type { Table } from '#core/table';
import { processEvent } from '#lambdas/events/process-events';
import { consume } from '#lambdas/runtime';
import { createMeter, meteredTable } from '#local/meter';
import { openStorage } from '#local/storage';
import { number, type Part } from './row.ts';

const [mostWrites, mostReads] = [4, 2];
const begin: Instant = '2026-03-02T09:00:00.000Z';
const batchSize = 10;

export type EventFigures = {
  readonly events: number;
  readonly perSecond: number;
  /** For one scored click of a lead in the midst of a sequence, on average; what is written once a batch apart. */
  readonly readsEach: number;
  readonly writesEach: number;
  readonly readUnitsEach: number;
  readonly writeUnitsEach: number;
};

/** Clicks that score, through the handler as a queue gives them: each lead has a run, a history of some events, and mails sent. */
const figuresOn = async (table: Table, { live, artifact, leads, clicksEach }: EventBench): Promise<EventFigures> => {
  const meter = createMeter();
  const ports = portsOn(meteredTable(table, meter), live, artifact);
  for (let at = 0; at < leads; at++) await bringIn(ports, `lead-${at}`, artifact);
  const events = Array.from({ length: leads * clicksEach }, (_, at) => click(at, leads));
  const before = { reads: meter.calls.read ?? 0, writes: meter.calls.write ?? 0, readUnits: meter.readUnits, writeUnits: meter.writeUnits };
  const begun = performance.now();
  for (let from = 0; from < events.length; from += batchSize) {
    const consumer = consume(Shape, processEvent(ports), ports.log);
    const Records = events.slice(from, from + batchSize).map((it, at) => ({ messageId: String(at), body: JSON.stringify(it) }));
    const { batchItemFailures } = await consumer({ Records } as never);
    if (batchItemFailures.length > 0) throw new Error('events were refused');
  }
  const seconds = (performance.now() - begun) / 1000;
  const each = (now: number, then: number) => Math.round(((now - then) / events.length) * 100) / 100;
  return {
    events: events.length,
    perSecond: Math.round(events.length / seconds),
    readsEach: each(meter.calls.read ?? 0, before.reads),
    writesEach: each(meter.calls.write ?? 0, before.writes),
    readUnitsEach: each(meter.readUnits, before.readUnits),
    writeUnitsEach: each(meter.writeUnits, before.writeUnits),
  };
};

type EventBench = { readonly live: LiveConfig; readonly artifact: Artifact; readonly leads: number; readonly clicksEach: number };

const portsOn = (table: Table, live: LiveConfig, artifact: Artifact): Ports =>
  ({
    ...stores(table, async () => []),
    clock: { now: () => addSeconds(begin, 30 * 86_400) },
    ids: createIds('an identity key for benchmarks, 32+ characters'),
    artifacts: memoryArtifacts([artifact]),
    config: memoryConfig(live),
    noticeQueue: { push: async () => undefined },
    enrolQueue: { push: async () => undefined },
    machines: { startHandoff: async () => undefined },
    tokens: { succeed: async () => 'told', fail: async () => 'told' },
    log: logTo(() => undefined),
  }) as unknown as Ports;

const bringIn = async ({ leads, enrolments, sends }: Ports, leadId: string, artifact: Artifact) => {
  const { sequence, version } = artifact;
  const enrolmentId = `run-${leadId}`;
  await leads.upsert({ leadId, email: `${leadId}@example.com`, fields: { country: 'IE' }, consents: {} }, begin);
  await enrolments.create({ leadId, sequence, enrolmentId, leg: 1, version, enrolledAt: begin, trigger: 'bench', arms: {}, seen: {} });
  for (const step of Object.keys(artifact.emails).slice(0, 6)) {
    const key = { leadId, enrolmentId, step, round: 1, sequence, version, leg: 1, claimedAt: begin, leaseUntil: begin, deferrals: 0 };
    await sends.write({ ...key, state: 'SENT', revision: 1, sentAt: begin, deliveredAt: addSeconds(begin, 2) });
  }
};

const click = (at: number, leads: number): QueuedEvent => {
  const leadId = `lead-${at % leads}`;
  return {
    source: 'ses',
    eventId: `click-${at}`,
    kind: 'clicked',
    at: addSeconds(begin, 3600 + Math.floor(at / leads) * 7200),
    messageId: `m-${at % leads}`,
    leadId,
    sequence: 'bench',
    enrolmentId: `run-${leadId}`,
    step: 'welcome',
    round: 1,
    link: 'https://example.com/more',
    userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15',
  };
};

export const eventsPart = async (live: LiveConfig, artifact: Artifact): Promise<Part> => {
  const figures = await eventFigures(live, artifact);
  return {
    title: 'A click that scores, through process-events',
    rows: Object.entries(figures).flatMap(([stack, it]) => [
      { what: `${stack}: events a second`, value: number(it.perSecond) },
      {
        what: `${stack}: writes and reads each`,
        value: `${it.writesEach} and ${it.readsEach}`,
        target: { words: `at most ${mostWrites} and ${mostReads}`, isMet: it.writesEach <= mostWrites && it.readsEach <= mostReads },
      },
    ]),
    figures,
  };
};

/** In memory, and on dynalite over the real SDK client. */
const eventFigures = async (live: LiveConfig, artifact: Artifact): Promise<{ readonly [stack: string]: EventFigures }> => {
  const memory = await figuresOn(memoryTable(), { live, artifact, leads: 500, clicksEach: 10 });
  const storage = await openStorage({ stack: 'embedded' });
  try {
    return { memory, dynalite: await figuresOn(storage.table, { live, artifact, leads: 60, clicksEach: 10 }) };
  } finally {
    await storage.stop();
  }
};
