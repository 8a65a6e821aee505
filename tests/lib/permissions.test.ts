import { beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { type HandlerName, handlerNames } from '#core/handlers';
import { isWanted } from '#lib/engine';
import { grantsOf } from '#lib/grants';
import { account, region } from '#tests/helpers/cloudformation';
import { type DeployedRole, isAllowed, listOf, rolesOf } from '#tests/helpers/roles';
import { resourcesOf, synthesize, type Templates } from '#tests/helpers/synth';

const deployed = handlerNames.filter((name) => isWanted(name, { console: true }));
let templates: Templates;
let roles: readonly DeployedRole[];
const roleOf = (name: string): DeployedRole => roles.find((it) => it.name === name) as DeployedRole;
const table = () =>
  `arn:aws:dynamodb:${region}:${account}:table/${resourcesOf(templates.Data, 'AWS::DynamoDB::GlobalTable')[0]?.Properties.TableName}`;

beforeAll(async () => {
  const marketing = await loadMarketing('marketing');
  const { compiled, lock } = await compileMarketing(marketing);
  if (!marketing.live) throw new Error('marketing/ has errors');
  templates = await synthesize({ compiled: compiled.map((it) => it.compiled), live: marketing.live, lock, settings: { console: true } });
  roles = rolesOf(templates);
}, 60_000);

describe('what roles may do', () => {
  it.each(deployed)('%s: each item action on each kind of partition exactly as its contract says', async (name) => {
    for (const item of ['GetItem', 'PutItem', 'UpdateItem', 'Query', 'DeleteItem', 'Scan'] as const) {
      for (const partition of ['LEAD#*', 'SUPPRESSION#*', 'TASK#*', 'ALIAS#*'] as const) {
        const wanted = grantsOf(name).some((it) => 'item' in it && it.item === item && it.partition === partition);
        const context = item === 'Scan' ? undefined : { 'dynamodb:LeadingKeys': [partition.replace('*', 'abc')] };
        const allowed = await isAllowed(roleOf(name), { action: `dynamodb:${item}`, resource: table(), ...(context && { context }) });
        expect(`${item} ${partition} ${item === 'Scan' ? false : allowed}`).toBe(`${item} ${partition} ${wanted}`);
      }
    }
  });

  const senders: readonly HandlerName[] = ['send-email', 'notify-sales', 'send-notice', 'digest'];
  it.each(deployed)('%s: may send mail only if its contract has the mail port, and only as the sender of brand.yaml', async (name) => {
    const send = (identity: string) =>
      isAllowed(roleOf(name), { action: 'ses:SendEmail', resource: `arn:aws:ses:${region}:${account}:identity/${identity}` });
    expect(await send('mail.lintel.example')).toBe(senders.includes(name));
    expect(await send('elsewhere.example')).toBe(false);
  });

  it('are closed to another stage’s queues, secrets, objects and machines', async () => {
    const elsewhere = [
      { action: 'sqs:SendMessage', resource: `arn:aws:sqs:${region}:${account}:baton-dev-enrol` },
      { action: 'secretsmanager:GetSecretValue', resource: `arn:aws:secretsmanager:${region}:${account}:secret:baton-dev/links-AbCdEf` },
      { action: 's3:GetObject', resource: `arn:aws:s3:::baton-dev-artifacts-${account}-${region}/artifacts/x/y.json` },
      { action: 's3:PutObject', resource: `arn:aws:s3:::baton-prod-artifacts-${account}-${region}/artifacts/x/y.json` },
      { action: 'states:StartExecution', resource: `arn:aws:states:${region}:${account}:stateMachine:baton-dev-trial` },
      { action: 'lambda:InvokeFunction', resource: `arn:aws:lambda:${region}:${account}:function:baton-dev-plan-step` },
    ];
    for (const role of roles) for (const request of elsewhere) expect(await isAllowed(role, request)).toBe(false);
  });

  it('name every action: no wildcard in any of them, and “*” as a resource only where AWS knows none', () => {
    for (const { name, statements } of roles) {
      for (const { Action, Resource, Sid } of statements) {
        expect(listOf(Action).filter((it) => it.includes('*'))).toEqual([]);
        if (listOf(Resource).includes('*'))
          expect(`${name} ${Sid}`).toMatch(
            /SendTaskSuccess$|SendTaskFailure$|^watchdog SendingAccount$|console LookAtAlarms$|^count-for-console ConsumeListOfStreams$|\(machines\) Log$/,
          );
      }
    }
  });

  it('let no one but Lambda, Step Functions and our group of schedules in this account use them', () => {
    for (const template of [templates.Data, templates.Engine]) {
      for (const { Properties } of resourcesOf(template, 'AWS::IAM::Role')) {
        const { Statement } = Properties.AssumeRolePolicyDocument as {
          Statement: { Principal: { Service: string }; Condition?: object }[];
        };
        for (const { Principal, Condition } of Statement) {
          expect(['lambda.amazonaws.com', 'states.amazonaws.com', 'scheduler.amazonaws.com']).toContain(Principal.Service);
          if (Principal.Service === 'scheduler.amazonaws.com')
            expect(JSON.stringify(Condition)).toMatch(/StringEquals.*aws:SourceAccount.*aws:SourceArn.*schedule-group\/baton-prod/);
        }
      }
    }
  });

  it('stand in docs/permissions.md', async () => {
    await expect(pageOf(roles)).toMatchFileSnapshot('../../docs/permissions.md');
  });
});

const pageOf = (all: readonly DeployedRole[]): string =>
  [
    '# What each role may do',
    '',
    'Written by `npm run docs:aws` from the synthesized templates, never by hand. A function’s statements come from its contract in',
    '`core/handlers.ts` by way of `lib/grants.ts`; [the wire check](wire-check.md) holds them to the calls really made.',
    '“Only” names the partition keys that DynamoDB lets the role touch, and the service that a role may be passed to.',
    '',
    ...all.flatMap(({ name, statements }) => [
      `## ${name}`,
      '',
      '| statement | may | on | only |',
      '|---|---|---|---|',
      ...statements.map(({ Sid, Action, Resource, Condition }) => {
        const only =
          Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? Condition?.StringEquals?.['iam:PassedToService'] ?? [];
        const code = (list: readonly string[]) => list.map((it) => `\`${it}\``).join(', ');
        return `| ${Sid} | ${code(listOf(Action))} | ${code(listOf(Resource).map(shortArn))} | ${code(listOf(only))} |`;
      }),
      '',
    ]),
  ].join('\n');

const shortArn = (arn: string): string =>
  arn
    .replace(/^arn:aws:([a-z0-9-]*):[a-z0-9-]*:[0-9]*:/, '$1: ')
    .replace(/table\/baton-prod-table/, 'table/Baton’s table')
    .replaceAll(`-${account}-${region}`, '');
