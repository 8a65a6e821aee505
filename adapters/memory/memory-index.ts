import type { IndexName, Key, Table } from '#core/table';
import type { Stored } from './memory-table.ts';

type Entry = { readonly sort: string; readonly id: string; stored: Stored };
type Page = { readonly stored: readonly Stored[]; readonly next?: string };
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
    replace: (key: Key, before: Stored | undefined, after: Stored | undefined) => {
      const oldPk = before?.item[pkName];
      const pk = after?.item[pkName];
      if (oldPk === undefined && pk === undefined) return;
      const oldSort = before?.item[skName];
      const sort = after?.item[skName];
      const wasIn = typeof oldPk === 'string' && typeof oldSort === 'string';
      const isIn = after !== undefined && typeof pk === 'string' && typeof sort === 'string';
      if (!wasIn && !isIn) return;
      const id = `${key.pk}\n${key.sk}`;
      if (wasIn && isIn && oldPk === pk && oldSort === sort) {
        const entries = partitions.get(pk) ?? [];
        (entries[placeOf(entries, sort, id)] as Entry).stored = after;
        return;
      }
      if (wasIn) remove(oldPk, oldSort, id);
      if (isIn) insert(pk, { sort, id, stored: after });
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
  return { stored: page.map((it) => it.stored), ...(isMore && end && { next: cursorOf(end) }) };
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
