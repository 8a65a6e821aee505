import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Hono } from 'hono';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import type * as z from 'zod';
import type { Ports } from '#core/ports';

/** The AWS ports, made at the first call: importing a handler does nothing, and the embedded runtime never loads them. */
let made: Promise<Ports> | undefined;
const awsPorts = (): Promise<Ports> => {
  made ??= import('#adapters/aws/ports').then((module) => module.awsPorts());
  return made;
};

/** Wires a handler that Step Functions invokes. */
export const onInvoke =
  <Result>(make: (use: Ports) => (event: unknown) => Promise<Result>) =>
  async (event: unknown): Promise<Result> =>
    make(await awsPorts())(event);

/** Wires a handler behind a queue. */
export const onQueue =
  <Message>(schema: z.ZodType<Message>, make: (use: Ports) => (message: Message) => Promise<unknown>) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const use = await awsPorts();
    return consume(schema, make(use), use.log)(event);
  };

/** Wires recurring work. */
export const onTick = (make: (use: Ports) => () => Promise<void>) => async (): Promise<void> => make(await awsPorts())();

/** Wires pages behind the HTTP API. */
export const onHttp =
  (make: (use: Ports) => Hono) =>
  async (event: LambdaEvent, context: LambdaContext): Promise<unknown> =>
    handle(make(await awsPorts()))(event, context);

/**
 * A handler's queue side: parse each message, handle it, name those that must come again. One after the other, so that
 * pacing is the event source's concurrency. `later` and any error leave only that message in the queue.
 */
export const consume =
  <Message>(schema: z.ZodType<Message>, handle: (message: Message) => Promise<unknown>, log: Ports['log']) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    for (const { messageId, body } of event.Records) {
      try {
        if ((await handle(schema.parse(JSON.parse(body)))) === 'later') failed.push(messageId);
      } catch (error) {
        log.error('message failed', { messageId, error: error instanceof Error ? error.name : 'unknown' });
        failed.push(messageId);
      }
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
