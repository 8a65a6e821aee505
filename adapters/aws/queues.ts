import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A queue port: any JSON message. */
export const sqsQueue = (client: SQSClient, queueUrl: string) =>
  queueBy((body) => client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body })));

export const queueBy = (sendMessage: (body: string) => Promise<unknown>) => ({
  push: async (message: unknown): Promise<void> => void (await sendMessage(asMessage(message))),
});

/** SQS refuses a message with one of these two; JSON leaves them as they are. */
const asMessage = (message: unknown): string =>
  JSON.stringify(message).replace(/[\uFFFE\uFFFF]/g, (it) => `\\u${it.charCodeAt(0).toString(16)}`);
