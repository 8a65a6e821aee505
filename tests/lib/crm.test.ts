import { Template as Assertions, Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import type { LiveConfig } from '#core/config';
import { CrmQuestion } from '#core/crm';
import { eventOfNotice } from '#core/sales-events';
import type { Compiled } from '#core/sequences/compile';
import { aSalesTask } from '#tests/helpers/builders';
import { resourcesOf, synthesize, type Templates } from '#tests/helpers/synth';

let ours: { readonly compiled: readonly Compiled[]; readonly live: LiveConfig };
let templates: Templates;
const crm = {
  hubspot: { secret: 'hubspot-token', fields: { email: 'email', 'first-name': 'firstname', 'baton-stage': 'lifecyclestage' } },
  salesforce: { domain: 'lintel.my.salesforce.com', secret: 'salesforce-app' },
};

beforeAll(async () => {
  const marketing = await loadMarketing('marketing');
  const { compiled } = await compileMarketing(marketing);
  if (!marketing.live) throw new Error('marketing/ has errors');
  ours = { compiled: compiled.map((it) => it.compiled), live: marketing.live };
  templates = await synthesize({ ...ours, settings: { crm } });
}, 60_000);

const engine = () => Assertions.fromJSON(templates.Engine as never);
const pipes = () => resourcesOf(templates.Engine, 'AWS::Pipes::Pipe').map((it) => it.Properties as never as Pipe);
type Pipe = {
  readonly Name: string;
  readonly EnrichmentParameters: { readonly InputTemplate: string };
  readonly TargetParameters: { readonly InputTemplate: string; readonly HttpParameters?: object };
  readonly SourceParameters: object;
};

describe('the stacks, with a crm', () => {
  it('ask the function in the shape that it reads, and pass on what it makes', () => {
    const event = eventOfNotice(aSalesTask(), 'created');
    for (const { EnrichmentParameters, TargetParameters, SourceParameters } of pipes()) {
      const asked = JSON.parse(EnrichmentParameters.InputTemplate.replace('<$.body>', JSON.stringify(event)));
      expect(CrmQuestion.parse(asked).event).toEqual(event);
      expect(TargetParameters.InputTemplate).toBe('<$.body>');
      expect(SourceParameters).toEqual({ SqsQueueParameters: { BatchSize: 1 } });
    }
    expect(pipes().map((it) => [it.Name, it.TargetParameters.HttpParameters])).toEqual([
      ['baton-prod-hubspot', undefined],
      ['baton-prod-salesforce', { PathParameterValues: ['$.key'] }],
    ]);
  });

  it('make or update one record by its id, at the addresses that both document', () => {
    const found = resourcesOf(templates.Engine, 'AWS::Events::ApiDestination').map((it) => it.Properties);
    expect(found.map((it) => [it.HttpMethod, it.InvocationEndpoint])).toEqual([
      ['POST', 'https://api.hubapi.com/crm/v3/objects/contacts/batch/upsert'],
      ['PATCH', 'https://lintel.my.salesforce.com/services/data/v62.0/sobjects/Lead/Baton_Lead_Id__c/*'],
    ]);
  });

  it('name secrets and hold none', () => {
    const connections = JSON.stringify(resourcesOf(templates.Engine, 'AWS::Events::Connection'));
    expect(connections).toContain('Bearer {{resolve:secretsmanager:hubspot-token:SecretString:::}}');
    expect(connections).toContain('{{resolve:secretsmanager:salesforce-app:SecretString:client-secret::}}');
  });

  it('put what the bus says into a queue that keeps it, with dead letters', () => {
    engine().hasResourceProperties('AWS::Events::Rule', {
      Name: 'baton-prod-crm-hubspot',
      EventPattern: { source: ['baton'], 'detail-type': Match.arrayWith(['baton.handoff.created', 'baton.handoff.won']) },
      Targets: [Match.objectLike({ InputPath: '$.detail', DeadLetterConfig: Match.anyValue() })],
    });
    engine().hasResourceProperties('AWS::SQS::Queue', { QueueName: 'baton-prod-crm-salesforce', RedrivePolicy: { maxReceiveCount: 20 } });
  });

  it('let the function read leads and tasks, and nothing else', () => {
    const role = resourcesOf(templates.Engine, 'AWS::IAM::Role').find((it) => it.logicalId.startsWith('crmrecord'));
    const text = JSON.stringify(role?.Properties.Policies);
    expect(text.match(/"dynamodb:[A-Z]\w+Item"/g)).toEqual(['"dynamodb:GetItem"', '"dynamodb:GetItem"', '"dynamodb:GetItem"']);
    expect(text).not.toMatch(/secretsmanager|sqs:|s3:/);
  });

  it('are what they were, and cdk-nag has nothing to say', async () => {
    const made = Object.entries(templates.Engine.Resources).filter(([name]) => name.startsWith('Sales'));
    await expect(`${JSON.stringify(Object.fromEntries(made), null, 2)}\n`).toMatchFileSnapshot('snapshots/crm.template.json');
  });
});

describe('the stacks, without one', () => {
  it('have the bus, and call nobody', async () => {
    const { Engine } = await synthesize(ours);
    expect(resourcesOf(Engine, 'AWS::Events::EventBus')).toHaveLength(1);
    expect(resourcesOf(Engine, 'AWS::Pipes::Pipe')).toEqual([]);
    expect(resourcesOf(Engine, 'AWS::Lambda::Function').some((it) => String(it.Properties.FunctionName).endsWith('crm-record'))).toBe(
      false,
    );
  });
});
