import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QueuedEvent } from '#core/events';
import { addSeconds } from '#core/instant';
import type { Ports } from '#core/ports';
import type { Table } from '#core/table';
import { processEvent } from '#lambdas/events/process-events';
import { consume } from '#lambdas/runtime';
import { type Random, randomOf } from '#local/prove/gate';
import {
  aCountWorld,
  type CountWorld,
  cached,
  day,
  eventsOf,
  night,
  portsOver,
  recountAll,
  type Told,
  truth,
  withoutDays,
} from '#tests/helpers/count-run';
import { staleTable } from '#tests/helpers/stale-table';

const runs = Number(process.env.BATON_COUNTER_RUNS ?? 150);
const names = [
  'delivered',
  'delivered',
  'opened',
  'opened',
  'opened',
  'clicked',
  'clicked',
  'bounced',
  'complained',
  'replied',
  'visited',
  'deal.won',
];
const told: fc.Arbitrary<Told> = fc.record({
  name: fc.constantFrom(...names),
  lead: fc.nat({ max: 4 }),
  step: fc.nat({ max: 1 }),
  slot: fc.integer({ min: 1, max: 24 * 24 }),
  flag: fc.boolean(),
});
const streams = fc.array(told, { minLength: 1, maxLength: 40 });

/** Of two deals the earlier is the one that counts: the other is taken back, and a flush that dies then may be one too many till morning. */
const oneDealEach = (drawn: readonly Told[]): readonly Told[] =>
  drawn.filter(
    (it, at) => it.name !== 'deal.won' || drawn.findIndex((other) => other.name === 'deal.won' && other.lead === it.lead) === at,
  );

const deliver = async (ports: Ports, world: CountWorld, batch: readonly QueuedEvent[], dies = false) => {
  const handle = processEvent(ports);
  // A process that dies as a whole: nothing of its batch is acknowledged, and what it had counted is gone.
  const doomed = Object.assign((it: QueuedEvent) => handle(it), { first: async (it: QueuedEvent) => handle.first?.(it) });
  const consumer = consume(QueuedEvent, dies ? doomed : handle, world.ports.log);
  const Records = batch.map((event, at) => ({ messageId: String(at), body: JSON.stringify(event) }));
  const { batchItemFailures } = await consumer({ Records } as never);
  return dies ? batch : batchItemFailures.map((it) => batch[Number(it.itemIdentifier)] as QueuedEvent);
};

/** Each call of the table may fail before its effect, or after it. */
const failing = (table: Table, random: Random, crashes: { left: number }): Table => {
  const maybe =
    <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const isNow = crashes.left > 0 && random() < 0.03;
      if (isNow) crashes.left--;
      if (isNow && random() < 0.5) throw new Error('died before');
      const result = await call(...args);
      if (isNow) throw new Error('died after');
      return result;
    };
  const { get, put, update, query, queryIndex, delete: remove } = table;
  return {
    get: maybe(get),
    put: maybe(put),
    update: maybe(update),
    query: maybe(query),
    queryIndex: maybe(queryIndex),
    delete: maybe(remove),
  };
};

/** Returns how many batches died before they had counted. */
const tellBadly = async (world: CountWorld, ports: Ports, events: readonly QueuedEvent[], random: Random): Promise<number> => {
  let deaths = 0;
  const queue = events.flatMap((event) => (random() < 0.3 ? [event, event] : [event]));
  queue.sort(() => random() - 0.5);
  while (queue.length > 0) {
    const batch = queue.splice(0, 1 + Math.floor(random() * 8));
    const dies = random() < 0.08;
    if (dies) deaths++;
    for (const again of await deliver(ports, world, batch, dies)) queue.splice(Math.floor(random() * (queue.length + 1)), 0, again);
    world.clock.at = addSeconds(world.clock.at, 1);
  }
  return deaths;
};

