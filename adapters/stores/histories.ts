import type { Enrolment } from '#core/enrolment';
import type { EventRow } from '#core/events';
import { leadPk, profileSk } from '#core/keys';
import type { Lead } from '#core/lead';
import type { StageMove } from '#core/lifecycle';
import type { ConsentEntry, Decision, Histories, History } from '#core/ports';
import type { SendRecord } from '#core/sending';
import type { Item, Table } from '#core/table';
import { fromItem, isFormer } from './items.ts';

export const historyStore = (table: Table): Histories => ({
  ofLead: async (leadId, reading) => {
    const items = await table.query(leadPk(leadId), '', reading);
    const known = read.get(items);
    if (known) return known;
    const history = historyIn(items);
    read.set(items, history);
    return history;
  },
});

/** The memory table gives the same list as long as nothing changed: what was read of it is known, and whatever was derived from that. */
const read = new WeakMap<readonly Item[], History>();

type Rows = { readonly [kind in 'EVENT' | 'SEND' | 'ENROLMENT' | 'DECISION' | 'STAGE' | 'CONSENT']: unknown[] };

const listOf = (rows: Rows, sk: string): unknown[] | undefined => {
  for (const kind in rows) if (sk.startsWith(kind) && sk[kind.length] === '#') return rows[kind as keyof Rows];
  return undefined;
};

const historyIn = (items: readonly Item[]): History => {
  const rows: Rows = { EVENT: [], SEND: [], ENROLMENT: [], DECISION: [], STAGE: [], CONSENT: [] };
  let profile: Item | undefined;
  for (const item of items) {
    const sk = String(item.sk);
    if (sk === profileSk) profile = item;
    else listOf(rows, sk)?.push(fromItem(item));
  }
  return {
    ...(profile && (isFormer(profile) ? { mergedInto: String(profile.mergedInto) } : { lead: fromItem<Lead>(profile) })),
    events: rows.EVENT as EventRow[],
    sends: rows.SEND as SendRecord[],
    enrolments: rows.ENROLMENT as Enrolment[],
    decisions: rows.DECISION as Decision[],
    moves: rows.STAGE as StageMove[],
    consents: rows.CONSENT as ConsentEntry[],
  };
};
