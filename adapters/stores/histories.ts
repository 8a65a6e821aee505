import type { Card } from '#core/console/cards';
import type { Enrolment } from '#core/enrolment';
import type { EventRow } from '#core/events';
import { leadPk, profileSk } from '#core/keys';
import type { Lead } from '#core/lead';
import type { StageMove } from '#core/lifecycle';
import type { ConsentEntry, Decision, Histories, History } from '#core/ports';
import type { SendRecord } from '#core/sending';
import type { Item, Table } from '#core/table';
import { cardsIn } from './cards.ts';
import { fromItem, isFormer } from './items.ts';

export const historyStore = (table: Table): Histories => ({
  ofLead: (leadId, reading) => table.query(leadPk(leadId), '', reading).then(historyOf),
});

/** The memory table gives the same list as long as nothing changed: what was read of it is known, and whatever was derived from that. */
const historyOf = (items: readonly Item[]): History => {
  const known = read.get(items);
  if (known) return known;
  const history = historyIn(items);
  read.set(items, history);
  return history;
};
const read = new WeakMap<readonly Item[], History>();

const kinds = ['EVENT', 'SEND', 'ENROLMENT', 'DECISION', 'STAGE', 'CONSENT', 'CARD'] as const;
type Rows = { readonly [kind in (typeof kinds)[number]]: unknown[] };

const isOf = (sk: string, kind: string): boolean => sk.startsWith(kind) && sk[kind.length] === '#';

/** Rows of a kind stand together. */
const historyIn = (items: readonly Item[]): History => {
  const rows: Rows = { EVENT: [], SEND: [], ENROLMENT: [], DECISION: [], STAGE: [], CONSENT: [], CARD: [] };
  let profile: Item | undefined;
  let kind: (typeof kinds)[number] | undefined;
  for (const item of items) {
    const sk = item.sk as string;
    if (kind === undefined || !isOf(sk, kind)) kind = kinds.find((it) => isOf(sk, it));
    if (kind === undefined) {
      if (sk === profileSk) profile = item;
    } else if (kind === 'CARD') rows.CARD.push(...cardsIn(item));
    else rows[kind].push(fromItem(item));
  }
  return {
    ...(profile && (isFormer(profile) ? { mergedInto: String(profile.mergedInto) } : { lead: fromItem<Lead>(profile) })),
    events: rows.EVENT as EventRow[],
    sends: rows.SEND as SendRecord[],
    enrolments: rows.ENROLMENT as Enrolment[],
    decisions: rows.DECISION as Decision[],
    moves: rows.STAGE as StageMove[],
    consents: rows.CONSENT as ConsentEntry[],
    ...(rows.CARD.length > 0 && { cards: rows.CARD as Card[] }),
  };
};
