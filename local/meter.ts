import { sizeOfItem } from '#adapters/memory/item-size';
import type { LogLine } from '#adapters/memory/logs';
import type { TableWatch, Watchable } from '#adapters/memory/memory-table';
import type { Usage } from '#core/cost';
import { handlerNames, handlers } from '#core/handlers';
import type { Item, Table, Update } from '#core/table';
import { onBehalfOf } from './wire.ts';

export type Meter = {
  writeUnits: number;
  readUnits: number;
  lambdaRequests: number;
  /** As CloudWatch takes them in. */
  logBytes: number;
  calls: Record<string, number>;
  /** Wall time of each handler, for benchmarks only: it never reaches a report that must be the same twice. */
  handlers: Record<string, { calls: number; milliseconds: number }>;
  readonly around?: Invoked | undefined;
};
export type Invoked = <T>(name: string, call: () => Promise<T>) => Promise<T>;

export const createMeter = (around?: Invoked): Meter => ({
  ...{ writeUnits: 0, readUnits: 0, lambdaRequests: 0, logBytes: 0, calls: {}, handlers: {} },
  around,
});

/** Counts an invocation and what it takes. */
export const invoked = async <T>(meter: Meter, name: string, call: () => Promise<T>): Promise<T> => {
  meter.lambdaRequests++;
  const begun = performance.now();
  try {
    return await onBehalfOf(name, meter.around ? () => (meter.around as Invoked)(name, call) : call);
  } finally {
    meter.handlers[name] ??= { calls: 0, milliseconds: 0 };
    const figures = meter.handlers[name];
    figures.calls++;
    figures.milliseconds += performance.now() - begun;
  }
};

/** What Powertools adds to our words (level, time, service, trace), and what CloudWatch counts for each event. */
const bytesBesideWords = 190 + 26;

/** Lambda's own lines are switched off (lib/constructs/handler-function.ts): what is logged is ours. */
export const logged = (meter: Meter, { message, keys }: LogLine): void => {
  meter.logBytes += bytesBesideWords + message.length + (keys ? sizeOfItem(keys) : 0);
};

/** What the embedded format adds to names and values (where, when, dimensions), and what each metric takes in it. */
const bytesBesideMetrics = 230 + 26;
const bytesOfMetric = 60;

/** One line a call that counted something. */
export const measured = (meter: Meter, names: readonly string[]): void => {
  meter.logBytes += bytesBesideMetrics + names.reduce((sum, it) => sum + bytesOfMetric + it.length, 0);
};

/** Memory of a function, and what one call of ours takes on AWS when it waits mostly for other services (an assumption, stated). */
const lambdaGb = 0.25;
const secondsPerCall = 0.06;
/** GB-seconds. */
export const lambdaPerCall = lambdaGb * secondsPerCall;

/**
 * Counts what DynamoDB would bill: a write is a unit for each KB begun, and the same again for each index that the item
 * is in (one more where the item moves inside the index or leaves it); a refused write costs as well. A consistent read is a unit for each 4 KB begun, at least one; any other is half.
 */
export const meteredTable = (table: Table & Watchable, meter: Meter): Table => {
  const watch = watchOf(meter);
  if (table.watched) return table.watched(watch);
  return {
    get: async (key) => {
      const item = await table.get(key);
      watch.read(sizeOf(item), 'item');
      return item;
    },
    put: async (item, condition) => {
      const result = await table.put(item, condition);
      watch.wrote(item, sizeOf(item));
      return result;
    },
    update: async (key, update, condition) => {
      const result = await table.update(key, update, condition);
      const item = result === 'refused' ? undefined : result;
      watch.wrote(item, sizeOf(item), update);
      return result;
    },
    delete: async (key) => {
      await table.delete(key);
      watch.wrote(undefined, 0);
    },
    query: async (pk, prefix, reading) => {
      const items = await table.query(pk, prefix, reading);
      watch.read(sizeOfAll(items), reading ?? 'consistent');
      return items;
    },
    queryIndex: async (index, pk, range) => {
      const page = await table.queryIndex(index, pk, range);
      watch.read(sizeOfAll(page.items), 'eventual');
      return page;
    },
  };
};

const watchOf = (meter: Meter): TableWatch => ({
  read: (bytes, reading) => {
    meter.calls.read = (meter.calls.read ?? 0) + 1;
    meter.readUnits += Math.max(1, Math.ceil(bytes / 4096)) * (reading === 'eventual' ? 0.5 : 1);
  },
  wrote: (item, bytes, update) => {
    meter.calls.write = (meter.calls.write ?? 0) + 1;
    const indexes = item ? Number(item.gsi1pk !== undefined) + Number(item.gsi2pk !== undefined) : 0;
    meter.writeUnits += Math.max(1, Math.ceil(bytes / 1024)) * (1 + indexes);
    if (item && update) meter.writeUnits += moves(update);
  },
});

/** An index entry with another key is the old one deleted and a new one put; one without key is deleted. */
const moves = ({ set, remove }: Update): number => {
  let count = 0;
  if (set?.gsi1sk !== undefined || remove?.includes('gsi1sk')) count++;
  if (set?.gsi2pk !== undefined || remove?.includes('gsi2pk')) count++;
  return count;
};

/** What a machine's own write costs: the row, and its place in the due index, which it moves, leaves, or is not in. */
export const unitsOfMachineWrite = (request: Readonly<Record<string, unknown>>): number => {
  const names = Object.entries((request.ExpressionAttributeNames ?? {}) as Record<string, string>);
  const alias = names.find(([, name]) => name === 'gsi1sk')?.[0];
  if (alias === undefined) return 1;
  const [set = ''] = String(request.UpdateExpression).split('REMOVE');
  return set.includes(`${alias} `) ? 3 : 2;
};

const sizeOf = (item: Item | undefined): number => (item ? sizeOfItem(item) : 0);
const sizeOfAll = (items: readonly Item[]): number => items.reduce((sum, it) => sum + sizeOfItem(it), 0);

export const usageOf = (meter: Meter, more: Pick<Usage, 'emails' | 'transitions' | 'queueRequests' | 'busEvents'>): Usage => ({
  ...more,
  lambdaRequests: meter.lambdaRequests,
  lambdaGbSeconds: meter.lambdaRequests * lambdaGb * secondsPerCall,
  writeUnits: meter.writeUnits,
  readUnits: meter.readUnits,
  scheduled: meter.calls.CreateSchedule ?? 0,
  httpRequests: overHttp.reduce((sum, it) => sum + (meter.handlers[it]?.calls ?? 0), 0),
  logBytes: meter.logBytes,
});

const overHttp = handlerNames.filter((it) => 'http' in handlers[it].trigger);
