import { deliveredSk, healthPk, troubleSk } from '#core/keys';
import type { Health } from '#core/ports';
import type { Table } from '#core/table';

/** Sums are small: a row a day for what was delivered, one for each event that went wrong (written once, counted by query). */
export const healthStore = (table: Table): Health => ({
  addDelivered: async (sequence, day, count) =>
    void (await table.update({ pk: healthPk(sequence), sk: deliveredSk(day) }, { increase: { delivered: count } })),
  addTrouble: async (sequence, day, trouble, eventId) =>
    void (await table.put({ pk: healthPk(sequence), sk: troubleSk(day, trouble, eventId), trouble })),
  since: async (sequence, day) => {
    const rows = (await table.query(healthPk(sequence), '')).filter((it) => String(it.sk) >= day);
    const count = (trouble: string) => rows.filter((it) => it.trouble === trouble).length;
    return {
      delivered: rows.reduce((sum, it) => sum + Number(it.delivered ?? 0), 0),
      bounced: count('bounced'),
      complained: count('complained'),
    };
  },
});
