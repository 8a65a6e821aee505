import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { SESv2Client, type SESv2ClientConfig } from '@aws-sdk/client-sesv2';
import { SFNClient, type SFNClientConfig } from '@aws-sdk/client-sfn';
import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export type Clients = {
  readonly dynamo: DynamoDBDocumentClient;
  readonly rawDynamo: DynamoDBClient;
  readonly ses: SESv2Client;
  readonly sqs: SQSClient;
  readonly sfn: SFNClient;
};

/** What the embedded runtime gives instead of AWS; on AWS nothing is given. */
export type ClientOptions = {
  readonly dynamo?: DynamoDBClientConfig;
  readonly ses?: SESv2ClientConfig;
  readonly sqs?: SQSClientConfig;
  readonly sfn?: SFNClientConfig;
};

/** SES gets one attempt: it has no idempotency token, so a retry after a time-out could be a second mail. */
export const createClients = (options: ClientOptions = {}): Clients => {
  const rawDynamo = new DynamoDBClient({ ...options.dynamo });
  return {
    rawDynamo,
    dynamo: DynamoDBDocumentClient.from(rawDynamo, { marshallOptions: { removeUndefinedValues: true } }),
    ses: new SESv2Client({ ...options.ses, maxAttempts: 1 }),
    sqs: new SQSClient({ ...options.sqs }),
    sfn: new SFNClient({ ...options.sfn }),
  };
};
