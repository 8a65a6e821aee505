import { Template as Assertions, Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import type { LiveConfig } from '#core/config';
import { ReceivedMessage } from '#core/notice-messages';
import type { Compiled } from '#core/sequences/compile';
import { listOf, rolesOf } from '#tests/helpers/roles';
import { resourcesOf, synthesize, type Templates } from '#tests/helpers/synth';

const domain = 'reply.lintel.example';
let ours: { readonly compiled: readonly Compiled[]; readonly live: LiveConfig };
let templates: Templates;

beforeAll(async () => {
  const marketing = await loadMarketing('marketing');
  const { compiled } = await compileMarketing(marketing);
  if (!marketing.live) throw new Error('marketing/ has errors');
  ours = { compiled: compiled.map((it) => it.compiled), live: marketing.live };
  templates = await synthesize({ ...ours, settings: { replies: { domain } } });
}, 60_000);

const engine = () => Assertions.fromJSON(templates.Engine as never);
const data = () => Assertions.fromJSON(templates.Data as never);
/** What the rule's template makes of an event of S3. */
const asQueued = (template: string, values: Record<string, string>) =>
  JSON.parse(template.replace(/<(\w+)>/g, (_, name: string) => JSON.stringify(values[name])));

describe('the stacks, with a domain for answers', () => {
  it('have SES scan what comes to the domain and keep it in the bucket', () => {
    engine().hasResourceProperties('AWS::SES::ReceiptRule', {
      Rule: {
        Enabled: true,
        Recipients: [domain],
        ScanEnabled: true,
        Actions: [{ S3Action: { ObjectKeyPrefix: 'mail/', BucketName: Match.anyValue() } }],
      },
    });
    expect(Object.keys(templates.Engine.Outputs ?? {}).join()).toMatch(/MxRecord.*ActivateRuleSet|ActivateRuleSet.*MxRecord/);
  });

  it('keep mail encrypted, closed and for 14 days; SES of this account alone may put it there', () => {
    data().hasResourceProperties('AWS::S3::Bucket', {
      BucketName: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 14, Status: 'Enabled' })] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    data().hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 's3:PutObject',
            Principal: { Service: 'ses.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } }, StringLike: Match.anyValue() },
          }),
        ]),
      },
    });
  });

  it('tell the queue of each mail by its key and time, as the handler reads it', () => {
    const rule = resourcesOf(templates.Engine, 'AWS::Events::Rule').find((it) => String(it.Properties.Name).endsWith('mail-received'));
    const [target] = (rule?.Properties.Targets ?? []) as {
      InputTransformer: { InputTemplate: string; InputPathsMap: Record<string, string> };
    }[];
    expect(target?.InputTransformer.InputPathsMap).toEqual({ key: '$.detail.object.key', at: '$.time' });
    const message = asQueued(target?.InputTransformer.InputTemplate ?? '', { key: 'mail/abc', at: '2026-03-23T13:00:00Z' });
    expect(ReceivedMessage.parse(message)).toEqual({ key: 'mail/abc', at: '2026-03-23T13:00:00Z' });
  });

  it('let two functions read it, one remove from it, and nobody else anything', () => {
    const may = (action: string) =>
      rolesOf(templates)
        .filter((role) =>
          role.statements.some(
            (it) =>
              listOf(it.Action).includes(action) && listOf(it.Resource).some((resource) => JSON.stringify(resource).includes('/mail/*')),
          ),
        )
        .map((it) => it.name)
        .sort();
    expect(may('s3:GetObject')).toEqual(['send-notice', 'take-reply']);
    expect(may('s3:DeleteObject')).toEqual(['erase-leads']);
  });

  it('join the rule set that is active already, where one is named', async () => {
    const { Engine } = await synthesize({ ...ours, settings: { replies: { domain, ruleSet: 'theirs', keepDays: 3 } } });
    expect(resourcesOf(Engine, 'AWS::SES::ReceiptRuleSet')).toEqual([]);
    expect(resourcesOf(Engine, 'AWS::SES::ReceiptRule')[0]?.Properties.RuleSetName).toBe('theirs');
  });
});

describe('the stacks, without one', () => {
  it('take nothing in, and nobody asks the queue', async () => {
    const { Engine } = await synthesize(ours);
    expect(resourcesOf(Engine, 'AWS::SES::ReceiptRule')).toEqual([]);
    const sources = resourcesOf(Engine, 'AWS::Lambda::EventSourceMapping').map((it) => it.Properties);
    expect(sources.filter((it) => it.Enabled === false)).toHaveLength(1);
  });

  it('are not made when brand.yaml has answers come to another domain', async () => {
    const live = { ...ours.live, brand: { ...ours.live.brand, replies: { at: 'other.example' } } };
    await expect(synthesize({ ...ours, live, settings: { replies: { domain } } })).rejects.toThrow(
      /other\.example.*reply\.lintel\.example/,
    );
    await expect(synthesize({ ...ours, live })).rejects.toThrow(/no domain/);
  });
});
