import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { receivedMailPrefix } from '#core/object-keys';
import type { QueueName } from '#core/queues';
import type { Grant } from '#lib/grants';

/** ARNs of what grants are about. */
export type Targets = {
  readonly table: string;
  readonly bucket: string;
  readonly dropBucket: string;
  readonly replyBucket: string;
  readonly queue: (name: QueueName) => string;
  /** All of the stage. */
  readonly queues: string;
  /** Of the functions that work a queue off. */
  readonly queueLogs: readonly string[];
  readonly secret: { readonly [name in 'identity' | 'links' | 'api-keys' | 'outside']: string };
  /** Sender's identity, configuration set, and verified recipients while in the sandbox. */
  readonly email: readonly string[];
  readonly sequenceMachines: string;
  readonly handoffMachine: string;
  readonly executions: { readonly [of in 'sequences' | 'handoff']: string };
  readonly bus: string;
  /** Of the table's changes, and where batches that fail are told of; '' where nobody reads them. */
  readonly stream: string;
  readonly lostCounts: string;
  /** Schedules of the group, and the role that they are given. */
  readonly timers: { readonly schedules: string; readonly role: string };
};

/** IAM statements of a role, one a kind of thing, each with a readable id. `consumes`: the queue that triggers the function. */
export const statementsOf = (grants: readonly Grant[], targets: Targets, consumes?: QueueName): readonly PolicyStatement[] => [
  ...(consumes ? [statement(`Consume ${consumes}`, consuming, [targets.queue(consumes)])] : []),
  ...itemStatements(grants, targets),
  ...grants.flatMap((it) => otherStatement(it, targets)),
];

/** What Lambda needs to read the table's changes, and to tell of a batch that fails. */
export const streamStatements = ({ stream, lostCounts }: Targets): readonly PolicyStatement[] => [
  statement('Consume changes', ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [stream]),
  statement('Consume list of streams', ['dynamodb:ListStreams'], ['*']),
  statement('Consume lost', ['sqs:SendMessage'], [lostCounts]),
];

/** What Lambda needs to poll a queue, as its documentation lists it. */
const consuming = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** Items of one kind of partition: DynamoDB refuses a key that begins otherwise. */
const itemStatements = (grants: readonly Grant[], { table }: Targets): readonly PolicyStatement[] => {
  const items = grants.filter((it) => 'item' in it);
  return [...new Set(items.map((it) => it.partition))].map((partition) => {
    const actions = items.filter((it) => it.partition === partition).map((it) => `dynamodb:${it.item}`);
    const made = statement(`Items ${partition.replace('#*', '')}`, actions.sort(), [table]);
    made.addConditions({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [partition] } });
    return made;
  });
};

/** All of them by SQS itself; or one, held while it is looked for. */
const redriving = [
  ...['sqs:StartMessageMoveTask', 'sqs:ListMessageMoveTasks', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:SendMessage'],
  'sqs:ChangeMessageVisibility',
];

const otherStatement = (grant: Grant, targets: Targets): readonly PolicyStatement[] => {
  if ('item' in grant) return [];
  if ('index' in grant) return [statement(`Index ${grant.index}`, ['dynamodb:Query'], [`${targets.table}/index/${grant.index}`])];
  if ('object' in grant) return [statement(`Read ${grant.object}`, ['s3:GetObject'], [`${targets.bucket}/${grant.object}`])];
  if ('drop' in grant) {
    const verb = grant.drop === 'GetObject' ? 'Read' : 'Write';
    return [statement(`${verb} drop ${grant.under}`, [`s3:${grant.drop}`], [`${targets.dropBucket}/${grant.under}`])];
  }
  if ('receivedMail' in grant)
    return [
      statement(
        grant.receivedMail === 'GetObject' ? 'Read received mail' : 'Remove received mail',
        [`s3:${grant.receivedMail}`],
        [`${targets.replyBucket}/${receivedMailPrefix}*`],
      ),
    ];
  if ('secret' in grant) return [statement(`Secret ${grant.secret}`, ['secretsmanager:GetSecretValue'], [targets.secret[grant.secret]])];
  if ('queue' in grant) return [statement(`Push ${grant.queue}`, ['sqs:SendMessage'], [targets.queue(grant.queue)])];
  if ('queues' in grant)
    return [
      grant.queues === 'look'
        ? statement('Look at queues', ['sqs:GetQueueAttributes'], [targets.queues])
        : // What goes back is received from the one queue and sent to the other.
          statement('Redrive', redriving, [targets.queues]),
    ];
  if ('logs' in grant) return [statement('Read logs', ['logs:FilterLogEvents'], targets.queueLogs)];
  if ('alarms' in grant) return [statement('Look at alarms', ['cloudwatch:DescribeAlarms'], ['*'])];
  if ('bus' in grant) return [statement('Put events', ['events:PutEvents'], [targets.bus])];
  if ('timer' in grant)
    return [statement('Set timers', ['scheduler:CreateSchedule'], [targets.timers.schedules]), passing(targets.timers.role)];
  if ('email' in grant) return [statement('Email', ['ses:SendEmail'], targets.email)];
  if ('sendingAccount' in grant) return [statement('Sending account', ['ses:GetAccount'], ['*'])];
  if ('token' in grant) return [statement(grant.token, [`states:${grant.token}`], ['*'])];
  if ('look' in grant) return [statement(`Look at ${grant.look}`, ['states:DescribeExecution'], [targets.executions[grant.look]])];
  if ('publish' in grant)
    return [
      statement('Publish sequences', ['states:DescribeStateMachine', 'states:PublishStateMachineVersion'], [targets.sequenceMachines]),
    ];
  const machine = grant.start === 'handoff' ? targets.handoffMachine : targets.sequenceMachines;
  return [statement(`Start ${grant.start}`, ['states:StartExecution'], [machine])];
};

/** To EventBridge Scheduler and to nobody else. */
const passing = (role: string): PolicyStatement => {
  const made = statement('Pass timer role', ['iam:PassRole'], [role]);
  made.addConditions({ StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } });
  return made;
};

const statement = (name: string, actions: readonly string[], resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({
    sid: name.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])?/g, (_, next: string | undefined) => (next ?? '').toUpperCase()),
    actions: [...actions],
    resources: [...resources],
  });
