import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandDefaults } from '#core/config';
import { LeadEvent, type SesEvent } from '#core/events';
import { addSeconds } from '#core/instant';
import type { Ports } from '#core/ports';
import { daysWatched, decideLine, fewestBounces, fewestComplaints } from '#core/stop-the-line';
import { processEvent } from '#lambdas/events/process-events';
import { consume } from '#lambdas/runtime';
import { createGate, randomOf } from '#local/prove/gate';
import { aSendRecord, aSesEvent, now } from '#tests/helpers/builders';
import { throughGate } from '#tests/helpers/chaos';
import { aFeedbackWorld } from '#tests/helpers/feedback-world';

const leads = ['lead-a', 'lead-b', 'lead-c', 'lead-d'];
const sequences = ['nurture', 'other'];
const end = addSeconds(now, 60 * 86_400);
/** Reached now and then by a few dozen mails. */
const stopTheLine = { bounces: 0.25, complaints: 0.12, overDays: 70 };
const softBounces = { ...brandDefaults.softBounces, atMost: 2, perSeconds: 20 * 86_400 };

const fates = {
  delivered: ['delivered'],
  complained: ['delivered', 'complained'],
  hard: ['Permanent General'],
  known: ['Permanent OnAccountSuppressionList'],
  soft: ['Transient MailboxFull'],
  unclear: ['Undetermined Undetermined'],
} as const;

/** Every mail's events; each event of the run has a moment of its own. */
const mail = fc.record({
  leadId: fc.constantFrom(...leads),
  /** Of four leads some have changed their address. */
  addressId: fc.option(fc.constantFrom('former', 'present'), { nil: undefined }),
  sequence: fc.constantFrom(...sequences),
  fate: fc.constantFrom(
    ...(['delivered', 'delivered', 'delivered', 'complained', 'complained', 'hard', 'known', 'soft', 'soft', 'unclear'] as const),
  ),
  minute: fc.nat({ max: 59 * 1440 }),
});
type Mail = typeof mail extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** Every mail is a send of its own. */
const roundOf = (number: number) => number + 1;

const eventsOf = (mails: readonly Mail[]): readonly SesEvent[] =>
  mails
    .flatMap(({ leadId, addressId, sequence, fate, minute }, number) =>
      fates[fate].map((told, at): SesEvent => {
        const [bounceType, bounceSubType] = told.split(' ');
        const isBounce = bounceSubType !== undefined;
        return aSesEvent({
          eventId: `${number}-${at}`,
          kind: isBounce ? 'bounced' : (told as 'delivered' | 'complained'),
          at: addSeconds(now, minute * 60 + number / 10 + at / 100),
          leadId,
          sequence,
          round: roundOf(number),
          ...(addressId !== undefined && { addressId }),
          ...(isBounce && { bounceType, bounceSubType }),
        });
      }),
    )
    .toSorted((one, other) => (one.at < other.at ? -1 : 1));

const aWorldOfLeads = async (events: readonly SesEvent[]) => {
  const world = aFeedbackWorld({ brand: { stopTheLine, softBounces }, at: end });
  for (const leadId of leads) await world.addLead({ leadId, ...(leadId > 'lead-b' && { addressId: 'present' }) });
  for (const { leadId, round = 1 } of events) await world.ports.sends.write(aSendRecord({ leadId, round, state: 'SENT' }));
  return world;
};

const stateOf = async ({ ports }: { readonly ports: Ports }) => {
  const all = <T>(read: (leadId: string) => Promise<T>) => Promise.all(leads.map(read));
  const sums = Object.fromEntries(
    await Promise.all(sequences.map(async (it) => [it, await ports.health.sums(it, daysWatched(end, stopTheLine))] as const)),
  );
  return {
    suppressions: await all((it) => ports.suppressions.ofLead(it)),
    coolUntil: await all(async (it) => (await ports.leads.find(it))?.coolUntil),
    stops: await all(async (it) => (await ports.enrolments.ofLead(it))[0]?.stop?.reason),
    sums,
    paused: (await ports.line.state()).paused,
  };
};

const once = async (events: readonly SesEvent[]) => {
  const world = await aWorldOfLeads(events);
  await world.tell(...events);
  return stateOf(world);
};

type Chaos = { readonly seed: number; readonly crashes: number; readonly batchSize: number; readonly inOrder: boolean };

