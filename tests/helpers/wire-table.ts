import { handoffMachineName, replyBucketName } from '#local/settings';
import type { WireCall } from '#local/wire';
import { account, region } from '#tests/helpers/cloudformation';
import type { Request } from '#tests/helpers/roles';

/** Where the deployed things are that the embedded ones stand for. */
export type Deployed = {
  readonly table: string;
  readonly prefix: string;
  readonly bucket: string;
  readonly replyBucket: string;
  readonly sender: string;
  readonly timerRole: string;
};

const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;

/** The IAM requests that one call to AWS is: SES asks for each resource by itself. */
export const requestsOf = ({ service, operation, input }: WireCall, at: Deployed): readonly Request[] => {
  const text = (name: string) => String(input[name]);
  const last = (value: string) => value.slice(value.lastIndexOf('/') + 1);
  switch (service) {
    case 'dynamodb':
      return [dynamoRequest(operation, input, at)];
    case 'sqs':
      return [{ action: `sqs:${operation}`, resource: arn('sqs', `${at.prefix}-${last(text('QueueUrl'))}`) }];
    case 's3':
      return [
        {
          action: `s3:${operation}`,
          resource: `arn:aws:s3:::${text('Bucket') === replyBucketName ? at.replyBucket : at.bucket}/${text('Key')}`,
        },
      ];
    case 'secretsmanager':
      return [{ action: `secretsmanager:${operation}`, resource: arn('secretsmanager', `secret:${at.prefix}/${text('SecretId')}-AbCdEf`) }];
    case 'events':
      return [{ action: `events:${operation}`, resource: arn('events', `event-bus/${at.prefix}-sales`) }];
    case 'scheduler':
      return [
        { action: 'scheduler:CreateSchedule', resource: arn('scheduler', `schedule/${at.prefix}/${text('Name')}`) },
        {
          action: 'iam:PassRole',
          resource: at.timerRole,
          context: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
        },
      ];
    case 'lambda':
      return [{ action: 'lambda:InvokeFunction', resource: arn('lambda', `function:${at.prefix}-${text('FunctionName')}`) }];
    case 'ses':
      if (operation === 'GetAccount') return [{ action: 'ses:GetAccount', resource: '*' }];
      return [`identity/${at.sender}`, `configuration-set/${at.prefix}`].map((it) => ({
        action: `ses:${operation}`,
        resource: arn('ses', it),
      }));
    case 'states':
      if (operation.startsWith('SendTask')) return [{ action: `states:${operation}`, resource: '*' }];
      if (operation === 'DescribeExecution')
        return [{ action: `states:${operation}`, resource: arn('states', executionName(text('executionArn'), at)) }];
      return [{ action: `states:${operation}`, resource: arn('states', `stateMachine:${machineName(text('stateMachineArn'), at)}`) }];
  }
};

const executionName = (executionArn: string, at: Deployed): string => {
  const [, machine = '', name = ''] = /:execution:([^:]+):(.+)$/.exec(executionArn) ?? [];
  return `execution:${machineName(machine, at)}:${name}`;
};

/** Published versions are asked for by their ARN, whose end is a number. */
const machineName = (nameOrArn: string, { prefix }: Deployed) => {
  const machine = nameOrArn.replace(/^arn:.*:stateMachine:/, '');
  return machine === handoffMachineName ? `${prefix}_handoff` : `${prefix}-${machine}`;
};

const dynamoRequest = (operation: string, input: WireCall['input'], { table }: Deployed): Request => {
  const index = input.IndexName === undefined ? '' : `/index/${String(input.IndexName)}`;
  return { action: `dynamodb:${operation}`, resource: `${table}${index}`, context: { 'dynamodb:LeadingKeys': [partitionOf(input)] } };
};

type Attribute = { readonly S?: string };
const partitionOf = (input: WireCall['input']): string => {
  const key = (input.Key ?? input.Item) as { pk?: Attribute } | undefined;
  if (key) return key.pk?.S ?? '';
  const values = input.ExpressionAttributeValues as { ':pk'?: Attribute } | undefined;
  return values?.[':pk']?.S ?? '';
};

/** The same request with what differs from lead to lead left out. */
export const kindOf = ({ action, resource, context }: Request): string => {
  const partition = context?.['dynamodb:LeadingKeys']?.[0];
  const where = resource
    .replace(/^arn:aws:[a-z0-9-]*:[a-z0-9-]*:[0-9]*:/, '')
    .replace(/^table\/[^/]+/, 'table')
    .replace(/artifacts\/.*$/, 'artifacts/…');
  return `${action} ${where}${partition === undefined ? '' : ` ${partition.replace(/#.*$/, '#…')}`}`;
};
