import { ArnFormat, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import {
  Alarm,
  Metric as CloudWatchMetric,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  TextWidget,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { alarmNames, alarms } from '#core/alarms';
import { metricUnits } from '#core/metrics';
import { withRunbook } from '#lib/constructs/alarms';
import { logGroupIn } from '#lib/constructs/log-group';
import type { Names, Settings } from '#lib/settings';
import { failedRule, type Metric, ours, type Watch, watchesOf } from '#lib/watches';

export type WatchProps = { readonly names: Names; readonly settings: Settings; readonly topic: ITopic };

/**
 * Alarms on metrics and the dashboard, all from one list (lib/watches.ts). A template of its own inside the engine's, which is near
 * what CloudFormation takes when there are many sequences.
 */
export class WatchStack extends NestedStack {
  constructor(scope: Construct, id: string, { names, settings, topic }: WatchProps) {
    super(scope, id, { description: 'Baton: alarms and the dashboard' });
    const watches = watchesOf(names, settings);
    for (const watch of watches) this.ring(watch, names, topic);
    countFailedExecutions(this, names, settings);
    this.draw(watches, names);
    if (settings.monthlyBudgetUsd !== undefined) limitBill(this, names, settings);
  }

  private ring(watch: Watch, names: Names, topic: ITopic): void {
    new Alarm(this, watch.name, {
      alarmName: `${names.prefix}-${watch.name}`,
      alarmDescription: withRunbook(watch.name, watch.means),
      metric: together(watch),
      threshold: watch.atLeast,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: watch.periods,
      // Where nothing happens nothing is told: neither of a queue without messages nor of a stage that sends nothing.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(topic));
  }

  private draw(watches: readonly Watch[], names: Names): void {
    const graph = (title: string, left: IMetric[], limit?: number) =>
      new GraphWidget({
        title,
        left,
        width: 8,
        height: 5,
        ...(limit !== undefined && { leftAnnotations: [{ value: limit, label: 'alarm' }] }),
      });
    const counted = Object.keys(metricUnits).filter((it) => !watches.some(({ metrics }) => metrics.some(({ name }) => name === it)));
    const logged = alarmNames.map((name) => toMetric({ namespace: names.metrics, name, statistic: 'Sum' }, 300).with({ label: name }));
    const of = (prefix: string) =>
      counted.filter((it) => it.startsWith(prefix)).map((it) => toMetric(ours(names, it, 'Sum'), 300).with({ label: it }));
    new Dashboard(this, 'Dashboard', {
      dashboardName: names.prefix,
      widgets: [
        [new TextWidget({ markdown: `# ${names.prefix}\nWhat each alarm means and what to do: docs/runbook.md`, width: 24, height: 2 })],
        [graph('E-mails', of('emails-')), graph('Enrolments', of('leads-')), graph('What came back', of('mails-'))],
        ...inRows(watches.filter((it) => it.isDrawn !== false).map((watch) => graph(watch.title, [together(watch)], watch.atLeast))),
        [graph('What functions logged as alarming', logged)],
      ],
    });
  }
}

const perRow = 3;
const inRows = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / perRow) }, (_, row) => all.slice(row * perRow, (row + 1) * perRow));

const toMetric = ({ namespace, name, statistic, dimensions }: Metric, periodSeconds: number): CloudWatchMetric =>
  new CloudWatchMetric({
    namespace,
    metricName: name,
    statistic,
    period: Duration.seconds(periodSeconds),
    ...(dimensions && { dimensionsMap: { ...dimensions } }),
  });

const together = ({ metrics, as, periodSeconds, title }: Watch): IMetric => {
  const [first, ...rest] = metrics.map((it) => toMetric(it, periodSeconds));
  if (!first) throw new Error(`there is no metric for ${title}`);
  if (as === 'single') return first;
  const named = Object.fromEntries([first, ...rest].map((it, at) => [`m${at}`, it]));
  const all = Object.keys(named).map((it) => `FILL(${it}, 0)`);
  const expression = { percent: '100 * m0 / m1', beyond: 'm0 - FILL(m1, 0)', sum: all.join(' + ') }[as];
  return new MathExpression({ expression, label: title, usingMetrics: named, period: Duration.seconds(periodSeconds) });
};

/** One rule for all machines of the stage, whose matches CloudWatch counts for nothing; a line for each, with ids and no data, says which. */
const countFailedExecutions = (scope: Stack, names: Names, settings: Settings): void => {
  const logGroup = logGroupIn(scope, 'FailedExecutions', `/aws/events/${names.prefix}-executions`, settings);
  new CfnResourcePolicy(scope, 'FailedExecutionsPolicy', {
    policyName: `${names.prefix}-executions`,
    policyDocument: scope.toJsonString({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: logGroup.logGroupArn,
        },
      ],
    }),
  });
  const machines = (name: string) =>
    Stack.of(scope).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  new CfnRule(scope, 'FailedRule', {
    name: names.ruleName(failedRule),
    description: 'Baton: executions that failed or timed out',
    eventPattern: {
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: {
        status: ['FAILED', 'TIMED_OUT'],
        // Of this stage only, and not of one whose name begins the same.
        stateMachineArn: [{ prefix: machines(names.machineName('')) }, { prefix: machines(names.handoffMachine) }],
      },
    },
    targets: [
      {
        id: 'log',
        arn: Stack.of(scope).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: `/aws/events/${names.prefix}-executions`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
        inputTransformer: {
          inputPathsMap: { time: '$.time', execution: '$.detail.executionArn', status: '$.detail.status', error: '$.detail.error' },
          inputTemplate: '{"timestamp": <time>, "message": "<status> <execution> <error>"}',
        },
      },
    ],
  }).node.addDependency(logGroup);
};

/** AWS Budgets writes to the address itself; two budgets an account cost nothing. It adds up what bears the tag of the stage. */
const limitBill = (scope: Construct, names: Names, { monthlyBudgetUsd = 0, alarmEmail = '' }: Settings): void => {
  const told = (notificationType: string, threshold: number) => ({
    notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
    subscribers: [{ subscriptionType: 'EMAIL', address: alarmEmail }],
  });
  new CfnBudget(scope, 'Bill', {
    budget: {
      budgetName: `${names.prefix}-bill`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthlyBudgetUsd, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:baton:stage$${names.stage}`] },
    },
    notificationsWithSubscribers: [told('ACTUAL', 80), told('FORECASTED', 100)],
  });
};

/** What the alarms of both lists are called. */
export const everyAlarm = (names: Names, settings: Settings): readonly { readonly name: string; readonly means: string }[] => [
  ...alarmNames.map((name) => ({ name, means: alarms[name].means })),
  ...watchesOf(names, settings),
];
