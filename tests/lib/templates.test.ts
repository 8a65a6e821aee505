import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template as Assertions, Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { tableDefinition } from '#adapters/aws/table-definition';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import type { LiveConfig } from '#core/config';
import { handlerNames, handlers, handlerTimeoutSeconds } from '#core/handlers';
import { queueSettings } from '#core/queues';
import { canonicalJson } from '#core/sequences/canonical-json';
import type { Compiled } from '#core/sequences/compile';
import { emptyLock, type Lock } from '#core/sequences/lock';
import { sesEventRules } from '#core/ses-event-rules';
import { isWanted } from '#lib/engine';
import { pack } from '#lib/packed';
import { readSettings, sendPacing } from '#lib/settings';
import { compile, email, sequenceOf, wait } from '#tests/core/sequences/sequences';
import { unendedLogs } from '#tests/helpers/logs';
import { listOf, rolesOf } from '#tests/helpers/roles';
import { preparedOf, type Resource, resourcesOf, synthesize, type Templates } from '#tests/helpers/synth';

let ours: { readonly compiled: readonly Compiled[]; readonly live: LiveConfig; readonly lock: Lock };
let templates: Templates;

beforeAll(async () => {
  const marketing = await loadMarketing('marketing');
  const { compiled, lock } = await compileMarketing(marketing);
  if (!marketing.live) throw new Error('marketing/ has errors');
  ours = { compiled: compiled.map((it) => it.compiled), live: marketing.live, lock };
  templates = await synthesize(ours);
}, 60_000);

const engine = () => Assertions.fromJSON(templates.Engine as never);
const data = () => Assertions.fromJSON(templates.Data as never);

