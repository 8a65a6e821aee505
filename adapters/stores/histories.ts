import { byIdentity } from '#core/by-identity';
import type { Card } from '#core/console/cards';
import { leadPk, profileSk } from '#core/keys';
import type { Lead } from '#core/lead';
import type { Histories, History } from '#core/ports';
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
  const changed = new Set<Read['kind']>();
  let place = 0;
  const passOver = () => changed.add(last.read[place++]?.kind);
  for (const item of items) {
    for (let other = last.items[place]; other && other !== item && textOf(other) <= textOf(item); other = last.items[place]) passOver();
    const known = last.items[place] === item ? last.read[place++] : undefined;
    const it = known ?? readItem(item);
    if (!known) changed.add(it.kind);
    read.push(it);
  }
  while (place < last.items.length) passOver();
  return { items, read, history: historyIn(read, last.history, changed) };
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

const historyIn = (read: readonly Read[], last: History, changed: ReadonlySet<Read['kind']>): History => {
  const profile = read.find((it) => it.kind === 'PROFILE')?.row as Item | undefined;
  const listOf = <Row>(kind: Kind, known: readonly Row[]): readonly Row[] => {
    if (!changed.has(kind)) return known;
    const rows: Row[] = [];
    for (const it of read) if (it.kind === kind && it.row !== undefined) rows.push(it.row as Row);
    return rows;
  };
  const cards = listOf<Card>('CARD', last.cards ?? []);
  return {
    events: listOf('EVENT', last.events),
    sends: listOf('SEND', last.sends),
    enrolments: listOf('ENROLMENT', last.enrolments),
    decisions: listOf('DECISION', last.decisions),
    moves: listOf('STAGE', last.moves),
    consents: listOf('CONSENT', last.consents),
    ...(profile && (isFormer(profile) ? { mergedInto: String(profile.mergedInto) } : { lead: profile as unknown as Lead })),
    ...(cards.length > 0 && { cards }),
  };
};

const noRows: History = { events: [], sends: [], enrolments: [], decisions: [], moves: [], consents: [] };
const nothing: Reading = { items: [], read: [], history: noRows };
