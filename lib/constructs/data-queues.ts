import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type QueueName, queueRetentionSeconds, queueSettings } from '#core/queues';
import type { Names } from '#lib/settings';

/** Every queue with its dead letters. Both keep messages as long as SQS can: nothing is lost over a long week-end. */
export class DataQueues extends Construct {
  private readonly queues = new Map<string, Queue>();

  constructor(scope: Construct, id: string, { names }: { readonly names: Names }) {
    super(scope, id);
    for (const { name, visibilitySeconds, maxReceives, batchWindowSeconds = 0 } of queueSettings) {
      const dead = this.make(`${name}-dead`, names);
      this.queues.set(`${name}-dead`, dead);
      Validations.of(dead).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is the dead-letter queue.' });
      this.queues.set(
        name,
        this.make(name, names, {
          // Lambda holds the first message while it waits for others; AWS asks for that time on top.
          visibilityTimeout: Duration.seconds(visibilitySeconds + batchWindowSeconds),
          deadLetterQueue: { queue: dead, maxReceiveCount: maxReceives },
        }),
      );
    }
    const told = [
      this.get('events'),
      this.get('replies'),
      this.get('imports'),
      this.dead('events'),
      this.dead('replies'),
      this.dead('imports'),
    ];
    for (const queue of told) this.allowBus(queue, names);
  }

  get(name: QueueName): Queue {
    return this.named(name);
  }

  dead(name: QueueName): Queue {
    return this.named(`${name}-dead`);
  }

  private named(name: string): Queue {
    const queue = this.queues.get(name);
    if (!queue) throw new Error(`there is no queue ${name}`);
    return queue;
  }

  private make(name: string, names: Names, more: object = {}): Queue {
    return new Queue(this, name, {
      queueName: `${names.prefix}-${name}`,
      retentionPeriod: Duration.seconds(queueRetentionSeconds),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...more,
    });
  }

  /** The rules are in the other stack, so they are named by pattern: a policy that named each would tie the stacks in a circle. */
  private allowBus(queue: Queue, names: Names): void {
    const rules = Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName: `${names.prefix}-*` });
    queue.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': rules } },
      }),
    );
  }
}
