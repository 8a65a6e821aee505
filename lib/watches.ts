import { type HandlerName, handlerNames, handlers, ticks } from '#core/handlers';
import { metricService } from '#core/metrics';
import { queueNames } from '#core/queues';
import type { Names, Settings } from '#lib/settings';

/** One metric of CloudWatch. */
export type Metric = {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: 'Sum' | 'Maximum' | 'Average';
  readonly dimensions?: { readonly [name: string]: string };
};

/** An alarm on metrics, and a graph on the dashboard. `as`: what several metrics come to together; `beyond`: the first, less the second. */
export type Watch = {
  readonly name: string;
  readonly title: string;
  /** As the mail of the alarm says it; what to do is in docs/runbook.md. */
  readonly means: string;
  readonly metrics: readonly Metric[];
  readonly as: 'single' | 'sum' | 'percent' | 'beyond';
  readonly atLeast: number;
  readonly periodSeconds: number;
  /** So many periods in a row. */
  readonly periods: number;
  /** A dashboard shows fifty metrics for its price: those that say least of how things go are not on it. */
  readonly isDrawn?: false;
};

const pausedHours = 72;
const minutes = 60;
const hours = 3600;

/** Everything that is watched beside what functions log (core/alarms.ts). A few: each has a section in the runbook. */
export const watchesOf = (names: Names, { console, crm }: Pick<Settings, 'console' | 'crm'>): readonly Watch[] => [
  ...(console ? consoleWatches(names) : []),
  {
    name: 'oldest-due',
    title: 'Most overdue run, beyond what the send queue is behind (seconds)',
    means:
      'A run should have gone on three quarters of an hour ago and has not, though the watchdog looked at it twice. What the send queue is behind is taken off.',
    metrics: [ours(names, 'oldest-due-seconds', 'Maximum'), queue(names, 'send', 'ApproximateAgeOfOldestMessage')],
    as: 'beyond',
    atLeast: 45 * minutes,
    periodSeconds: 15 * minutes,
    periods: 1,
  },
  {
    name: 'executions-failed',
    title: 'Executions that failed or timed out',
    means: 'A state machine of a sequence, or of a handoff, failed or timed out. Its lead stands still until it is recovered.',
    metrics: [{ namespace: 'AWS/Events', name: 'TriggeredRules', statistic: 'Sum', dimensions: { RuleName: names.ruleName(failedRule) } }],
    as: 'single',
    atLeast: 1,
    periodSeconds: 5 * minutes,
    periods: 1,
  },
  {
    name: 'dead-letters',
    title: 'Messages in dead-letter queues',
    means: 'A message could not be handled after many attempts and lies in a dead-letter queue. It is kept for 14 days.',
    metrics: queueNames.map((it) => queue(names, `${it}-dead`, 'ApproximateNumberOfMessagesVisible')),
    as: 'sum',
    atLeast: 1,
    periodSeconds: 5 * minutes,
    periods: 1,
  },
  ...crmWatches(names, crm),
  {
    name: 'sends-late',
    title: 'Oldest message in the send queue (seconds)',
    means: 'An e-mail has waited in the send queue for three hours: more is to go than the rate allows, or nothing goes.',
    metrics: [queue(names, 'send', 'ApproximateAgeOfOldestMessage')],
    as: 'single',
    atLeast: 3 * hours,
    periodSeconds: 15 * minutes,
    periods: 1,
  },
  {
    name: 'bounce-rate',
    title: 'Bounce rate of the account, as SES sees it',
    means: 'SES counts 4 % of the account’s mail as bounced. It reviews accounts at 5 % and may stop them at 10 %.',
    metrics: [{ namespace: 'AWS/SES', name: 'Reputation.BounceRate', statistic: 'Maximum' }],
    as: 'single',
    atLeast: 0.04,
    periodSeconds: 1 * hours,
    periods: 1,
  },
  {
    name: 'complaint-rate',
    title: 'Complaint rate of the account, as SES sees it',
    means: 'SES counts 0.08 % of the account’s mail as reported for spam. It reviews accounts at 0.1 % and may stop them at 0.5 %.',
    metrics: [{ namespace: 'AWS/SES', name: 'Reputation.ComplaintRate', statistic: 'Maximum' }],
    as: 'single',
    atLeast: 0.0008,
    periodSeconds: 1 * hours,
    periods: 1,
  },
  {
    name: 'send-quota',
    title: 'SES daily quota used (percent)',
    means: 'Four fifths of what SES lets the account send in 24 hours are used. At the limit mail waits; none is lost.',
    metrics: [ours(names, 'send-quota-percent', 'Maximum')],
    as: 'single',
    atLeast: 80,
    periodSeconds: 15 * minutes,
    periods: 1,
  },
  {
    name: 'open-executions',
    title: 'Open executions, percent of the limit',
    means: 'Seven tenths of the executions that Step Functions allows to be open in the account and Region are open.',
    metrics: [states('OpenExecutionCount'), states('OpenExecutionLimit')],
    as: 'percent',
    atLeast: 70,
    periodSeconds: 15 * minutes,
    periods: 1,
  },
  {
    name: 'paused-too-long',
    title: 'Longest pause (seconds)',
    means: `Something has been paused for ${pausedHours} hours. Leads wait; after some 50 days they leave e-mails out.`,
    metrics: [ours(names, 'paused-seconds', 'Maximum')],
    as: 'single',
    atLeast: pausedHours * hours,
    periodSeconds: 1 * hours,
    periods: 1,
  },
  {
    name: 'tick-errors',
    title: 'Errors of what runs by the clock',
    means:
      'A function that runs by the clock failed in each of two hours on end. Nothing else tells of it: it has no queue, and no machine waits for it.',
    metrics: ticks.map(({ name }) => ofFunction(names, name, 'Errors')),
    as: 'sum',
    atLeast: 1,
    periodSeconds: 1 * hours,
    periods: 2,
  },
  {
    name: 'page-errors',
    title: 'Errors of pages and of the API',
    means: 'Calls of pages or of the API failed in three quarters of an hour on end. Whoever called was told so, and may have given up.',
    metrics: handlerNames
      .filter((it) => 'http' in handlers[it].trigger && (console || it !== 'console'))
      .map((it) => ofFunction(names, it, 'Errors')),
    as: 'sum',
    atLeast: 5,
    periodSeconds: 15 * minutes,
    periods: 3,
    isDrawn: false,
  },
  {
    name: 'function-throttles',
    title: 'Throttles of the busiest functions',
    means: 'Lambda had no room for calls: the account’s concurrency is used up. Queues wait, pages answer with errors.',
    metrics: busiest.map((it) => ofFunction(names, it, 'Throttles')),
    as: 'sum',
    atLeast: 10,
    periodSeconds: 5 * minutes,
    periods: 3,
    isDrawn: false,
  },
];