const expectNoMoreThan = (found: { readonly [cell: string]: number }, most: { readonly [cell: string]: number }) => {
  for (const [cell, count] of Object.entries(found)) expect([cell, count]).toEqual([cell, Math.min(count, most[cell] ?? 0)]);
};
/** The same day for all that is of one kind: of two replies to one mail, the earlier would take the later one back, as with deals. */
const lateSlotOf = ({ name, lead, step }: Told): number =>
  24 * (4 + ((names.indexOf(name) * 5 + (lead % 2) * 3 + (name === 'replied' ? 0 : step)) % 22));
const withoutSent = (counts: { readonly [cell: string]: number }) =>
  Object.fromEntries(Object.entries(counts).filter(([cell]) => !/\tsent$/.test(cell)));

describe('counters', () => {
  it('are the truth without any recount when events are told once in order', async () => {
    await fc.assert(
      fc.asyncProperty(streams, fc.integer({ min: 1, max: 10 }), async (drawn, size) => {
        const world = await aCountWorld();
        const events = eventsOf(drawn);
        for (let from = 0; from < events.length; from += size) await deliver(world.ports, world, events.slice(from, from + size));
        expect(await cached(world)).toEqual(withoutSent(await truth(world)));
      }),
      { numRuns: Math.ceil(runs / 3) },
    );
  }, 600_000);

  it('never count too much when events are told twice, in any order, with crashes; after the night they are those of the stream told once', async () => {
    const seen = { crashes: 0, tooFew: 0, ticks: 0, won: 0 };
    await fc.assert(
      fc.asyncProperty(streams, fc.integer(), async (drawn, seed) => {
        const events = eventsOf(oneDealEach(drawn));
        const ordered = await aCountWorld();
        for (const event of events) await deliver(ordered.ports, ordered, [event]);
        const expected = await truth(ordered);

        const world = await aCountWorld();
        const random = randomOf(seed);
        const crashes = { left: 6 };
        const ports = portsOver(world, failing(world.table, random, crashes));
        await tellBadly(world, ports, events, random);
        const before = await cached(world);
        expectNoMoreThan(withoutDays(before), withoutDays(expected));

        world.clock.at = night;
        seen.ticks += await recountAll(world.ports, (seconds) => {
          world.clock.at = addSeconds(world.clock.at, seconds);
        });
        expect(await cached(world)).toEqual(expected);
        expect(await truth(world)).toEqual(expected);
        seen.crashes += 6 - crashes.left;
        if (JSON.stringify(before) !== JSON.stringify(withoutSent(expected))) seen.tooFew++;
        seen.won += Object.keys(expected).filter((it) => it.includes('amount.EUR')).length;
      }),
      { numRuns: runs },
    );
    console.info(`counters: ${runs} runs, ${JSON.stringify(seen)}`);
    expect(seen.crashes).toBeGreaterThan(runs / 4);
    expect(seen.tooFew).toBeGreaterThan(runs / 10);
    expect(seen.won).toBeGreaterThan(runs / 10);
  }, 600_000);

  it('lose nothing that is counted while the night counts, and never count it twice, wherever either dies', async () => {
    const seen = { crashes: 0, meanwhile: 0, stale: 0 };
    await fc.assert(
      fc.asyncProperty(streams, streams, fc.integer(), async (first, second, seed) => {
        const random = randomOf(seed);
        const world = await aCountWorld();
        // What comes in at night happened that night, or on some day before; each mail's first open stays its first.
        const early = eventsOf(first.map((it) => ({ ...it, lead: it.lead % 3 })));
        const atNight = oneDealEach(second.map((it) => ({ ...it, lead: 3 + (it.lead % 2), slot: lateSlotOf(it) })));
        const late = eventsOf(atNight).map((it) => ({
          ...it,
          eventId: `late-${it.eventId}`,
        }));
        const deaths = await tellBadly(world, world.ports, early, random);

        world.clock.at = night;
        const crashes = { left: 5 };
        const turns = createTurns(random, world);
        const lagging = staleTable(world.table, random, () => world.clock.at, 10);
        const table = failing(turns.table(lagging.stale), random, crashes);
        const counting = recountTrying(portsOver(world, table), random);
        const telling = tellBadly(world, portsOver(world, table), late, random);
        await turns.run(Promise.all([counting, telling]));
        // Who died before it took an early lead's open back has left one too many; its item keeps it where the night was disturbed.
        const told = Object.entries(withoutDays(await cached(world))).filter(([cell]) => deaths === 0 || cell.includes('proof=story'));
        expectNoMoreThan(Object.fromEntries(told), withoutDays(await truth(world)));
        seen.meanwhile += late.length;

        world.clock.at = addSeconds(night, day);
        await recountAll(world.ports, (seconds) => {
          world.clock.at = addSeconds(world.clock.at, seconds);
        });
        expect(await cached(world)).toEqual(await truth(world));
        seen.crashes += 5 - crashes.left;
        seen.stale += lagging.seen.stale;
      }),
      { numRuns: runs },
    );
    console.info(`counters at night: ${runs} runs, ${JSON.stringify(seen)}`);
    expect(seen.crashes).toBeGreaterThan(runs / 4);
    expect(seen.stale).toBeGreaterThan(runs / 4);
  }, 600_000);

  it('count a fact once though several functions count it at the same moment', async () => {
    const seen = { events: 0, twice: 0 };
    await fc.assert(
      fc.asyncProperty(streams, fc.integer(), async (drawn, seed) => {
        const random = randomOf(seed);
        const world = await aCountWorld();
        const events = eventsOf(oneDealEach(drawn.map((it) => ({ ...it, slot: lateSlotOf(it) }))));
        const turns = createTurns(random, world);
        const counters = turns.table(world.table);
        let refused = 0;
        const watched: Table = {
          ...counters,
          update: async (key, update, condition) => {
            const written = await counters.update(key, update, condition);
            if (written === 'refused' && key.pk.startsWith('STATS#')) refused++;
            return written;
          },
        };
        // Each a function of its own: what one has in mind, the others do not know.
        const functions = [1, 2, 3].map(() => tellBadly(world, portsOver(world, watched), events, random));
        await turns.run(Promise.all(functions));
        expectNoMoreThan(withoutDays(await cached(world)), withoutDays(await truth(world)));
        seen.events += events.length;
        seen.twice += refused;

        world.clock.at = night;
        await recountAll(world.ports, (seconds) => {
          world.clock.at = addSeconds(world.clock.at, seconds);
        });
        expect(await cached(world)).toEqual(await truth(world));
      }),
      { numRuns: Math.ceil(runs / 2) },
    );
    console.info(`counters by three at once: ${Math.ceil(runs / 2)} runs, ${JSON.stringify(seen)}`);
    expect(seen.twice).toBeGreaterThan(runs / 4);
  }, 600_000);
});

