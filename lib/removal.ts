import { CfnDeletionPolicy, CfnResource, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { CfnUserPool } from 'aws-cdk-lib/aws-cognito';
import { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import type { IConstruct } from 'constructs';
import { logGroupIn } from '#lib/constructs/log-group';
import { type Names, otherStage, type Settings } from '#lib/settings';

/**
 * Destroying takes two keys, turned in two places: `onDestroy: delete` where the settings are kept, and the name of the stage on
 * the command line of the deployment before. With one of them data stays, and the second without the first is refused.
 */
export const isDataDeleted = ({ stage, onDestroy, deleteDataOf }: Settings): boolean => {
  if (deleteDataOf === undefined) return false;
  if (deleteDataOf !== stage) throw new Error(otherStage(deleteDataOf, stage));
  if (onDestroy !== 'delete')
    throw new Error(`delete-data-of=${stage} is the second key; the first is onDestroy: "delete" in the settings of the stage`);
  return true;
};

/** CloudFormation deletes no bucket that holds something: with both keys CDK's own function empties it first. */
export const bucketRemoval = (settings: Settings) =>
  isDataDeleted(settings)
    ? { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true }
    : { removalPolicy: RemovalPolicy.RETAIN, autoDeleteObjects: false };

/** With both keys: everything that would stay goes with its stack. */
export const releaseData = (settings: Settings, parts: readonly IConstruct[]): void => {
  if (!isDataDeleted(settings)) return;
  for (const resource of parts.flatMap((it) => it.node.findAll()).filter(CfnResource.isCfnResource)) {
    if (resource.cfnOptions.deletionPolicy !== undefined) resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    if (resource instanceof CfnUserPool) resource.deletionProtection = 'INACTIVE';
    if (resource instanceof CfnGlobalTable) resource.addPropertyOverride('Replicas.0.DeletionProtectionEnabled', false);
  }
};

/** What CDK's function says that empties buckets: kept as long as all logs, and gone with the stack. */
export const logEmptying = (stack: Stack, names: Names, settings: Settings): void => {
  const handler = stack.node.tryFindChild('Custom::S3AutoDeleteObjectsCustomResourceProvider')?.node.findChild('Handler');
  if (!CfnResource.isCfnResource(handler) || stack.node.tryFindChild('BatonEmptyingLogs')) return;
  const logs = logGroupIn(stack, 'BatonEmptyingLogs', `/aws/lambda/${names.prefix}-emptying`, settings);
  handler.addPropertyOverride('LoggingConfig', { LogGroup: logs.logGroupName });
};
