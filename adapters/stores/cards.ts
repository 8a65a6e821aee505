import { type Card, type CardList, cardChanges } from '#core/console/cards';
import { cardPk, cardSk, cardStepPk, leadPk } from '#core/keys';
import type { Cards } from '#core/ports';
import type { Item, Table } from '#core/table';

/**
 * Leads by list and score, best first. A card stands with its lead, so that whoever erases the lead has it too; the console writes none:
 * the nightly recount does (docs/decisions/0072).
 */
export const cardStore = (table: Table): Cards => ({
  areKept: () => true,
  put: async (leadId, before, after) => {
    const { put, remove } = cardChanges(before, after);
    for (const card of put) await table.put(itemOf(leadId, card));
    // Taken out of its list, and left there bare: the night removes no rows of leads.
    for (const name of remove) await table.put({ pk: leadPk(leadId), sk: cardSk(name), leadId, name });
    return put.length + remove.length;
  },
  find: async (leadId, name) => {
    const item = await table.get({ pk: leadPk(leadId), sk: cardSk(name) });
    const [card] = item ? cardsIn(item) : [];
    return item && { ...(card && { card }) };
  },
  page: async (list, limit, after) => {
    const place = placeOf(list);
    const page = await table.queryIndex(place.index, place.pk, { limit, descending: true, ...(after !== undefined && { after }) });
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

/** Read from the end the best comes first. */
const orderOf = ({ fit, engagement, leadId }: Card): string => `${String(1_000_000 + fit + engagement).padStart(8, '0')}#${leadId}`;

const cardIn = (item: Item): Card => {
  const { pk: _pk, sk: _sk, gsi1pk: _gsi1pk, gsi1sk: _gsi1sk, gsi2pk: _gsi2pk, gsi2sk: _gsi2sk, ...card } = item;
  return card as unknown as Card;
};
/** None: it was taken out of its list. */
export const cardsIn = (item: Item): readonly Card[] => (item.list === undefined ? [] : [cardIn(item)]);
