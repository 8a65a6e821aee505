import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { receivedMailPrefix } from '#core/object-keys';
import { bucketRemoval } from '#lib/removal';
import type { Names, Settings } from '#lib/settings';

const usualDays = 14;

/** Mail that leads answered with, for some days: personal data, so encrypted, read by two functions, and gone by itself. */
export class ReceivedMail extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { names, settings }: { readonly names: Names; readonly settings: Settings }) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: names.replyBucket,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [
        { expiration: Duration.days(settings.replies?.keepDays ?? usualDays), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      ...bucketRemoval(settings),
    });
    // The construct's own way is a function of its own in the stack.
    (this.bucket.node.defaultChild as CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    this.allowSes();
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Two functions read it, whose calls their own logs show; access logs would hold who wrote when for longer than the mail itself.',
    });
  }

  /** Rules of this account only; which ones, the other stack says. */
  private allowSes(): void {
    const { account } = Stack.of(this);
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'PutReceivedMail',
        principals: [new ServicePrincipal('ses.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${receivedMailPrefix}*`)],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          StringLike: { 'aws:SourceArn': Stack.of(this).formatArn({ service: 'ses', resource: 'receipt-rule-set', resourceName: '*' }) },
        },
      }),
    );
  }
}