describe('the data stack', () => {
  it('holds the single table as the embedded runtime makes it, with recovery to any point in time', () => {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = tableDefinition('x');
    const [found] = resourcesOf(templates.Data, 'AWS::DynamoDB::GlobalTable');
    const { Replicas, ...properties } = (found as Resource).Properties as Record<string, unknown> & { Replicas: Record<string, unknown>[] };
    expect(properties).toMatchObject({ AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode: 'PAY_PER_REQUEST' });
    expect(Replicas).toMatchObject([
      { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }, DeletionProtectionEnabled: true },
    ]);
  });

  it('gives each queue its dead letters, both kept for 14 days, and six times the time-out of the function behind it, and its window', () => {
    for (const { name, maxReceives, batchWindowSeconds = 0 } of queueSettings) {
      data().hasResourceProperties('AWS::SQS::Queue', {
        QueueName: `baton-prod-${name}`,
        VisibilityTimeout: 6 * handlerTimeoutSeconds + batchWindowSeconds,
        MessageRetentionPeriod: 1_209_600,
        RedrivePolicy: { maxReceiveCount: maxReceives },
      });
      data().hasResourceProperties('AWS::SQS::Queue', { QueueName: `baton-prod-${name}-dead`, MessageRetentionPeriod: 1_209_600 });
    }
  });

  it('keeps everything that holds something when a stack goes', () => {
    const policies = /Policy$/;
    for (const [logicalId, it] of Object.entries(templates.Data.Resources)) {
      if (policies.test(it.Type)) continue;
      expect(`${logicalId} ${it.DeletionPolicy} ${it.UpdateReplacePolicy}`).toBe(`${logicalId} Retain Retain`);
    }
    for (const it of resourcesOf(templates.Engine, 'AWS::StepFunctions::StateMachine'))
      expect([it.DeletionPolicy, it.UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
  });

  it('puts no secret into a template', () => {
    for (const { Properties } of resourcesOf(templates.Data, 'AWS::SecretsManager::Secret')) {
      expect(Properties).toHaveProperty('GenerateSecretString');
      expect(Properties).not.toHaveProperty('SecretString');
    }
  });

  it('makes the sender’s domain identity only when asked to', async () => {
    expect(resourcesOf(templates.Data, 'AWS::SES::EmailIdentity')).toEqual([]);
    const made = await synthesize({ ...ours, settings: { createIdentity: true } });
    expect(resourcesOf(made.Data, 'AWS::SES::EmailIdentity')).toMatchObject([
      { DeletionPolicy: 'Retain', Properties: { EmailIdentity: 'mail.lintel.example' } },
    ]);
    expect(Object.keys(made.Data.Outputs ?? {}).filter((it) => it.startsWith('DkimRecord'))).toHaveLength(3);
  });
});

describe('the engine stack', () => {
  it('runs every handler of the list on arm64 Node 24, with a log group of its own that ends', () => {
    for (const name of handlerNames.filter((it) => isWanted(it, { console: false }))) {
      engine().hasResourceProperties('AWS::Lambda::Function', {
        FunctionName: `baton-prod-${name}`,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: handlers[name].memoryMb,
        Timeout: 30,
        Handler: 'index.handler',
      });
      engine().hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: `/aws/lambda/baton-prod-${name}`, RetentionInDays: 30 });
    }
  });

  it('paces sends to the account’s rate, and enrolments', async () => {
    const mappings = await mappingsOf({});
    expect(mappings.send).toMatchObject({ ScalingConfig: { MaximumConcurrency: 2 }, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(mappings.enrol).toMatchObject({ ScalingConfig: { MaximumConcurrency: 5 }, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect((await mappingsOf({ sendsPerSecond: 90 })).send).toMatchObject({ BatchSize: 10, ScalingConfig: { MaximumConcurrency: 30 } });
  });

  it.each([1, 2, 14, 90, 500, 3000])(
    'never calls SES more than %i times a second, and ends a batch within the time-out',
    (sendsPerSecond) => {
      const { functions, perFunction, batchSize } = sendPacing(readSettings({ sendsPerSecond }));
      expect(functions * perFunction).toBeLessThanOrEqual(sendsPerSecond);
      expect(batchSize / perFunction).toBeLessThanOrEqual(25);
      expect(batchSize).toBeGreaterThanOrEqual(1);
    },
  );

  it('takes every machine from the bucket, none written into the template, and logs no execution data', () => {
    const machines = resourcesOf(templates.Engine, 'AWS::StepFunctions::StateMachine');
    expect(machines.map((it) => it.Properties.StateMachineName).sort()).toEqual([
      'baton-prod-confirm_events',
      'baton-prod-confirm_product-tips',
      'baton-prod-trial-nurture',
      'baton-prod-webinar-follow-up',
      'baton-prod_handoff',
    ]);
    for (const { Properties } of machines) {
      expect(Properties).not.toHaveProperty('DefinitionString');
      expect(Properties).not.toHaveProperty('Definition');
      expect(Properties).toMatchObject({ LoggingConfiguration: { IncludeExecutionData: false, Level: 'ERROR' } });
    }
    engine().hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: Match.stringLikeRegexp('^/aws/vendedlogs/states/') });
  });

  it('lets no function write a log that never ends, CDK’s own neither', () => {
    for (const template of [templates.Data, templates.Engine]) expect(unendedLogs(template, 30)).toEqual([]);
  });

  it('uploads definitions before a machine changes, and what is live after', () => {
    const uploads = resourcesOf(templates.Engine, 'Custom::CDKBucketDeployment');
    const immutable = uploads.find((it) => it.logicalId.includes('Immutable'))?.logicalId ?? '';
    const live = uploads.find((it) => it.logicalId.includes('Live'));
    for (const machine of resourcesOf(templates.Engine, 'AWS::StepFunctions::StateMachine')) {
      expect(machine.DependsOn).toContain(immutable);
      expect(live?.DependsOn).toContain(machine.logicalId);
    }
    for (const { Properties } of uploads) expect(Properties).toMatchObject({ Prune: false, RetainOnDelete: true });
  });

  it('carries each kind of SES event to the queue, with our tags and without personal data', () => {
    for (const { kind, detailType } of sesEventRules) {
      engine().hasResourceProperties('AWS::Events::Rule', {
        Name: `baton-prod-ses-${kind}`,
        EventPattern: { source: ['aws.ses'], 'detail-type': [detailType] },
      });
    }
    const text = JSON.stringify(resourcesOf(templates.Engine, 'AWS::Events::Rule').map((it) => it.Properties.Targets));
    for (const personal of ['destination', 'commonHeaders', 'source.', 'ipAddress', 'recipient', 'subject'])
      expect(text).not.toContain(personal);
  });

  it('keeps room for whoever leaves while the rest is flooded, once its routes are there', () => {
    const [stage] = resourcesOf(templates.Engine, 'AWS::ApiGatewayV2::Stage');
    const routes = resourcesOf(templates.Engine, 'AWS::ApiGatewayV2::Route');
    const settings = (stage as Resource).Properties.RouteSettings as Record<string, unknown>;
    for (const it of ['GET /u/{token}', 'POST /u/{token}', 'GET /p/{token}', 'POST /p/{token}'])
      expect(settings[it]).toEqual({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 });
    for (const it of ['POST /leads', 'POST /events', 'POST /t', 'POST /f/{form}'])
      expect(settings[it]).toEqual({ ThrottlingRateLimit: 25, ThrottlingBurstLimit: 50 });
    const keys = routes.map((it) => String(it.Properties.RouteKey));
    expect(Object.keys(settings).filter((it) => !keys.includes(it))).toEqual([]);
    expect(stage?.DependsOn).toEqual(expect.arrayContaining(routes.map((it) => it.logicalId)));
  });

  it('throttles the API and logs no path, token or address of a caller', () => {
    engine().hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    });
    const [stage] = resourcesOf(templates.Engine, 'AWS::ApiGatewayV2::Stage');
    const { Format } = ((stage as Resource).Properties as { AccessLogSettings: { Format: string } }).AccessLogSettings;
    expect(Format.match(/\$context\.[A-Za-z.]+/g)).toEqual(
      ['requestId', 'requestTimeEpoch', 'routeKey', 'status', 'responseLatency', 'integrationErrorMessage'].map((it) => `$context.${it}`),
    );
  });

  it('has a route for each path of a handler and no other', () => {
    const routes = resourcesOf(templates.Engine, 'AWS::ApiGatewayV2::Route').map((it) => it.Properties.RouteKey);
    expect(routes.sort()).toEqual([
      ...[
        'GET /a/{token}',
        'GET /c/{token}',
        'GET /p/{token}',
        'GET /t.js',
        'GET /u/{token}',
        'GET /x',
        'POST /a/{token}',
        'POST /addresses',
        'POST /c/{token}',
        'POST /enrol',
        'POST /events',
        'POST /f/{form}',
        'POST /leads',
        'POST /p/{token}',
        'POST /replies',
      ],
      ...['POST /suppressions', 'POST /t', 'POST /tasks/{taskId}/answers', 'POST /u/{token}'],
    ]);
  });

  it('runs the ticks of the list', () => {
    for (const name of ['enter-by-day', 'reconcile-sends', 'watchdog'])
      engine().hasResourceProperties('AWS::Events::Rule', { Name: `baton-prod-tick-${name}`, ScheduleExpression: 'rate(15 minutes)' });
  });

  it('serves pages under your own host when there is a certificate', async () => {
    const arn = 'arn:aws:acm:us-east-1:111122223333:certificate/x';
    const made = await synthesize({ ...ours, settings: { linksCertificateArn: arn } });
    expect(resourcesOf(made.Engine, 'AWS::ApiGatewayV2::DomainName')).toMatchObject([{ Properties: { DomainName: 'go.lintel.example' } }]);
  });
});