/** A tick that dies is followed by another, when the lease is over. */
const recountTrying = async (ports: Ports, random: Random): Promise<void> => {
  for (let tries = 0; tries < 2000; tries++) {
    try {
      await recountAll(ports, () => undefined, 1 + Math.floor(random() * 4));
      return;
    } catch {
      // Died; once more.
    }
  }
};

/** One call of the table at a time, whose turn it is by lot, and a little time passes with each. */
const createTurns = (random: Random, world: CountWorld) => {
  const waiting: (() => void)[] = [];
  const turn = () => new Promise<void>((resolve) => waiting.push(resolve));
  const inTurn =
    <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await turn();
      const result = await call(...args);
      await turn();
      return result;
    };
  return {
    table: ({ get, put, update, query, queryIndex, delete: remove }: Table): Table => ({
      get: inTurn(get),
      put: inTurn(put),
      update: inTurn(update),
      query: inTurn(query),
      queryIndex: inTurn(queryIndex),
      delete: inTurn(remove),
    }),
    run: async (work: Promise<unknown>): Promise<void> => {
      const left = { open: true };
      const ended = work.finally(() => {
        left.open = false;
      });
      while (left.open) {
        const [next] = waiting.splice(Math.floor(random() * waiting.length), 1);
        next?.();
        world.clock.at = addSeconds(world.clock.at, random() * 0.05);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await ended;
    },
  };
};
