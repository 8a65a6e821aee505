import { retryableError } from '#core/errors';
import { type Instant, toEpoch } from '#core/instant';
import { entryDuePk, leadPk, profileSk, shardOf } from '#core/keys';
import { type Consent, type Lead, nurtureStages } from '#core/lead';
import type { Leads } from '#core/ports';
import type { Condition, Item, Table, Update } from '#core/table';
import { type FieldTimes, fieldTime, updateFields } from '#core/update-fields';
import { fromItem, isFormer, living, stageIndex, stagePk } from './items.ts';

const attempts = 8;

export const leadStore = (table: Table): Leads => {
  const key = (leadId: string) => ({ pk: leadPk(leadId), sk: profileSk });
  const find = async (leadId: string) => {
    const item = await table.get(key(leadId));
    return item && !isFormer(item) ? fromItem<Lead>(item) : undefined;
  };
  /** Of a lead that went into another, the other is meant. Every write raises the revision, so that a merge misses none. */
  const changeAs = async (leadId: string, updateOf: (leadId: string) => Update, unless: Condition = {}): Promise<void> => {
    const update = updateOf(leadId);
    const counted = { ...update, increase: { ...update.increase, revision: 1 } };
    if ((await table.update(key(leadId), counted, { ...living, ...unless })) !== 'refused') return;
    const { mergedInto } = (await table.get(key(leadId))) ?? {};
    if (mergedInto !== undefined) await changeAs(String(mergedInto), updateOf, unless);
  };
  const change = (leadId: string, update: Update) => changeAs(leadId, () => update);

  /** Unless somebody has written since `item` was read. */
  const putOver = async (leadId: string, item: Item, changes: object): Promise<boolean> => {
    const revision = Number(item.revision ?? 0);
    const update = { set: { ...(changes as unknown as Item), revision: revision + 1 } };
    return (await table.update(key(leadId), update, { ...living, equals: { revision } })) !== 'refused';
  };

  return {
    find,
    upsert: async (given, now) => {
      let lead = given;
      for (let attempt = 0; attempt < attempts; attempt++) {
        const item = await table.get(key(lead.leadId));
        if (item && isFormer(item)) {
          lead = { ...lead, leadId: String(item.mergedInto) };
          continue;
        }
        if (!item) {
          const fresh = freshLead(lead, now);
          const written = await table.put(
            { revision: 1, ...key(lead.leadId), ...(fresh as unknown as Item), ...stageIndex(fresh) },
            { exists: false },
          );
          if (written === 'written') return 'created';
          continue;
        }
        const merged = merge(fromItem<Lead>(item), lead, now);
        if (!merged) return 'unchanged';
        if (await putOver(lead.leadId, item, merged)) return 'updated';
      }
      throw retryableError('the lead is being written by others');
    },
    edit: async (leadId, { fields, consents }, now) => {
      let id = leadId;
      for (let attempt = 0; attempt < attempts; attempt++) {
        const item = await table.get(key(id));
        if (!item) return 'gone';
        if (isFormer(item)) {
          id = String(item.mergedInto);
          continue;
        }
        const known = fromItem<Lead>(item);
        const merged = merge(known, { leadId: id, email: known.email, fields, consents }, now);
        if (!merged) return 'unchanged';
        if (await putOver(id, item, merged)) return 'updated';
      }
      throw retryableError('the lead is being written by others');
    },
    setConsents: (leadId, consents) => change(leadId, { setIn: { consents: consents as unknown as Item } }),
    pause: (leadId, until) => change(leadId, until === undefined ? { remove: ['pausedUntil'] } : { set: { pausedUntil: until } }),
    coolDown: (leadId, until) =>
      changeAs(leadId, () => ({ set: { coolUntil: until } }), { either: [{ absent: ['coolUntil'] }, { below: { coolUntil: until } }] }),
    setAway: (leadId, until) =>
      changeAs(leadId, () => ({ set: { awayUntil: until } }), { either: [{ absent: ['awayUntil'] }, { below: { awayUntil: until } }] }),
    awaitConfirmation: async (leadId, sequence, trigger) => {
      await change(leadId, { setIfAbsent: { waiting: {} } });
      await change(leadId, { setIn: { waiting: { [sequence]: trigger } } });
    },
    markEntries: async ({ leadId, revision = 0 }, entries) => {
      const due = Object.values(entries)
        .flatMap((it) => it.due ?? [])
        .sort()[0];
      const index = due === undefined ? { remove: ['gsi1pk', 'gsi1sk'] } : {};
      const at = due === undefined ? {} : { gsi1pk: entryDuePk(shardOf(leadId)), gsi1sk: due };
      const update: Update = { set: { entries: entries as unknown as Item, revision: revision + 1, ...at }, ...index };
      return (await table.update(key(leadId), update, { ...living, equals: { revision } })) === 'refused' ? 'refused' : 'marked';
    },
    entriesDue: async (shard, upTo, limit, after) => {
      const page = await table.queryIndex('gsi1', entryDuePk(shard), { upTo, limit, ...(after !== undefined && { after }) });
      const leadIds = page.items.map((it) => String(it.pk).slice(leadPk('').length));
      return { leadIds, ...(page.next !== undefined && { next: page.next }) };
    },
    moveStage: async (leadId, from, to) => {
      const update: Update = { set: { stage: to, gsi2pk: stagePk(to, leadId) }, increase: { revision: 1 } };
      return (await table.update(key(leadId), update, { ...living, equals: { stage: from } })) === 'refused' ? 'refused' : 'moved';
    },
    markActive: async (leadId, sequence, enrolmentId, expected) => {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const item = await table.get(key(leadId));
        if (!item || isFormer(item)) return 'refused';
        const standing = fromItem<Lead>(item).active[sequence];
        if (standing === enrolmentId) return 'marked';
        if (standing !== expected) return 'refused';
        const revision = Number(item.revision ?? 0);
        const update = { setIn: { active: { [sequence]: enrolmentId } }, set: { revision: revision + 1 } };
        if ((await table.update(key(leadId), update, { ...living, equals: { revision } })) !== 'refused') return 'marked';
      }
      return 'refused';
    },
    beginHandoff: async (leadId, handoff, before) => {
      const written = await table.update(
        key(leadId),
        { set: { handoff: handoff as unknown as Item, ...(before !== undefined && { handoffs: before }) }, increase: { revision: 1 } },
        { exists: true, absent: ['handoff', 'mergedInto'], either: nurtureStages.map((stage) => ({ equals: { stage } })) },
      );
      return written === 'refused' ? 'refused' : 'begun';
    },
    endHandoff: async (leadId, taskId, to) => {
      const lead = await find(leadId);
      if (!lead?.handoff) return lead && to !== 'lead' && lead.stage === to ? 'ended' : 'refused';
      if (lead.handoff.taskId !== taskId) return 'refused';
      const update: Update = {
        remove: ['handoff'],
        increase: { handoffs: 1, revision: 1 },
        ...(to !== 'lead' && { set: { stage: to, gsi2pk: stagePk(to, leadId) } }),
      };
      const condition = { ...living, equalsIn: { handoff: { taskId } } };
      return (await table.update(key(leadId), update, condition)) === 'refused' ? 'refused' : 'ended';
    },
  };
};

