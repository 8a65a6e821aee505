import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Condition, Item, Table, Update, Value } from '#core/table';
import { applyUpdate } from '#core/table-apply';
import { toExpressions } from '#core/table-expressions';
import { contractTableName, type OpenTable, tableKinds } from '#tests/helpers/tables';

const scalar = fc.oneof(fc.string({ minLength: 1, maxLength: 4 }), fc.integer({ min: -5, max: 5 }), fc.boolean());
const word = fc.constantFrom('a', 'b', 'c-d', 'e.f');
const mapName = fc.constantFrom('m', 'n');
const innerName = fc.constantFrom('did:x', 'clicked:roi-table', 'k');
const entries = (value: fc.Arbitrary<Value>) => fc.dictionary(innerName, value, { maxKeys: 2 });

const item: fc.Arbitrary<Item> = fc
  .tuple(fc.dictionary(word, scalar, { maxKeys: 3 }), entries(scalar), entries(scalar), fc.integer({ min: 0, max: 5 }))
  .map(([flat, m, n, count]) => ({ ...flat, m, n, count }));

/** Paths of one update must not overlap, so each kind of change has attributes of its own. */
const update: fc.Arbitrary<Update> = fc.record(
  {
    set: fc.record({ a: scalar }, { requiredKeys: [] }),
    setIfAbsent: fc.record({ b: scalar }, { requiredKeys: [] }),
    setIn: fc.record({ m: fc.record({ 'did:x': scalar }) }),
    setInIfAbsent: fc.record({ n: fc.record({ 'clicked:roi-table': scalar }) }),
    remove: fc.constantFrom<readonly string[]>(['c-d'], ['c-d', 'e.f']),
    removeIn: fc.record({ n: fc.constant(['k'] as const) }),
    increase: fc.record({ count: fc.integer({ min: -3, max: 3 }) }),
  },
  { requiredKeys: ['increase'] },
);

const simple: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ exists: fc.boolean() }),
  fc.record({ equals: fc.tuple(word, scalar).map(([key, value]) => ({ [key]: value })) }),
  fc.record({ equalsIn: fc.tuple(mapName, innerName, scalar).map(([map, key, value]) => ({ [map]: { [key]: value } })) }),
  fc.record({ absent: fc.array(word, { minLength: 1, maxLength: 2 }) }),
  fc.record({ absentIn: fc.tuple(mapName, innerName).map(([map, key]) => ({ [map]: [key] })) }),
  fc.record({
    below: fc
      .tuple(fc.constantFrom('count', 'a'), fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant('m')))
      .map(([key, value]) => ({ [key]: value })),
  }),
);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  simple,
  fc.tuple(simple, fc.array(simple, { minLength: 1, maxLength: 3 })).map(([one, either]) => ({ ...one, either })),
);

const marshal = (value: Value): Record<string, unknown> => {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.map(marshal) };
  return { M: Object.fromEntries(Object.entries(value).map(([key, it]) => [key, marshal(it as Value)])) };
};

const marshalAll = (values: Record<string, Value> | undefined) =>
  values && { ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([key, it]) => [key, marshal(it)])) };

