import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type * as z from 'zod';
import type { Ports } from '#core/ports';

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