type Given = Parameters<Leads['upsert']>[0];

const freshLead = ({ leadId, email, fields, consents, update }: Given, now: Instant): Lead => {
  const { fields: filled, fieldTimes } = updateFields(undefined, fields, update, now) ?? { fields: {}, fieldTimes: {} };
  const times = { ...fieldTimes, ...(update?.at !== undefined && { email: update.at }) };
  const base = { leadId, email, fields: filled, consents, stage: 'lead', createdAt: now, active: {}, handoffs: 0 } as const;
  return Object.keys(times).length > 0 ? { ...base, fieldTimes: times } : base;
};

/** undefined: nothing new. Empty never overwrites; of two consents for a topic the newer stays, and of equals the refusal. */
const merge = (known: Lead, given: Given, now: Instant): Pick<Lead, 'fields' | 'fieldTimes' | 'consents'> | undefined => {
  const { fields, fieldTimes: times } = updateFields(known, given.fields, given.update, now) ?? known;
  const fieldTimes: FieldTimes = { ...times, ...addressTime(known, given) };
  const consents = Object.entries(given.consents).filter(([topic, consent]) => isNews(consent, known.consents[topic]));
  if (fields === known.fields && consents.length === 0 && fieldTimes.email === known.fieldTimes?.email) return undefined;
  const hasTimes = Object.keys(fieldTimes).length > 0;
  return { fields, ...(hasTimes && { fieldTimes }), consents: { ...known.consents, ...Object.fromEntries(consents) } };
};

/** A source that names the present address at a later time: what is older must not bring another back. */
const addressTime = (known: Lead, { email, update }: Given): FieldTimes =>
  update?.at !== undefined && email === known.email && update.at > (fieldTime(known, 'email') ?? '') ? { email: update.at } : {};

const isNews = (given: Consent, known: Consent | undefined): boolean => {
  if (known === undefined) return true;
  // A list that repeats what was agreed to takes nothing from a confirmation.
  if (known.given && given.given && known.confirmed && !given.confirmed) return false;
  return toEpoch(given.at) > toEpoch(known.at) || (given.at === known.at && known.given && !given.given);
};
