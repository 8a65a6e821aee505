import type { IndexName, Item, Key, Table } from '#core/table';
import type { Place } from './memory-table.ts';

type Entry = { readonly sort: string; readonly id: string; readonly place: Place };
type Page = { readonly places: readonly Place[]; readonly next?: string };
type Range = NonNullable<Parameters<Table['queryIndex']>[2]>;

/** Sorted arrays by partition, ordered by sort key, then primary key. */
export const createIndex = (name: IndexName) => {
  const [pkName, skName] = [`${name}pk`, `${name}sk`];
  const partitions = new Map<string, Entry[]>();
  const remove = (pk: string, sort: string, id: string) => {
    const entries = partitions.get(pk) ?? [];
    entries.splice(placeOf(entries, sort, id), 1);
    if (entries.length === 0) partitions.delete(pk);
  };
  const insert = (pk: string, entry: Entry) => {
    const entries = partitions.get(pk);
    if (entries) entries.splice(placeOf(entries, entry.sort, entry.id), 0, entry);
    else partitions.set(pk, [entry]);
  };
  return {
    /** `place`: of the item, which holds whatever is written there later. */
    replace: (key: Key, before: Item | undefined, after: Item | undefined, place: Place) => {
      const oldPk = before?.[pkName];
      const pk = after?.[pkName];
      if (oldPk === undefined && pk === undefined) return;
      const oldSort = before?.[skName];
      const sort = after?.[skName];
      if (oldPk === pk && oldSort === sort) return;
      const id = `${key.pk}\n${key.sk}`;
      if (typeof oldPk === 'string' && typeof oldSort === 'string') remove(oldPk, oldSort, id);
      if (typeof pk === 'string' && typeof sort === 'string') insert(pk, { sort, id, place });
    },
    query: (pk: string, range: Range): Page => pageOf(partitions.get(pk) ?? [], range),
  };
};

const pageOf = (entries: readonly Entry[], { from, upTo, limit = Number.POSITIVE_INFINITY, after, descending = false }: Range): Page => {
  let low = from === undefined ? 0 : placeOf(entries, from, '');
  let high = upTo === undefined ? entries.length : placeOf(entries, upTo, last);
  if (after !== undefined) {
    const cut = after.indexOf('\n');
    const place = placeOf(entries, after.slice(0, cut), after.slice(cut + 1));
    if (descending) high = Math.min(high, place);
    else low = Math.max(low, place + (isEntry(entries[place], after) ? 1 : 0));
  }
  const size = Math.max(0, Math.min(limit, high - low));
  const page = descending ? entries.slice(high - size, high).reverse() : entries.slice(low, low + size);
  const end = page.at(-1);
  const isMore = size < high - low;
  return { places: page.map((it) => it.place), ...(isMore && end && { next: cursorOf(end) }) };
};

/** After every id. */
const last = '\uffff';
const cursorOf = (entry: Entry) => `${entry.sort}\n${entry.id}`;
const isEntry = (entry: Entry | undefined, cursor: string): boolean => entry !== undefined && cursorOf(entry) === cursor;

const placeOf = (entries: readonly Entry[], sort: string, id: string): number => {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = entries[middle] as Entry;
    if (other.sort < sort || (other.sort === sort && other.id < id)) low = middle + 1;
    else high = middle;
  }
  return low;
};
