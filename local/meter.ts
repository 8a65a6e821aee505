import type { LogLine } from '#adapters/memory/logs';
import type { Usage } from '#core/cost';
import { handlerNames, handlers } from '#core/handlers';
import type { Item, Table, Value } from '#core/table';
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
};

export const createMeter = (): Meter => ({ writeUnits: 0, readUnits: 0, lambdaRequests: 0, logBytes: 0, calls: {}, handlers: {} });

/** Counts an invocation and what it takes. */
export const invoked = async <T>(meter: Meter, name: string, call: () => Promise<T>): Promise<T> => {
  meter.lambdaRequests++;
  const begun = performance.now();
  try {
    return await onBehalfOf(name, call);
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
  meter.logBytes += bytesBesideWords + message.length + (keys ? JSON.stringify(keys).length : 0);
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
export const meteredTable = (table: Table, meter: Meter): Table => {
  const count = (name: string) => {
    meter.calls[name] = (meter.calls[name] ?? 0) + 1;
  };
  const wrote = (item: Item | undefined) => {
    count('write');
    const units = Math.max(1, Math.ceil(sizeOf(item) / 1024));
    const indexes = item ? ['gsi1pk', 'gsi2pk'].filter((it) => item[it] !== undefined).length : 0;
    meter.writeUnits += units * (1 + indexes);
  };
  const read = (bytes: number, factor = 1) => {
    count('read');
    meter.readUnits += Math.max(1, Math.ceil(bytes / 4096)) * factor;
  };
  return {
    get: async (key) => {
      const item = await table.get(key);
      read(sizeOf(item));
      return item;
    },
    put: async (item, condition) => {
      const result = await table.put(item, condition);
      wrote(item);
      return result;
    },
    update: async (key, update, condition) => {
      const result = await table.update(key, update, condition);
      wrote(result === 'refused' ? undefined : result);
      if (result !== 'refused') meter.writeUnits += moves(Object.keys(update.set ?? {}), update.remove ?? []);
      return result;
    },
    delete: async (key) => {
      await table.delete(key);
      wrote(undefined);
    },
    query: async (pk, prefix, reading) => {
      const items = await table.query(pk, prefix, reading);
      read(sizeOfAll(items), reading === 'eventual' ? 0.5 : 1);
      return items;
    },
    queryIndex: async (index, pk, range) => {
      const page = await table.queryIndex(index, pk, range);
      read(
        page.items.reduce((sum, it) => sum + sizeOf(it), 0),
        0.5,
      );
      return page;
    },
  };
};

const indexKeys = ['gsi1sk', 'gsi2pk'];

/** An index entry with another key is the old one deleted and a new one put; one without key is deleted. */
const moves = (set: readonly string[], remove: readonly string[]): number =>
  indexKeys.filter((it) => set.includes(it) || remove.includes(it)).length;

/** What a machine's own write costs: the row, and its place in the due index, which it moves, leaves, or is not in. */
export const unitsOfMachineWrite = (request: Readonly<Record<string, unknown>>): number => {
  const names = Object.entries((request.ExpressionAttributeNames ?? {}) as Record<string, string>);
  const alias = names.find(([, name]) => name === 'gsi1sk')?.[0];
  if (alias === undefined) return 1;
  const [set = ''] = String(request.UpdateExpression).split('REMOVE');
  return set.includes(`${alias} `) ? 3 : 2;
};

/** Items are never changed in place: each is measured once. */
const sizes = new WeakMap<Item, number>();

const sizeOf = (item: Item | undefined): number => {
  if (!item) return 0;
  const known = sizes.get(item);
  if (known !== undefined) return known;
  const size = lengthOf(item);
  sizes.set(item, size);
  return size;
};

/** The memory table gives the same list until something changes. */
const sizesOfLists = new WeakMap<readonly Item[], number>();

const sizeOfAll = (items: readonly Item[]): number => {
  const known = sizesOfLists.get(items);
  if (known !== undefined) return known;
  let size = 0;
  for (const it of items) size += sizeOf(it);
  sizesOfLists.set(items, size);
  return size;
};

/** Of a value as JSON, without writing it. */
const lengthOf = (value: Value | undefined): number => {
  switch (typeof value) {
    case 'string':
      return escaped.test(value) ? JSON.stringify(value).length : value.length + 2;
    case 'number':
      return String(value).length;
    case 'boolean':
      return value ? 4 : 5;
    case 'object':
      if (value === null) return 4;
      return Array.isArray(value)
        ? value.reduce<number>((sum, it) => sum + lengthOf(it) + 1, value.length === 0 ? 2 : 1)
        : ofMap(value as Item);
    default:
      return 0;
  }
};

const ofMap = (map: Item): number => {
  let sum = 1;
  let isEmpty = true;
  for (const name in map) {
    const value = map[name];
    if (value === undefined) continue;
    sum += lengthOf(name) + lengthOf(value) + 2;
    isEmpty = false;
  }
  return isEmpty ? 2 : sum;
};

/** What JSON writes with more characters than it has. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

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
