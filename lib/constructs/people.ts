import { CfnOutput, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccountRecovery, CfnUserPoolGroup, FeaturePlan, Mfa, UserPool } from 'aws-cdk-lib/aws-cognito';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { groups } from '#core/console/views';
import type { Names } from '#lib/settings';

/** Who may sign in to the console. Nobody signs up: an administrator invites, and puts each into marketing, sales or both. */
export class People extends Construct {
  readonly pool: UserPool;

  constructor(scope: Construct, id: string, { names }: { readonly names: Names }) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      userPoolName: names.prefix,
      featurePlan: FeaturePlan.LITE,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      autoVerify: { email: true },
      // A new address counts once its owner has answered there: tasks are given by it.
      keepOriginal: { email: true },
      standardAttributes: { email: { required: true, mutable: true }, fullname: { required: false, mutable: true } },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(7),
      },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { sms: false, otp: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const [rule, reason] of Object.entries(reasons)) Validations.of(this.pool).acknowledge({ id: rule, reason });
    for (const group of groups) new CfnUserPoolGroup(this, group, { userPoolId: this.pool.userPoolId, groupName: group });
    new StringParameter(this, 'PoolId', {
      parameterName: names.peopleParameter,
      description: 'Baton: the user pool of the console',
      stringValue: this.pool.userPoolId,
    });
    new CfnOutput(scope, 'UserPoolId', { value: this.pool.userPoolId, description: 'Who may sign in to the console: invite people there' });
  }
}

const reasons: { readonly [id: string]: string } = {
  'AwsSolutions-COG2':
    'Whoever signs in may have a second factor, and an administrator may ask for it; a small team decides that for itself.',
  'AwsSolutions-COG8': 'Threat protection is part of a plan that costs by the user; there is no sign-up, and few people are in the pool.',
};
