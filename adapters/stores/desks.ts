import { type Desk, emptyDesk } from '#core/desk';
import { companyKey, deskKey } from '#core/keys';
import type { Desks } from '#core/ports';
import type { Item, Table } from '#core/table';
import { fromItem } from './items.ts';

export const deskStore = (table: Table): Desks => ({
  read: async () => {
    const item = await table.get(deskKey);
    return item ? fromItem<Desk>(item) : emptyDesk;
  },
  write: async (desk) => {
    const next = { ...deskKey, ...(desk as unknown as Item), revision: desk.revision + 1 };
    return table.put(next, desk.revision === 0 ? { exists: false } : { equals: { revision: desk.revision } });
  },
  companyRep: async (companyId) => {
    const item = await table.get(companyKey(companyId));
    return item?.rep === undefined ? undefined : String(item.rep);
  },
  keepCompany: async (companyId, rep, instead) => {
    const may = instead === undefined ? { absent: ['rep'] } : { equals: { rep: instead } };
    await table.update(companyKey(companyId), { set: { rep } }, may);
  },
});
