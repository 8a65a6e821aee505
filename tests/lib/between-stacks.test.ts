import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Baton } from 'baton';
import { describe, expect, it } from 'vitest';
import { batonApp } from '#lib/baton-app';
import { readSettings } from '#lib/settings';
import { resolver } from '#tests/helpers/cloudformation';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';
import { preparedOf, type Template, templateIn } from '#tests/helpers/synth';

const everything = {
  console: true,
  replies: { domain: 'reply.lintel.example' },
  crm: { hubspot: { secret: 'hubspot-token' } },
};
const stacksOf = async (settings: object) => {
  const { folder, prepared } = await preparedOf({ compiled: [nurture()], live: liveConfig });
  const outdir = join(folder, 'out');
  const app = new App({ outdir });
  batonApp(app, { settings: readSettings(settings), prepared });
  const assembly = app.synth();
  return {
    Data: templateIn(outdir, 'Data'),
    Engine: templateIn(outdir, 'Engine'),
    order: assembly.getStackArtifact('Engine').dependencies.map((it) => it.id),
  };
};

/** Every text of a template with pseudo parameters filled in. */
const textsIn = (value: unknown, resolve: (it: unknown) => unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if ('Fn::Sub' in value) return [String(resolve(value))];
  return Object.values(value).flatMap((it) => textsIn(it, resolve));
};

const naming = [
  /^arn:aws:sqs:[^:]+:[^:]+:([\w-]+)$/,
  /^https:\/\/sqs\.[^/]+\/\d+\/([\w-]+)$/,
  /^arn:aws:dynamodb:[^:]+:[^:]+:table\/([\w-]+)/,
  /^arn:aws:secretsmanager:[^:]+:[^:]+:secret:([\w/-]+?)(?:-\?{6})?$/,
  /^arn:aws:iam::[^:]+:role\/([\w-]+)$/,
  /^\{\{resolve:ssm:([\w/-]+)\}\}$/,
];
const namesMade = ({ Resources }: Template, resolve: (it: unknown) => unknown): readonly string[] =>
  Object.values(Resources).flatMap(({ Properties = {} }) =>
    ['QueueName', 'TableName', 'RoleName', 'Name'].flatMap((it) => (it in Properties ? [String(resolve(Properties[it]))] : [])),
  );

describe('the engine’s stack', () => {
  it.each([{}, everything])('imports nothing from the data’s, which exports nothing, and comes after it (%j)', async (settings) => {
    const { Data, Engine, order } = await stacksOf(settings);
    expect(JSON.stringify(Engine).match(/Fn::(ImportValue|GetStackOutput)"[^}]+/g)).toBeNull();
    expect(Object.values(Data.Outputs ?? {}).filter((it) => 'Export' in (it as object))).toEqual([]);
    expect(order).toContain('Data');

    const { resolve } = resolver({ Data, Engine, Watch: Engine });
    const made = namesMade(Data, (it) => resolve(Data, it));
    const named = textsIn(Engine, (it) => resolve(Engine, it)).flatMap((it) => naming.flatMap((one) => one.exec(it)?.[1] ?? []));
    expect(new Set(named).size).toBeGreaterThan(15);
    expect([...new Set(named)].filter((it) => !made.includes(it))).toEqual([]);
  });

  it('is refused beside data of another Region: a name says no Region', async () => {
    const { prepared } = await preparedOf({ compiled: [nurture()], live: liveConfig });
    const app = new App();
    const at = (region: string) => ({ env: { account: '111122223333', region } });
    const dataIn = new Stack(app, 'Leads', at('eu-west-1'));
    const engine = new Stack(app, 'Nurture', at('us-east-1'));
    expect(() => new Baton(engine, 'Baton', { marketing: 'marketing', prepared, dataIn })).toThrow('one account and Region');
  });
});
