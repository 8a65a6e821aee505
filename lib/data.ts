import { CfnOutput, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { UserPool } from 'aws-cdk-lib/aws-cognito';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { CfnEmailIdentity } from 'aws-cdk-lib/aws-ses';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { DataQueues } from '#lib/constructs/data-queues';
import { DataTable } from '#lib/constructs/data-table';
import { dropBucket } from '#lib/constructs/drop-bucket';
import { ExecutionRole } from '#lib/constructs/execution-role';
import { People } from '#lib/constructs/people';
import { ReceivedMail } from '#lib/constructs/received-mail';
import { Secrets } from '#lib/constructs/secrets';
import { Timers } from '#lib/constructs/timers';
import { bucketRemoval, logEmptying } from '#lib/removal';
import { type Names, namesOf, type Settings } from '#lib/settings';

export type DataProps = { readonly settings: Settings; readonly senderDomain: string };

/**
 * Everything that must not be lost. Nothing here is deleted or replaced by an ordinary change; `cdk destroy` leaves it all,
 * unless it was asked for twice (lib/removal.ts).
 */
export class Data extends Construct {
  readonly table: DataTable['table'];
  /** ARN of the stream of the table, where there is one. */
  readonly changes: string | undefined;
  readonly queues: DataQueues;
  readonly secrets: Secrets;
  readonly artifacts: Bucket;
  readonly received: Bucket;
  readonly drops: Bucket;
  readonly executionRole: ExecutionRole['role'];
  /** Who may sign in to the console, if there is one. */
  readonly people: UserPool | undefined;
  readonly timerRole: Timers['role'];

  constructor(scope: Construct, id: string, { settings, senderDomain }: DataProps) {
    super(scope, id);
    const names = namesOf(settings.stage);
    this.table = new DataTable(this, 'Data', { names, isTold: settings.console }).table;
    this.changes = settings.console ? this.table.tableStreamArn : undefined;
    if (this.changes !== undefined) sayStream(this, names, this.changes);
    this.queues = new DataQueues(this, 'Queues', { names });
    this.secrets = new Secrets(this, 'Secrets', { names });
    this.artifacts = artifactBucket(this, names.bucket, settings);
    this.received = new ReceivedMail(this, 'ReceivedMail', { names, settings }).bucket;
    this.executionRole = new ExecutionRole(this, 'Machines', { table: this.table, sendQueue: this.queues.get('send'), names }).role;
    this.people = settings.console ? new People(this, 'People', { names }).pool : undefined;
    this.timerRole = new Timers(this, 'Timers', { names }).role;
    if (settings.createIdentity) makeIdentity(this, senderDomain, settings.mailFrom);
    new CfnOutput(this, 'TableName', { value: this.table.tableName });
    new CfnOutput(this, 'ArtifactBucketName', { value: this.artifacts.bucketName });
    this.drops = dropBucket(this, names.dropBucket, settings);
    logEmptying(Stack.of(this), names, settings);
    new CfnOutput(this, 'DropBucketName', {
      value: this.drops.bucketName,
      description: 'Put lists under leads/<mapping>/; see docs/import.md',
    });
    new CfnOutput(this, 'ApiKeysSecret', { value: this.secrets.apiKeys.secretName, description: 'Keys for POST /leads and POST /events' });
  }
}

/** The engine's stack names what it does not know by reference (lib/seen-data.ts). */
const sayStream = (scope: Construct, names: Names, stringValue: string): void => {
  new StringParameter(scope, 'PeopleChanges', {
    parameterName: names.streamParameter,
    description: 'Baton: the stream of the table',
    stringValue,
  });
};

/** Artifacts are immutable and never pruned while leads are on them; live rules are kept in all their versions for a year. */
const artifactBucket = (scope: Construct, bucketName: string, settings: Settings): Bucket => {
  const bucket = new Bucket(scope, 'Artifacts', {
    bucketName,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(365), abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    ...bucketRemoval(settings),
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'It holds compiled sequences and rules, no personal data of leads; every function reads it at its start, so that access logs would cost more than they tell.',
  });
  return bucket;
};

/** Easy DKIM; the three CNAME records that the domain needs are outputs. Until the MX record is there, SES's own MAIL FROM serves. */
const makeIdentity = (scope: Construct, domain: string, mailFrom: string): void => {
  const identity = new CfnEmailIdentity(scope, 'SenderIdentity', {
    emailIdentity: domain,
    dkimAttributes: { signingEnabled: true },
    mailFromAttributes: { mailFromDomain: `${mailFrom}.${domain}`, behaviorOnMxFailure: 'USE_DEFAULT_VALUE' },
  });
  identity.applyRemovalPolicy(RemovalPolicy.RETAIN);
  for (const at of [1, 2, 3] as const) {
    new CfnOutput(scope, `DkimRecord${at}`, {
      value: `${identity.getAtt(`DkimDNSTokenName${at}`).toString()} CNAME ${identity.getAtt(`DkimDNSTokenValue${at}`).toString()}`,
    });
  }
};
