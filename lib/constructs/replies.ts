import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type IReceiptRuleSet, ReceiptRule, ReceiptRuleSet, TlsPolicy } from 'aws-cdk-lib/aws-ses';
import { S3 } from 'aws-cdk-lib/aws-ses-actions';
import { Construct } from 'constructs';
import { receivedMailPrefix } from '#core/object-keys';
import type { SeenQueue } from '#lib/seen-data';
import type { Names, Settings } from '#lib/settings';

export type RepliesProps = {
  readonly names: Names;
  readonly settings: Pick<Settings, 'replies'>;
  readonly queue: SeenQueue;
  readonly deadLetters: SeenQueue;
};

/**
 * SES keeps what comes to the domain for answers, and S3 tells the queue of each mail by its key: no word of it, and no address,
 * travels. Nothing is made without such a domain.
 */
export class Replies extends Construct {
  constructor(scope: Construct, id: string, { names, settings: { replies }, queue, deadLetters }: RepliesProps) {
    super(scope, id);
    if (!replies) return;
    const rule = new ReceiptRule(this, 'Rule', {
      ruleSet: this.ruleSet(names, replies.ruleSet),
      receiptRuleName: `${names.prefix}-replies`,
      recipients: [replies.domain],
      scanEnabled: true,
      tlsPolicy: TlsPolicy.OPTIONAL,
      actions: [new S3({ bucket: Bucket.fromBucketName(this, 'Received', names.replyBucket), objectKeyPrefix: receivedMailPrefix })],
    });
    Validations.of(rule).acknowledge({
      id: 'Annotation::@aws-cdk/s3:AddBucketPermissions',
      reason: 'The bucket is in the data stack, and so is its policy, which lets SES write (lib/constructs/received-mail.ts).',
    });
    new CfnRule(this, 'Stored', {
      name: names.ruleName('mail-received'),
      description: 'Baton: mail that came in, by its key',
      eventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [names.replyBucket] }, object: { key: [{ prefix: receivedMailPrefix }] } },
      },
      targets: [
        {
          id: 'replies',
          arn: queue.queueArn,
          inputTransformer: { inputPathsMap: { key: '$.detail.object.key', at: '$.time' }, inputTemplate: '{"key":<key>,"at":<at>}' },
          deadLetterConfig: { arn: deadLetters.queueArn },
        },
      ],
    });
    new CfnOutput(this, 'MxRecord', { value: `${replies.domain} MX 10 inbound-smtp.${Stack.of(this).region}.amazonaws.com` });
  }

  /** CloudFormation cannot make a rule set the active one, and an account has one: another's is joined, ours is for you to activate. */
  private ruleSet(names: Names, existing: string | undefined): IReceiptRuleSet {
    if (existing !== undefined) return ReceiptRuleSet.fromReceiptRuleSetName(this, 'RuleSet', existing);
    const made = new ReceiptRuleSet(this, 'RuleSet', { receiptRuleSetName: names.receiptRuleSet });
    new CfnOutput(this, 'ActivateRuleSet', { value: `aws ses set-active-receipt-rule-set --rule-set-name ${names.receiptRuleSet}` });
    return made;
  }
}
