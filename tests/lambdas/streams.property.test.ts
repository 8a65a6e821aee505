import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StageRule } from '#core/config';
import { QueuedEvent } from '#core/events';
import { addSeconds } from '#core/instant';
import { lifecycleOf } from '#core/lifecycle';
import type { Ports } from '#core/ports';
import { engagementAt } from '#core/scoring';
import { processEvent } from '#lambdas/events/process-events';
import { consume } from '#lambdas/runtime';
import { assignTask } from '#lambdas/sales/assign-task';
import { confirmHandoff } from '#lambdas/sales/confirm-handoff';
import { randomOf } from '#local/prove/gate';
import { aSesEvent, now } from '#tests/helpers/builders';
import { aFeedbackWorld } from '#tests/helpers/feedback-world';
import { liveConfig } from '#tests/helpers/protocol-sequence';

const hour = 3600;
const runs = Number(process.env.BATON_STREAM_RUNS ?? 400);
const end = addSeconds(now, 40 * 24 * hour);
const leadId = 'lead-a';

const stages: readonly StageRule[] = [
  { id: 'stage:0', from: ['lead'], to: 'engaged', because: 'is active', when: { kind: 'engagement', atLeast: 8 } },
  { id: 'stage:1', from: ['engaged'], to: 'lead', because: 'is quiet', when: { kind: 'engagement', atMost: 2 } },
  { id: 'stage:2', from: ['lead', 'engaged', 'mql'], to: 'won', because: 'pays', on: 'deal.won' },
];
const rule = (on: string, points: number, more: object = {}) => ({ id: on, on, points, once: false, because: on, ...more });
const scoring = {
  ...liveConfig.scoring,
  stages,
  disqualify: [],
  engagement: {
    halfLifeSeconds: 14 * 24 * hour,
    atMostPerDay: 20,
    rules: [
      rule('clicked', 5, { atMostPerDay: 3 }),
      rule('opened', 1, { atMostPoints: 3 }),
      rule('visited', 6),
      rule('project.created', 15, { once: true }),
      rule('account.closed', -25),
    ],
  },
  qualified: { if: { kind: 'engagement' as const, atLeast: 25 }, holdSeconds: 1800, hysteresis: 1 },
};
const live = { ...liveConfig, scoring };

const names = ['visited', 'visited', 'project.created', 'account.closed', 'deal.won', 'opened', 'clicked', 'clicked'] as const;
const happening = fc.record({
  name: fc.constantFrom(...names),
  minute: fc.nat({ max: 39 * 24 * 60 }),
  link: fc.constantFrom('https://a.example/1', 'https://a.example/2', 'https://a.example/3'),
  automated: fc.boolean(),
});
const streams = fc.array(happening, { minLength: 1, maxLength: 14 });
/** Chance seldom makes anybody ready for sales: points of two days, just before the end. */
const readyForSales: readonly Happening[] = [
  ...(['project.created', 'visited'] as const).map((name) => ({
    name,
    minute: 38 * 24 * 60,
    link: 'https://a.example/1' as const,
    automated: false,
  })),
  ...[1, 2, 3].map((hours) => ({
    name: 'visited' as const,
    minute: 38 * 24 * 60 + 1400 - hours * 60,
    link: 'https://a.example/1' as const,
    automated: false,
  })),
];
type Happening = typeof happening extends fc.Arbitrary<infer Drawn> ? Drawn : never;

const eventsOf = (drawn: readonly Happening[]): readonly QueuedEvent[] =>
  drawn
    .map(({ name, minute, link, automated }, number): QueuedEvent => {
      const common = { eventId: `e-${number}`, leadId, at: addSeconds(now, minute * 60 + number) };
      if (name === 'opened' || name === 'clicked')
        return aSesEvent({ ...common, kind: name, link, userAgent: 'Mozilla/5.0 (Macintosh) Safari/605', ...(automated && { automated }) });
      return { source: 'own', name, path: '/pricing', ...common };
    })
    .toSorted((one, other) => (one.source !== 'again' && other.source !== 'again' && one.at < other.at ? -1 : 1));

