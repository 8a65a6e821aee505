import { stopListPk, stoppedSk } from '#core/keys';
import type { StopList } from '#core/ports';
import type { StoppedCompany } from '#core/stop-list';
import type { Item, Table } from '#core/table';
import { fromItem } from './items.ts';

export const stopListStore = (table: Table): StopList => {
  const keyOf = (domain: string) => ({ pk: stopListPk, sk: stoppedSk(domain) });
  const find = async (domain: string) => {
    const item = await table.get(keyOf(domain));
    return item && fromItem<StoppedCompany>(item);
  };
  return {
    find,
    add: async (company) => {
      const item = { ...keyOf(company.domain), ...(company as unknown as Item) };
      return (await table.put(item, { exists: false })) === 'written' ? 'added' : 'known';
    },
    remove: async (domain) => {
      if (!(await find(domain))) return 'unknown';
      await table.delete(keyOf(domain));
      return 'removed';
    },
    all: async () => (await table.query(stopListPk, stoppedSk(''))).map((it) => fromItem<StoppedCompany>(it)),
  };
};
