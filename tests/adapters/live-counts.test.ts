import { expect, it } from 'vitest';
import { memoryTable } from '#adapters/memory/memory-table';
import { liveCountStore } from '#adapters/stores/live-counts';
import type { Move } from '#core/console/moves';
import { addSeconds } from '#core/instant';
import { now } from '#tests/helpers/builders';

const shardId = 'shardId-00000001700000000000-aaaaaaaa';
const mostBytes = 400 * 1024;
/** With names as long as they may be. */
const [id, word] = ['i'.repeat(26), 'w'.repeat(32)];
const place = `run ${word}\tat\t0123456789abcdef\t${word}`;
const movesFrom = (first: number, count: number): readonly Move[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ leadId: id, name: `in ${word}`, of: `ENROLMENT#${word}#${id}`, at: now, from: place, to: place },
    sequenceNumber: String(first + at).padStart(25, '0'),
  }));

it('notes a batch of moves in rows that an item holds, all of which come back, and begins where it ended', async () => {
  const table = memoryTable();
  const puts: ('written' | 'refused')[] = [];
  const watched = liveCountStore({
    ...table,
    put: async (item, condition) => {
      expect(JSON.stringify(item).length).toBeLessThan(mostBytes);
      const done = await table.put(item, condition);
      puts.push(done);
      return done;
    },
  });
  await watched.noteMoves(now, shardId, movesFrom(0, 1000));
  for (let batch = 1; batch <= 20; batch++) await watched.noteMoves(now, shardId, movesFrom(1000 * batch, 3));
  expect(await watched.moves(now)).toHaveLength(1060);
  expect(puts.filter((it) => it === 'refused').length).toBeLessThanOrEqual(22);
  const next = addSeconds(now, 86_400);
  await watched.noteMoves(next, shardId, movesFrom(90_000, 2));
  expect([(await watched.moves(next)).length, (await watched.moves(now)).length]).toEqual([2, 560]);
});
