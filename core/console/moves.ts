import type { Enrolment } from '#core/enrolment';
import { addSeconds, type Instant } from '#core/instant';
import { cardPrefix, enrolmentPrefix, profileSk } from '#core/keys';
import type { Lead } from '#core/lead';
import type { RecountState } from '#core/recount';
import { addCells, type Cells } from '#core/report/cells';
import type { Item } from '#core/table';
import type { CardList } from './cards.ts';
import { cellsAt, type Place, placeOfCard, placeOfRun, placeOfStage } from './positions.ts';

/** A change of one row, as the stream of the table tells it. `sequenceNumber`: grows within a shard, and from a shard to those after it. */
export type RowChange = {
  readonly at: Instant;
  readonly sequenceNumber: string;
  readonly before?: Item;
  readonly after?: Item;
};

/**
 * A lead went from one place in the console's figures to another. `of`: the row that says so. `card`: the lead is erased, and this is what
 * the night had written of it.
 */
export type Move = {
  readonly leadId: string;
  /** Of the card on which the night writes it down. */
  readonly name: string;
  readonly of: string;
  readonly at: Instant;
  readonly sequenceNumber: string;
  readonly from?: Place;
  readonly to?: Place;
  readonly card?: Place;
};

/** undefined: nobody's place is another one for it. Pure; nothing of a row but ids, stage, step and version goes on from here. */
export const moveOf = ({ at, sequenceNumber, before, after }: RowChange): Move | undefined => {
  const row = after ?? before;
  if (!row) return undefined;
  const sk = String(row.sk);
  const about = { leadId: String(row.pk).slice('LEAD#'.length), of: sk, at, sequenceNumber };
  if (sk.startsWith(cardPrefix)) {
    const card = after ? undefined : placeIn(sk, before);
    return card === undefined ? undefined : { ...about, name: String(row.name), card };
  }
  const [from, to] = [placeIn(sk, before), placeIn(sk, after)];
  const name = sk === profileSk ? 'stage' : `in ${String(row.sequence)}`;
  return from === to ? undefined : { ...about, name, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
};

const placeIn = (sk: string, row: Item | undefined): Place | undefined => {
  if (!row) return undefined;
  if (sk === profileSk) return row.mergedInto === undefined ? placeOfStage((row as unknown as Lead).stage) : undefined;
  if (sk.startsWith(cardPrefix))
    return row.list === undefined ? undefined : placeOfCard(row.list as unknown as CardList, row.version as string | undefined);
  return sk.startsWith(enrolmentPrefix) ? placeOfRun(row as unknown as Enrolment) : undefined;
};

/** Moves from so long after a recount began count on top of it, and it reads nobody before they do: functions at work know of it by then. */
const countsAfterSeconds = 120;
export const countsFrom = (startedAt: Instant): Instant => addSeconds(startedAt, countsAfterSeconds);
export const walksFrom = (startedAt: Instant): Instant => addSeconds(startedAt, 2 * countsAfterSeconds);
/** A walk's moves are told of by then: three times what the function that counts them waits for more. */
export const toldBy = (walkedAt: Instant): Instant => addSeconds(walkedAt, 180);

/** Recounts on top of which moves are counted: the last whole one, and the one under way. */
export const basesOf = (state: RecountState | undefined): readonly Instant[] =>
  [...new Set([state?.liveAsOf, state?.isLive ? state.startedAt : undefined])].filter((it) => it !== undefined);

/**
 * What the changes of one group of shards came to, since each recount that still counts. `seen`: of each shard the last change that is in
 * here, so that whatever comes again changes nothing.
 */
export type LiveSlot = {
  readonly revision: number;
  readonly seen: { readonly [shardId: string]: { readonly last: string; readonly at: Instant } };
  readonly since: { readonly [startedAt: Instant]: Cells };
  /** Of the newest change. */
  readonly asOf?: Instant;
};
export const emptySlot: LiveSlot = { revision: 0, seen: {}, since: {} };

/** A shard tells of a day at most; after that nothing of it comes again. */
const forgottenAfterSeconds = 2 * 86_400;

export const isAfter = (one: string, other: string): boolean => (one.length === other.length ? one > other : one.length > other.length);

/** The slot with these moves in it; pure. `last`: of all changes of this delivery, moves or not. */
export const counted = (
  slot: LiveSlot,
  given: { readonly shardId: string; readonly moves: readonly Move[]; readonly last: string },
  { bases, now }: { readonly bases: readonly Instant[]; readonly now: Instant },
): LiveSlot => {
  const since = Object.fromEntries(bases.map((base) => [base, sumOf(slot.since[base] ?? {}, given.moves, countsFrom(base))]));
  const old = addSeconds(now, -forgottenAfterSeconds);
  const others = Object.entries(slot.seen).filter(([shardId, { at }]) => shardId !== given.shardId && at > old);
  const asOf = [slot.asOf, ...given.moves.map((it) => it.at)]
    .filter((it) => it !== undefined)
    .sort()
    .at(-1);
  return {
    revision: slot.revision + 1,
    seen: { ...Object.fromEntries(others), [given.shardId]: { last: given.last, at: now } },
    since,
    ...(asOf !== undefined && { asOf }),
  };
};

/** What came to nothing is left out. */
const sumOf = (before: Cells, moves: readonly Move[], from: Instant): Cells => {
  const sum = { ...before };
  for (const it of moves) if (it.at >= from) addCells(sum, changeOf(it));
  return Object.fromEntries(Object.entries(sum).filter(([, count]) => count !== 0));
};

const changeOf = ({ from, to }: Move): Cells => {
  const change: Record<string, number> = {};
  if (to !== undefined) addCells(change, cellsAt(to));
  if (from !== undefined) addCells(change, negative(cellsAt(from)));
  return change;
};
const negative = (cells: Cells): Cells => Object.fromEntries(Object.entries(cells).map(([name, count]) => [name, -count]));

/** Of one lead and one card: where it was before it moved first, and what its card said when the lead was erased, if it was. */
export type Mover = { readonly leadId: string; readonly name: string; readonly places: readonly Place[]; readonly card?: Place };

/**
 * Who moved while a recount walked, between when it began to count and when it had read everybody. In a fixed order. Pure; one move that
 * is told of twice is one.
 */
export const moversIn = (moves: readonly Move[], startedAt: Instant, walkedAt: Instant): readonly Mover[] => {
  const first = new Map<string, Move>();
  const counting = moves.filter(({ at }) => at >= countsFrom(startedAt));
  const gone = cardsGone(counting);
  for (const it of counting) {
    if (it.card !== undefined || it.at > walkedAt) continue;
    const key = `${it.leadId} ${it.of}`;
    const known = first.get(key);
    if (!known || it.at < known.at || (it.at === known.at && isAfter(known.sequenceNumber, it.sequenceNumber))) first.set(key, it);
  }
  const movers = new Map<string, Mover>();
  for (const { leadId, name, from } of first.values()) {
    const key = `${leadId} ${name}`;
    const places = [...(movers.get(key)?.places ?? []), ...(from === undefined ? [] : [from])];
    const card = gone.get(leadId)?.[name];
    movers.set(key, { leadId, name, places, ...(card !== undefined && { card }) });
  }
  return [...movers.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, it]) => it);
};

/**
 * What the cards of each lead said when it was erased. Who was erased comes again under the same id, and may be erased again: only what went
 * with the last card of the stage counts, which of a lead's cards goes last (they go by their names).
 */
const cardsGone = (moves: readonly Move[]): ReadonlyMap<string, { readonly [name: string]: Place }> => {
  const once = new Map(moves.map((it) => [`${it.leadId} ${it.sequenceNumber}`, it]));
  const gone = new Map<string, { readonly [name: string]: Place }>();
  for (const { leadId, name, card } of [...once.values()].sort((one, other) =>
    isAfter(one.sequenceNumber, other.sequenceNumber) ? 1 : -1,
  )) {
    if (card === undefined) continue;
    const known = gone.get(leadId);
    gone.set(leadId, { ...(known?.stage === undefined && known), [name]: card });
  }
  return gone;
};

/** The walk counted this lead where it read it, wherever it had come by then: it is put back to where it was when moves began to count. */
export const putBack = (cells: Record<string, number>, { places }: Mover, read: Place | undefined): void => {
  for (const place of places) addCells(cells, cellsAt(place));
  if (read !== undefined) addCells(cells, negative(cellsAt(read)));
};
