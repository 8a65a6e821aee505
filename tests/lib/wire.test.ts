import { beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { machines, type WireCall } from '#local/wire';
import { compiledActing } from '#tests/helpers/acting-sequence';
import { resolver } from '#tests/helpers/cloudformation';
import { type DeployedRole, isAllowed, listOf, type Request, rolesOf } from '#tests/helpers/roles';
import { mistakesIn } from '#tests/helpers/sdk-models';
import { resourcesOf, synthesize } from '#tests/helpers/synth';
import { tableOf, unseenBecause } from '#tests/helpers/wire-report';
import { recordWireCalls } from '#tests/helpers/wire-run';
import { type Deployed, kindOf, requestsOf } from '#tests/helpers/wire-table';

let calls: readonly WireCall[];
let roles: readonly DeployedRole[];
let at: Deployed;
/** By role, each kind of request once, with an example. */
let seen: ReadonlyMap<string, ReadonlyMap<string, Request>>;

beforeAll(async () => {
  const marketing = await loadMarketing('marketing');
  const { compiled, lock } = await compileMarketing(marketing);
  if (!marketing.live) throw new Error('marketing/ has errors');
  // The sequences that are shipped do not use every kind of step.
  const ready = { compiled: [...compiled.map((it) => it.compiled), compiledActing], live: marketing.live };
  const templates = await synthesize({ ...ready, lock, settings: { console: true } });
  roles = rolesOf(templates);
  const { resolve } = resolver(templates);
  const [table] = resourcesOf(templates.Data, 'AWS::DynamoDB::GlobalTable');
  at = {
    table: String(resolve(templates.Data, { 'Fn::GetAtt': [table?.logicalId, 'Arn'] })),
    prefix: 'baton-prod',
    bucket: 'baton-prod-artifacts-111122223333-us-east-1',
    replyBucket: 'baton-prod-replies-111122223333-us-east-1',
    sender: 'mail.lintel.example',
    timerRole: String(resolve(templates.Data, { 'Fn::GetAtt': [roles.find((it) => it.name === '(timers)')?.logicalId, 'Arn'] })),
  };
  calls = await recordWireCalls(ready.compiled, ready.live);
  seen = byRole(calls, at);
}, 900_000);

const byRole = (all: readonly WireCall[], where: Deployed) => {
  const found = new Map<string, Map<string, Request>>();
  for (const call of all) {
    const kinds = found.get(call.by) ?? new Map<string, Request>();
    found.set(call.by, kinds);
    for (const request of requestsOf(call, where)) if (!kinds.has(kindOf(request))) kinds.set(kindOf(request), request);
  }
  return found;
};

describe('the wire check', () => {
  it('saw every handler and the machines at work', () => {
    expect([...seen.keys()].sort()).toEqual(roles.map((it) => it.name).sort());
    expect(calls.length).toBeGreaterThan(5_000);
  });

  it('finds every call as the model of the AWS SDK has it', () => {
    const mistakes = new Set(calls.flatMap((call) => mistakesIn(call).map((it) => `${call.by}: ${it}`)));
    expect([...mistakes]).toEqual([]);
  });

  it('would notice a member that does not exist, one that is missing, and a value of another kind', () => {
    const found = calls.find((it) => it.service === 'sqs') as WireCall;
    expect(mistakesIn({ ...found, input: { ...found.input, MessageBodies: 'x' } })).toEqual(['SendMessage has no member MessageBodies']);
    expect(mistakesIn({ ...found, input: { MessageBody: 'x' } })).toEqual(['SendMessage misses QueueUrl']);
    expect(mistakesIn({ ...found, input: { ...found.input, DelaySeconds: '5' } })).toEqual(['SendMessage.DelaySeconds is not a number']);
    expect(mistakesIn({ service: 'sqs', operation: 'SendMessages', input: {} })).toEqual(['sqs has no operation SendMessages']);
  });

  it('finds every call allowed by the role of whoever made it', async () => {
    const refused: string[] = [];
    for (const role of roles) {
      for (const [kind, request] of seen.get(role.name) ?? []) if (!(await isAllowed(role, request))) refused.push(`${role.name}: ${kind}`);
    }
    expect(refused).toEqual([]);
  });

  it('finds no permission that nobody used, but for those with a reason', () => {
    const extras = roles.flatMap((role) => unusedOf(role, [...(seen.get(role.name)?.values() ?? [])]));
    const unexplained = extras.filter((it) => unseenBecause(it) === undefined);
    expect(unexplained).toEqual([]);
  });

  it('prints the table that docs/wire-check.md shows', async () => {
    const extras = roles.flatMap((role) => unusedOf(role, [...(seen.get(role.name)?.values() ?? [])]));
    const text = tableOf(roles, seen, extras);
    await expect(text).toMatchFileSnapshot('../../docs/wire-check.md');
  });

  it('finds calls on nobody’s behalf nowhere', () => {
    expect(calls.filter((it) => it.by !== machines && !roles.some((role) => role.name === it.by))).toEqual([]);
  });
});

/** Each action on each resource of each statement that no seen request needed, as `role: action resource partition`. */
const unusedOf = (role: DeployedRole, requests: readonly Request[]): readonly string[] =>
  role.statements.flatMap((statement) => {
    const keys = statement.Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? [];
    const partitions = keys.length === 0 ? [''] : listOf(keys);
    return listOf(statement.Action).flatMap((action) =>
      listOf(statement.Resource).flatMap((resource) =>
        partitions
          .filter((partition) => !requests.some((it) => it.action === action && matches(resource, it.resource) && isIn(partition, it)))
          .map(
            (partition) =>
              `${role.name}: ${statement.Sid}: ${kindOf({ action, resource, ...(partition && { context: { 'dynamodb:LeadingKeys': [partition] } }) })}`,
          ),
      ),
    );
  });

const matches = (pattern: string, resource: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('\\?', '.')}$`,
  ).test(resource);

const isIn = (partition: string, { context }: Request): boolean =>
  partition === '' || matches(partition, String(context?.['dynamodb:LeadingKeys']?.[0] ?? ''));
