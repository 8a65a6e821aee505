import { leadPk, sendSk, unsettledPk } from '#core/keys';
import type { Sends } from '#core/ports';
import type { SendKey, SendRecord } from '#core/sending';
import type { Item, Table } from '#core/table';
import { fromItem } from './items.ts';

export const sendStore = (table: Table): Sends => {
  const skOf = ({ enrolmentId, step, round }: SendKey) => sendSk(enrolmentId, step, round);
  const keyOf = (key: SendKey) => ({ pk: leadPk(key.leadId), sk: skOf(key) });
  const find = async (key: SendKey) => {
    const item = await table.get(keyOf(key));
    return item && fromItem<SendRecord>(item);
  };
  return {
    find,
    write: (record) =>
      table.put(
        { pk: leadPk(record.leadId), sk: skOf(record), ...(record as unknown as Item) },
        record.revision === 1 ? { exists: false } : { exists: true, equals: { revision: record.revision - 1 } },
      ),
    noteDelivered: async (key, at) => {
      const noted = await table.update(
        keyOf(key),
        { set: { deliveredAt: at }, increase: { revision: 1 } },
        { exists: true, absent: ['deliveredAt'] },
      );
      if (noted !== 'refused') return { record: fromItem<SendRecord>(noted), isNews: true };
      const record = await find(key);
      return record && { record, isNews: false };
    },
    ofLead: async (leadId) => (await table.query(leadPk(leadId), 'SEND#')).map((it) => fromItem<SendRecord>(it)),
    unsettled: async (shard, upTo, limit) =>
      (await table.queryIndex('gsi1', unsettledPk(shard), { upTo, limit })).items.map((it) => fromItem<SendRecord>(it)),
  };
};