/** The same events as a queue at its worst tells them: twice, in any order, again after a crash, in batches that may die whole. */
const badly = async (events: readonly SesEvent[], { seed, crashes, batchSize, inOrder }: Chaos) => {
  const world = await aWorldOfLeads(events);
  const random = randomOf(seed);
  const left = { left: crashes, rate: 0.05 };
  const gate = createGate(random, left);
  const died = { batches: 0 };
  const queue = events.flatMap((event) => (random() < 0.3 ? [event, event] : [event]));
  if (!inOrder) queue.sort(() => random() - 0.5);
  let open = true;
  const pump = async () => {
    while (open) await gate.letOneGo();
  };
  const pumping = pump();
  const ports = throughGate(asComplete(world.ports), gate, () => undefined);
  while (queue.length > 0) {
    const batch = queue.splice(0, batchSize);
    const handle = processEvent(ports);
    // A process that dies as a whole: nothing of its batch is acknowledged, and what it had counted is gone.
    const dies = random() < 0.1;
    const consumer = consume(LeadEvent, dies ? (event) => handle(event) : handle, world.ports.log);
    const Records = batch.map((event, at) => ({ messageId: String(at), body: JSON.stringify(event) }));
    const { batchItemFailures } = await consumer({ Records } as never);
    if (dies) died.batches++;
    const again = dies ? batch : batchItemFailures.map((it) => batch[Number(it.itemIdentifier)] as SesEvent);
    if (inOrder) queue.unshift(...again);
    else for (const event of again) queue.splice(Math.floor(random() * (queue.length + 1)), 0, event);
  }
  open = false;
  await pumping;
  return { state: await stateOf(world), mayUndercount: died.batches > 0 || left.left < crashes, crashed: crashes - left.left };
};

/** Ports that the handler does not have, as nothing. */
const asComplete = (ports: Ports): Ports =>
  new Proxy(ports, { get: (target, name) => (target as unknown as Record<string | symbol, unknown>)[name] ?? {} });

const mails = fc.array(mail, { minLength: 10, maxLength: 50 });
const runs = Number(process.env.BATON_FEEDBACK_RUNS ?? 150);

describe('bounces, complaints and deliveries in any order, told twice, with crashes', () => {
  it('close the same addresses, cool down the same leads and count the same troubles as told once in order', async () => {
    const seen = { crashes: 0, paused: 0, suppressed: 0 };
    await fc.assert(
      fc.asyncProperty(
        mails,
        fc.integer(),
        fc.nat({ max: 6 }),
        fc.integer({ min: 1, max: 10 }),
        async (drawn, seed, crashes, batchSize) => {
          const events = eventsOf(drawn);
          const expected = await once(events);
          const { state, mayUndercount, crashed } = await badly(events, { seed, crashes, batchSize, inOrder: false });
          expect(state.suppressions).toEqual(expected.suppressions);
          expect(state.coolUntil).toEqual(expected.coolUntil);
          expect(state.stops).toEqual(expected.stops);
          for (const sequence of sequences) {
            const [mine, right] = [state.sums[sequence], expected.sums[sequence]];
            if (!mine || !right) throw new Error('no sums');
            expect([mine.bounced, mine.complained]).toEqual([right.bounced, right.complained]);
            if (mayUndercount) expect(mine.delivered).toBeLessThanOrEqual(right.delivered);
            else expect(mine.delivered).toBe(right.delivered);
            // Whatever came first: what is too much in the end has paused it, and what never was enough has not.
            if (decideLine(right, stopTheLine)) expect(state.paused).toHaveProperty(sequence);
            if (right.complained < fewestComplaints && right.bounced < fewestBounces) expect(state.paused).not.toHaveProperty(sequence);
          }
          seen.crashes += crashed;
          seen.paused += Object.keys(state.paused).length;
          seen.suppressed += state.suppressions.flat().length;
        },
      ),
      { numRuns: runs, endOnFailure: false },
    );
    console.info(`feedback: ${runs} runs, ${JSON.stringify(seen)}`);
    expect(seen.crashes).toBeGreaterThan(runs / 4);
    expect(seen.paused).toBeGreaterThan(runs / 10);
    expect(seen.suppressed).toBeGreaterThan(runs);
  }, 300_000);

  it('pause at the same event for the same reason when they are told in order, however often', async () => {
    await fc.assert(
      fc.asyncProperty(mails, fc.integer(), async (drawn, seed) => {
        const events = eventsOf(drawn);
        const { state, mayUndercount } = await badly(events, { seed, crashes: 0, batchSize: 1, inOrder: true });
        if (!mayUndercount) expect(state).toEqual(await once(events));
      }),
      { numRuns: Math.ceil(runs / 3), endOnFailure: false },
    );
  }, 300_000);
});
