import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { addSeconds, type Instant, toEpoch } from '#core/instant';
import type { Clock } from '#core/ports';
import type { Source } from './agenda.ts';
import type { DurableMap } from './durable-map.ts';

export type QueueSettings = {
  readonly name: string;
  readonly visibilitySeconds: number;
  /** Receives before a message goes to `<name>-dead`. */
  readonly maxReceives: number;
  readonly batchSize: number;
  /** The first message waits so long for others to come along. */
  readonly batchWindowSeconds?: number;
};

export type Message = {
  readonly id: string;
  readonly queue: string;
  readonly body: string;
  readonly sentAt: Instant;
  visibleAt: Instant;
  order: number;
  receives: number;
};

/** undefined stands for "all handled". */
export type Consumer = (event: SQSEvent) => Promise<SQSBatchResponse | undefined>;

/** How a standard queue may treat a message: seconds until each copy of it is seen, and whether one that was handled comes again. */
export type QueueTrouble = {
  readonly copies: (queue: string) => readonly number[];
  readonly comesAgain: (queue: string) => boolean;
};

export type QueueCounts = { sends: number; receives: number; deletes: number };

/**
 * SQS as the event-source mapping shows it: batches, partial failures, visibility time-outs, dead letters; at least once.
 * Every message is kept until it is handled, so a restart delivers again what was in flight when its time-out lapses.
 */
