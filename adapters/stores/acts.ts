import { actsAllPk, actsPk } from '#core/keys';
import type { Acts, HandAct } from '#core/ports';
import type { Table } from '#core/table';

/** What people did by hand in the console: ids, and the name of who did it. Nothing deletes it. */
export const actStore = (table: Table): Acts => ({
  note: async (act) => {
    const sk = [act.at, act.act, act.by, act.leadId ?? '', act.what ?? ''].join('#');
    // The same asked for twice at the same moment is once.
    await table.put({ ...act, pk: actsPk(act.at.slice(0, 7)), sk, gsi2pk: actsAllPk, gsi2sk: sk }, { exists: false });
  },
  lately: async (limit) => {
    const { items } = await table.queryIndex('gsi2', actsAllPk, { limit, descending: true });
    return items.map(({ pk: _pk, sk: _sk, gsi2pk: _gsi2pk, gsi2sk: _gsi2sk, ...act }) => act as unknown as HandAct);
  },
});
