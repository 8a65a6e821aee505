import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template as Matcher } from 'aws-cdk-lib/assertions';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Baton, type BatonProps } from 'baton';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import type { Prepared } from '#lib/prepare';
import type { Settings } from '#lib/settings';
import type { SettingsProps } from '#lib/settings-props.generated';
import { unendedLogs } from '#tests/helpers/logs';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';
import { preparedOf, resourcesOf, synthesize, type Template, type Templates, templateIn } from '#tests/helpers/synth';

/** As a user would: an app with no feature flags of ours, another stack beside, Baton imported by its package name. */
const given = { compiled: [nurture()], live: liveConfig };
let prepared: Prepared;
let folder: string;
let deployed: Templates;
beforeAll(async () => {
  ({ prepared, folder } = await preparedOf(given));
  deployed = await synthesize(given);
}, 60_000);

type Build = (app: App) => void;
const synth = (name: string, build: Build) => {
  const app = new App({ outdir: join(folder, name) });
  build(app);
  app.synth();
  return (stack: string): Template => templateIn(join(folder, name), stack);
};
const baton = (stack: Stack, props: Partial<BatonProps> = {}) => new Baton(stack, 'Baton', { marketing: 'marketing', prepared, ...props });

/** Without those of CDK's uploader, which feature flags change. */
const oursOf = ({ Resources }: Template) =>
  Object.entries(Resources).flatMap(([id, it]) => (id.startsWith('CustomCDKBucketDeployment') ? [] : [it]));

const countsOf = (...templates: readonly Template[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { Type } of templates.flatMap(oursOf)) counts[Type] = (counts[Type] ?? 0) + 1;
  return counts;
};

describe('Baton in somebody’s own app', () => {
  it('makes in one stack what Baton’s own app makes in two, breaks no rule of cdk-nag, and uploads once there is a bucket', () => {
    const template = synth('one', (app) => {
      baton(new Stack(app, 'Nurture'));
      Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    })('Nurture');
    expect(countsOf(template)).toEqual(countsOf(deployed.Data, deployed.Engine));
    const bucket = resourcesOf(template, 'AWS::S3::Bucket').find((it) => it.logicalId.includes('Artifacts'))?.logicalId ?? '';
    for (const upload of resourcesOf(template, 'Custom::CDKBucketDeployment')) expect(upload.DependsOn).toContain(bucket);
  });

  it('keeps leads in a stack of their own when one is given, and names everything as its own app does', () => {
    const read = synth('two', (app) => {
      baton(new Stack(app, 'Nurture'), { dataIn: new Stack(app, 'Leads'), stage: 'dev' });
    });
    expect(countsOf(read('Leads'))).toEqual(countsOf(deployed.Data));
    const named = (template: Template, prefix: string) =>
      resourcesOf(template, 'AWS::Lambda::Function').flatMap((it) =>
        'FunctionName' in it.Properties ? [String(it.Properties.FunctionName).replace(prefix, '')] : [],
      );
    expect(named(read('Nurture'), 'baton-dev-')).toEqual(named(deployed.Engine, 'baton-prod-'));
  });

  it('calls outputs what its page says; those of a second one in the same stack bear its stage', () => {
    const read = synth('outputs', (app) => {
      const stack = new Stack(app, 'Nurture');
      const dataIn = new Stack(app, 'Leads');
      new Baton(stack, 'Mine', { marketing: 'marketing', prepared, dataIn });
      new Baton(stack, 'Trial', { marketing: 'marketing', prepared, dataIn, stage: 'trial' });
    });
    const named = (stack: string) => Object.keys(read(stack).Outputs ?? {}).sort();
    expect(named('Nurture')).toEqual(
      ['AlarmTopicArn', 'ApiUrl', 'SalesEventBus'].flatMap((it) => [`Baton${it}`, `BatonTrial${it}`]).sort(),
    );
    expect(named('Leads')).toEqual(
      ['ApiKeysSecret', 'ArtifactBucketName', 'DropBucketName', 'TableName'].flatMap((it) => [`Baton${it}`, `BatonTrial${it}`]).sort(),
    );
    expect(Object.keys(deployed.Engine.Outputs ?? {})).toEqual(expect.arrayContaining(['ApiUrl', 'AlarmTopicArn', 'SalesEventBus']));
  });

  it('gives others its bus, its alarms, its tasks and its drop folder', () => {
    const template = synth('beside', (app) => {
      const made = baton(new Stack(app, 'Nurture'));
      const shop = new Stack(app, 'Shop');
      const queue = new Queue(shop, 'Handoffs', { retentionPeriod: Duration.days(4) });
      new Rule(shop, 'Rule', { eventBus: made.bus, eventPattern: { source: ['baton'] }, targets: [new SqsQueue(queue)] });
      made.alarmTopic.addSubscription(new UrlSubscription('https://duty.example/'));
      const role = new Role(shop, 'Warehouse', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
      made.grantReadLeads(role);
      made.grantTakeSalesTasks(role);
      made.grantDropLists(role);
      expect(made.functions.get('send-email')?.functionName).toBeDefined();
      expect(made.machineArn(nurture().artifact.sequence)).toBeDefined();
      expect(() => made.machineArn('nobody')).toThrow('nobody');
    })('Shop');
    Matcher.fromJSON(template as never).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: Match.arrayWith(['dynamodb:Query', 'dynamodb:GetItem']) }),
          Match.objectLike({ Action: Match.arrayWith(['sqs:ReceiveMessage', 'sqs:DeleteMessage']) }),
          Match.objectLike({ Action: Match.arrayWith(['s3:PutObject']), Effect: 'Allow' }),
        ]),
      },
    });
    Matcher.fromJSON(template as never).hasResourceProperties('AWS::Events::Rule', { EventBusName: Match.anyValue() });
  });

  it('refuses a second one of the same stage in one place, a setting that it does not know, and a folder with errors', () => {
    const app = new App({ outdir: join(folder, 'refused') });
    const stack = new Stack(app, 'Nurture');
    baton(stack);
    expect(() => new Baton(stack, 'Again', { marketing: 'marketing', prepared })).toThrow('Nurture/Baton has the stage "prod" already');
    const typo = { sendsPerSec: 3 } as Partial<BatonProps>;
    expect(() => baton(new Stack(app, 'Typo'), { ...typo, stage: 'x' })).toThrow(/Baton Typo\/Baton: .*sendsPerSec/s);
    expect(() => new Baton(new Stack(app, 'Empty'), 'Baton', { marketing: join(folder, 'out-of-nowhere'), stage: 'y' })).toThrow(
      'npx baton check',
    );
  });

  it('has a page that says every property and member (npm run fresh holds it to the source)', () => {
    const page = readFileSync('docs/construct.md', 'utf8');
    for (const name of ['marketing: string', 'dataIn?: Stack', 'sendsPerSecond?: number', 'grantReadLeads(', 'bus: EventBus'])
      expect(page).toContain(`\`${name}`);
  });

  it('takes exactly the settings of cdk.json (a difference does not compile)', () => {
    const there = (it: z.input<typeof Settings>): SettingsProps => it;
    const back = (it: SettingsProps): Frozen<z.input<typeof Settings>> => it;
    expect([there, back]).toHaveLength(2);
  });
});

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

