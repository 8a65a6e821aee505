import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A queue port: any JSON message. */
export const sqsQueue = (client: SQSClient, queueUrl: string) => ({
  push: async (message: unknown): Promise<void> =>
    void (await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message) }))),
});
