import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  MessageSystemAttributeName,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Letter } from '#core/dead-letters';
import { toInstant } from '#core/instant';

/** A process that is killed while it looks leaves its letters hidden for so long. */
const heldSeconds = 120;
const perReceive = 10;

export type Holding = {
  readonly isEnough: () => boolean;
  readonly work: (letter: Letter, message: Message) => Promise<'deleted' | 'stays'>;
};

/** Each message of a queue, until a long poll brings nothing new, or there is enough. Whatever `work` does not delete is let go at the end. */
export const holdEach = async (sqs: SQSClient, QueueUrl: string, { isEnough, work }: Holding): Promise<void> => {
  const held = new Map<string, Message>();
  try {
    for await (const message of messagesOf(sqs, QueueUrl, held)) {
      if (isEnough()) return;
      if ((await work(letterOf(message), message)) === 'deleted') held.delete(message.MessageId ?? '');
      if (isEnough()) return;
    }
  } finally {
    await letGo(sqs, QueueUrl, [...held.values()]);
  }
};

/** Each once. `held` gets the handle of the last receive, which is the one that counts. */
async function* messagesOf(sqs: SQSClient, QueueUrl: string, held: Map<string, Message>): AsyncGenerator<Message> {
  const seen = new Set<string>();
  for (let isNew = true; isNew; ) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...receiving }));
    const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
    for (const message of Messages) held.set(message.MessageId ?? '', message);
    for (const { MessageId = '' } of fresh) seen.add(MessageId);
    yield* fresh;
    isNew = fresh.length > 0;
  }
}

/** What a letter is made of. */
export const asking = {
  MessageSystemAttributeNames: [MessageSystemAttributeName.SentTimestamp, MessageSystemAttributeName.ApproximateReceiveCount],
  MessageAttributeNames: ['ERROR_CODE'],
};

/** A long poll asks every server; a short one may say that there is nothing when there is. */
const receiving = {
  MaxNumberOfMessages: perReceive,
  WaitTimeSeconds: 1,
  VisibilityTimeout: heldSeconds,
  ...asking,
};

export const letterOf = ({ MessageId = '', Body = '', Attributes = {}, MessageAttributes = {} }: Message): Letter => {
  const refused = MessageAttributes.ERROR_CODE?.StringValue;
  return {
    messageId: MessageId,
    sentAt: toInstant(Number(Attributes.SentTimestamp ?? 0)),
    receives: Number(Attributes.ApproximateReceiveCount ?? 0),
    body: Body,
    ...(refused !== undefined && { refused: `EventBridge: ${refused}` }),
  };
};

/** What cannot be let go comes back by itself. */
const letGo = async (sqs: SQSClient, QueueUrl: string, held: readonly Message[]): Promise<void> => {
  for (let from = 0; from < held.length; from += perReceive) {
    const Entries = held
      .slice(from, from + perReceive)
      .map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries })).catch(() => undefined);
  }
};
