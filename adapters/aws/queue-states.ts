import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type Failures, type Letter, shownLetter } from '#core/dead-letters';
import type { QueueStates } from '#core/ports';
import { queueNames } from '#core/queues';
import { asking, holdEach, letterOf } from './dead-letter-holds.ts';
import { beginMove, isUnderWay, lastMove } from './dead-letter-moves.ts';

const wanted = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'] as const;

/** So many are looked through for one of them: a page waits for it. */
const mostLookedThrough = 500;

/** Two requests a queue. How long the oldest message waits only CloudWatch knows, and a minute late: it is left out. */
export const sqsQueueStates = (
  client: SQSClient,
  urlPrefix: string,
  failuresOf: (queue: string, letters: readonly Letter[]) => Promise<Failures>,
): QueueStates => {
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
        ...asking,
      });
      const { Messages = [] } = await client.send(asked);
      const letters = Messages.map(letterOf);
      const came = letters.filter((it) => it.refused === undefined);
      const { of, note } = came.length === 0 ? none : await failuresOf(queue, came);
      return { letters: letters.map((it) => shownLetter(queue, it, of.get(it.messageId))), ...(note !== undefined && { note }) };
    },
    redrive: async (queue) => {
      const { arn, waiting } = await ask(`${queue}-dead`, ['QueueArn']);
      if (isUnderWay(await lastMove(client, arn))) return 'under-way';
      if (waiting === 0) return 'none';
      await beginMove(client, { SourceArn: arn, DestinationArn: arn?.replace(/-dead$/, '') });
      return 'begun';
    },
    // Sent before it is deleted: a crash in between leaves two, and two are as good as one.
    redriveOne: async (queue, messageId) => {
      const QueueUrl = `${urlPrefix}${queue}-dead`;
      let [looked, isFound] = [0, false];
      await holdEach(client, QueueUrl, {
        isEnough: () => isFound || looked >= mostLookedThrough,
        work: async (letter, { ReceiptHandle }) => {
          looked++;
          if (letter.messageId !== messageId) return 'stays';
          await client.send(new SendMessageCommand({ QueueUrl: `${urlPrefix}${queue}`, MessageBody: letter.body }));
          await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
          isFound = true;
          return 'deleted';
        },
      });
      return isFound ? 'begun' : 'none';
    },
  };
};

const none: Pick<Failures, 'of' | 'note'> = { of: new Map() };
