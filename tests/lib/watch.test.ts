import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { standing } from '#core/cost';
import { handlerNames, handlers } from '#core/handlers';
import { metricNames } from '#core/metrics';
import { emptyLock } from '#core/sequences/lock';
import { namesOf, readSettings } from '#lib/settings';
import { everyAlarm } from '#lib/watch-stack';
import { watchesOf } from '#lib/watches';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';
import { resourcesOf, synthesize, type Templates } from '#tests/helpers/synth';

const names = namesOf('prod');
const everything = { console: true, crm: { hubspot: { secret: 'token' }, salesforce: { domain: 'x.my.salesforce.com', secret: 'app' } } };
const all = readSettings(everything);
const synth = (settings: object) => synthesize({ compiled: [nurture()], live: liveConfig, lock: emptyLock, settings });
let templates: Templates;
let withAll: Templates;
beforeAll(async () => {
  templates = await synth({});
  withAll = await synth(everything);
}, 60_000);

const alarmsOf = ({ Engine, Watch }: Templates) =>
  [Engine, Watch].flatMap((it) => resourcesOf(it, 'AWS::CloudWatch::Alarm')).map((it) => it.Properties);

describe('what is watched', () => {
  it('rings the topic, says what it means and where it says what to do, and is quiet where nothing is told', () => {
    for (const it of alarmsOf(templates)) {
      const name = String(it.AlarmName).replace('baton-prod-', '');
      expect(it.AlarmDescription).toContain(`docs/runbook.md#${name}`);
      expect(it.TreatMissingData).toBe('notBreaching');
      expect(it.AlarmActions).toHaveLength(1);
    }
  });

  it('has a section in the runbook for every alarm of the templates, and none for anything else', () => {
    const inTemplates = alarmsOf(withAll).map((it) => String(it.AlarmName).replace('baton-prod-', ''));
    const sections = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^### ([a-z-]+)$/gm)].map(([, name]) => name);
    expect(sections.toSorted()).toEqual(inTemplates.toSorted());
    expect(
      everyAlarm(names, all)
        .map((it) => it.name)
        .toSorted(),
    ).toEqual(inTemplates.toSorted());
  });

  it('asks a queue, a rule or a metric that is there, with the dimensions that it is told under', () => {
    const rules = resourcesOf(templates.Watch, 'AWS::Events::Rule').map((it) => it.Properties.Name);
    const functions = resourcesOf(withAll.Engine, 'AWS::Lambda::Function').map((it) => it.Properties.FunctionName);
    const queues = [withAll.Data, withAll.Engine].flatMap((it) => resourcesOf(it, 'AWS::SQS::Queue')).map((it) => it.Properties.QueueName);
    for (const { metrics } of watchesOf(names, all)) {
      for (const { namespace, name, dimensions } of metrics) {
        if (namespace === names.metrics) expect([metricNames, dimensions]).toEqual([expect.arrayContaining([name]), { service: 'baton' }]);
        if (namespace === 'AWS/SQS') expect(queues).toContain(dimensions?.QueueName);
        if (namespace === 'AWS/Lambda') expect(functions).toContain(dimensions?.FunctionName);
        if (namespace === 'AWS/Events') expect(rules).toContain(dimensions?.RuleName);
      }
    }
  });

  it('looks at every dead-letter queue, in one alarm of at most ten metrics, as CloudWatch allows', () => {
    const looked = watchesOf(names, all).flatMap(({ metrics }) => metrics.map((it) => it.dimensions?.QueueName));
    const dead = [withAll.Data, withAll.Engine].flatMap((it) => resourcesOf(it, 'AWS::SQS::Queue')).map((it) => it.Properties.QueueName);
    expect(looked).toEqual(expect.arrayContaining(dead.filter((it) => String(it).endsWith('-dead'))));
    expect(watchesOf(names, readSettings({})).map((it) => it.name)).not.toContain('crm-dead-letters');
    for (const { metrics } of watchesOf(names, all)) expect(metrics.length).toBeLessThanOrEqual(10);
  });

  it('looks at functions of this stage alone, and at each that has neither a queue nor a machine behind it', () => {
    const lambda = watchesOf(names, all).flatMap(({ metrics }) => metrics.filter((it) => it.namespace === 'AWS/Lambda'));
    for (const { dimensions } of lambda) expect(dimensions?.FunctionName).toMatch(/^baton-prod-/);
    const failing = lambda.filter((it) => it.name === 'Errors').map((it) => it.dimensions?.FunctionName);
    const alone = handlerNames.filter((it) => 'tick' in handlers[it].trigger || 'http' in handlers[it].trigger);
    expect(failing.toSorted()).toEqual(alone.map((it) => `baton-prod-${it}`).toSorted());
  });

  it('does not call a run overdue for the time that the send queue is behind', () => {
    const found = resourcesOf(templates.Watch, 'AWS::CloudWatch::Alarm').find((it) => it.Properties.AlarmName === 'baton-prod-oldest-due');
    const metrics = found?.Properties.Metrics as { Id: string; Expression?: string; MetricStat?: { Metric: { MetricName: string } } }[];
    expect(metrics.map((it) => it.Expression ?? `${it.Id} ${it.MetricStat?.Metric.MetricName}`)).toEqual([
      'm0 - FILL(m1, 0)',
      'm0 oldest-due-seconds',
      'm1 ApproximateAgeOfOldestMessage',
    ]);
  });

  it('counts failed executions of all machines of the stage by one rule, and logs ids, never input, output or cause', () => {
    const [rule] = resourcesOf(templates.Watch, 'AWS::Events::Rule');
    expect(rule?.Properties).toMatchObject({
      Name: 'baton-prod-executions-failed',
      EventPattern: { source: ['aws.states'], detail: { status: ['FAILED', 'TIMED_OUT'] } },
    });
    const targets = JSON.stringify(rule?.Properties.Targets);
    for (const word of ['input', 'output', 'cause']) expect(targets).not.toContain(`$.detail.${word}`);
  });

  it('is drawn on one dashboard of at most 50 metrics', () => {
    const dashboards = resourcesOf(withAll.Watch, 'AWS::CloudWatch::Dashboard');
    expect(dashboards).toHaveLength(1);
    const body = JSON.stringify(dashboards[0]?.Properties.DashboardBody);
    const shown = body.match(/\[\\+"(AWS\/|Baton\/prod)/g) ?? [];
    expect(shown.length).toBeGreaterThan(25);
    expect(shown.length).toBeLessThanOrEqual(50);
  });

  it('costs what the runbook says: ten cents for each metric of an alarm, thirty for each of ours', () => {
    const usual = watchesOf(names, readSettings({}));
    const alarmCents = 10 * (alarmsOf(templates).length - usual.length + usual.flatMap((it) => it.metrics).length);
    const filters = new Set(
      resourcesOf(templates.Engine, 'AWS::Logs::MetricFilter').map((it) => JSON.stringify(it.Properties.MetricTransformations)),
    );
    const metricCents = 30 * (metricNames.length + filters.size);
    expect(standing).toMatchObject({ alarms: alarmCents / 10, metrics: metricCents / 30, dashboards: 1 });
    const text = readFileSync('docs/runbook.md', 'utf8');
    expect(text).toContain(`alarms $${(alarmCents / 100).toFixed(2)}`);
    expect(text).toContain(`metrics of our own $${(metricCents / 100).toFixed(2)}`);
  });

  it('limits the bill, and traces functions, only when asked to', async () => {
    expect(resourcesOf(templates.Watch, 'AWS::Budgets::Budget')).toEqual([]);
    expect(JSON.stringify(templates.Engine)).not.toContain('xray');
    const made = await synth({ monthlyBudgetUsd: 50, alarmEmail: 'duty@example.com', tracing: true });
    expect(JSON.stringify(resourcesOf(made.Watch, 'AWS::Budgets::Budget'))).toContain('duty@example.com');
    const functions = resourcesOf(made.Engine, 'AWS::Lambda::Function').filter((it) => it.Properties.FunctionName !== undefined);
    for (const it of functions) expect(it.Properties.TracingConfig).toEqual({ Mode: 'Active' });
    expect(JSON.stringify(made.Engine)).toContain('xray:PutTraceSegments');
    expect(() => readSettings({ monthlyBudgetUsd: 50 })).toThrow('alarmEmail');
  }, 60_000);
});
