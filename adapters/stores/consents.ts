import { consentSk, leadPk } from '#core/keys';
import type { ConsentEntry, ConsentLedger } from '#core/ports';
import type { Item, Table } from '#core/table';
import { fromItem } from './items.ts';

/** Under the lead's partition: erased with it. The same change written again is the same row; proof that is on record is never written over. */
export const consentLedger = (table: Table): ConsentLedger => ({
  record: async (leadId, entry) =>
    void (await table.put(
      { pk: leadPk(leadId), sk: consentSk(entry.confirmed?.at ?? entry.at, entry.topic), ...(entry as unknown as Item) },
      { exists: false },
    )),
  ofLead: async (leadId) => (await table.query(leadPk(leadId), 'CONSENT#')).map((it) => fromItem<ConsentEntry>(it)),
});
