import { toEpoch } from '#core/instant';
import { leadPk, profileSk, shardOf } from '#core/keys';
import type { Consent, Lead } from '#core/lead';
import type { Leads } from '#core/ports';
import type { Item, Table, Update } from '#core/table';
import { fromItem, onlyExisting } from './items.ts';

const attempts = 8;

export const leadStore = (table: Table): Leads => {
  const key = (leadId: string) => ({ pk: leadPk(leadId), sk: profileSk });
  const find = async (leadId: string) => {
    const item = await table.get(key(leadId));
    return item && fromItem<Lead>(item);
  };
  const change = async (leadId: string, update: Update) => void (await table.update(key(leadId), update, onlyExisting));

  return {
    find,
    upsert: async (lead, now) => {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const item = await table.get(key(lead.leadId));
        if (!item) {
          const fresh: Lead = { ...lead, stage: 'lead', createdAt: now, active: {}, handoffs: 0 };
          const written = await table.put(
            { ...key(lead.leadId), ...(fresh as unknown as Item), ...stageIndex(fresh), revision: 1 },
            { exists: false },
          );
          if (written === 'written') return 'created';
          continue;
        }
        const merged = merge(fromItem<Lead>(item), lead);
        if (!merged) return 'unchanged';
        const revision = Number(item.revision ?? 0);
        const update = { set: { fields: merged.fields, consents: merged.consents as unknown as Item, revision: revision + 1 } };
        if ((await table.update(key(lead.leadId), update, { exists: true, equals: { revision } })) !== 'refused') return 'updated';
      }
      throw Object.assign(new Error('the lead is being written by others'), { name: 'RetryableError' });
    },
    setConsents: (leadId, consents) => change(leadId, { setIn: { consents: consents as unknown as Item }, increase: { revision: 1 } }),
    pause: (leadId, until) => change(leadId, until === undefined ? { remove: ['pausedUntil'] } : { set: { pausedUntil: until } }),
    coolDown: async (leadId, until) => {
      const isShorter = [{ absent: ['coolUntil'] }, { below: { coolUntil: until } }];
      await table.update(key(leadId), { set: { coolUntil: until } }, { ...onlyExisting, either: isShorter });
    },
    awaitConfirmation: async (leadId, sequence, trigger) => {
      await change(leadId, { setIfAbsent: { waiting: {} } });
      await change(leadId, { setIn: { waiting: { [sequence]: trigger } } });
    },
    setStage: (leadId, stage) => change(leadId, { set: { stage, gsi2pk: stagePk(stage, leadId) } }),
    markActive: async (leadId, sequence, enrolmentId, expected) => {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const item = await table.get(key(leadId));
        if (!item) return 'refused';
        const standing = fromItem<Lead>(item).active[sequence];
        if (standing === enrolmentId) return 'marked';
        if (standing !== expected) return 'refused';
        const revision = Number(item.revision ?? 0);
        const update = { setIn: { active: { [sequence]: enrolmentId } }, set: { revision: revision + 1 } };
        if ((await table.update(key(leadId), update, { exists: true, equals: { revision } })) !== 'refused') return 'marked';
      }
      return 'refused';
    },
    beginHandoff: async (leadId, handoff) => {
      const written = await table.update(
        key(leadId),
        { set: { handoff: handoff as unknown as Item } },
        { exists: true, equals: { stage: 'lead' }, absent: ['handoff'] },
      );
      return written === 'refused' ? 'refused' : 'begun';
    },
    endHandoff: async (leadId, taskId, to) => {
      const item = await table.get(key(leadId));
      const lead = item && fromItem<Lead>(item);
      if (!lead?.handoff) return lead && to === 'mql' && lead.stage === 'mql' ? 'ended' : 'refused';
      if (lead.handoff.taskId !== taskId) return 'refused';
      const update: Update = {
        remove: ['handoff'],
        increase: { handoffs: 1 },
        ...(to === 'mql' && { set: { stage: 'mql', gsi2pk: stagePk('mql', leadId) } }),
      };
      const condition = { exists: true, equalsIn: { handoff: { taskId } } };
      return (await table.update(key(leadId), update, condition)) === 'refused' ? 'refused' : 'ended';
    },
  };
};

const stagePk = (stage: string, leadId: string) => `STAGE#${stage}#${shardOf(leadId)}`;
const stageIndex = (lead: Lead) => ({ gsi2pk: stagePk(lead.stage, lead.leadId), gsi2sk: lead.createdAt });

/** undefined: nothing new. Empty never overwrites; of two consents for a topic the newer stays, and of equals the refusal. */
const merge = (known: Lead, given: Pick<Lead, 'fields' | 'consents'>): Pick<Lead, 'fields' | 'consents'> | undefined => {
  const fields = Object.entries(given.fields).filter(([name, value]) => value !== '' && known.fields[name] !== value);
  const consents = Object.entries(given.consents).filter(([topic, consent]) => isNews(consent, known.consents[topic]));
  if (fields.length === 0 && consents.length === 0) return undefined;
  return { fields: { ...known.fields, ...Object.fromEntries(fields) }, consents: { ...known.consents, ...Object.fromEntries(consents) } };
};

const isNews = (given: Consent, known: Consent | undefined): boolean => {
  if (known === undefined) return true;
  // A list that repeats what was agreed to takes nothing from a confirmation.
  if (known.given && given.given && known.confirmed && !given.confirmed) return false;
  return toEpoch(given.at) > toEpoch(known.at) || (given.at === known.at && known.given && !given.given);
};
