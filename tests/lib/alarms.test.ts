import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template as Assertions, Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { alarmNames, alarms } from '#core/alarms';
import { handlers } from '#core/handlers';
import { emptyLock } from '#core/sequences/lock';
import { readSettings } from '#lib/settings';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';
import { resourcesOf, synthesize, type Templates } from '#tests/helpers/synth';

const synth = (settings: object) => synthesize({ compiled: [nurture()], live: liveConfig, lock: emptyLock, settings });
let templates: Templates;
beforeAll(async () => {
  templates = await synth({ alarmEmail: 'duty@example.com' });
}, 60_000);
const engine = () => Assertions.fromJSON(templates.Engine as never);
const topicRef = { Ref: Match.stringLikeRegexp('^AlarmsTopic') };

describe('alarms', () => {
  it.each(alarmNames)('%s: counts the message as it is logged, in the log group of whoever logs it, and rings the topic', (name) => {
    const { message, loggedBy, atLeast, withinSeconds } = alarms[name];
    for (const handler of loggedBy) {
      const [group] = resourcesOf(templates.Engine, 'AWS::Logs::LogGroup').filter(
        (it) => it.Properties.LogGroupName === `/aws/lambda/baton-prod-${handler}`,
      );
      engine().hasResourceProperties('AWS::Logs::MetricFilter', {
        LogGroupName: { Ref: group?.logicalId },
        FilterPattern: `{ $.message = "${message}" }`,
        MetricTransformations: [{ MetricNamespace: 'Baton/prod', MetricName: name, MetricValue: '1' }],
      });
    }
    engine().hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `baton-prod-${name}`,
      Namespace: 'Baton/prod',
      MetricName: name,
      Statistic: 'Sum',
      Period: withinSeconds,
      Threshold: atLeast,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [topicRef],
    });
  });

  it.each(alarmNames)('%s: is logged by each function that its alarm listens to, by its constant', (name) => {
    for (const handler of alarms[name].loggedBy) {
      const { file } = handlers[handler];
      const folder = file.slice(0, file.lastIndexOf('/'));
      const code =
        handler === 'process-events'
          ? readdirSync(folder).map((it) => readFileSync(join(folder, it), 'utf8'))
          : [readFileSync(file, 'utf8')];
      expect(code.some((it) => it.includes(`alarmMessages['${name}']`) || it.includes(`alarmMessages.${name},`))).toBe(true);
    }
  });

  it('go to an encrypted topic over TLS only, which only our alarms may publish to', () => {
    engine().hasResourceProperties('AWS::SNS::Topic', { TopicName: 'baton-prod-alarms', KmsMasterKeyId: Match.anyValue() });
    engine().hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [topicRef],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: Match.objectLike({ ArnLike: Match.anyValue() }),
          }),
        ]),
      },
    });
    engine().hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
        ]),
      },
    });
  });

  it('mail whoever the settings name, and nobody otherwise', async () => {
    engine().hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'duty@example.com', TopicArn: topicRef });
    expect(resourcesOf((await synth({})).Engine, 'AWS::SNS::Subscription')).toEqual([]);
    expect(() => readSettings({ alarmEmail: 'nobody' })).toThrow('alarmEmail');
  }, 60_000);
});
