import { addSeconds, type Instant } from '#core/instant';
import type { Item, Table } from '#core/table';
import type { Random } from '#local/prove/gate';

/** A table whose eventual reads show a partition as it stood up to `mostSeconds` ago, each by lot. All else is as it is. */
export const staleTable = (table: Table, random: Random, now: () => Instant, mostSeconds: number) => {
  const past = new Map<string, { readonly until: Instant; readonly items: readonly Item[] }[]>();
  const seen = { stale: 0 };
  const keep = async (pk: string): Promise<void> => {
    const items = await table.query(pk, '');
    past.set(pk, [...(past.get(pk) ?? []), { until: now(), items }]);
  };
  const stale: Table = {
    ...table,
    put: async (item, condition) => {
      await keep(item.pk);
      return table.put(item, condition);
    },
    update: async (key, update, condition) => {
      await keep(key.pk);
      return table.update(key, update, condition);
    },
    delete: async (key) => {
      await keep(key.pk);
      return table.delete(key);
    },
    query: async (pk, prefix, reading) => {
      const at = addSeconds(now(), -random() * mostSeconds);
      const then = reading === 'eventual' ? past.get(pk)?.find(({ until }) => until > at) : undefined;
      if (!then) return table.query(pk, prefix, reading);
      seen.stale++;
      return then.items.filter((it) => String(it.sk).startsWith(prefix));
    },
  };
  return { stale, seen };
};
