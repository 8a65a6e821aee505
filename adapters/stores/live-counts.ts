import { emptySlot, type LiveSlot, type Move } from '#core/console/moves';
import { fractionOf } from '#core/hash';
import type { Instant } from '#core/instant';
import { liveCountsPk, liveMovesSk, liveSlotSk, movesPrefix } from '#core/keys';
import type { LiveCounts } from '#core/ports';
import { addCells, type Cells } from '#core/report/cells';
import type { Condition, Item, Table } from '#core/table';
import { fromItem } from './items.ts';

/** Shards of a stream come and go every few hours; their sums stand in so many items, so that there are never more of them. */
const slots = 8;
/** With names as long as they may be a row is half as large as an item may be. */
const movesInRow = 500;
const slotOf = (shardId: string): number => Math.floor(fractionOf(shardId) * slots);

export const liveCountStore = (table: Table): LiveCounts => {
  const taken = new Map<number, { readonly startedAt: Instant; readonly row: number }>();
  /** Rows of an earlier walk are written over; one of this walk is whoever's it was first. Refusals cost: it begins where it last ended. */
  const note = async (startedAt: Instant, shardId: string, moves: readonly Move[]): Promise<void> => {
    const [slot, owner] = [slotOf(shardId), `${shardId} ${moves[0]?.sequenceNumber ?? ''}`];
    const mayWrite: Condition = { either: [{ exists: false }, { below: { startedAt } }, { equals: { startedAt, owner } }] };
    const last = taken.get(slot);
    let row = last?.startedAt === startedAt ? last.row : 0;
    const written = () => table.put({ ...rowKey(slot, row), startedAt, owner, moves: moves as unknown as Item[] }, mayWrite);
    while ((await written()) === 'refused') row++;
    taken.set(slot, { startedAt, row });
  };
  return {
    areKept: () => true,
    slot: async (shardId) => {
      const item = await table.get({ pk: liveCountsPk, sk: liveSlotSk(slotOf(shardId)) });
      return item ? fromItem<LiveSlot>(item) : emptySlot;
    },
    save: async (shardId, before, next) =>
      table.put(
        { pk: liveCountsPk, sk: liveSlotSk(slotOf(shardId)), ...(next as unknown as Item) },
        before.revision === 0 ? { exists: false } : { equals: { revision: before.revision } },
      ),
    noteMoves: async (startedAt, shardId, moves) => {
      for (let from = 0; from < moves.length; from += movesInRow) await note(startedAt, shardId, moves.slice(from, from + movesInRow));
    },
    moves: async (startedAt) => {
      const rows = await table.query(liveCountsPk, movesPrefix);
      return rows.filter((it) => it.startedAt === startedAt).flatMap((it) => it.moves as unknown as readonly Move[]);
    },
  };
};

const rowKey = (slot: number, row: number) => ({ pk: liveCountsPk, sk: liveMovesSk(slot, row) });

/** Of a stack that has none. */
export const noLiveCounts: LiveCounts = {
  areKept: () => false,
  slot: async () => emptySlot,
  save: async () => 'refused',
  noteMoves: async () => undefined,
  moves: async () => [],
};

/** All that moved since a recount, and the moment of the newest move; none: nothing did, or nobody counts. */
export const movedSince = async (table: Table, startedAt: Instant): Promise<{ readonly cells: Cells; readonly asOf?: Instant }> => {
  const items = (await table.query(liveCountsPk, 'SLOT#', 'eventual')).map((it) => fromItem<LiveSlot>(it));
  const those = items.filter((it) => it.since[startedAt] !== undefined);
  const cells: Record<string, number> = {};
  for (const it of those) addCells(cells, it.since[startedAt] ?? {});
  const asOf = those
    .flatMap((it) => it.asOf ?? [])
    .sort()
    .at(-1);
  return { cells, ...(asOf !== undefined && { asOf }) };
};