/** Dies at its n-th call of a port, before or after the effect. */
const dyingAt = (ports: Ports, calls: number, isAfter: boolean): Ports => {
  let left = calls;
  const wrapped = Object.entries(ports as unknown as Record<string, Record<string, unknown>>).map(([name, port]) => {
    if (name === 'clock' || name === 'log' || name === 'ids') return [name, port];
    const methods = Object.entries(port).map(([method, call]) => {
      if (typeof call !== 'function') return [method, call];
      const dying = async (...args: unknown[]) => {
        left--;
        if (left === 0 && !isAfter) throw new Error('died');
        const result: unknown = await call(...args);
        if (left === 0) throw new Error('died');
        return result;
      };
      return [method, dying];
    });
    return [name, Object.fromEntries(methods)];
  });
  return Object.fromEntries(wrapped) as Ports;
};

const aWorldWithLead = async () => {
  const world = aFeedbackWorld({ at: end, live });
  await world.addLead({ leadId });
  return world;
};
type World = Awaited<ReturnType<typeof aWorldWithLead>>;

/** All that comes of the stream, once the handoff, if one was begun, has been looked at again. */
const outcomeOf = async ({ ports }: World) => {
  const begun = (await ports.leads.find(leadId))?.handoff;
  if (begun && (await confirmHandoff(ports)({ taskId: begun.taskId, leadId })).confirmed)
    await assignTask(ports)({ taskId: begun.taskId, leadId });
  const history = await ports.histories.ofLead(leadId);
  const { lead } = history;
  if (!lead) throw new Error('the lead was lost');
  const { points, lines } = engagementAt(history, scoring, 'Europe/Dublin', end);
  expect(history.events.every((it) => it.done)).toBe(true);
  expect(lead.stage, 'what the profile says is what the ledger says').toBe(
    lifecycleOf({ lead, ledger: history, moves: history.moves, live, now: end }).stage,
  );
  return { points, lines, stage: lead.stage, seen: Object.keys(history.enrolments[0]?.seen ?? {}).sort(), events: history.events.length };
};

const inOrder = async (events: readonly QueuedEvent[]) => {
  const world = await aWorldWithLead();
  const handle = processEvent(world.ports);
  for (const event of events) await handle(event);
  return outcomeOf(world);
};

const badly = async (events: readonly QueuedEvent[], seed: number) => {
  const random = randomOf(seed);
  const world = await aWorldWithLead();
  const queue = events.flatMap((event) => (random() < 0.3 ? [event, event] : [event]));
  queue.sort(() => random() - 0.5);
  let crashes = 0;
  while (queue.length > 0) {
    const batch = queue.splice(0, 1 + Math.floor(random() * 6));
    const dies = crashes < 6 && random() < 0.5;
    const ports = dies ? dyingAt(world.ports, 1 + Math.floor(random() * 30), random() < 0.5) : world.ports;
    const consumer = consume(QueuedEvent, processEvent(ports), world.ports.log);
    const Records = batch.map((event, at) => ({ messageId: String(at), body: JSON.stringify(event) }));
    const { batchItemFailures } = await consumer({ Records } as never);
    crashes += batchItemFailures.length;
    for (const { itemIdentifier } of batchItemFailures)
      queue.splice(Math.floor(random() * (queue.length + 1)), 0, batch[Number(itemIdentifier)] as QueuedEvent);
  }
  return { crashes, outcome: await outcomeOf(world) };
};

describe('a stream of events, told twice, in any order, with crashes', () => {
  it('comes to the same score, line by line, and to the same stage as told once in order', async () => {
    const seen = { events: 0, crashes: 0, stages: new Set<string>() };
    await fc.assert(
      fc.asyncProperty(streams, fc.integer(), async (drawn, seed) => {
        const events = eventsOf(drawn);
        const expected = await inOrder(events);
        const { outcome, crashes } = await badly(events, seed);
        expect(outcome).toEqual(expected);
        seen.events += events.length;
        seen.crashes += crashes;
        seen.stages.add(expected.stage);
      }),
      { numRuns: runs, endOnFailure: runs > 5000, examples: [[readyForSales, 1]] },
    );
    console.info(`streams: ${runs} runs, ${seen.events} events, ${seen.crashes} crashes, stages ${[...seen.stages].sort().join(', ')}`);
    expect(seen.crashes).toBeGreaterThan(runs / 2);
    expect(seen.stages.size).toBeGreaterThanOrEqual(4);
  }, 3_600_000);
});
