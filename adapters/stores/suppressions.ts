import { suppressionPk } from '#core/keys';
import type { Suppression, Suppressions } from '#core/ports';
import type { Item, Table } from '#core/table';
import { fromItem } from './items.ts';

/** Under a partition of their own: they survive the lead's erasure. */
export const suppressionStore = (table: Table): Suppressions => ({
  ofLead: async (leadId) => (await table.query(suppressionPk(leadId), '')).map((it) => fromItem<Suppression>(it)),
  add: async (leadId, suppression) =>
    void (await table.put(
      { pk: suppressionPk(leadId), sk: suppression.scope, ...(suppression as unknown as Item) },
      { either: [{ exists: false }, { below: { at: suppression.at } }] },
    )),
});
