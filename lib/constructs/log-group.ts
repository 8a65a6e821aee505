import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from '#lib/settings';

/** A log that is kept as long as the settings say, and goes with its stack. */
export const logGroupIn = (scope: Construct, id: string, logGroupName: string, { logRetentionDays }: Settings): LogGroup =>
  new LogGroup(scope, id, { logGroupName, retention: logRetentionDays as number, removalPolicy: RemovalPolicy.DESTROY });