export const createQueues = (use: {
  readonly clock: Clock;
  readonly messages: DurableMap<Message>;
  readonly queues: readonly QueueSettings[];
  /** Keep to batching windows, as AWS does; else every message is handed over at once. */
  readonly hasBatchWindows?: boolean;
  readonly trouble?: QueueTrouble | undefined;
}) => {
  const { clock, messages } = use;
  const settings = new Map(use.queues.map((it) => [it.name, it]));
  const consumers = new Map<string, Consumer>();
  const waiting = new Map<string, Message[]>(use.queues.flatMap(({ name }) => [name, `${name}-dead`]).map((name) => [name, []]));
  const counts: QueueCounts = { sends: 0, receives: 0, deletes: 0 };
  let order = 0;
  for (const [, message] of [...messages.entries()].sort(([, one], [, other]) => one.order - other.order)) {
    waiting.get(message.queue)?.push({ ...message });
    order = Math.max(order, message.order);
  }

  /** What comes next, until something changes: it is asked for before every piece of any work. */
  let upcoming: { readonly found: ReturnType<typeof findNext> } | undefined;
  const enqueue = (message: Message) => {
    upcoming = undefined;
    messages.set(message.id, message);
    let list = waiting.get(message.queue);
    if (!list) {
      list = [];
      waiting.set(message.queue, list);
    }
    list.splice(placeOf(list, message), 0, message);
  };
  const take = (message: Message) => {
    upcoming = undefined;
    const list = waiting.get(message.queue);
    const at = list?.indexOf(message) ?? -1;
    if (at >= 0) list?.splice(at, 1);
  };
  const again = (message: Message, seconds: number, { maxReceives, name }: QueueSettings) => {
    const isDead = message.receives >= maxReceives;
    enqueue({
      ...message,
      queue: isDead ? `${name}-dead` : name,
      visibleAt: addSeconds(clock.now(), isDead ? 0 : seconds),
      order: ++order,
    });
  };
  const next = () => {
    upcoming ??= { found: findNext() };
    return upcoming.found;
  };
  const findNext = (): { settings: QueueSettings; message: Message; at: Instant } | undefined => {
    let found: { settings: QueueSettings; message: Message; at: Instant } | undefined;
    for (const it of use.queues) {
      const list = consumers.has(it.name) ? waiting.get(it.name) : undefined;
      const message = list?.[0];
      if (!list || !message) continue;
      const at = readyAt(list, message, it);
      if (!found || at < found.at || (at === found.at && isBefore(message, found.message))) found = { settings: it, message, at };
    }
    return found;
  };
  /** A batching window lets the first message wait until the batch is full, as Lambda's pollers do. */
  const readyAt = (list: readonly Message[], first: Message, { batchWindowSeconds = 0, batchSize }: QueueSettings): Instant => {
    if (!use.hasBatchWindows || batchWindowSeconds === 0) return first.visibleAt;
    const full = list[batchSize - 1]?.visibleAt;
    const over = addSeconds(first.visibleAt, batchWindowSeconds);
    return full !== undefined && full < over ? full : over;
  };

  const source: Source = {
    name: 'queues',
    peek: () => next()?.at,
    runNext: async () => {
      const first = next();
      if (!first) return;
      const { name, visibilitySeconds, batchSize } = first.settings;
      const now = clock.now();
      const list = waiting.get(name) ?? [];
      const batch: Message[] = [];
      for (let at = 0; at < list.length && batch.length < batchSize && (list[at] as Message).visibleAt <= now; at++)
        batch.push(list[at] as Message);
      upcoming = undefined;
      list.splice(0, batch.length);
      const visibleAt = addSeconds(now, visibilitySeconds);
      for (const message of batch) {
        message.receives++;
        message.visibleAt = visibleAt;
        messages.set(message.id, message);
      }
      counts.receives++;
      const failed = await failuresOf(consumers.get(name), batch, name);
      for (const message of batch) {
        if (failed.has(message.id) || use.trouble?.comesAgain(name)) {
          again(message, visibilitySeconds, first.settings);
        } else {
          messages.delete(message.id);
        }
      }
      // Lambda deletes what was handled of a batch in one request.
      if (failed.size < batch.length) counts.deletes++;
    },
  };

  return {
    source,
    counts,
    consume: (queue: string, consumer: Consumer): void => {
      upcoming = undefined;
      consumers.set(queue, consumer);
    },
    sendMessage: (queue: string, body: string, delaySeconds = 0): { MessageId: string } => {
      if (!settings.has(queue)) throw Object.assign(new Error(`there is no queue ${queue}`), { name: 'QueueDoesNotExist' });
      counts.sends++;
      const now = clock.now();
      const place = (late: number): string => {
        const id = `${queue}-${++order}`;
        const seconds = delaySeconds + late;
        enqueue({ id, queue, body, sentAt: now, visibleAt: seconds === 0 ? now : addSeconds(now, seconds), order, receives: 0 });
        return id;
      };
      const [MessageId = ''] = (use.trouble?.copies(queue) ?? [0]).map(place);
      return { MessageId };
    },
    /** What is dead, or one of it, goes back to where it came from, as if it had not been tried. Returns how many. */
    redrive: (queue: string, messageId?: string): number => {
      const dead = (waiting.get(`${queue}-dead`) ?? []).filter((it) => messageId === undefined || it.id === messageId);
      for (const message of dead) {
        take(message);
        enqueue({ ...message, queue, visibleAt: clock.now(), receives: 0, order: ++order });
      }
      return dead.length;
    },
    /** As whoever received it does once it is done with it. */
    deleteMessage: (queue: string, messageId: string): void => {
      const message = waiting.get(queue)?.find((it) => it.id === messageId);
      if (!message) return;
      take(message);
      messages.delete(messageId);
    },
    /** What stands in a queue; dead letters in `<name>-dead`. */
    messagesIn: (queue: string): readonly Message[] => waiting.get(queue) ?? [],
  };
};

export type Queues = ReturnType<typeof createQueues>;

const none: ReadonlySet<string> = new Set();

/** A handler that throws fails its whole batch. */
const failuresOf = async (consumer: Consumer | undefined, batch: readonly Message[], queue: string): Promise<ReadonlySet<string>> => {
  const all = () => new Set(batch.map((it) => it.id));
  if (!consumer) return all();
  try {
    const response = await consumer({ Records: batch.map((it) => toRecord(it, queue)) });
    const failed = response?.batchItemFailures ?? [];
    return failed.length === 0 ? none : new Set(failed.map((it) => it.itemIdentifier));
  } catch {
    return all();
  }
};

const toRecord = (message: Message, queue: string): SQSRecord => {
  const sentAt = String(toEpoch(message.sentAt));
  return {
    messageId: message.id,
    receiptHandle: `${message.id}#${message.receives}`,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: sentAt,
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: sentAt,
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:local:000000000000:${queue}`,
    awsRegion: 'local',
  };
};

const isBefore = (one: Message, other: Message): boolean =>
  one.visibleAt < other.visibleAt || (one.visibleAt === other.visibleAt && one.order < other.order);

const placeOf = (list: readonly Message[], message: Message): number => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = list[middle];
    if (other && isBefore(other, message)) low = middle + 1;
    else high = middle;
  }
  return low;
};
