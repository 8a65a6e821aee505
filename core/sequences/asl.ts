import type { Item, Value } from '#core/table';
import { toExpressions } from '#core/table-expressions';
import type { MachineWrite } from './machine-writes.ts';

/** The subset of Amazon States Language (JSONPath) that Baton writes. */
export type Retrier = {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL';
};
export type Catcher = { readonly ErrorEquals: readonly string[]; readonly ResultPath: string | null; readonly Next: string };
export type Task = {
  readonly Type: 'Task';
  readonly Comment?: string;
  readonly Resource: string;
  readonly Parameters: { readonly [parameter: string]: unknown };
  readonly ResultSelector?: { readonly [field: string]: string };
  readonly ResultPath: string | null;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly Retry: readonly Retrier[];
  readonly Catch: readonly Catcher[];
  readonly Next?: string;
  readonly End?: true;
};
export type ChoiceTest = {
  readonly Variable?: string;
  readonly StringEquals?: string;
  readonly BooleanEquals?: boolean;
  readonly IsPresent?: boolean;
  readonly And?: readonly ChoiceTest[];
};
export type Choice = {
  readonly Type: 'Choice';
  readonly Comment?: string;
  readonly Choices: readonly (ChoiceTest & { readonly Next: string })[];
  readonly Default: string;
};
export type Succeed = { readonly Type: 'Succeed'; readonly Comment?: string };
export type Fail = { readonly Type: 'Fail'; readonly Comment?: string; readonly Error: string };
export type State = Task | Choice | Succeed | Fail;
export type Asl = {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONPath';
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: { readonly [name: string]: State };
};

export const resources = {
  sendToQueue: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  park: 'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken',
  write: 'arn:aws:states:::aws-sdk:dynamodb:updateItem',
  invoke: 'arn:aws:states:::lambda:invoke',
  /** The function answers the token, now or when a timer of its runs; what it throws fails the state, as without a token. */
  ask: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
} as const;

/** Left open in the definition; the deployment and the local runner fill it in. */
export const substitute = (
  name:
    | 'TableName'
    | 'SendQueueUrl'
    | 'PlanStepArn'
    | 'EvaluateBranchArn'
    | 'ActOnLeadArn'
    | 'CallWebhookArn'
    | 'ConfirmHandoffArn'
    | 'AssignTaskArn'
    | 'CheckTaskArn'
    | 'ReturnLeadArn'
    | 'NotifySalesArn',
) => `\${${name}}`;

export const conditionFailed = 'DynamoDb.ConditionalCheckFailedException';

/** A Lambda call that hangs ends here; the function's own limit is far below. */
export const invokeSeconds = 120;

const retrying = (errors: readonly string[]): readonly Retrier[] => [
  { ErrorEquals: errors, IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 8, MaxDelaySeconds: 60, JitterStrategy: 'FULL' },
];

/** Only what passes by itself. Never States.ALL or States.Timeout: a wait that timed out is done. */
export const retryDynamo = retrying([
  'DynamoDb.ProvisionedThroughputExceededException',
  'DynamoDb.RequestLimitExceededException',
  'DynamoDb.ThrottlingException',
  'DynamoDb.InternalServerErrorException',
  'DynamoDb.SdkClientException',
]);
export const retryQueue = retrying(['SQS.AmazonSQSException', 'SQS.SdkClientException']);
/** A function that hung is asked again: unlike a wait, its time-out is not the normal path. */
export const retryLambda = retrying([
  'RetryableError',
  'States.Timeout',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.ClientExecutionTimeoutException',
  // A process that died or was out of time or memory, under the names by which it was seen: the first is the documented one.
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.ExitError',
  'Runtime.OutOfMemory',
]);

/**
 * Of a state that waits for its token after the call: its time-out is not worth another try, and quotas of timers and answers may be
 * used up for a while, so it tries for some twenty minutes. Fewer than ten times: the row knows attempts by one digit.
 */
export const retryAsking: readonly Retrier[] = retryLambda.map((it) => ({
  ...it,
  IntervalSeconds: 2,
  BackoffRate: 3,
  MaxDelaySeconds: 900,
  ErrorEquals: it.ErrorEquals.filter((error) => error !== 'States.Timeout'),
}));

/** Another system that does not answer: half a minute, then longer and longer, some three hours in all. */
export const retryWebhook: readonly Retrier[] = [
  {
    ErrorEquals: ['RetryableError', 'States.Timeout'],
    IntervalSeconds: 30,
    BackoffRate: 3,
    MaxAttempts: 6,
    MaxDelaySeconds: 3600,
    JitterStrategy: 'FULL',
  },
  ...retryLambda.map((it) => ({
    ...it,
    ErrorEquals: it.ErrorEquals.filter((error) => error !== 'RetryableError' && error !== 'States.Timeout'),
  })),
];
export const webhookPatienceSeconds = 4 * 3600;

/** `keep`: the error stays under `$.error`, for the state that records it. */
export const catching = (errors: readonly string[], next: string, keep: 'keep' | 'drop' = 'drop'): Catcher => ({
  ErrorEquals: errors,
  ResultPath: keep === 'keep' ? '$.error' : null,
  Next: next,
});

/** Values that exist only while the machine runs, as DynamoDB attribute values. */
export const textAt = (path: string): Item => ({ 'S.$': path });
export const numberAt = (path: string): Item => ({ 'N.$': `States.Format('{}', ${path})` });

/** The parameters of an updateItem on one row. */
export const writeParameters = (write: MachineWrite, key: { readonly pk: Item; readonly sk: Item }) => {
  const { values, ...expressions } = toExpressions(write.update, write.condition);
  return {
    TableName: substitute('TableName'),
    Key: key,
    ...expressions,
    ...(values && { ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([name, it]) => [name, attribute(it)])) }),
  };
};

/** The states that one state may lead to. */
export const targetsOf = (state: State): readonly string[] => {
  switch (state.Type) {
    case 'Task':
      return [...(state.Next === undefined ? [] : [state.Next]), ...state.Catch.map((it) => it.Next)];
    case 'Choice':
      return [...state.Choices.map((it) => it.Next), state.Default];
    case 'Succeed':
    case 'Fail':
      return [];
  }
};

export const reachedFrom = (start: string, states: Asl['States']): ReadonlySet<string> => {
  const reached = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = states[name];
    if (reached.has(name) || !state) continue;
    reached.add(name);
    open.push(...targetsOf(state));
  }
  return reached;
};

const attribute = (value: Value): unknown => {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.map(attribute) };
  if ('S.$' in value || 'N.$' in value) return value;
  return { M: Object.fromEntries(Object.entries(value).map(([key, it]) => [key, attribute(it)])) };
};
