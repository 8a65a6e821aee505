import { describe, expect, it } from 'vitest';
import { proofInWords } from '#cli/prove-text';
import type { Item, Table } from '#core/table';
import type { Rates } from '#local/prove/faults';
import { prove } from '#local/prove/prove';
import { type Bug, type Invariant, invariants, type Proved, runSeed } from '#local/prove/run';
import { shrink } from '#local/prove/shrink';
import type { Storage } from '#local/storage';
import { shippedVersion } from '#tests/helpers/simulation';

/** BATON_PROVE_SEEDS=2000 for a long run; BATON_PROVE_EMBEDDED=20 for those on real clients and dynalite. */
const usual = 3;
const seeds = Number(process.env.BATON_PROVE_SEEDS ?? usual);
const embedded = Number(process.env.BATON_PROVE_EMBEDDED ?? 0);
const proved: Proved = { ...(await shippedVersion()), list: 'webinar' };

describe('everything that may go wrong', () => {
  it('breaks no promise', { timeout: seeds * 20_000 }, async () => {
    const proof = await prove(proved, { seeds, firstSeed: 1 });
    expect(proof.found.map((it) => ({ seed: it.seed, violations: it.violations, faults: it.faults }))).toEqual([]);
    expect(Object.values(proof.faults).reduce((sum, it) => sum + it, 0)).toBeGreaterThan(seeds * 100);
  });

  it('goes the same way again by its seed', { timeout: 60_000 }, async () => {
    expect(await runSeed(2, proved)).toEqual(await runSeed(2, proved));
  });

  if (embedded > 0)
    it('breaks no promise on the real clients either', { timeout: embedded * 120_000 }, async () => {
      const { found } = await prove(proved, { seeds: embedded, firstSeed: 1, stack: 'embedded' });
      expect(found.map((it) => it.violations)).toEqual([]);
    });
});

const onTable =
  (change: (table: Table) => Partial<Table>): Bug['storage'] =>
  (storage: Storage) => ({ ...storage, table: { ...storage.table, ...change(storage.table) } });

/** `from`: the seed that found it when this was written; looked at first, so that the usual run is short. */
type Seeded = { readonly bug: Bug; readonly rates: Rates; readonly breaks: readonly Invariant[]; readonly from?: number };

/** Bugs that somebody might write. Each must be found, or the proof proves nothing. */
const bugs: { readonly [what: string]: Seeded } = {
  'a claim without its condition': {
    bug: { storage: onTable((table) => ({ put: (item, condition) => table.put(item, item.state === 'CLAIMED' ? undefined : condition) })) },
    rates: { 'handled-again': 0.3, 'queue-twice': 0.3 },
    breaks: ['sent-twice'],
  },
  'a send of which nothing is known counts as not sent': {
    bug: {
      storage: onTable((table) => ({
        put: (item, when) => table.put(item.state === 'UNKNOWN' ? { ...item, state: 'RELEASED' } : item, when),
      })),
    },
    rates: { 'ses-timeout-after': 0.5, 'handled-again': 0.5 },
    breaks: ['sent-twice'],
    from: 3,
  },
  'stops and refusals are seen too late': {
    bug: {
      storage: onTable((table) => ({
        get: async (key) => asBefore(await table.get(key)),
        query: async (pk, prefix, reading) =>
          pk.startsWith('SUPPRESSION#') ? [] : (await table.query(pk, prefix, reading)).map((it) => asBefore(it) ?? it),
      })),
    },
    rates: {},
    breaks: ['sent-after-stop', 'sent-after-leaving'],
  },
  'done is written first': {
    bug: { storage: doneFirst },
    rates: { 'dies-before': 0.1, 'dies-after': 0.1 },
    breaks: ['input-lost'],
  },
  'the watchdog sleeps': {
    bug: { ports: (ports) => ({ ...ports, enrolments: { ...ports.enrolments, overdue: async () => ({ runs: [] }) } }) },
    rates: { aborted: 1 },
    breaks: ['stuck', 'run-without-end'],
  },
  'nobody ends a wait whose timer never came': {
    bug: {
      ports: (ports) => ({
        ...ports,
        enrolments: {
          ...ports.enrolments,
          overdue: async (...asked) => {
            const page = await ports.enrolments.overdue(...asked);
            return { ...page, runs: page.runs.filter((it) => !it.timed) };
          },
        },
      }),
    },
    rates: { 'timer-never': 1 },
    breaks: ['stuck'],
  },
  'nobody looks after handoffs': {
    bug: {
      ports: (ports) => ({
        ...ports,
        salesTasks: { ...ports.salesTasks, toWatch: async () => [] },
        // The first start is lost; who looks after them names the machine.
        machines: {
          ...ports.machines,
          startHandoff: async (input, leg) => (leg === undefined ? undefined : ports.machines.startHandoff(input, leg)),
        },
      }),
    },
    rates: {},
    breaks: ['handoff-without-machine'],
  },
  'the recount replaces nothing': {
    bug: { ports: (ports) => ({ ...ports, counters: { ...ports.counters, replace: async () => 0 } }) },
    rates: { 'dies-before': 0.02, 'dies-after': 0.02 },
    breaks: ['counters-wrong'],
  },
};

