import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Ports } from '#core/ports';

export type QueueUrls = { readonly enrol: string; readonly wake: string; readonly events: string; readonly salesTasks: string };

export const sqsQueues = (client: SQSClient, urls: QueueUrls): Pick<Ports, 'enrolQueue' | 'wakeQueue' | 'eventQueue' | 'salesQueue'> => {
  const to = (url: string) => ({
    push: async (message: unknown) =>
      void (await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(message) }))),
  });
  return { enrolQueue: to(urls.enrol), wakeQueue: to(urls.wake), eventQueue: to(urls.events), salesQueue: to(urls.salesTasks) };
};
