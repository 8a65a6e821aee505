import { leadPk, profileSk } from '#core/keys';
import type { Lead } from '#core/lead';
import { type HistoryKind, historyKinds, inNewHands, isFresh } from '#core/lead-history';
import { mergeLeads } from '#core/merge-leads';
import type { Former, FormerLeads } from '#core/ports';
import type { Item, Table } from '#core/table';
import { fromItem, isFormer, living, stageIndex } from './items.ts';

const attempts = 8;

/** A former lead is its own profile with `mergedInto`: what stands there can neither be found nor written to any more. */
export const formerLeadStore = (table: Table): FormerLeads => {
  const key = (leadId: string) => ({ pk: leadPk(leadId), sk: profileSk });
  return {
    find: async (leadId) => {
      const item = await table.get(key(leadId));
      return item && isFormer(item) ? toFormer(leadId, item) : undefined;
    },
    close: async ({ leadId, into }, at) => {
      const closed = { set: { leadId, mergedInto: into, mergedAt: at }, increase: { revision: 1 }, remove: ['gsi2pk', 'gsi2sk'] };
      await table.update(key(leadId), closed, { absent: ['mergedInto'] });
    },
    absorb: async (leadId, address, former, at) => {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const item = await table.get(key(leadId));
        if (!item || isFormer(item)) return 'refused';
        const lead = fromItem<Lead>(item);
        const merged = mergeLeads(lead, address, former, at);
        if (!merged) return 'unchanged';
        const revision = Number(item.revision ?? 0);
        const next = { ...(merged as unknown as Item), ...key(leadId), ...stageIndex(merged), revision: revision + 1 };
        if ((await table.put(next, { ...living, equals: { revision } })) === 'written') return 'absorbed';
      }
      throw Object.assign(new Error('the lead is being written by others'), { name: 'RetryableError' });
    },
    copyHistory: async (former, leadId) => {
      const again: string[] = [];
      for (const kind of historyKinds) {
        for (const item of await table.query(leadPk(former.leadId), kind)) {
          await copy(kind, item, former, leadId);
          if (kind === 'EVENT#' && isFresh(item, former.at)) again.push(String(item.eventId));
        }
      }
      return again;
    },
    strip: async ({ leadId, into, at }) =>
      void (await table.put({ ...key(leadId), leadId, mergedInto: into, mergedAt: at }, { exists: true, equals: { mergedInto: into } })),
  };

  async function copy(kind: HistoryKind, item: Item, former: Former, leadId: string) {
    const row = inNewHands(kind, fromItem<Item>(item), former, leadId);
    await table.put({ ...row, pk: leadPk(leadId), sk: String(item.sk) }, { exists: false });
  }
};

const toFormer = (leadId: string, item: Item): Former => {
  const { mergedInto, mergedAt, ...lead } = fromItem<Lead & { mergedInto: string; mergedAt: string }>(item);
  return { leadId, into: mergedInto, at: mergedAt, ...(lead.email !== undefined && { lead }) };
};
