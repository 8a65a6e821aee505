import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeadEvent, type OwnEvent } from '#core/events';
import { addSeconds } from '#core/instant';
import type { Ports } from '#core/ports';
import { awayUntil } from '#core/replies/away';
import type { ReplyKind } from '#core/replies/reply';
import { zoneOf } from '#core/time-zone';
import { processEvent } from '#lambdas/events/process-events';
import { consume } from '#lambdas/runtime';
import { createGate, randomOf } from '#local/prove/gate';
import { aLead, now } from '#tests/helpers/builders';
import { throughGate } from '#tests/helpers/chaos';
import { aFeedbackWorld } from '#tests/helpers/feedback-world';
import { liveConfig } from '#tests/helpers/protocol-sequence';

const leads = ['lead-a', 'lead-b', 'lead-c'];
const day = 86_400;

const reply = fc.record({
  leadId: fc.constantFrom(...leads),
  kind: fc.constantFrom<ReplyKind>('human', 'out-of-office', 'out-of-office', 'automatic', 'left-company'),
  /** Days from its own moment on which the lead is back; some say none, some far too far. */
  back: fc.option(fc.integer({ min: -5, max: 120 }), { nil: undefined }),
  /** Some came before the run began. */
  minute: fc.integer({ min: -2000, max: 40_000 }),
  isPresentAddress: fc.boolean(),
});
type Drawn = typeof reply extends fc.Arbitrary<infer It> ? It : never;

const eventsOf = (drawn: readonly Drawn[]): readonly OwnEvent[] =>
  drawn.map(({ leadId, kind, back, minute, isPresentAddress }, number) => {
    const at = addSeconds(now, minute * 60 + number / 10);
    return {
      source: 'own',
      eventId: `reply-${number}`,
      name: kind === 'human' ? 'replied' : 'auto-replied',
      at,
      leadId,
      reply: {
        kind,
        ...(kind === 'out-of-office' && back !== undefined && { backOn: addSeconds(at, back * day).slice(0, 10) }),
        ...(kind === 'left-company' && { addressId: isPresentAddress ? leadId : 'another-address' }),
      },
    };
  });

const stateOf = async ({ ports, told }: { readonly ports: Ports; readonly told: readonly string[] }) => {
  const all = <T>(read: (leadId: string) => Promise<T>) => Promise.all(leads.map(read));
  return {
    stops: await all(async (it) => (await ports.enrolments.ofLead(it))[0]?.stop?.reason),
    away: await all(async (it) => (await ports.leads.find(it))?.awayUntil),
    suppressions: await all((it) => ports.suppressions.ofLead(it)),
    events: await all(async (it) => (await ports.events.ofLead(it)).map((row) => [row.eventId, row.name, row.done])),
    told: [...new Set(told)].sort(),
  };
};

const aWorldOfLeads = async () => {
  const world = aFeedbackWorld({ at: addSeconds(now, 60 * day) });
  for (const leadId of leads) await world.addLead({ leadId });
  return world;
};

const once = async (events: readonly OwnEvent[]) => {
  const world = await aWorldOfLeads();
  for (const event of events) await processEvent(world.ports)(event);
  return { state: await stateOf(world), notices: world.notices };
};

/** Ports that the handler does not have, as nothing. */
const asComplete = (ports: Ports): Ports =>
  new Proxy(ports, { get: (target, name) => (target as unknown as Record<string | symbol, unknown>)[name] ?? {} });

/** Twice, in any order, with a process that dies before or after any effect. */
const badly = async (events: readonly OwnEvent[], seed: number, crashes: number) => {
  const world = await aWorldOfLeads();
  const random = randomOf(seed);
  const left = { left: crashes, rate: 0.08 };
  const gate = createGate(random, left);
  const queue = events.flatMap((event) => (random() < 0.4 ? [event, event] : [event])).sort(() => random() - 0.5);
  let open = true;
  const pump = async () => {
    while (open) await gate.letOneGo();
  };
  const pumping = pump();
  const ports = throughGate(asComplete(world.ports), gate, () => undefined);
  while (queue.length > 0) {
    const event = queue.shift() as OwnEvent;
    const records = { Records: [{ messageId: 'm', body: JSON.stringify(event) }] };
    const { batchItemFailures } = await consume(LeadEvent, processEvent(ports), world.ports.log)(records as never);
    if (batchItemFailures.length > 0) queue.splice(Math.floor(random() * (queue.length + 1)), 0, event);
  }
  open = false;
  await pumping;
  return { state: await stateOf(world), notices: world.notices, crashed: crashes - left.left };
};

const runs = Number(process.env.BATON_REPLY_RUNS ?? 300);

describe('replies in any order, told twice, with crashes', () => {
  it('stop the same runs, wait as long and close the same addresses as told once in order; each human is heard of', async () => {
    let crashed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(reply, { minLength: 1, maxLength: 12 }), fc.integer(), fc.nat({ max: 6 }), async (drawn, seed, crashes) => {
        const events = eventsOf(drawn);
        const expected = await once(events);
        const found = await badly(events, seed, crashes);
        expect(found.state).toEqual(expected.state);
        const heardOf = (notices: readonly { readonly at: string }[]) => [...new Set(notices.map((it) => JSON.stringify(it)))].sort();
        expect(heardOf(found.notices)).toEqual(heardOf(expected.notices));
        expect(found.notices.length).toBeLessThanOrEqual(expected.notices.length + found.crashed);
        crashed += found.crashed;
      }),
      { numRuns: runs, endOnFailure: false },
    );
    expect(crashed).toBeGreaterThan(runs / 4);
  }, 300_000);

  it('make mail wait until the latest day that any of them named, and stop just the runs that began before', async () => {
    const { zone } = zoneOf(aLead(), liveConfig.brand);
    await fc.assert(
      fc.asyncProperty(fc.array(reply, { minLength: 1, maxLength: 8 }), async (drawn) => {
        const events = eventsOf(drawn);
        const { state } = await once(events);
        for (const [number, leadId] of leads.entries()) {
          const mine = events.filter((it) => it.leadId === leadId);
          const days = mine.filter((it) => it.reply?.kind === 'out-of-office').map((it) => awayUntil(it.at, it.reply?.backOn, zone));
          expect(state.away[number]).toBe(days.sort().at(-1));
          const isHeard = mine.some((it) => it.name === 'replied' && it.at >= now);
          const isClosed = mine.some((it) => it.reply?.addressId === leadId);
          expect(state.stops[number]).toBe(isClosed ? 'suppressed' : isHeard ? 'replied' : undefined);
        }
      }),
      { numRuns: runs },
    );
  }, 120_000);

  it('keep an absence between its own moment and 60 days after', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -400, max: 400 }),
        fc.constantFrom('Europe/Berlin', 'Pacific/Auckland', 'America/Los_Angeles'),
        (days, zone) => {
          const until = awayUntil(now, addSeconds(now, days * day).slice(0, 10), zone);
          expect(until >= now && until <= addSeconds(now, 60 * day)).toBe(true);
        },
      ),
    );
  });
});
