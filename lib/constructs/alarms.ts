import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm as CloudWatchAlarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type Alarm, type AlarmName, alarmNames, alarms } from '#core/alarms';
import type { HandlerName } from '#core/handlers';
import type { Names, Settings } from '#lib/settings';

export type AlarmsProps = {
  readonly names: Names;
  readonly settings: Settings;
  readonly logGroupOf: (handler: HandlerName) => ILogGroup;
};

/** What the functions log as alarming (core/alarms.ts) becomes a number, an alarm, and a mail to whoever is on duty. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { names, settings, logGroupOf }: AlarmsProps) {
    super(scope, id);
    const topic = alarmTopic(this, names);
    this.topic = topic;
    if (settings.alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(settings.alarmEmail));
    for (const name of alarmNames) this.add(name, alarms[name], { names, topic, logGroupOf });
    new CfnOutput(scope, 'AlarmTopicArn', { value: topic.topicArn, description: 'Where alarms go; subscribe whoever is on duty' });
  }

  private add(
    name: AlarmName,
    alarm: Alarm,
    { names, topic, logGroupOf }: Pick<AlarmsProps, 'names' | 'logGroupOf'> & { readonly topic: Topic },
  ): void {
    const metric = { metricNamespace: names.metrics, metricName: name };
    for (const handler of alarm.loggedBy) {
      new MetricFilter(this, `${name}-${handler}`, {
        ...metric,
        logGroup: logGroupOf(handler),
        filterPattern: FilterPattern.stringValue('$.message', '=', alarm.message),
        metricValue: '1',
      });
    }
    const period = Duration.seconds(alarm.withinSeconds);
    new CloudWatchAlarm(this, name, {
      alarmName: `${names.prefix}-${name}`,
      alarmDescription: withRunbook(name, alarm.means),
      metric: new Metric({ namespace: names.metrics, metricName: name, statistic: Stats.SUM, period }),
      threshold: alarm.atLeast,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      // Nothing logged is nothing wrong.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(topic));
  }
}

/** What it means, and where it says what to do. */
export const withRunbook = (name: string, means: string): string => `${means} What to do: docs/runbook.md#${name}`;

/** Encrypted with a key of our own: CloudWatch may not use the one that AWS manages. Published to over TLS only, by our alarms. */
const alarmTopic = (scope: Construct, names: Names): Topic => {
  const key = new Key(scope, 'Key', {
    description: `Baton: messages of the alarms of ${names.prefix}`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const ours = {
    ArnLike: { 'aws:SourceArn': Stack.of(scope).formatArn({ service: 'cloudwatch', resource: `alarm:${names.prefix}-*` }) },
    StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
  };
  const cloudWatch = { principals: [new ServicePrincipal('cloudwatch.amazonaws.com')], conditions: ours };
  key.addToResourcePolicy(new PolicyStatement({ ...cloudWatch, actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'] }));
  const topic = new Topic(scope, 'Topic', { topicName: `${names.prefix}-alarms`, masterKey: key, enforceSSL: true });
  topic.addToResourcePolicy(new PolicyStatement({ ...cloudWatch, actions: ['sns:Publish'], resources: [topic.topicArn] }));
  return topic;
};
