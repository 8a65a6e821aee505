import { CfnDynamicReference, CfnDynamicReferenceService, Fn, Stack } from 'aws-cdk-lib';
import { type IUserPool, UserPool } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { QueueName } from '#core/queues';
import type { Data } from '#lib/data';
import type { Names } from '#lib/settings';

export type SeenQueue = { readonly queueArn: string; readonly queueUrl: string };
/** `arn`: what Secrets Manager is asked by. `grant`: what IAM is told, for the ARN ends in six characters that Secrets Manager makes up. */
export type SeenSecret = { readonly arn: string; readonly grant: string };

/** What the engine knows of the data. */
export type SeenData = {
  readonly tableName: string;
  readonly tableArn: string;
  /** Of the table's changes, which only the console's counts read. */
  readonly streamArn: string | undefined;
  readonly queue: (name: QueueName) => SeenQueue;
  readonly deadLetters: (name: QueueName) => SeenQueue;
  readonly secrets: { readonly [name in 'identity' | 'links' | 'api-keys' | 'outside']: SeenSecret };
  readonly machinesRoleArn: string;
  readonly timersRoleArn: string;
  readonly people: IUserPool | undefined;
};

/**
 * Within one stack by reference. From a stack of its own by name alone: a stack that imported what the other exports would keep it from ever
 * giving anything up, and no release could be rolled back past one that added something (docs/decisions/0091).
 */
export const seenFrom = (engine: Construct, data: Data, names: Names): SeenData => {
  const [here, there] = [Stack.of(engine), Stack.of(data)];
  if (here === there) return byReference(data);
  if (here.environment !== there.environment)
    throw new Error(
      `${data.node.path} and ${engine.node.path} must be in one account and Region: ${there.environment}, ${here.environment}`,
    );
  here.addStackDependency(there, 'it is named, not referred to');
  return byName(engine, data, names);
};

const byReference = (data: Data): SeenData => {
  const { identity, links, apiKeys, outside } = data.secrets;
  const secret = ({ secretArn }: { readonly secretArn: string }): SeenSecret => ({ arn: secretArn, grant: secretArn });
  return {
    tableName: data.table.tableName,
    tableArn: data.table.tableArn,
    streamArn: data.changes,
    queue: (name) => data.queues.get(name),
    deadLetters: (name) => data.queues.dead(name),
    secrets: { identity: secret(identity), links: secret(links), 'api-keys': secret(apiKeys), outside: secret(outside) },
    machinesRoleArn: data.executionRole.roleArn,
    timersRoleArn: data.timerRole.roleArn,
    people: data.people,
  };
};

/** One word each (`Fn::Sub`): two hundred machines say some of it in a template of limited size. */
const byName = (engine: Construct, data: Data, names: Names): SeenData => {
  const here = '${AWS::Region}:${AWS::AccountId}';
  const arn = (service: string, rest: string) => Fn.sub(`arn:\${AWS::Partition}:${service}:${here}:${rest}`);
  const role = (name: string) => Fn.sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${name}-\${AWS::Region}`);
  const queue = (name: string): SeenQueue => ({
    queueArn: arn('sqs', `${names.prefix}-${name}`),
    queueUrl: Fn.sub(`https://sqs.\${AWS::Region}.\${AWS::URLSuffix}/\${AWS::AccountId}/${names.prefix}-${name}`),
  });
  const secret = (name: string): SeenSecret => {
    const known = `secret:${names.secret(name)}`;
    return { arn: arn('secretsmanager', known), grant: arn('secretsmanager', `${known}-??????`) };
  };
  const said = (parameter: string) => new CfnDynamicReference(CfnDynamicReferenceService.SSM, parameter).toString();
  return {
    tableName: names.table,
    tableArn: arn('dynamodb', `table/${names.table}`),
    streamArn: data.changes && said(names.streamParameter),
    queue,
    deadLetters: (name) => queue(`${name}-dead`),
    secrets: { identity: secret('identity'), links: secret('links'), 'api-keys': secret('api-keys'), outside: secret('outside') },
    machinesRoleArn: role(names.machinesRole),
    timersRoleArn: role(names.timersRole),
    people: data.people && UserPool.fromUserPoolId(engine, 'People', said(names.peopleParameter)),
  };
};
