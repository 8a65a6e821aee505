import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { logGroupIn } from '#lib/constructs/log-group';
import { asFound } from '#lib/findings';
import type { Names, Settings } from '#lib/settings';
import type { Machine } from './machine.ts';

export type DefinitionsProps = {
  readonly names: Names;
  readonly settings: Settings;
  /** Holds `artifacts/`, `machines/` and `live/`. */
  readonly folder: string;
  readonly machines: readonly Machine[];
};

/**
 * Uploads what was compiled: first what is immutable, then the machines change, then what is live points to it. Nothing is
 * ever pruned, since leads are on older versions.
 */
export class Definitions extends Construct {
  constructor(scope: Construct, id: string, { names, settings, folder, machines }: DefinitionsProps) {
    super(scope, id);
    const bucket = Bucket.fromBucketName(this, 'Bucket', names.bucket);
    const logGroup = uploadLogs(Stack.of(this), names, settings);
    const upload = (name: string, exclude: readonly string[]) =>
      new BucketDeployment(this, name, {
        sources: [Source.asset(folder, { exclude: [...exclude] })],
        destinationBucket: bucket,
        prune: false,
        retainOnDelete: true,
        memoryLimit: 256,
        logGroup,
        cacheControl: [CacheControl.noCache()],
      });
    const immutable = upload('Immutable', ['live', 'live/**']);
    const live = upload('Live', ['artifacts', 'artifacts/**', 'machines', 'machines/**']);
    // The construct's other resource, a layer, is waited for by this one.
    const uploaded = immutable.node
      .findAll()
      .find((it) => CfnResource.isCfnResource(it) && it.cfnResourceType === 'Custom::CDKBucketDeployment');
    if (!uploaded) throw new Error('the resource that uploads is not where it was');
    for (const { machine } of machines) {
      machine.node.addDependency(uploaded);
      live.node.addDependency(machine);
    }
    acknowledgeUploader(Stack.of(this), names.bucket);
  }
}

/** CDK makes one function a stack, so there is one log: without it AWS would keep what it says for ever, or CDK for two years. */
const uploadLogs = (stack: Stack, names: Names, settings: Settings): LogGroup =>
  (stack.node.tryFindChild('BatonUploadLogs') as LogGroup | undefined) ??
  logGroupIn(stack, 'BatonUploadLogs', `/aws/lambda/${names.prefix}-uploads`, settings);

/** CDK's own function for uploads; it runs during a deployment only. */
const acknowledgeUploader = (stack: Stack, bucketName: string): void => {
  const uploader = stack.node.children.find((it) => it.node.id.startsWith('Custom::CDKBucketDeployment'));
  if (!uploader) throw new Error('the function that uploads is not where it was');
  const assets = `cdk-${stack.synthesizer.bootstrapQualifier ?? 'hnb659fds'}-assets-<AWS::AccountId>-<AWS::Region>`;
  const reasons: { readonly [id: string]: string } = {
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
      'CDK gives its uploader this policy; it allows logging and nothing else.',
    'AwsSolutions-L1': 'CDK chooses the runtime of its uploader, and updates it with aws-cdk-lib.',
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${assets}/*]`]: 'It reads what cdk deploy has put into the bootstrap bucket.',
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${asFound(bucketName)}/*]`]:
      'It writes compiled sequences and rules, whose names are content hashes.',
    ...Object.fromEntries(
      ['GetObject*', 'GetBucket*', 'List*', 'DeleteObject*', 'Abort*'].map((action) => [
        `AwsSolutions-IAM5[Action::s3:${action}]`,
        'CDK grants its uploader families of actions, on these two buckets only.',
      ]),
    ),
  };
  for (const [id, reason] of Object.entries(reasons)) Validations.of(uploader).acknowledge({ id, reason });
};
