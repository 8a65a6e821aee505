import type { Erasure } from '#core/erasure';
import { erasurePk, erasureSk, erasuresDuePk, leadPk } from '#core/keys';
import type { Erasures } from '#core/ports';
import type { Item, Table } from '#core/table';
import { fromItem } from './items.ts';

/** Under a partition of its own, which outlives the lead's; in gsi1 until nobody has to look again. */
export const erasureStore = (table: Table): Erasures => {
  const keyOf = (leadId: string) => ({ pk: erasurePk(leadId), sk: erasureSk });
  const rowOf = (item: Item): Erasure & { readonly revision: number } => {
    const { gsi1pk: _pk, gsi1sk: _sk, ...row } = fromItem<Item>(item);
    return row as unknown as Erasure & { readonly revision: number };
  };
  return {
    find: async (leadId) => {
      const item = await table.get(keyOf(leadId));
      return item && rowOf(item);
    },
    save: async (before, next) => {
      const { againAt } = next;
      const index = againAt === undefined ? {} : { gsi1pk: erasuresDuePk, gsi1sk: againAt };
      const item = { ...keyOf(next.leadId), ...(next as unknown as Item), ...index, revision: (before?.revision ?? 0) + 1 };
      const written = await table.put(item, before ? { exists: true, equals: { revision: before.revision } } : { exists: false });
      return written === 'written' ? (item as unknown as Erasure & { readonly revision: number }) : 'refused';
    },
    due: async (upTo, limit) => {
      const found: Item[] = [];
      for (let after: string | undefined, isFirst = true; found.length < limit && (isFirst || after !== undefined); isFirst = false) {
        const page = await table.queryIndex('gsi1', erasuresDuePk, {
          upTo,
          limit: limit - found.length,
          ...(after !== undefined && { after }),
        });
        found.push(...page.items);
        after = page.next;
      }
      return found.map((it) => rowOf(it));
    },
    removeRows: async (id, isKept) => {
      const rows = (await table.query(leadPk(id), '')).filter((it) => !isKept(it));
      for (const { sk } of rows) await table.delete({ pk: leadPk(id), sk: String(sk) });
      return rows.length;
    },
  };
};
