import type { Item, Key, Page, Reading, Table, Update } from '#core/table';
import { applyUpdate, holds } from '#core/table-apply';
import { sizeAfter, sizeOfItem } from './item-size.ts';
import { createIndex } from './memory-index.ts';

/** Told of every read and write as it happens, with its bytes. `update`: what the write was told to do; a refused one has no item. */
export type TableWatch = {
  read(bytes: number, reading: Reading | 'item'): void;
  wrote(item: Item | undefined, bytes: number, update?: Update): void;
};
export type Watchable = { readonly watched?: ((watch: TableWatch) => Table) | undefined };

/** An item, measured at most once. */
export type Stored = { readonly item: Item; bytes: number };
const bytesOf = (stored: Stored | undefined): number => {
  if (!stored) return 0;
  if (stored.bytes < 0) stored.bytes = sizeOfItem(stored.item);
  return stored.bytes;
};

export type MemoryTable = Table & {
  readonly size: () => number;
  readonly all: () => readonly Item[];
  /** The same rows, and everything that is done to them that way is told of. */
  readonly watched: (watch: TableWatch) => Table;
};

/**
 * The table port on Maps. Items are never changed in place, so what a caller was given stays as it was; and of a partition that did
 * not change, a query gives the very same list, so that who reads it again may know it by that.
 */
export const memoryTable = (): MemoryTable => {
  const partitions = new Map<string, Partition>();
  const indexes = { gsi1: createIndex('gsi1'), gsi2: createIndex('gsi2') };
  const find = ({ pk, sk }: Key) => partitions.get(pk)?.items.get(sk);
  const store = (key: Key, before: Stored | undefined, after: Stored | undefined) => {
    indexes.gsi1.replace(key, before, after);
    indexes.gsi2.replace(key, before, after);
    let partition = partitions.get(key.pk);
    if (after) {
      if (!partition) {
        partition = newPartition();
        partitions.set(key.pk, partition);
      }
      if (!before) insertKey(partition, key.sk);
      partition.items.set(key.sk, after);
    } else if (partition && before) {
      partition.order.splice(placeOf(partition, key.sk), 1);
      partition.items.delete(key.sk);
      if (partition.items.size === 0) partitions.delete(key.pk);
    }
    if (partition && partition.known.size > 0) partition.known.clear();
  };
  const on = (watch: TableWatch | undefined): Table => ({
    get: async (key) => {
      const stored = find(key);
      watch?.read(bytesOf(stored), 'item');
      return stored?.item;
    },
    put: async (item, condition) => {
      const before = find(item);
      const after = { item, bytes: -1 };
      watch?.wrote(item, bytesOf(after));
      if (condition && !holds(condition, before?.item)) return 'refused';
      store(item, before, after);
      return 'written';
    },
    update: async (key, update, condition) => {
      const before = find(key);
      const next = applyUpdate(before?.item, key, update, condition);
      if (next === 'refused') {
        watch?.wrote(undefined, 0, update);
        return next;
      }
      const after = { item: next, bytes: before && before.bytes >= 0 ? sizeAfter(before.item, before.bytes, next, update) : -1 };
      watch?.wrote(next, bytesOf(after), update);
      store(key, before, after);
      return next;
    },
    delete: async (key) => {
      watch?.wrote(undefined, 0);
      store(key, find(key), undefined);
    },
    query: async (pk, prefix, reading) => {
      const partition = partitions.get(pk);
      const found = partition ? itemsOf(partition, prefix) : nothing;
      if (watch) {
        if (found.bytes < 0) found.bytes = found.stored.reduce((sum, it) => sum + bytesOf(it), 0);
        watch.read(found.bytes, reading ?? 'consistent');
      }
      return found.items;
    },
    queryIndex: async (name, pk, range = {}): Promise<Page> => {
      const { stored, next } = indexes[name].query(pk, range);
      if (watch) {
        let bytes = 0;
        for (const it of stored) bytes += bytesOf(it);
        watch.read(bytes, 'eventual');
      }
      return { items: stored.map((it) => it.item), ...(next !== undefined && { next }) };
    },
  });
  return {
    ...on(undefined),
    watched: on,
    size: () => [...partitions.values()].reduce((sum, partition) => sum + partition.items.size, 0),
    all: () => [...partitions.values()].flatMap((partition) => [...partition.items.values()].map((it) => it.item)),
  };
};

/** `order`: the sort keys, sorted. `isWide`: one of them needs two units somewhere. `known`: what was asked for since the last write, by prefix. */
type Partition = { readonly items: Map<string, Stored>; readonly order: string[]; isWide: boolean; readonly known: Map<string, Found> };
type Found = { readonly items: readonly Item[]; readonly stored: readonly Stored[]; bytes: number };
const newPartition = (): Partition => ({ items: new Map(), order: [], isWide: false, known: new Map() });
const nothing: Found = { items: [], stored: [], bytes: 0 };

const insertKey = (partition: Partition, sk: string): void => {
  if (twoUnits.test(sk)) partition.isWide = true;
  partition.order.splice(placeOf(partition, sk), 0, sk);
};

const itemsOf = (partition: Partition, prefix: string): Found => {
  const standing = partition.known.get(prefix);
  if (standing) return standing;
  const { order, items } = partition;
  const stored: Stored[] = [];
  for (let at = prefix === '' ? 0 : placeOf(partition, prefix); at < order.length; at++) {
    const sk = order[at] as string;
    if (!sk.startsWith(prefix)) break;
    stored.push(items.get(sk) as Stored);
  }
  const found = { items: stored.map((it) => it.item), stored, bytes: -1 };
  partition.known.set(prefix, found);
  return found;
};

const placeOf = ({ order, isWide }: Partition, sk: string): number => {
  const isPlain = !isWide && !twoUnits.test(sk);
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = order[middle] as string;
    if (isPlain ? other < sk : isBeforeInBytes(other, sk)) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** DynamoDB orders sort keys by their UTF-8 bytes: as UTF-16 does, but for what takes two units there. */
export const isBeforeInBytes = (one: string, other: string): boolean =>
  twoUnits.test(one) || twoUnits.test(other) ? Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0 : one < other;
const twoUnits = /[\ud800-\udfff]/;
