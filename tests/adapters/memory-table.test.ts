import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryTable } from '#adapters/memory/memory-table';
import type { Item, Key, Update } from '#core/table';
import { applyUpdate } from '#core/table-apply';
import { createMeter, meteredTable } from '#local/meter';

/**
 * A place in the memory table stays while what stands there changes, indexes and lists hold places, and sizes are carried along. Here rows
 * come, change, move in the indexes and go in any order; each answer must be what a list of plain rows gives, also once all is over.
 */
const keys: fc.Arbitrary<Key> = fc.record({ pk: fc.constantFrom('P', 'Q'), sk: fc.constantFrom('A#1', 'A#2', 'A#é', 'A#😀', 'B#1') });
const texts = fc.constantFrom('x', 'y', 'z"é');
const indexed = fc.record(
  { gsi1pk: texts, gsi1sk: texts, gsi2pk: texts, gsi2sk: texts, name: texts, count: fc.integer({ min: 0, max: 1e7 }) },
  { requiredKeys: ['count'] },
);
const wide = fc.integer({ min: 0, max: 60 }).map((at) => ({ [`+${at}`]: at }));
const steps = fc.oneof(
  fc.record({ do: fc.constant('put' as const), key: keys, item: indexed }),
  fc.record({
    do: fc.constant('update' as const),
    key: keys,
    set: fc.oneof(wide, wide, indexed),
    remove: fc.subarray(['gsi1sk', 'gsi2pk', 'name', '+7']),
  }),
  fc.record({ do: fc.constant('delete' as const), key: keys }),
  fc.record({ do: fc.constant('look' as const), key: keys, prefix: fc.constantFrom('', 'A#', 'A#😀', 'C') }),
);

const bytes = (text: string) => Buffer.from(text);
const bySort = (one: Item, other: Item) => Buffer.compare(bytes(String(one.sk)), bytes(String(other.sk)));
const units = (items: readonly Item[]) => Math.max(1, Math.ceil(items.reduce((sum, one) => sum + JSON.stringify(one).length, 0) / 4096));

it('is a list of rows, whatever is done to it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 60 }), async (all) => {
      const rows = new Map<string, Item & Key>();
      const meter = createMeter();
      const table = meteredTable(memoryTable(), meter);
      const given: { readonly was: string; readonly is: unknown }[] = [];
      const note = <Given>(is: Given): Given => {
        given.push({ was: JSON.stringify(is), is });
        return is;
      };
      for (const step of all) {
        const name = `${step.key.pk} ${step.key.sk}`;
        if (step.do === 'put') {
          const item = { ...step.key, ...step.item };
          rows.set(name, item);
          await table.put(item);
        } else if (step.do === 'update') {
          const update: Update = { set: step.set, remove: step.remove };
          const next = applyUpdate(rows.get(name), step.key, update) as Item & Key;
          rows.set(name, next);
          expect(note(await table.update(step.key, update))).toEqual({ ...next });
        } else if (step.do === 'delete') {
          rows.delete(name);
          await table.delete(step.key);
        } else {
          const { pk, sk } = step.key;
          const wanted = [...rows.values()].filter((one) => one.pk === pk && one.sk.startsWith(step.prefix)).sort(bySort);
          const before = meter.readUnits;
          const found = note(await table.query(pk, step.prefix));
          expect(found.map((one) => ({ ...one }))).toEqual(wanted.map((one) => ({ ...one })));
          expect(meter.readUnits - before).toBe(units(wanted));
          expect(await table.query(pk, step.prefix)).toBe(found);
          expect(note(await table.get({ pk, sk }))).toEqual(rows.get(`${pk} ${sk}`));
        }
      }
      for (const index of ['gsi1', 'gsi2'] as const)
        for (const pk of ['x', 'y', 'z"é']) {
          const { items } = await table.queryIndex(index, pk);
          const wanted = [...rows.values()].filter(
            (one) => (one as Item)[`${index}pk`] === pk && (one as Item)[`${index}sk`] !== undefined,
          );
          const nameOf = (one: Item) => `${one[`${index}sk`]} ${one.pk} ${one.sk}`;
          expect(new Set(items)).toEqual(new Set(wanted));
          expect(items.map((one) => one[`${index}sk`])).toEqual(wanted.map((one) => (one as Item)[`${index}sk`]).sort());
          expect(items.map(nameOf).sort()).toEqual(wanted.map(nameOf).sort());
        }
      // What a caller was given stays as it was.
      for (const { was, is } of given) expect(JSON.stringify(is)).toBe(was);
    }),
    { numRuns: Number(process.env.BATON_MEMORY_TABLE_RUNS ?? 200) },
  );
});
