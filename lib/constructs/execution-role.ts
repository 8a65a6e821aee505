import { ArnFormat, Aws, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { handlerNames, handlers } from '#core/handlers';
import type { Names } from '#lib/settings';

export type ExecutionRoleProps = { readonly table: TableV2; readonly sendQueue: Queue; readonly names: Names };

/** Handlers that machines invoke: their names are a contract with every execution in flight. */
const invokedByMachines = handlerNames.filter((name) => 'machine' in handlers[name].trigger);

/**
 * The one role that every machine runs under. It outlives the engine, and its grants are only ever added to: an execution
 * that started a year ago still needs what it needed then.
 */
export class ExecutionRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { table, sendQueue, names }: ExecutionRoleProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const functionArns = invokedByMachines.map((name) =>
      stack.formatArn({
        service: 'lambda',
        resource: 'function',
        resourceName: names.functionName(name),
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    this.role = new Role(this, 'Role', {
      roleName: `${names.machinesRole}-${Aws.REGION}`,
      description: 'Baton: state machines of sequences and of the handoff',
      assumedBy: new ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
      inlinePolicies: {
        machines: new PolicyDocument({
          statements: [
            new PolicyStatement({ sid: 'Send', actions: ['sqs:SendMessage'], resources: [sendQueue.queueArn] }),
            new PolicyStatement({
              sid: 'ParkAndEnd',
              actions: ['dynamodb:UpdateItem'],
              resources: [table.tableArn],
              conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['LEAD#*', 'TASK#*'] } },
            }),
            new PolicyStatement({ sid: 'Invoke', actions: ['lambda:InvokeFunction'], resources: functionArns }),
            new PolicyStatement({ sid: 'Log', actions: logDelivery, resources: ['*'] }),
          ],
        }),
      },
    });
    this.role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'CloudWatch Logs takes no resource for log delivery, which Step Functions needs to log failed executions.',
    });
  }
}

/** As Step Functions' documentation lists them for logging to CloudWatch Logs. */
const logDelivery = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];