describe('destroying', () => {
  const kept = (templates: Templates) =>
    [templates.Data, templates.Engine].flatMap(oursOf).filter((it) => it.DeletionPolicy?.startsWith('Retain'));
  const asked = (settings: object) => synthesize({ ...given, settings: { stage: 'dev', stages: {}, ...settings } });

  it('leaves everything that holds something, also with one key turned', async () => {
    const all = kept(deployed).map((it) => it.Type);
    expect(all.length).toBeGreaterThan(20);
    const one = await asked({ onDestroy: 'delete' });
    expect(kept(one).map((it) => it.Type)).toEqual(all);
  });

  it('needs both keys for the same stage: the second alone, or another stage’s, changes nothing', async () => {
    await expect(asked({ deleteDataOf: 'dev' })).rejects.toThrow('the first is onDestroy');
    await expect(asked({ onDestroy: 'delete', deleteDataOf: 'prod' })).rejects.toThrow('names the stage "prod", and this is "dev"');
  });

  it('deletes all of it with both: buckets are emptied, the table and the pool give up their protection, machines go', async () => {
    const both = await asked({ onDestroy: 'delete', deleteDataOf: 'dev', console: true });
    const [pool] = resourcesOf(both.Data, 'AWS::Cognito::UserPool');
    expect(pool).toMatchObject({ DeletionPolicy: 'Delete', Properties: { DeletionProtection: 'INACTIVE' } });
    expect(kept(both)).toEqual([]);
    const [table] = resourcesOf(both.Data, 'AWS::DynamoDB::GlobalTable');
    expect(table).toMatchObject({ DeletionPolicy: 'Delete', Properties: { Replicas: [{ DeletionProtectionEnabled: false }] } });
    expect(resourcesOf(both.Data, 'Custom::S3AutoDeleteObjects')).toHaveLength(resourcesOf(both.Data, 'AWS::S3::Bucket').length);
    for (const it of resourcesOf(both.Engine, 'AWS::StepFunctions::StateMachine')) expect(it.DeletionPolicy).toBe('Delete');
    for (const template of [both.Data, both.Engine]) expect(unendedLogs(template, 30)).toEqual([]);
  });
});
