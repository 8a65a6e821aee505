import type { EventRow } from '#core/events';
import { decisionSk, eventSk, leadPk, stageSk } from '#core/keys';
import type { Decision, Decisions, Events, Stages } from '#core/ports';
import type { Item, Table } from '#core/table';
import { fromItem } from './items.ts';

/**
 * Rows that are written once under a deterministic key, so that writing them again changes nothing. They stand under the
 * lead's partition and are erased with it; the callers have just read the profile, which is what says that the lead exists.
 */
export const eventStore = (table: Table): Events => ({
  find: async (leadId, eventId) => {
    const item = await table.get({ pk: leadPk(leadId), sk: eventSk(eventId) });
    return item && fromItem<EventRow>(item);
  },
  put: async (row) => void (await table.put({ pk: leadPk(row.leadId), sk: eventSk(row.eventId), ...(row as unknown as Item) })),
  add: async (row) => {
    const item = { pk: leadPk(row.leadId), sk: eventSk(row.eventId), ...(row as unknown as Item) };
    return (await table.put(item, { exists: false })) === 'written' ? 'added' : 'known';
  },
  ofLead: async (leadId) => (await table.query(leadPk(leadId), 'EVENT#')).map((it) => fromItem<EventRow>(it)),
});

export const stageStore = (table: Table): Stages => ({
  record: async (leadId, move) =>
    void (await table.put({ pk: leadPk(leadId), sk: stageSk(move.id), ...(move as unknown as Item) }, { exists: false })),
});

export const decisionStore = (table: Table): Decisions => ({
  record: async (decision) => {
    const { leadId, enrolmentId, step, round, attempt } = decision;
    await table.put({ pk: leadPk(leadId), sk: decisionSk(enrolmentId, step, round, attempt), ...(decision as unknown as Item) });
  },
  ofLead: async (leadId) => (await table.query(leadPk(leadId), 'DECISION#')).map((it) => fromItem<Decision>(it)),
});
