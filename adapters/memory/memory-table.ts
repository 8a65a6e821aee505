import type { Item, Key, Table } from '#core/table';
import { applyUpdate, holds } from '#core/table-apply';
import { createIndex } from './memory-index.ts';

/**
 * The table port on Maps. Items are never changed in place, so what a caller was given stays as it was; and of a partition that did
 * not change, a query gives the very same list, so that who reads it again may know it by that.
 */
export const memoryTable = (): Table & { readonly size: () => number; readonly all: () => readonly Item[] } => {
  const partitions = new Map<string, Partition>();
  const indexes = { gsi1: createIndex('gsi1'), gsi2: createIndex('gsi2') };
  const find = ({ pk, sk }: Key) => partitions.get(pk)?.items.get(sk);
  const store = (key: Key, before: Item | undefined, item: Item | undefined) => {
    indexes.gsi1.replace(key, before, item);
    indexes.gsi2.replace(key, before, item);
    const partition = partitions.get(key.pk) ?? newPartition();
    if (item) {
      if (partition.items.size === 0) partitions.set(key.pk, partition);
      if (!before) partition.order.splice(placeOf(partition.order, key.sk), 0, key.sk);
      partition.items.set(key.sk, item);
    } else if (before) {
      partition.order.splice(placeOf(partition.order, key.sk), 1);
      partition.items.delete(key.sk);
      if (partition.items.size === 0) partitions.delete(key.pk);
    }
    partition.known.clear();
  };
  return {
    get: async (key) => find(key),
    put: async (item, condition) => {
      const before = find(item);
      if (condition && !holds(condition, before)) return 'refused';
      store(item, before, item);
      return 'written';
    },
    update: async (key, update, condition) => {
      const before = find(key);
      const next = applyUpdate(before, key, update, condition);
      if (next !== 'refused') store(key, before, next);
      return next;
    },
    delete: async (key) => store(key, find(key), undefined),
    query: async (pk, prefix) => {
      const partition = partitions.get(pk);
      return partition ? itemsOf(partition, prefix) : nothing;
    },
    queryIndex: async (name, pk, range = {}) => indexes[name].query(pk, range),
    size: () => [...partitions.values()].reduce((sum, partition) => sum + partition.items.size, 0),
    all: () => [...partitions.values()].flatMap((partition) => [...partition.items.values()]),
  };
};

/** `order`: the sort keys, sorted. `known`: what was asked for since the last write, by prefix. */
type Partition = { readonly items: Map<string, Item>; readonly order: string[]; readonly known: Map<string, readonly Item[]> };
const newPartition = (): Partition => ({ items: new Map(), order: [], known: new Map() });
const nothing: readonly Item[] = [];

const itemsOf = ({ items, order, known }: Partition, prefix: string): readonly Item[] => {
  const standing = known.get(prefix);
  if (standing) return standing;
  const found: Item[] = [];
  for (let at = placeOf(order, prefix); at < order.length; at++) {
    const sk = order[at] as string;
    if (!sk.startsWith(prefix)) break;
    found.push(items.get(sk) as Item);
  }
  known.set(prefix, found);
  return found;
};

const placeOf = (order: readonly string[], sk: string): number => {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBeforeInBytes(order[middle] as string, sk)) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** DynamoDB orders sort keys by their UTF-8 bytes: as UTF-16 does, but for what takes two units there. */
export const isBeforeInBytes = (one: string, other: string): boolean =>
  twoUnits.test(one) || twoUnits.test(other) ? Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0 : one < other;
const twoUnits = /[\ud800-\udfff]/;
