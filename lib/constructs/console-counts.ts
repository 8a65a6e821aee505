import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Names } from '#lib/settings';

export type ConsoleCountsProps = { readonly names: Names; readonly streamArn: string; readonly handler: IFunction };

/**
 * Feeds what changes in the table to the function that counts it for the console: stages and runs, and of cards those that are deleted.
 * What still fails after half a day is told to a queue, by its place in the stream and without its content, for two days: the night has
 * counted anew by then.
 */
export class ConsoleCounts extends Construct {
  constructor(scope: Construct, id: string, { names, streamArn, handler }: ConsoleCountsProps) {
    super(scope, id);
    const lost = new Queue(this, 'Lost', {
      queueName: names.lostCounts,
      retentionPeriod: Duration.days(2),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(lost).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is where lost batches are told of; the night counts anew.' });
    new EventSourceMapping(this, 'Source', {
      target: handler,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [
        FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: ['PROFILE', { prefix: 'ENROLMENT#' }] } } } }),
        FilterCriteria.filter({ eventName: ['REMOVE'], dynamodb: { Keys: { sk: { S: [{ prefix: 'CARD#' }] } } } }),
      ],
      batchSize: 1000,
      maxBatchingWindow: Duration.seconds(60),
      // Only with windows of time does a batch say of which shard it is; nothing else is asked of them.
      tumblingWindow: Duration.minutes(15),
      bisectBatchOnError: true,
      maxRecordAge: Duration.hours(12),
      onFailure: new SqsDlq(lost),
    });
  }
}
