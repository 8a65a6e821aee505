import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counterStore } from '#adapters/stores/counters';
import { type CountChange, cellOf, cellText, countedOf, type Metric, type Sums } from '#core/counters';
import { addSeconds } from '#core/instant';
import { aSendRecord, now } from '#tests/helpers/builders';
import { type OpenTable, tableKinds } from '#tests/helpers/tables';

const later = (seconds: number) => addSeconds(now, seconds);
const day = now.slice(0, 10);
const days = { from: day, upTo: day };

describe.each(tableKinds)('counters on $kind', ({ open }) => {
  let opened: OpenTable;
  beforeAll(async () => {
    opened = await open();
  }, 120_000);
  afterAll(() => opened.close());

  let sequences = 0;
  const begin = () => {
    const sequence = `sequence-${sequences++}`;
    const counters = counterStore(opened.table);
    const change = (lead: number, metric: Metric = 'sent', sign: '+' | '-' = '+'): CountChange => ({
      sign,
      counted: countedOf(aSendRecord({ sequence, enrolmentId: `run-${lead}` }), metric, now),
    });
    const counts = async () => {
      const found: Record<string, number> = {};
      for (const [text, count] of Object.entries((await counters.of(sequence, undefined, days)).sums)) {
        const { metric } = cellOf(text);
        found[metric] = (found[metric] ?? 0) + count;
      }
      return found;
    };
    const truthOf = (...changes: readonly CountChange[]): Sums => {
      const sums: Record<string, number> = {};
      for (const { counted } of changes) sums[cellText(counted)] = (sums[cellText(counted)] ?? 0) + counted.count;
      return sums;
    };
    return { sequence, version: { sequence, version: 'v1' }, counters, change, counts, truthOf };
  };

  it('count each fact once, in both shards, and know which versions there are', async () => {
    const { sequence, counters, change, counts } = begin();
    const many = Array.from({ length: 40 }, (_, at) => change(at));
    await counters.add(many, now, now);
    await counters.add([change(1), change(2, 'opened'), change(41)], now, later(1));
    expect(await counts()).toEqual({ sent: 41, opened: 1 });
    expect(await counters.versions()).toContainEqual({ sequence, version: 'v1' });
    expect((await counters.of(sequence, 'v1', days)).asOf).toBe(later(1));
    expect((await counters.of(sequence, 'v2', days)).sums).toEqual({});
  });

  it('count a batch once though its answer was lost and it is told again', async () => {
    const { counters, change, counts } = begin();
    const batch = [change(1), change(2), change(3, 'clicked')];
    for (let at = 0; at < 3; at++) await counters.add(batch, now, later(at));
    expect(await counts()).toEqual({ sent: 2, clicked: 1 });
  });

  it('take back what was not so, once, and count it again should it be so after all', async () => {
    const { counters, change, counts } = begin();
    await counters.add([change(1, 'clicked'), change(2, 'clicked')], now, now);
    for (let at = 0; at < 2; at++) await counters.add([change(1, 'clicked', '-')], now, later(at));
    expect(await counts()).toEqual({ clicked: 1 });
    await counters.add([change(1, 'clicked')], now, later(3));
    expect(await counts()).toEqual({ clicked: 2 });
    await counters.add([change(9, 'clicked'), change(9, 'clicked', '-')], now, later(4));
    expect(await counts()).toEqual({ clicked: 2 });
  });

  it('keep no more facts in mind than fit into a small item', async () => {
    const { counters, change, counts } = begin();
    const another = counterStore(opened.table);
    const largest = { bytes: 0, marks: 0 };
    for (let at = 0; at < 60; at++) {
      const batch = Array.from({ length: 10 }, (_, it) => change(at * 10 + it, it % 3 === 0 ? 'clicked' : 'opened'));
      // Thirty batches in one process, then three of them in turn, two of which are new each time.
      const store = at < 30 || at % 3 === 0 ? counters : at % 3 === 1 ? another : counterStore(opened.table);
      await store.add(batch, now, later(at));
      await store.add(batch, now, later(at));
      const items = await opened.table.query(`STATS#sequence-${sequences - 1}#v1#${day}`, 'STEP#');
      expect(items).toHaveLength(1);
      largest.bytes = Math.max(largest.bytes, JSON.stringify(items[0]).length);
      largest.marks = Math.max(largest.marks, Object.keys(items[0] ?? {}).filter((it) => it.startsWith('+')).length);
    }
    expect(await counts()).toEqual({ opened: 360, clicked: 240 });
    expect(largest.marks).toBeLessThanOrEqual(48);
    expect(largest.bytes).toBeLessThanOrEqual(1024);
  });

  it('are replaced by the truth, unless somebody counted since the recount began', async () => {
    const { counters, version, change, counts, truthOf } = begin();
    await counters.add([change(1), change(2)], now, now);
    const run = { startedAt: later(3600), now: later(3700) };
    expect(await counters.replace(version, day, truthOf(change(1), change(2), change(3), change(4)), run)).toBeGreaterThan(0);
    expect(await counts()).toEqual({ sent: 4 });
    expect(await counters.replace(version, day, truthOf(change(1), change(2), change(3), change(4)), run), 'nothing to repair').toBe(0);
    await counters.add([change(5)], later(7200), later(7200));
    await counters.replace(version, day, {}, { startedAt: later(7190), now: later(7300) });
    expect((await counts()).sent).toBeGreaterThanOrEqual(1);
    await counters.replace(version, day, {}, { startedAt: later(9000), now: later(9001) });
    expect(await counts(), 'whoever was erased is gone from the sums').toEqual({});
  });

  it('drop what a recount may have seen, and count what began after it', async () => {
    const { counters, version, change, counts, truthOf } = begin();
    await counters.replace(version, day, truthOf(change(1)), { startedAt: later(100), now: later(200) });
    await counters.add([change(1)], later(150), later(300));
    expect(await counts()).toEqual({ sent: 1 });
    // The same item: the same run in another round.
    const again = { sign: '+' as const, counted: { ...change(1).counted, fact: 'another' } };
    await counters.add([again], later(220), later(301));
    expect(await counts()).toEqual({ sent: 2 });
  });
});
