import { GetQueueAttributesCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { idsIn } from '#core/dead-letters';
import { toInstant } from '#core/instant';
import type { QueueStates } from '#core/ports';
import { queueNames } from '#core/queues';
import { beginMove, isUnderWay, lastMove } from './dead-letter-moves.ts';

const wanted = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'] as const;

/** Two requests a queue. How long the oldest message waits only CloudWatch knows, and a minute late: it is left out. */
export const sqsQueueStates = (client: SQSClient, urlPrefix: string): QueueStates => {
  const ask = async (name: string, more: readonly 'QueueArn'[] = []) => {
    const asked = new GetQueueAttributesCommand({ QueueUrl: `${urlPrefix}${name}`, AttributeNames: [...wanted, ...more] });
    const { Attributes = {} } = await client.send(asked);
    const [waiting = 0, inFlight = 0, delayed = 0] = wanted.map((it) => Number(Attributes[it] ?? 0));
    return { waiting, inFlight, delayed, arn: Attributes.QueueArn };
  };
  return {
    all: async () =>
      Promise.all(
        queueNames.map(async (queue) => {
          const [{ waiting, inFlight, delayed }, dead] = await Promise.all([ask(queue), ask(`${queue}-dead`)]);
          return { queue, waiting, inFlight, delayed, dead: dead.waiting + dead.inFlight };
        }),
      ),
    // Given out and free again at once: nobody who redrives meanwhile misses any.
    look: async (queue) => {
      const asked = new ReceiveMessageCommand({
        QueueUrl: `${urlPrefix}${queue}-dead`,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
        MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
      });
      const { Messages = [] } = await client.send(asked);
      return Messages.map(({ MessageId: messageId = '', Body = '', Attributes = {} }) => ({
        messageId,
        sentAt: toInstant(Number(Attributes.SentTimestamp ?? 0)),
        receives: Number(Attributes.ApproximateReceiveCount ?? 0),
        ids: idsIn(queue, Body),
      }));
    },
    redrive: async (queue) => {
      const { arn, waiting } = await ask(`${queue}-dead`, ['QueueArn']);
      if (isUnderWay(await lastMove(client, arn))) return 'under-way';
      if (waiting === 0) return 'none';
      await beginMove(client, { SourceArn: arn, DestinationArn: arn?.replace(/-dead$/, '') });
      return 'begun';
    },
  };
};
