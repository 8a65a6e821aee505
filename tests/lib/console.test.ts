import { readFile } from 'node:fs/promises';
import { Template as Assertions, Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { standingOfConsole } from '#core/cost';
import { namesOf, readSettings } from '#lib/settings';
import { watchesOf } from '#lib/watches';
import { resourcesOf, synthesize, type Template, type Templates } from '#tests/helpers/synth';

let off: Pick<Templates, 'Data' | 'Engine'>;
let on: Templates;

beforeAll(async () => {
  const marketing = await loadMarketing('marketing');
  const { compiled } = await compileMarketing(marketing);
  if (!marketing.live) throw new Error('marketing/ has errors');
  const ours = { compiled: compiled.map((it) => it.compiled), live: marketing.live };
  off = { Data: await snapshot('data'), Engine: await snapshot('engine') };
  on = await synthesize({ ...ours, settings: { console: true } });
}, 60_000);

/** Of a stack without a console: tests/lib/templates.test.ts holds them to what is synthesized. */
const snapshot = async (name: string): Promise<Template> =>
  JSON.parse(await readFile(new URL(`./snapshots/${name}.template.json`, import.meta.url), 'utf8')) as Template;

const engine = () => Assertions.fromJSON(on.Engine as never);
const typesOf = ({ Resources }: Templates['Engine']) => Object.values(Resources).map((it) => it.Type);

describe('the stacks, with a console', () => {
  it('have nothing of it when nobody wants one', () => {
    for (const template of [off.Data, off.Engine]) {
      expect(typesOf(template).filter((it) => it.startsWith('AWS::Cognito'))).toEqual([]);
      expect(JSON.stringify(template)).not.toContain('/console');
    }
  });

  it('add to what there is, and take nothing away', () => {
    for (const name of ['Data', 'Engine'] as const) {
      const before = Object.keys(off[name].Resources);
      const after = Object.keys(on[name].Resources);
      expect(before.filter((it) => !after.includes(it))).toEqual([]);
      expect(after.filter((it) => !before.includes(it) && !/console|Console|People/.test(it))).toEqual([]);
    }
  });

  it('let nobody sign up, and sign in by a code with PKCE from the pool’s own pages', () => {
    Assertions.fromJSON(on.Data as never).hasResource('AWS::Cognito::UserPool', {
      DeletionPolicy: 'Retain',
      Properties: {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        MfaConfiguration: 'OPTIONAL',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        DeletionProtection: 'ACTIVE',
      },
    });
    const named = resourcesOf(on.Data, 'AWS::Cognito::UserPoolGroup').map((it) => it.Properties.GroupName);
    expect(named.toSorted()).toEqual(['marketing', 'sales']);
    engine().hasResourceProperties('AWS::Cognito::UserPoolClient', {
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email', 'profile'],
      SupportedIdentityProviders: ['COGNITO'],
      PreventUserExistenceErrors: 'ENABLED',
      CallbackURLs: [Match.objectLike({ 'Fn::Join': Match.anyValue() })],
    });
  });

  it('tell one function of changes, in batches of one shard, and a queue of what failed, without its content', () => {
    Assertions.fromJSON(on.Data as never).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    expect(JSON.stringify(off.Data)).not.toContain('StreamSpecification');
    engine().hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BisectBatchOnFunctionError: true,
      MaximumBatchingWindowInSeconds: 60,
      TumblingWindowInSeconds: 900,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
      FilterCriteria: { Filters: [Match.anyValue(), Match.anyValue()] },
    });
    const role = resourcesOf(on.Engine, 'AWS::IAM::Role').find((it) => it.logicalId.startsWith('countforconsoleRole'));
    const text = JSON.stringify(role?.Properties.Policies);
    expect(text).not.toMatch(/dynamodb:(Scan|Query|UpdateItem|DeleteItem)|LEAD#/);
    const ring = resourcesOf(on.Watch, 'AWS::CloudWatch::Alarm').map((it) => String(it.Properties.AlarmName));
    const wanted = watchesOf(namesOf('prod'), readSettings({ console: true })).map((it) => `baton-prod-${it.name}`);
    expect(ring.toSorted()).toEqual(wanted.toSorted());
    const metrics = (console: boolean) => watchesOf(namesOf('prod'), readSettings({ console })).flatMap((it) => it.metrics);
    expect(standingOfConsole.alarms).toBe(metrics(true).length - metrics(false).length);
  });

  it('route its page, its sign-in and its JSON to one function', () => {
    const routes = resourcesOf(on.Engine, 'AWS::ApiGatewayV2::Route').map((it) => String(it.Properties.RouteKey));
    expect(routes.filter((it) => it.includes('/console')).toSorted()).toEqual([
      'GET /console',
      'GET /console/{path+}',
      'POST /console/api/{path+}',
    ]);
  });

  it('let the function read, and write only what its acts need', () => {
    const role = resourcesOf(on.Engine, 'AWS::IAM::Role').find((it) => it.logicalId.startsWith('consoleRole'));
    const text = JSON.stringify(role?.Properties.Policies);
    expect(text).not.toMatch(/dynamodb:(Scan|DeleteItem|BatchWriteItem)|ses:SendEmail|states:StartExecution|links/);
    expect(text).toContain('sqs:StartMessageMoveTask');
  });
});
