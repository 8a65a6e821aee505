import { CloudWatchClient, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { SESv2Client, type SESv2ClientConfig } from '@aws-sdk/client-sesv2';
import { SFNClient, type SFNClientConfig } from '@aws-sdk/client-sfn';
import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Each client as Baton uses it, one function each, so that a bundle holds only those it needs. On AWS nothing is given. */
export const dynamoClient = (config: DynamoDBClientConfig = {}) => new DynamoDBClient(config);

export const documents = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

/** One attempt: SES has no idempotency token, so a retry after a time-out could be a second mail. */
export const sesClient = (config: SESv2ClientConfig = {}) => new SESv2Client({ ...config, maxAttempts: 1 });

export const sqsClient = (config: SQSClientConfig = {}) => new SQSClient(config);

export const sfnClient = (config: SFNClientConfig = {}) => new SFNClient(config);

export const cloudWatchClient = (config: CloudWatchClientConfig = {}) => new CloudWatchClient(config);

export const logsClient = () => new CloudWatchLogsClient({});
