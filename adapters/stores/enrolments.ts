import { type Enrolment, type EnrolmentKey, stopRank } from '#core/enrolment';
import { addSeconds } from '#core/instant';
import { duePk, enrolmentSk, failedPk, heldPk, leadPk, shardOf } from '#core/keys';
import type { Enrolments } from '#core/ports';
import { endWrite, nextLegWrite, parkWrite } from '#core/sequences/machine-writes';
import type { Item, Table } from '#core/table';
import { fromItem, onlyExisting } from './items.ts';

/** `waitLengths`: seconds of every static wait of every live artifact; 0 (planned waits) is always looked at. */
export const enrolmentStore = (table: Table, waitLengths: () => Promise<readonly number[]>): Enrolments => {
  const keyOf = ({ leadId, sequence, enrolmentId }: EnrolmentKey) => ({ pk: leadPk(leadId), sk: enrolmentSk(sequence, enrolmentId) });
  const find = async (key: EnrolmentKey) => {
    const item = await table.get(keyOf(key));
    return item && fromItem<Enrolment>(item);
  };
  return {
    find,
    ofLead: async (leadId) => (await table.query(leadPk(leadId), 'ENROLMENT#')).map((it) => fromItem<Enrolment>(it)),
    create: async (enrolment) =>
      (await table.put(
        { pk: leadPk(enrolment.leadId), sk: enrolmentSk(enrolment.sequence, enrolment.enrolmentId), ...(enrolment as unknown as Item) },
        { exists: false },
      )) === 'written'
        ? 'created'
        : 'exists',
    stop: async (key, stop) => {
      const rank = stopRank[stop.reason];
      const written = await table.update(
        keyOf(key),
        { set: { stop: stop as unknown as Item, stopRank: rank } },
        { exists: true, either: [{ absent: ['stop'] }, { below: { stopRank: rank } }] },
      );
      return written === 'refused' ? find(key) : fromItem<Enrolment>(written);
    },
    see: async (key, eventKeys, at) => {
      const written = await table.update(
        keyOf(key),
        { setInIfAbsent: { seen: Object.fromEntries(eventKeys.map((it) => [it, at])) } },
        onlyExisting,
      );
      return written === 'refused' ? undefined : fromItem<Enrolment>(written);
    },
    complete: async (key, leg, at) => {
      const { update, condition } = endWrite({ leg, endedAt: at, ending: 'completed' });
      return (await table.update(keyOf(key), update, condition)) === 'refused' ? 'refused' : 'ended';
    },
    park: async (key, { due, ...parking }) => {
      const write = parkWrite({ timed: true, due: { partition: duePk(shardOf(key.leadId), 0), from: due, plusSeconds: 0 }, ...parking });
      if ((await table.update(keyOf(key), write.update, write.condition)) !== 'refused') return 'parked';
      const row = await find(key);
      return row && row.leg === parking.leg && !row.stop && row.endedAt === undefined ? 'late' : 'refused';
    },
    recordVersion: async (key, leg, version) =>
      void (await table.update(keyOf(key), { set: { version } }, { ...onlyExisting, equals: { leg } })),
    keepAnswers: async (key, leg, answers) =>
      void (await table.update(keyOf(key), { set: { answers: answers as unknown as Item } }, { ...onlyExisting, equals: { leg } })),
    nextLeg: async (key, next) => {
      const { update, condition } = nextLegWrite({ ...next, partition: duePk(shardOf(key.leadId), 0) });
      const written = await table.update(keyOf(key), update, condition);
      return written === 'refused' ? 'refused' : fromItem<Enrolment>(written);
    },
    close: async (key, leg, { at, ending }) => {
      const isFailed = ending === 'failed';
      const place = isFailed ? { failure: 'execution-lost', gsi1pk: failedPk(shardOf(key.leadId)) } : {};
      const { update, condition } = endWrite({ leg, endedAt: at, ending, ...place });
      const once = { ...condition, absent: [...(condition.absent ?? []), 'endedAt'] };
      return (await table.update(keyOf(key), update, once)) === 'refused' ? 'refused' : 'ended';
    },
    overdue: async (shard, upTo, limit, after) => {
      const lengths = after ? Object.keys(after).map(Number) : [...new Set([0, ...(await waitLengths())])];
      const pages = await Promise.all(
        lengths.map((seconds) => {
          const from = after?.[seconds];
          const range = { upTo: addSeconds(upTo, -seconds), limit, ...(from !== undefined && { after: from }) };
          return table.queryIndex('gsi1', duePk(shard, seconds), range);
        }),
      );
      const next = lengths.flatMap((seconds, at) => (pages[at]?.next === undefined ? [] : [[seconds, pages[at].next] as const]));
      return {
        runs: pages.flatMap((page) => page.items).map((it) => fromItem<Enrolment>(it)),
        ...(next.length > 0 && { next: Object.fromEntries(next) }),
      };
    },
    held: async (shard, limit) => (await table.queryIndex('gsi1', heldPk(shard), { limit })).items.map((it) => fromItem<Enrolment>(it)),
    release: async (key, now) => {
      const shard = shardOf(key.leadId);
      const due = { gsi1pk: duePk(shard, 0), gsi1sk: now };
      await table.update(keyOf(key), { set: due }, { ...onlyExisting, equals: { gsi1pk: heldPk(shard) } });
    },
  };
};