/** Where there is no room for these there is none for any: the account's concurrency is one. */
const busiest: readonly HandlerName[] = ['send-email', 'enrol', 'process-events', 'pages'];

/** Handoffs that a CRM did not take: a function of nobody's is behind these queues, but a pipe. */
const crmWatches = (names: Names, crm: Settings['crm']): readonly Watch[] => {
  const systems = (['hubspot', 'salesforce'] as const).filter((it) => crm?.[it] !== undefined);
  if (systems.length === 0) return [];
  return [
    {
      name: 'crm-dead-letters',
      title: 'Handoffs that the CRM did not take',
      means:
        'The CRM did not take what it was told of a handoff, after twenty attempts. Sales has the task all the same. It is kept for 14 days.',
      metrics: systems.map((it) => queue(names, `crm-${it}-dead`, 'ApproximateNumberOfMessagesVisible')),
      as: 'sum',
      atLeast: 1,
      periodSeconds: 5 * minutes,
      periods: 1,
    },
  ];
};

/** The console's counts as things move, where there is a console. */
const consoleWatches = (names: Names): readonly Watch[] => [
  {
    name: 'counts-late',
    title: 'Age of the oldest change that the console has not counted (milliseconds)',
    means: 'The console shows who is at which step as it was a quarter of an hour ago or longer. Nothing else waits for it.',
    metrics: [
      {
        namespace: 'AWS/Lambda',
        name: 'IteratorAge',
        statistic: 'Maximum',
        dimensions: { FunctionName: names.functionName('count-for-console') },
      },
    ],
    as: 'single',
    atLeast: 15 * minutes * 1000,
    periodSeconds: 5 * minutes,
    periods: 1,
  },
  {
    name: 'counts-lost',
    title: 'Batches of changes that the console could not count',
    means: 'Some changes could not be counted for the console. Its counts are off until tonight, when all is counted anew.',
    metrics: [
      {
        namespace: 'AWS/SQS',
        name: 'ApproximateNumberOfMessagesVisible',
        statistic: 'Maximum',
        dimensions: { QueueName: names.lostCounts },
      },
    ],
    as: 'single',
    atLeast: 1,
    periodSeconds: 5 * minutes,
    periods: 1,
  },
];

/** Rule that counts executions which failed or timed out. */
export const failedRule = 'executions-failed';

export const ours = (names: Names, name: string, statistic: Metric['statistic']): Metric => ({
  namespace: names.metrics,
  name,
  statistic,
  dimensions: { service: metricService },
});

const queue = (names: Names, name: string, metric: string): Metric => ({
  namespace: 'AWS/SQS',
  name: metric,
  statistic: 'Maximum',
  dimensions: { QueueName: `${names.prefix}-${name}` },
});

const ofFunction = (names: Names, handler: HandlerName, name: 'Errors' | 'Throttles'): Metric => ({
  namespace: 'AWS/Lambda',
  name,
  statistic: 'Sum',
  dimensions: { FunctionName: names.functionName(handler) },
});

const states = (name: string): Metric => ({ namespace: 'AWS/States', name, statistic: 'Maximum' });
