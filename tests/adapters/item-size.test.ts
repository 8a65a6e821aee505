import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sizeAfter, sizeOfItem } from '#adapters/memory/item-size';
import type { Item, Update } from '#core/table';
import { applyUpdate } from '#core/table-apply';

const names = fc.constantFrom('pk', 'a', 'n:opened|', '+1x', 'é', 'map');
const values = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.array(fc.string()));
const maps = fc.dictionary(fc.constantFrom('x', 'y'), values);
const items = fc.tuple(fc.dictionary(names, values), maps).map(([rest, map]) => ({ ...rest, pk: 'p', sk: 's', map, count: 1 }));
const some = fc.dictionary(
  names.filter((it) => it !== 'map'),
  values,
);
const updates: fc.Arbitrary<Update> = fc.record(
  {
    set: some,
    setIfAbsent: some,
    setIn: fc.record({ map: maps }),
    setInIfAbsent: fc.record({ map: maps }),
    removeIn: fc.constant({ map: ['x'] }),
    remove: fc.array(names.filter((it) => it !== 'map')),
    increase: fc.record({ count: fc.integer() }),
  },
  { requiredKeys: [] },
);

it('measures an update by what it names as it measures the whole item', () => {
  fc.assert(
    fc.property(items, updates, (before: Item, update) => {
      const after = applyUpdate(before, { pk: 'p', sk: 's' }, update) as Item;
      expect(sizeAfter(before, sizeOfItem(before), after, update)).toBe(sizeOfItem(after));
      expect(sizeOfItem(after)).toBe(JSON.stringify(after).length);
    }),
    { numRuns: 500 },
  );
});
