import { byIdentity } from '#core/by-identity';
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
  const known = readings.of(items);
  if (known) return known.history;
  const [first] = items;
  const reading = readAnew(items, first && lastReadings.of(first));
  readings.keep(items, reading);
  if (first) lastReadings.keep(first, reading);
  return reading.history;
};

type Reading = { readonly items: readonly Item[]; readonly read: readonly Read[]; readonly history: History };
const readings = byIdentity<readonly Item[], Reading>();
/** Of the same lead, as far as its first row is still the same. */
const lastReadings = byIdentity<Item, Reading>();

/** Where something changed, most rows are what they were, and so are the lists of every kind of which none did. */
const readAnew = (items: readonly Item[], last: Reading = nothing): Reading => {
  const read: Read[] = [];
  let place = 0;
  for (const item of items) {
    let other = last.items[place];
    while (other && other !== item && textOf(other) < textOf(item)) other = last.items[++place];
    read.push((other === item && last.read[place++]) || readItem(item));
  }
  return { items, read, history: historyIn(read, last.history) };
};
const textOf = (item: Item): string => item.sk as string;

const kinds = ['EVENT', 'SEND', 'ENROLMENT', 'DECISION', 'STAGE', 'CONSENT', 'CARD'] as const;
type Kind = (typeof kinds)[number];
/** What an item is, and its row; a card that was taken out of its list has none. */
type Read = { readonly kind: Kind | 'PROFILE' | undefined; readonly row: unknown };

const readItem = (item: Item): Read => {
  const sk = textOf(item);
  if (sk === profileSk) return { kind: 'PROFILE', row: isFormer(item) ? item : fromItem(item) };
  const kind = kinds.find((it) => sk.startsWith(it) && sk[it.length] === '#');
  return { kind, row: kind === 'CARD' ? cardsIn(item)[0] : kind && fromItem(item) };
};

const historyIn = (read: readonly Read[], last: History): History => {
  const rows: { readonly [kind in Kind]: unknown[] } = {
    EVENT: [],
    SEND: [],
    ENROLMENT: [],
    DECISION: [],
    STAGE: [],
    CONSENT: [],
    CARD: [],
  };
  let profile: unknown;
  for (const { kind, row } of read) {
    if (kind === 'PROFILE') profile = row;
    else if (kind !== undefined && row !== undefined) rows[kind].push(row);
  }
  const cards = sameOr(last.cards ?? [], rows.CARD as Card[]);
  return {
    ...(profile !== undefined &&
      (isFormer(profile as Item) ? { mergedInto: String((profile as Item).mergedInto) } : { lead: profile as Lead })),
    events: sameOr(last.events, rows.EVENT as EventRow[]),
    sends: sameOr(last.sends, rows.SEND as SendRecord[]),
    enrolments: sameOr(last.enrolments, rows.ENROLMENT as Enrolment[]),
    decisions: sameOr(last.decisions, rows.DECISION as Decision[]),
    moves: sameOr(last.moves, rows.STAGE as StageMove[]),
    consents: sameOr(last.consents, rows.CONSENT as ConsentEntry[]),
    ...(cards.length > 0 && { cards }),
  };
};

/** The list as it is known, if it is still the same. */
const sameOr = <Row>(known: readonly Row[], rows: readonly Row[]): readonly Row[] =>
  known.length === rows.length && known.every((it, at) => it === rows[at]) ? known : rows;

const noRows: History = { events: [], sends: [], enrolments: [], decisions: [], moves: [], consents: [] };
const nothing: Reading = { items: [], read: [], history: noRows };
