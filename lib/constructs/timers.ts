import { Aws, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Names } from '#lib/settings';

/**
 * Where the schedules are that end waits, and the role under which EventBridge Scheduler answers the tokens. Deleting the group would
 * delete them all, so both outlive the engine.
 */
export class Timers extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { names }: { readonly names: Names }) {
    super(scope, id);
    const stack = Stack.of(this);
    const group = new CfnScheduleGroup(this, 'Group', { name: names.timerGroup });
    group.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const groupArn = stack.formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: names.timerGroup });
    this.role = new Role(this, 'Role', {
      roleName: `${names.timersRole}-${Aws.REGION}`,
      description: 'Baton: schedules that end waits',
      // No other account, and no schedule of another group, may have the role used.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': groupArn } },
      }),
      inlinePolicies: {
        timers: new PolicyDocument({
          statements: [new PolicyStatement({ sid: 'SendTaskSuccess', actions: ['states:SendTaskSuccess'], resources: ['*'] })],
        }),
      },
    });
    this.role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Task tokens are not resources: SendTaskSuccess takes none.',
    });
  }
}
