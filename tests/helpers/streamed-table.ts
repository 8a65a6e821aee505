import { memoryTable } from '#adapters/memory/memory-table';
import { fractionOf } from '#core/hash';
import { type Instant, toEpoch } from '#core/instant';
import type { Item, Key, Table } from '#core/table';
import type { StreamBatch, StreamRecord } from '#lambdas/console/row-changes';

type Shard = { readonly shardId: string; readonly records: StreamRecord[]; acknowledged: number };

/** A table in memory that tells of its changes as DynamoDB does: by shards, in the order of the changes of each item. */
export const streamedTable = (now: () => Instant, lanes = 3) => {
  const rows = memoryTable();
  const shards: Shard[][] = Array.from({ length: lanes }, (_, lane) => [shardNamed(`shard-${lane}-0`)]);
  // Numbers of nines, so that some are longer than others.
  let number = 99_940;
  const tell = (key: Key, before: Item | undefined, after: Item | undefined) => {
    if (!isTold(key, after) || JSON.stringify(before) === JSON.stringify(after)) return;
    const lane = shards[Math.floor(fractionOf(key.pk) * lanes)] as Shard[];
    const dynamodb = {
      ApproximateCreationDateTime: Math.floor(toEpoch(now()) / 1000),
      SequenceNumber: String(++number),
      ...(before && { OldImage: imageOf(before) }),
      ...(after && { NewImage: imageOf(after) }),
    };
    (lane.at(-1) as Shard).records.push({ dynamodb });
  };
  /** One write after the other: between what was and what is no other write comes. */
  let last: Promise<unknown> = Promise.resolve();
  const told = <T>(key: Key, write: () => Promise<T>): Promise<T> => {
    const mine = last.then(async () => {
      const before = await rows.get(key);
      const result = await write();
      tell(key, before, await rows.get(key));
      return result;
    });
    last = mine.catch(() => undefined);
    return mine;
  };
  const table: Table = {
    ...rows,
    put: (item, condition) => told(item, () => rows.put(item, condition)),
    update: (key, update, condition) => told(key, () => rows.update(key, update, condition)),
    delete: (key) => told(key, () => rows.delete(key)),
  };
  const open = (lane: number): Shard | undefined => (shards[lane] as Shard[]).find((it) => it.acknowledged < it.records.length);
  return {
    table,
    rows,
    lanes,
    /** What comes next of a lane: its oldest shard that is not through. */
    next: (lane: number, most: number): StreamBatch | undefined => {
      const shard = open(lane);
      return shard && { shardId: shard.shardId, Records: shard.records.slice(shard.acknowledged, shard.acknowledged + most) };
    },
    acknowledge: (lane: number, count: number) => {
      const shard = open(lane);
      if (shard) shard.acknowledged += count;
    },
    /** What was acknowledged long ago, once more. */
    again: (lane: number, from: number, count: number): StreamBatch => {
      const shard = (shards[lane] as Shard[]).at(-1) as Shard;
      const start = Math.floor(from * shard.acknowledged);
      return { shardId: shard.shardId, Records: shard.records.slice(start, Math.min(start + count, shard.acknowledged)) };
    },
    /** From now on its changes are told of by a new shard. */
    roll: (lane: number) => {
      const line = shards[lane] as Shard[];
      line.push(shardNamed(`shard-${lane}-${line.length}`));
    },
  };
};
export type StreamedTable = ReturnType<typeof streamedTable>;

const shardNamed = (shardId: string): Shard => ({ shardId, records: [], acknowledged: 0 });

/** As the source of events is told to filter (lib/constructs/console-counts.ts). */
const isTold = ({ sk }: Key, after: Item | undefined): boolean =>
  sk === 'PROFILE' || sk.startsWith('ENROLMENT#') || (sk.startsWith('CARD#') && after === undefined);

type Written = { readonly S?: string; readonly N?: string; readonly BOOL?: boolean; readonly M?: { readonly [name: string]: Written } };
const imageOf = (item: Item): { readonly [name: string]: Written } =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, written(value)]));
const written = (value: unknown): Written => {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? { M: imageOf(value as Item) } : {};
};
