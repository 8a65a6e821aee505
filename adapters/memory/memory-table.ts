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

/** Where an item stands for as long as it is there, whatever is written into it; it is measured at most once. */
export type Place = { readonly sk: string; item: Item; bytes: number };
const bytesOf = (place: Place): number => {
  if (place.bytes < 0) place.bytes = sizeOfItem(place.item);
  return place.bytes;
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
  const find = ({ pk, sk }: Key) => partitions.get(pk)?.places.get(sk);
  const reindex = (key: Key, before: Item | undefined, after: Item | undefined, place: Place) => {
    indexes.gsi1.replace(key, before, after, place);
    indexes.gsi2.replace(key, before, after, place);
  };
  const add = (key: Key, item: Item, bytes: number) => {
    const place = { sk: key.sk, item, bytes };
    let partition = partitions.get(key.pk);
    if (!partition) {
      partition = newPartition();
      partitions.set(key.pk, partition);
    }
    insert(partition, place);
    if (isIndexed(item)) reindex(key, undefined, item, place);
  };
  const store = (key: Key, place: Place | undefined, item: Item, bytes: number) => {
    if (!place) return add(key, item, bytes);
    const before = place.item;
    place.item = item;
    place.bytes = bytes;
    partitions.get(key.pk)?.known?.clear();
    if (isIndexed(before) || isIndexed(item)) reindex(key, before, item, place);
  };
  const remove = (key: Key) => {
    const partition = partitions.get(key.pk);
    const place = partition?.places.get(key.sk);
    if (!partition || !place) return;
    partition.order.splice(placeOf(partition, key.sk), 1);
    partition.places.delete(key.sk);
    partition.known?.clear();
    if (partition.places.size === 0) partitions.delete(key.pk);
    if (isIndexed(place.item)) reindex(key, place.item, undefined, place);
  };
  const on = (watch: TableWatch | undefined): Table => ({
    get: async (key) => {
      const place = find(key);
      watch?.read(place ? bytesOf(place) : 0, 'item');
      return place?.item;
    },
    put: async (item, condition) => {
      const place = find(item);
      const bytes = watch ? sizeOfItem(item) : -1;
      watch?.wrote(item, bytes);
      if (condition && !holds(condition, place?.item)) return 'refused';
      store(item, place, item, bytes);
      return 'written';
    },
    update: async (key, update, condition) => {
      const place = find(key);
      const next = applyUpdate(place?.item, key, update, condition);
      if (next === 'refused') {
        watch?.wrote(undefined, 0, update);
        return next;
      }
      const isMeasured = place !== undefined && place.bytes >= 0;
      const bytes = isMeasured ? sizeAfter(place.item, place.bytes, next, update) : watch ? sizeOfItem(next) : -1;
      watch?.wrote(next, bytes, update);
      store(key, place, next, bytes);
      return next;
    },
    delete: async (key) => {
      watch?.wrote(undefined, 0);
      remove(key);
    },
    query: async (pk, prefix, reading) => {
      const partition = partitions.get(pk);
      const found = partition ? itemsOf(partition, prefix) : nothing;
      if (watch) {
        if (found.bytes < 0) found.bytes = bytesAt(found.places);
        watch.read(found.bytes, reading ?? 'consistent');
      }
      return found.items;
    },
    queryIndex: async (name, pk, range = {}): Promise<Page> => {
      const { places, next } = indexes[name].query(pk, range);
      watch?.read(bytesAt(places), 'eventual');
      return { items: itemsAt(places), ...(next !== undefined && { next }) };
    },
  });
  return {
    ...on(undefined),
    watched: on,
    size: () => [...partitions.values()].reduce((sum, partition) => sum + partition.places.size, 0),
    all: () => [...partitions.values()].flatMap((partition) => itemsAt([...partition.places.values()])),
  };
};

/** An entry without its sort key is in no index. */
const isIndexed = (item: Item): boolean => item.gsi1pk !== undefined || item.gsi2pk !== undefined;

/** `order`: by sort key. `isWide`: one of them needs two units somewhere. `known`: what was asked for since the last write, by prefix. */
type Partition = { readonly places: Map<string, Place>; readonly order: Place[]; isWide: boolean; known: Map<string, Found> | undefined };
type Found = { readonly items: readonly Item[]; readonly places: readonly Place[]; bytes: number };
const newPartition = (): Partition => ({ places: new Map(), order: [], isWide: false, known: undefined });
const nothing: Found = { items: [], places: [], bytes: 0 };

const insert = (partition: Partition, place: Place): void => {
  if (twoUnits.test(place.sk)) partition.isWide = true;
  const { order } = partition;
  const at = placeOf(partition, place.sk);
  if (at === order.length) order.push(place);
  else order.splice(at, 0, place);
  partition.places.set(place.sk, place);
  partition.known?.clear();
};

const itemsOf = (partition: Partition, prefix: string): Found => {
  const standing = partition.known?.get(prefix);
  if (standing) return standing;
  const places = placesFrom(partition, prefix);
  const found = { items: itemsAt(places), places, bytes: -1 };
  partition.known ??= new Map();
  partition.known.set(prefix, found);
  return found;
};

const placesFrom = (partition: Partition, prefix: string): readonly Place[] => {
  const { order } = partition;
  if (prefix === '') return order.slice();
  const from = placeOf(partition, prefix);
  let upTo = from;
  while (upTo < order.length && (order[upTo] as Place).sk.startsWith(prefix)) upTo++;
  return order.slice(from, upTo);
};

const itemsAt = (places: readonly Place[]): readonly Item[] => places.map((it) => it.item);

const bytesAt = (places: readonly Place[]): number => {
  let bytes = 0;
  for (const place of places) bytes += bytesOf(place);
  return bytes;
};

const placeOf = ({ order, isWide }: Partition, sk: string): number => {
  const isPlain = !isWide && !twoUnits.test(sk);
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = (order[middle] as Place).sk;
    if (isPlain ? other < sk : isBeforeInBytes(other, sk)) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** DynamoDB orders sort keys by their UTF-8 bytes: as UTF-16 does, but for what takes two units there. */
const isBeforeInBytes = (one: string, other: string): boolean =>
  twoUnits.test(one) || twoUnits.test(other) ? Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0 : one < other;
const twoUnits = /[\ud800-\udfff]/;
