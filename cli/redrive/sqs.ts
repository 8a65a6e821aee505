import { setTimeout as wait } from 'node:timers/promises';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  paginateListQueues,
  type QueueAttributeName,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { holdEach } from '#adapters/aws/dead-letter-holds';
import type { Letter } from '#core/dead-letters';
import { queueNames } from '#core/queues';
import type { DeadLetters } from './letters.ts';
import { moveEverything, type Sleep } from './moves.ts';

/** The dead letters of a stage. `prefix`: of its names, such as `baton-prod-`. */
export const sqsDeadLetters = async (
  sqs: SQSClient,
  prefix: string,
  failures: DeadLetters['failures'],
  sleep: Sleep = wait,
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
  return {
    queues: async () => [...urls.keys()].filter((it) => it.endsWith('-dead')).map((it) => it.slice(0, -'-dead'.length)),
    count: async (queue) => {
      const found = await attributes(`${queue}-dead`, 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible');
      return Number(found.ApproximateNumberOfMessages ?? 0) + Number(found.ApproximateNumberOfMessagesNotVisible ?? 0);
    },
    look: async (queue, most) => {
      const letters: Letter[] = [];
      await holdEach(sqs, urlOf(`${queue}-dead`), {
        isEnough: () => letters.length >= most,
        work: async (letter) => {
          letters.push(letter);
          return 'stays';
        },
      });
      return letters;
    },
    failures,
    moveAll: async (queue) => moveEverything(sqs, { SourceArn: await arnOf(`${queue}-dead`), DestinationArn: await arnOf(queue) }, sleep),
    settle: async (queue, messageIds, before) => {
      const QueueUrl = urlOf(`${queue}-dead`);
      const settled: string[] = [];
      await holdEach(sqs, QueueUrl, {
        isEnough: () => settled.length === messageIds.size,
        work: async (letter, { ReceiptHandle }) => {
          if (!messageIds.has(letter.messageId)) return 'stays';
          await before(letter);
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
          settled.push(letter.messageId);
          return 'deleted';
        },
      });
      return settled;
    },
    send: async (queue, MessageBody) => void (await sqs.send(new SendMessageCommand({ QueueUrl: urlOf(queue), MessageBody }))),
  };
};

/** By their names without the prefix. */
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
