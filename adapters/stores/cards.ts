import { type Card, type CardList, cardChanges } from '#core/console/cards';
import { cardPk, cardSk, cardStepPk, leadPk, profileSk } from '#core/keys';
import type { Cards } from '#core/ports';
import type { Item, Table } from '#core/table';
import { onlyExisting } from './items.ts';

/**
 * Leads by list and score, best first. A card stands with its lead, so that whoever erases the lead has it too; the console writes none:
 * the nightly recount does (docs/decisions/0072). A lead may be erased after it was read: a place that is on record is changed only while
 * it is there, and after writing the profile is looked for: erasing removes that first, so that one of both finds what was written. Where
 * a place is not there any more the lead is not who was read, even if there is a profile: it came again.
 */
export const cardStore = (table: Table, isThere: (leadId: string) => Promise<boolean> = hasProfile(table)): Cards => ({
  areKept: () => true,
  put: async (leadId, before, after) => {
    const { put, remove } = cardChanges(before, after);
    const known = new Set(before.map((it) => it.name));
    // Taken out of its list, and left there bare: the night removes no rows of leads.
    const takeOut = (name: string) => table.put({ pk: leadPk(leadId), sk: cardSk(name), leadId, name }, onlyExisting);
    // One that is new to the lead may stand there already: a call that died wrote it.
    const write = (card: Card) => table.put(itemOf(leadId, card), known.has(card.name) ? onlyExisting : { absent: ['list'] });
    let isErased = false;
    for (const card of put) isErased = ((await write(card)) === 'refused' && known.has(card.name)) || isErased;
    for (const name of remove) isErased = (await takeOut(name)) === 'refused' || isErased;
    const changed = put.length + remove.length;
    if (changed === 0 || (!isErased && (await isThere(leadId)))) return changed;
    for (const { name } of put) await takeOut(name);
    return 'gone';
  },
  find: async (leadId, name) => {
    const item = await table.get({ pk: leadPk(leadId), sk: cardSk(name) });
    const [card] = item ? cardsIn(item) : [];
    return item && { ...(card && { card }) };
  },
  page: async (list, limit, after, atLeast) => {
    const place = placeOf(list);
    const from = atLeast !== undefined && { from: scoreText(atLeast) };
    const page = await table.queryIndex(place.index, place.pk, { limit, descending: true, ...from, ...(after !== undefined && { after }) });
    return { cards: page.items.map(cardIn), ...(page.next !== undefined && { next: page.next }) };
  },
});

/** Where no console is deployed nobody reads them, and none is written. */
export const noCards: Cards = { areKept: () => false, put: async () => 0, find: async () => undefined, page: async () => ({ cards: [] }) };

const placeOf = (list: CardList): { readonly index: 'gsi1' | 'gsi2'; readonly pk: string } => {
  if ('stage' in list) return { index: 'gsi2', pk: cardPk('stage', list.stage) };
  if ('owner' in list) return { index: 'gsi2', pk: cardPk('owner', list.owner) };
  return list.step === undefined
    ? { index: 'gsi1', pk: cardPk('sequence', list.sequence) }
    : { index: 'gsi2', pk: cardStepPk(list.sequence, list.step) };
};

const itemOf = (leadId: string, card: Card): Item & { readonly pk: string; readonly sk: string } => {
  const { list, runs, ...rest } = card;
  const order = orderOf(card);
  return {
    ...rest,
    leadId,
    list: list as unknown as Item,
    runs: runs as unknown as Item[],
    pk: leadPk(leadId),
    sk: cardSk(card.name),
    gsi2pk: placeOf(list).pk,
    gsi2sk: order,
    ...('sequence' in list && { gsi1pk: cardPk('sequence', list.sequence), gsi1sk: order }),
  };
};

const hasProfile = (table: Table) => async (leadId: string) => (await table.get({ pk: leadPk(leadId), sk: profileSk })) !== undefined;

/** Read from the end the best comes first. */
const orderOf = ({ fit, engagement, leadId }: Card): string => `${scoreText(fit + engagement)}#${leadId}`;
const scoreText = (score: number): string => String(1_000_000 + score).padStart(8, '0');

const cardIn = (item: Item): Card => {
  const { pk: _pk, sk: _sk, gsi1pk: _gsi1pk, gsi1sk: _gsi1sk, gsi2pk: _gsi2pk, gsi2sk: _gsi2sk, ...card } = item;
  return card as unknown as Card;
};
/** None: it was taken out of its list. */
export const cardsIn = (item: Item): readonly Card[] => (item.list === undefined ? [] : [cardIn(item)]);