const mappingsOf = async (settings: object): Promise<Record<string, unknown>> => {
  const { Engine } = await synthesize({ ...ours, settings });
  const source = ({ Properties }: Resource) => JSON.stringify(Properties.EventSourceArn).match(/baton-prod-([a-z]+)/)?.[1] ?? '';
  return Object.fromEntries(resourcesOf(Engine, 'AWS::Lambda::EventSourceMapping').map((it) => [source(it), it.Properties]));
};

describe('many sequences', () => {
  it('stay far from CloudFormation’s limits: 200 of them under 500 resources and 700 KB', async () => {
    const compiled = Array.from({ length: 200 }, (_, at) =>
      compile(sequenceOf([email('hello'), wait('pause', 1 + (at % 30)), email('again')], { id: `a-sequence-with-a-long-name-${at}` })),
    );
    const { Engine } = await synthesize({ ...ours, compiled, lock: emptyLock });
    expect(resourcesOf(Engine, 'AWS::StepFunctions::StateMachine')).toHaveLength(201);
    expect(Object.keys(Engine.Resources).length).toBeLessThan(500);
    expect(Buffer.byteLength(JSON.stringify(Engine, undefined, 1))).toBeLessThan(700_000);
  }, 120_000);
});

describe('an ordinary change', () => {
  const [kept, removed] = [
    compile(sequenceOf([wait('pause', 2)], { id: 'kept' })),
    compile(sequenceOf([wait('pause', 3)], { id: 'removed' })),
  ];

  it('leaves a removed sequence’s machine just as it was, by the definition it was stored with, until it is forgotten', async () => {
    const before = await synthesize({ ...ours, compiled: [kept, removed], lock: emptyLock });
    const locked = { version: removed.artifact.version, steps: [], machine: pack(canonicalJson(removed.asl)), forgottenIn: ['staging'] };
    const retired = { ...emptyLock, retired: { removed: locked } };
    const after = await synthesize({ ...ours, compiled: [kept], lock: retired });
    const machine = ({ Engine }: Templates) => {
      const found = resourcesOf(Engine, 'AWS::StepFunctions::StateMachine').find((it) => it.logicalId.includes('removed'));
      return { ...found, DependsOn: [] };
    };
    expect(machine(after)).toEqual(machine(before));
    expect(machine(after)).toMatchObject({
      Properties: { DefinitionS3Location: { Key: `machines/removed/${removed.artifact.version}.asl.json` } },
    });
    const forgotten = await synthesize({ ...ours, compiled: [kept], lock: emptyLock });
    expect(machine(forgotten)).toEqual({ DependsOn: [] });
  });

  it('leaves every machine its definition, also in a stage where a removed sequence never ran, and none where it was forgotten', async () => {
    const locked = { version: removed.artifact.version, steps: [], machine: pack(canonicalJson(removed.asl)), forgottenIn: ['staging'] };
    const lock = { ...emptyLock, retired: { removed: locked } };
    const there = await preparedOf({ ...ours, compiled: [kept], lock });
    expect(there.prepared.sequences.map((it) => it.sequence)).toEqual(['kept', 'removed']);
    const before = await preparedOf({ ...ours, compiled: [kept, removed] });
    for (const { definitionKey } of there.prepared.sequences)
      expect(readFileSync(join(there.prepared.objects, definitionKey), 'utf8')).toBe(
        readFileSync(join(before.prepared.objects, definitionKey), 'utf8'),
      );
    const staging = await preparedOf({ ...ours, compiled: [kept], lock, stage: 'staging' });
    expect(staging.prepared.sequences.map((it) => it.sequence)).toEqual(['kept']);
    const unpacked = { ...emptyLock, retired: { removed: { version: removed.artifact.version, steps: [] } } };
    expect((await preparedOf({ ...ours, compiled: [kept], lock: unpacked })).prepared.sequences.map((it) => it.sequence)).toEqual(['kept']);
  });

  it.each<[string, () => Promise<Templates>]>([
    ['another sequence', () => synthesize({ ...ours, compiled: [...ours.compiled, kept] })],
    ['an edited sequence', () => synthesize({ ...ours, compiled: [compile(sequenceOf([wait('pause', 5)])), ...ours.compiled.slice(1)] })],
    [
      'another rate and retention',
      () => synthesize({ ...ours, settings: { sendsPerSecond: 50, logRetentionDays: 90, enrolmentsAtOnce: 9 } }),
    ],
    ['another company name and sender', () => synthesize({ ...ours, live: renamed() })],
  ])('%s changes nothing in the data stack', async (_, change) => {
    expect(await change().then((it) => it.Data)).toEqual(templates.Data);
  });

  const renamed = (): LiveConfig => ({
    ...ours.live,
    brand: { ...ours.live.brand, company: 'Other', sender: { name: 'Other', address: 'hello@other.example' } },
  });

  it('replaces no resource that holds something: each keeps its logical id and what AWS cannot change in place', () => {
    const { resources } = JSON.parse(readFileSync('tests/lib/stateful.json', 'utf8')) as { resources: object };
    expect(statefulOf(templates)).toMatchObject(resources);
  });

  it('takes no grant from the role that executions in flight run under', () => {
    const { grants } = JSON.parse(readFileSync('tests/lib/stateful.json', 'utf8')) as { grants: readonly string[] };
    expect(grantsOfMachines(templates)).toEqual(expect.arrayContaining([...grants]));
  });
});

