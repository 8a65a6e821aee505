import { addSeconds } from '#core/instant';
import { dayPrefix, deliveredSk, healthPk, startOverSk, troubleSk } from '#core/keys';
import type { Health, HealthSums } from '#core/ports';
import type { Item, Table } from '#core/table';

/**
 * A row a day for what was delivered, one for each event that went wrong (written once, counted by query), and one for a start
 * over, with what its day had come to until then.
 */
export const healthStore = (table: Table): Health => {
  const rowsOf = (sequence: string, day: string) => table.query(healthPk(sequence), dayPrefix(day));
  return {
    addDelivered: async (sequence, day, count) =>
      void (await table.update({ pk: healthPk(sequence), sk: deliveredSk(day) }, { increase: { delivered: count } })),
    addTrouble: async (sequence, day, trouble, eventId) =>
      void (await table.put({ pk: healthPk(sequence), sk: troubleSk(day, trouble, eventId), trouble })),
    sums: async (sequence, { from, upTo }) => {
      const days = await Promise.all(daysBetween(from, upTo).map((day) => rowsOf(sequence, day)));
      const startedOver = days.findLastIndex((rows) => startOverOf(rows) !== undefined);
      const counted = days.slice(Math.max(0, startedOver));
      return minus(sumOf(counted.flat()), startOverOf(counted[0] ?? []));
    },
    startOver: async (sequence, day) => {
      const before = sumOf(await rowsOf(sequence, day));
      await table.put({ pk: healthPk(sequence), sk: startOverSk(day), before });
    },
  };
};

const daysBetween = (from: string, upTo: string): readonly string[] => {
  const days = [from];
  for (let day = next(from); day <= upTo; day = next(day)) days.push(day);
  return days;
};
const next = (day: string): string => addSeconds(`${day}T00:00:00.000Z`, 86_400).slice(0, 10);

const sumOf = (rows: readonly Item[]): HealthSums => {
  const count = (trouble: string) => rows.filter((it) => it.trouble === trouble).length;
  return {
    delivered: rows.reduce((sum, it) => sum + Number(it.delivered ?? 0), 0),
    bounced: count('bounced'),
    complained: count('complained'),
  };
};

const startOverOf = (rows: readonly Item[]): HealthSums | undefined => rows.find((it) => it.before)?.before as HealthSums | undefined;

const minus = (sums: HealthSums, before: HealthSums | undefined): HealthSums =>
  before
    ? {
        delivered: sums.delivered - before.delivered,
        bounced: sums.bounced - before.bounced,
        complained: sums.complained - before.complained,
      }
    : sums;
