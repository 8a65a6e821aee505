import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { aslErrorNames, isAslError, retryableError } from '#core/errors';
import type { Ports } from '#core/ports';

/**
 * Where a deployed function's ports come from. Its bundle's entry says it (lib/bundle.ts), once; the embedded runtime never
 * does, and so never loads them. They are made at the first call, and made anew should that fail; `refresh` is asked before each.
 */
export const providePorts = (make: () => Promise<Ports>, refresh: () => Promise<void> = async () => undefined): void => {
  makePorts = make;
  refreshPorts = refresh;
};
let refreshPorts: () => Promise<void> = async () => undefined;
let makePorts: () => Promise<Ports> = () => Promise.reject(new Error('no ports were provided'));
let made: Promise<Ports> | undefined;

export const awsPorts = async (): Promise<Ports> => {
  made ??= makePorts().catch((error: unknown) => {
    made = undefined;
    throw error;
  });
  const ports = await made;
  await refreshPorts();
  return ports;
};

/** Wires a handler that Step Functions invokes. */
export const onInvoke =
  <Result>(make: (use: Ports) => (event: unknown) => Promise<Result>) =>
  async (event: unknown): Promise<Result> => {
    const use = await awsPorts();
    return guarded(make(use), use.log)(event);
  };

/**
 * What a machine is told of an error: one of the four names that its definition knows. Anything else (a throttled table,
 * a lost connection) passes by itself and is worth another try; after the last one the machine ends the run as failed.
 */
export const guarded =
  <Input, Result>(handle: (event: Input) => Promise<Result>, log: Ports['log']) =>
  async (event: Input): Promise<Result> => {
    try {
      return await handle(event);
    } catch (error) {
      if (aslErrorNames.some((name) => isAslError(error, name))) throw error;
      log.error('call failed', { error: nameOf(error) });
      throw retryableError('the call failed for a reason that may pass', error);
    }
  };

/**
 * What handles each message. `first`, if there is one, runs for every message of a batch before any is handled; `flush` after
 * the last one, and writes what they add up to.
 */
export type MessageHandler<Message> = ((message: Message) => Promise<unknown>) & {
  readonly first?: (message: Message) => Promise<void>;
  readonly flush?: () => Promise<void>;
};

/** Of zod, either build of it. */
type Schema<Message> = { readonly parse: (data: unknown) => Message };

/** Wires a handler behind a queue. */
export const onQueue =
  <Message>(schema: Schema<Message>, make: (use: Ports) => MessageHandler<Message>) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const use = await awsPorts();
    return measured(use, () => consume(schema, make(use), use.log)(event));
  };

/** Wires recurring work. */
export const onTick = (make: (use: Ports) => () => Promise<void>) => async (): Promise<void> => {
  const use = await awsPorts();
  return measured(use, make(use));
};

/** What a call counted goes out once, with its end. Only who counts something has the port. */
export const measured = async <Result>({ metrics }: Partial<Pick<Ports, 'metrics'>>, call: () => Promise<Result>): Promise<Result> => {
  try {
    return await call();
  } finally {
    metrics?.publish();
  }
};

/**
 * A handler's queue side: parse each message, handle it, name those that must come again. One after the other, so that
 * pacing is the event source's concurrency. `later` and any error leave only that message in the queue; an error in `flush`
 * leaves none, for the messages are handled. `read`: of a body, what the schema makes of it.
 */
export const consume =
  <Message>(
    schema: Schema<Message>,
    handle: MessageHandler<Message>,
    log: Ports['log'],
    read: (body: string) => Message = (body) => schema.parse(JSON.parse(body)),
  ) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    const fail = (messageId: string, error: unknown) => {
      log.error('message failed', { messageId, error: nameOf(error) });
      failed.push(messageId);
    };
    const batch: { readonly messageId: string; readonly message: Message }[] = [];
    for (const { messageId, body } of event.Records) {
      try {
        const message = read(body);
        if (handle.first) await handle.first(message);
        batch.push({ messageId, message });
      } catch (error) {
        fail(messageId, error);
      }
    }
    for (const { messageId, message } of batch) {
      try {
        if ((await handle(message)) === 'later') failed.push(messageId);
      } catch (error) {
        fail(messageId, error);
      }
    }
    try {
      if (handle.flush) await handle.flush();
    } catch (error) {
      log.error('flush failed', { error: nameOf(error) });
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