/** `action resource partition` of everything that machines may do. */
const grantsOfMachines = (all: Templates): readonly string[] =>
  (rolesOf(all).find((it) => it.name === '(machines)')?.statements ?? []).flatMap(({ Action, Resource, Condition }) =>
    listOf(Action).flatMap((action) => listOf(Resource).map((resource) => `${action} ${resource} ${JSON.stringify(Condition ?? {})}`)),
  );

/** What identifies each stateful resource; a difference here would be a new, empty one. Written once: add to it, never change it. */
const statefulOf = ({ Data, Engine }: Templates) => {
  const names = ['QueueName', 'BucketName', 'TableName', 'RoleName', 'Name', 'StateMachineName'];
  const identifying = ['KeySchema', 'AttributeDefinitions', 'StateMachineType', ...names];
  const stateful = /^AWS::(SQS::Queue|DynamoDB::GlobalTable|S3::Bucket|SecretsManager::Secret|IAM::Role|StepFunctions::StateMachine)$/;
  const pick = ([logicalId, { Type, Properties }]: [string, Resource]) => [
    logicalId,
    { Type, ...Object.fromEntries(identifying.flatMap((name) => (name in Properties ? [[name, Properties[name]]] : []))) },
  ];
  const all = [
    ...Object.entries(Data.Resources),
    ...Object.entries(Engine.Resources).filter(([, it]) => it.Type.startsWith('AWS::StepFunctions')),
  ];
  return Object.fromEntries(all.filter(([, it]) => stateful.test(it.Type)).map(pick));
};

describe('the templates', () => {
  it('are as reviewed (bundles and objects by name only)', async () => {
    const named = (template: object) =>
      `${JSON.stringify(template, undefined, 2)
        .replaceAll(/[0-9a-f]{64}/g, '<hash>')
        .replaceAll(/[0-9a-f]{16}\.asl/g, '<version>.asl')}\n`;
    await expect(named(templates.Data)).toMatchFileSnapshot('snapshots/data.template.json');
    await expect(named(templates.Engine)).toMatchFileSnapshot('snapshots/engine.template.json');
    await expect(named(templates.Watch)).toMatchFileSnapshot('snapshots/watch.template.json');
  });
});

describe('settings', () => {
  it.each([
    [{ stage: 'Prod!' }, 'stage'],
    [{ stage: 'prod-eu' }, 'no dash'],
    [{ stages: { 'prod-eu': {} } }, 'no dash'],
    [{ sendsPerSecond: 0 }, 'sendsPerSecond'],
    [{ sendsPerSec: 5 }, 'sendsPerSec'],
    [{ sandboxRecipients: ['nobody'] }, 'sandboxRecipients'],
  ])('%o is refused by name', (settings, name) => {
    expect(() => readSettings(settings)).toThrow(name);
  });
});
