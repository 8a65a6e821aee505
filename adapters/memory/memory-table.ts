import type { IndexName, Item, Key, Table } from '#core/table';
import { applyUpdate, holds } from '#core/table-apply';

/** The table port on Maps. Items are never changed in place, so what a caller was given stays as it was. */
export const memoryTable = (): Table & { readonly size: () => number; readonly all: () => readonly Item[] } => {
  const partitions = new Map<string, Map<string, Item>>();
  const indexes = { gsi1: createIndex('gsi1'), gsi2: createIndex('gsi2') };
  const find = ({ pk, sk }: Key) => partitions.get(pk)?.get(sk);
  const store = (key: Key, item: Item | undefined) => {
    const before = find(key);
    for (const index of [indexes.gsi1, indexes.gsi2]) index.replace(key, before, item);
    const partition = partitions.get(key.pk);
    if (item) {
      if (partition) partition.set(key.sk, item);
      else partitions.set(key.pk, new Map([[key.sk, item]]));
    } else if (partition) {
      partition.delete(key.sk);
      if (partition.size === 0) partitions.delete(key.pk);
    }
  };
  return {
    get: async (key) => find(key),
    put: async (item, condition) => {
      if (condition && !holds(condition, find(item))) return 'refused';
      store(item, item);
      return 'written';
    },
    update: async (key, update, condition) => {
      const next = applyUpdate(find(key), key, update, condition);
      if (next !== 'refused') store(key, next);
      return next;
    },
    delete: async (key) => store(key, undefined),
    query: async (pk, prefix) =>
      [...(partitions.get(pk)?.entries() ?? [])]
        .filter(([sk]) => sk.startsWith(prefix))
        .sort(([one], [other]) => byBytes(one, other))
        .map(([, item]) => item),
    queryIndex: async (name, pk, range = {}) => indexes[name].query(pk, range),
    size: () => [...partitions.values()].reduce((sum, partition) => sum + partition.size, 0),
    all: () => [...partitions.values()].flatMap((partition) => [...partition.values()]),
  };
};

type Entry = { readonly sort: string; readonly id: string; readonly item: Item };

/** Sorted arrays by partition, ordered by sort key, then primary key. */
const createIndex = (name: IndexName) => {
  const partitions = new Map<string, Entry[]>();
  const entryOf = (key: Key, item: Item | undefined): { pk: string; entry: Entry } | undefined => {
    const pk = item?.[`${name}pk`];
    const sort = item?.[`${name}sk`];
    if (item === undefined || typeof pk !== 'string' || typeof sort !== 'string') return undefined;
    return { pk, entry: { sort, id: `${key.pk}\n${key.sk}`, item } };
  };
  return {
    replace: (key: Key, before: Item | undefined, after: Item | undefined) => {
      const old = entryOf(key, before);
      const next = entryOf(key, after);
      if (old) {
        const entries = partitions.get(old.pk) ?? [];
        entries.splice(placeOf(entries, old.entry), 1);
        if (entries.length === 0) partitions.delete(old.pk);
      }
      if (next) {
        const entries = partitions.get(next.pk) ?? [];
        entries.splice(placeOf(entries, next.entry), 0, next.entry);
        partitions.set(next.pk, entries);
      }
    },
    query: (pk: string, range: NonNullable<Parameters<Table['queryIndex']>[2]>) => {
      const { from, upTo, limit = Number.POSITIVE_INFINITY, after, descending = false } = range;
      const inRange = (partitions.get(pk) ?? []).filter(
        (it) => (from === undefined || it.sort >= from) && (upTo === undefined || it.sort <= upTo),
      );
      const ordered = descending ? inRange.reverse() : inRange;
      const begin = after === undefined ? 0 : ordered.findIndex((it) => cursorOf(it) === after) + 1;
      const page = ordered.slice(begin, begin + limit);
      const last = page.at(-1);
      const isMore = begin + page.length < ordered.length;
      return { items: page.map((it) => it.item), ...(isMore && last && { next: cursorOf(last) }) };
    },
  };
};

const cursorOf = (entry: Entry) => `${entry.sort}\n${entry.id}`;

/** DynamoDB orders sort keys by their UTF-8 bytes. */
const byBytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));

const placeOf = (entries: readonly Entry[], entry: Entry): number => {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = entries[middle];
    if (other && (other.sort < entry.sort || (other.sort === entry.sort && other.id < entry.id))) low = middle + 1;
    else high = middle;
  }
  return low;
};
