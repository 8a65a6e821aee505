import { CfnDeletionPolicy } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { substitute } from '#core/sequences/asl';

export type Substitutions = { readonly [name in Parameters<typeof substitute>[0]]: string };

export type MachineProps = {
  readonly machineName: string;
  readonly bucketName: string;
  /** Object with the definition; a change of content is another key. */
  readonly definitionKey: string;
  readonly substitutions: Partial<Substitutions>;
  readonly roleArn: string;
  readonly logGroup: ILogGroup;
};

/**
 * One Standard machine, its definition in the artifact bucket: a template with the definitions in it would pass
 * CloudFormation's 1 MB at a few large sequences. Retained: deleting a machine ends its executions, so that is done by
 * `baton forget`, which looks first.
 */
export class Machine extends Construct {
  readonly machine: CfnStateMachine;

  constructor(scope: Construct, id: string, { machineName, bucketName, definitionKey, substitutions, roleArn, logGroup }: MachineProps) {
    super(scope, id);
    this.machine = new CfnStateMachine(this, 'Machine', {
      stateMachineName: machineName,
      stateMachineType: 'STANDARD',
      definitionS3Location: { bucket: bucketName, key: definitionKey },
      definitionSubstitutions: { ...substitutions },
      roleArn,
      loggingConfiguration: {
        level: 'ERROR',
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logGroup.logGroupArn } }],
      },
    });
    this.machine.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE;
    this.machine.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  }
}