for (const { kind, open } of tableKinds) {
  describe(`the table on ${kind}`, () => {
    let opened: OpenTable;
    let table: Table;
    beforeAll(async () => {
      opened = await open();
      table = opened.table;
    });
    afterAll(() => opened.close());

    it('does with every write what the pure rule says, and refuses what it refuses', async () => {
      let count = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.option(item, { nil: undefined }),
          update,
          fc.option(condition, { nil: undefined }),
          async (before, change, when) => {
            const key = { pk: `P#${count++}`, sk: 'S' };
            const stored = before && { ...key, ...before };
            if (stored) await table.put(stored);
            const needsMap = change.setIn || change.setInIfAbsent || change.removeIn;
            fc.pre(stored !== undefined || !needsMap);
            const expected = applyUpdate(stored, key, change, when);
            expect(await table.update(key, change, when)).toEqual(expected);
            expect(await table.get(key)).toEqual(expected === 'refused' ? stored : expected);
          },
        ),
        { numRuns: kind === 'memory' ? 2000 : 300 },
      );
    });

    it('does the same when Step Functions asks with the expressions of that write', async () => {
      let count = 0;
      await fc.assert(
        fc.asyncProperty(item, update, fc.option(condition, { nil: undefined }), async (before, change, when) => {
          const key = { pk: `R#${count++}`, sk: 'S' };
          await table.put({ ...key, ...before });
          const { values, ...expressions } = toExpressions(change, when);
          const request = {
            TableName: contractTableName,
            Key: { pk: { S: key.pk }, sk: { S: key.sk } },
            ...expressions,
            ...marshalAll(values),
          };
          const expected = applyUpdate({ ...key, ...before }, key, change, when);
          const outcome = await opened.updateItem(request).then(
            () => 'written',
            (error: Error) => error.name,
          );
          expect(outcome).toBe(expected === 'refused' ? 'ConditionalCheckFailedException' : 'written');
          expect(await table.get(key)).toEqual(expected === 'refused' ? { ...key, ...before } : expected);
        }),
        { numRuns: kind === 'memory' ? 1000 : 150 },
      );
    });

    it('puts only when the condition holds', async () => {
      const row = { pk: 'PUT', sk: 'S', revision: 1 };
      expect(await table.put(row, { exists: false })).toBe('written');
      expect(await table.put(row, { exists: false })).toBe('refused');
      expect(await table.put({ ...row, revision: 2 }, { exists: true, equals: { revision: 1 } })).toBe('written');
      expect(await table.put({ ...row, revision: 2 }, { exists: true, equals: { revision: 1 } })).toBe('refused');
    });

    it('queries a partition by prefix in byte order, all of it', async () => {
      const keys = ['A#1', 'A#10', 'A#2', 'A#z', 'A#é', 'A#😀', 'A#￿', 'B#1'];
      for (const sk of [...keys].reverse()) await table.put({ pk: 'Q', sk, filler: 'x'.repeat(1000) });
      for (let at = 0; at < 400; at++) await table.put({ pk: 'Q', sk: `L#${String(at).padStart(4, '0')}`, filler: 'x'.repeat(3000) });
      expect((await table.query('Q', 'A#')).map((it) => it.sk)).toEqual(['A#1', 'A#10', 'A#2', 'A#z', 'A#é', 'A#￿', 'A#😀']);
      expect(await table.query('Q', 'L#')).toHaveLength(400);
      expect(await table.query('Q', '')).toHaveLength(408);
      await expect.poll(() => table.query('Q', '', 'eventual'), { timeout: 10_000 }).toHaveLength(408);
      expect(await table.query('NOBODY', '')).toEqual([]);
    });

    it('queries an index by range, direction and page, and follows every change', async () => {
      for (let at = 0; at < 6; at++) await table.put({ pk: `I#${at}`, sk: 'S', gsi1pk: 'DUE', gsi1sk: `t${at}` });
      await table.put({ pk: 'I#x', sk: 'S' });
      await table.update({ pk: 'I#2', sk: 'S' }, { remove: ['gsi1pk', 'gsi1sk'] });
      await table.update({ pk: 'I#3', sk: 'S' }, { set: { gsi1sk: 't9' } });
      await table.delete({ pk: 'I#4', sk: 'S' });
      const sorts = async (range?: Parameters<Table['queryIndex']>[2]) =>
        (await table.queryIndex('gsi1', 'DUE', range)).items.map((it) => it.gsi1sk);
      expect(await sorts()).toEqual(['t0', 't1', 't5', 't9']);
      expect(await sorts({ upTo: 't5' })).toEqual(['t0', 't1', 't5']);
      expect(await sorts({ from: 't1', upTo: 't5' })).toEqual(['t1', 't5']);
      expect(await sorts({ from: 't2', descending: true })).toEqual(['t9', 't5']);
      const first = await table.queryIndex('gsi1', 'DUE', { limit: 3 });
      expect(first.items).toHaveLength(3);
      const rest = await table.queryIndex('gsi1', 'DUE', { limit: 3, ...(first.next !== undefined && { after: first.next }) });
      expect(rest.items.map((it) => it.gsi1sk)).toEqual(['t9']);
      expect(rest.next).toBeUndefined();
    });
  });
}