/** A stop alone hides the mail that is on its way at that moment: one seed in ten. With the refusal on the profile, whatever comes after. */
const asBefore = (item: Item | undefined): Item | undefined => {
  if (item?.stop === undefined && item?.consents === undefined) return item;
  const { stop: _stop, ...rest } = item;
  const consents = Object.entries((rest.consents ?? {}) as { readonly [topic: string]: Item });
  return {
    ...rest,
    ...(rest.consents && { consents: Object.fromEntries(consents.map(([topic, it]) => [topic, { ...it, given: true }])) }),
  };
};

/** The event's row says `done` before anything was done: whoever reads it first goes on, and who comes after a crash does not. */
function doneFirst(storage: Storage): Storage {
  const read = new Set<string>();
  const { table } = storage;
  const asRead = (item: Item): Item => {
    const name = `${item.pk} ${item.sk}`;
    if (item.tooSoon !== true || read.has(name)) return item;
    read.add(name);
    return { ...item, done: false };
  };
  return {
    ...storage,
    table: {
      ...table,
      put: (item, when) =>
        table.put(item.sk.startsWith('EVENT#') && item.done !== true ? { ...item, done: true, tooSoon: true } : item, when),
      query: async (pk, prefix, reading) => (await table.query(pk, prefix, reading)).map(asRead),
    },
  };
}

describe('a bug that somebody wrote', () => {
  const within = 12;
  it.each(Object.entries(bugs))('%s: is found', { timeout: 120_000 }, async (_what, { bug, rates, breaks, from = 1 }) => {
    let found: string | undefined;
    for (let seed = seeds > usual ? 1 : from; seed <= within + from && found === undefined; seed++) {
      const { violations } = await runSeed(seed, proved, { bug, rates });
      found = violations.find((it) => breaks.includes(it.invariant))?.invariant;
    }
    expect(found, `within ${within} seeds`).toBeDefined();
  });

  it('is told with the few faults that it takes, and how to see it again', { timeout: 120_000 }, async () => {
    const { bug, rates } = bugs['a claim without its condition'] as Seeded;
    const options = { bug, rates };
    const outcome = await shrink(await runSeed(1, proved, options), proved, options);
    expect(outcome.faults.length).toBeLessThanOrEqual(3);
    const none = Object.fromEntries(Object.keys(invariants).map((it) => [it, 0])) as { readonly [Name in Invariant]: number };
    const figures = { seeds: 1, firstSeed: 1, leads: 4, invocations: 9, sends: 9, handoffs: 0, deadLetters: 0, faults: {} as never };
    const words = proofInWords({ ...figures, violations: { ...none, 'sent-twice': 1 }, found: [outcome] }, 'npx baton prove');
    expect(words).toContain('BROKEN  no e-mail of a step goes twice (1 seed)');
    expect(words).toContain('npx baton prove --seed 1');
    expect(words).toMatch(/went at 2026-\S+ and at 2026-/);
  });
});
