import { toEpoch } from '#core/instant';
import { limitKey } from '#core/keys';
import type { Limits } from '#core/ports';
import type { Table } from '#core/table';

const attempts = 4;

/** One item a name, which holds the present minute alone: nothing piles up. */
export const limitStore = (table: Table): Limits => ({
  take: async (name, now, most) => {
    const minute = Math.floor(toEpoch(now) / 60_000);
    const key = limitKey(name);
    for (let attempt = 0; attempt < attempts; attempt++) {
      const counted = await table.update(key, { increase: { count: 1 } }, { exists: true, equals: { minute }, below: { count: most } });
      if (counted !== 'refused') return 'taken';
      const item = await table.get(key);
      if (item?.minute === minute) return 60 - Math.floor((toEpoch(now) % 60_000) / 1000);
      const fresh = await table.put({ ...key, minute, count: 1 }, item ? { equals: { minute: item.minute ?? 0 } } : { exists: false });
      if (fresh === 'written') return 'taken';
    }
    // So many at once begin a minute: one request more is better than one refused without need.
    return 'taken';
  },
});
