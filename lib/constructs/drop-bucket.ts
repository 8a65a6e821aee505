import { Duration, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { bucketRemoval } from '#lib/removal';
import type { Settings } from '#lib/settings';

/** Lists hold personal data, and are needed until they are imported and their reports are read. */
const keptDays = 30;

/**
 * Where other systems drop lists. A bucket of its own: whoever may put lists there may touch nothing that Baton runs on, and what
 * is in it goes after a month.
 */
export const dropBucket = (scope: Construct, bucketName: string, settings: Settings): Bucket => {
  const bucket = new Bucket(scope, 'Drop', {
    bucketName,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    lifecycleRules: [{ expiration: Duration.days(keptDays), abortIncompleteMultipartUploadAfter: Duration.days(2) }],
    ...bucketRemoval(settings),
  });
  // As CDK would do it, it takes a function that may change the notifications of every bucket.
  (bucket.node.defaultChild as CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'Lists live there for a month; who put one there stands in CloudTrail, and what became of it in its report.',
  });
  return bucket;
};
