import { basesOf, counted, countsFrom, isAfter, type Move, moveOf } from '#core/console/moves';
import { retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import type { RecountState } from '#core/recount';
import { awsPorts } from '#lambdas/runtime';
import { changesIn, type StreamBatch } from './row-changes.ts';

type Handler = Use<'count-for-console'>;

/** Another shard may write the same item at this moment. */
const attempts = 8;

/**
 * Folds what moved into the sums of the console, a batch in one write: with the sums the item keeps which change of the shard was the last
 * in them, so that a batch which comes again, whole or in parts, counts once (docs/decisions/0085).
 */
export const countForConsole =
  (use: Handler) =>
  async (batch: StreamBatch): Promise<void> => {
    const changes = changesIn(batch);
    const last = changes.at(-1)?.sequenceNumber;
    const state = await use.recounts.state();
    const bases = basesOf(state);
    const from = bases.map(countsFrom).sort()[0];
    const all = changes.flatMap((it) => moveOf(it) ?? []).filter((it) => from !== undefined && it.at >= from);
    if (last === undefined || all.length === 0) return;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const before = await use.liveCounts.slot(batch.shardId);
      const known = before.seen[batch.shardId]?.last;
      const moves = known === undefined ? all : all.filter((it) => isAfter(it.sequenceNumber, known));
      if (moves.length === 0) return;
      // Before they count: what counts already was noted then, and is not written again.
      if (attempt === 0) await noteMovers(use, state, batch.shardId, moves);
      const next = counted(before, { shardId: batch.shardId, moves, last }, { bases, now: use.clock.now() });
      if ((await use.liveCounts.save(batch.shardId, before, next)) === 'written') return;
    }
    throw retryableError('other shards write the same sums');
  };

/** While a recount reads, it must know who moves; what is told of too late for it stands a night long where it was read. */
const noteMovers = async (use: Handler, state: RecountState | undefined, shardId: string, moves: readonly Move[]): Promise<void> => {
  if (!state?.isLive) return;
  const { startedAt, phase, walkedAt } = state;
  const meanwhile = moves.filter(
    (it) => it.at >= countsFrom(startedAt) && (walkedAt === undefined || it.at <= walkedAt || it.card !== undefined),
  );
  if (meanwhile.length === 0) return;
  if (phase !== 'done') return use.liveCounts.noteMoves(startedAt, shardId, meanwhile);
  use.log.warn('moves came too late for the recount', { shardId, moves: meanwhile.length, startedAt });
};

/** A source with windows of time wants a state back; none is kept, for the sums are written at once. */
export const handler = async (batch: StreamBatch): Promise<{ readonly state: object }> => {
  await countForConsole(await awsPorts())(batch);
  return { state: {} };
};
