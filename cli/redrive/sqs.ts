import { setTimeout as wait } from 'node:timers/promises';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type Message,
  MessageSystemAttributeName,
  paginateListQueues,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { toInstant } from '#core/instant';
import { queueNames } from '#core/queues';
import type { DeadLetters, Letter, Moved } from './letters.ts';

/** A process that is killed while it looks leaves its letters hidden for so long. */
const heldSeconds = 120;
const perReceive = 10;

/** The dead letters of a stage. `prefix`: of its names, such as `baton-prod-`. */
export const sqsDeadLetters = async (
  sqs: SQSClient,
  prefix: string,
  failures: DeadLetters['failures'],
  sleep: (milliseconds: number) => Promise<unknown> = wait,
): Promise<DeadLetters> => {
  const urls = await urlsOf(sqs, prefix);
  const urlOf = (queue: string): string => {
    const url = urls.get(queue);
    if (url === undefined) throw new Error(`there is no queue ${prefix}${queue} in this account and Region: is the stage deployed here?`);
    return url;
  };
  const attributes = async (queue: string, ...AttributeNames: readonly QueueAttributeName[]) => {
    const asked = new GetQueueAttributesCommand({ QueueUrl: urlOf(queue), AttributeNames: [...AttributeNames] });
    return (await sqs.send(asked)).Attributes ?? {};
  };
  const arnOf = async (queue: string) => (await attributes(queue, 'QueueArn')).QueueArn;
  /** Until a long poll brings nothing new, or there is enough. Whatever `work` does not delete is let go again at the end. */
  const eachOf = async (
    queue: string,
    isEnough: () => boolean,
    work: (letter: Letter, message: Message) => Promise<'deleted' | 'stays'>,
  ) => {
    const QueueUrl = urlOf(`${queue}-dead`);
    const seen = new Set<string>();
    const held = new Map<string, Message>();
    try {
      while (!isEnough()) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...receiving }));
        const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
        // With the handle of the last receive, which is the one that counts.
        for (const message of Messages) held.set(message.MessageId ?? '', message);
        if (fresh.length === 0) return;
        for (const message of fresh) {
          const { MessageId = '' } = message;
          seen.add(MessageId);
          if (!isEnough() && (await work(letterOf(message), message)) === 'deleted') held.delete(MessageId);
        }
      }
    } finally {
      await letGo(sqs, QueueUrl, [...held.values()]);
    }
  };
  return {
    queues: async () => [...urls.keys()].filter((it) => it.endsWith('-dead')).map((it) => it.slice(0, -'-dead'.length)),
    count: async (queue) => {
      const found = await attributes(`${queue}-dead`, 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible');
      return Number(found.ApproximateNumberOfMessages ?? 0) + Number(found.ApproximateNumberOfMessagesNotVisible ?? 0);
    },
    look: async (queue, most) => {
      const letters: Letter[] = [];
      const isEnough = () => letters.length >= most;
      await eachOf(queue, isEnough, async (letter) => {
        letters.push(letter);
        return 'stays';
      });
      return letters;
    },
    failures,
    moveAll: async (queue) => {
      const [SourceArn, DestinationArn] = [await arnOf(`${queue}-dead`), await arnOf(queue)];
      const before = await lastMove(sqs, SourceArn);
      if (before?.Status === 'RUNNING') return seeThrough(sqs, SourceArn, undefined, sleep);
      // By name: what EventBridge put there never came from a queue, and SQS would not know where to.
      await sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
      return seeThrough(sqs, SourceArn, before?.StartedTimestamp, sleep);
    },
    settle: async (queue, messageIds, before) => {
      const settled: string[] = [];
      const isEnough = () => settled.length === messageIds.size;
      await eachOf(queue, isEnough, async (letter, { ReceiptHandle }) => {
        if (!messageIds.has(letter.messageId)) return 'stays';
        await before(letter);
        await sqs.send(new DeleteMessageCommand({ QueueUrl: urlOf(`${queue}-dead`), ReceiptHandle }));
        settled.push(letter.messageId);
        return 'deleted';
      });
      return settled;
    },
    send: async (queue, MessageBody) => void (await sqs.send(new SendMessageCommand({ QueueUrl: urlOf(queue), MessageBody }))),
  };
};

/** A long poll asks every server; a short one may say that there is nothing when there is. */
const receiving = {
  MaxNumberOfMessages: perReceive,
  WaitTimeSeconds: 1,
  VisibilityTimeout: heldSeconds,
  MessageSystemAttributeNames: [MessageSystemAttributeName.SentTimestamp, MessageSystemAttributeName.ApproximateReceiveCount],
  MessageAttributeNames: ['ERROR_CODE'],
};

const letterOf = ({ MessageId = '', Body = '', Attributes = {}, MessageAttributes = {} }: Message): Letter => {
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

const looks = 30;
const betweenLooksMilliseconds = 2000;

/** SQS moves them by itself: whoever stops waiting stops nothing. `earlier`: when the move before this one began. */
const seeThrough = async (
  sqs: SQSClient,
  SourceArn: string | undefined,
  earlier: number | undefined,
  sleep: (milliseconds: number) => Promise<unknown>,
): Promise<Moved> => {
  let count = 0;
  for (let look = 0; look < looks; look++) {
    const move = await lastMove(sqs, SourceArn);
    if (move && move.StartedTimestamp !== earlier) {
      const { Status = '', FailureReason = Status } = move;
      count = Number(move.ApproximateNumberOfMessagesMoved ?? 0);
      if (Status === 'COMPLETED') return { outcome: 'moved', count };
      if (Status === 'FAILED' || Status === 'CANCELLED') return { outcome: 'failed', count, note: FailureReason };
    }
    await sleep(betweenLooksMilliseconds);
  }
  return { outcome: 'under-way', count };
};

const lastMove = async (sqs: SQSClient, SourceArn: string | undefined) =>
  (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }))).Results?.[0];

/** By their names without the prefix; `prod` and `prod-eu` may stand beside each other. */
const urlsOf = async (sqs: SQSClient, prefix: string): Promise<ReadonlyMap<string, string>> => {
  const urls = new Map<string, string>();
  for await (const page of paginateListQueues({ client: sqs, pageSize: 1000 }, { QueueNamePrefix: prefix })) {
    for (const url of page.QueueUrls ?? []) {
      const name = url.slice(url.lastIndexOf('/') + 1 + prefix.length);
      if (ours.has(name.replace(/-dead$/, ''))) urls.set(name, url);
    }
  }
  if (urls.size === 0) throw new Error(`there is no queue ${prefix}… in this account and Region: is the stage deployed here?`);
  return urls;
};
const ours: ReadonlySet<string> = new Set([...queueNames, 'crm-hubspot', 'crm-salesforce']);
