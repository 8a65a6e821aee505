import { retries } from '#adapters/aws/timers';
import { costOf, scaledUsage } from '#core/cost';
import { shards } from '#core/keys';
import { leadsPerSlice } from '#core/recount';
import { eventFunctions, readSettings, sendPacing, sendsPerFunction } from '#lib/settings';
import { mailsPerLead, perLead } from './measured.ts';
import { quotas } from './quotas.ts';

/** What the tables assume of leads; everything else is measured, a setting, or a quota. */
export const assumed = {
  nurturesPerYear: 4,
  daysInNurture: 21,
  /** Of a day's mails, the busiest hour has so many times the average. */
  peakFactor: 4,
  /** What SES tells of a mail: delivered, and some opens and clicks. */
  eventsPerMail: 3,
  /** A call of any handler. */
  callSeconds: 0.06,
} as const;

const secondsADay = 86_400;
/** Of six mails in a row five have a wait behind them. */
const waitsAMail = (mailsPerLead - 1) / mailsPerLead;
/** Plain mails in a row need no plan of their own; what comes after a wait-for, a split or a Defer does (docs/decisions/0100). */
const answersAMail = 'SendTaskSuccess, one a mail; one more where the hour of a mail is planned by itself';
const perMail = (it: number): number => it / mailsPerLead;

/** One population: what it asks of every service. */
export const demandOf = (leads: number) => {
  const enrolmentsPerDay = (leads * assumed.nurturesPerYear) / 365;
  const mailsPerDay = enrolmentsPerDay * mailsPerLead;
  const peakMails = (mailsPerDay / secondsADay) * assumed.peakFactor;
  const openExecutions = enrolmentsPerDay * assumed.daysInNurture;
  const cost = costOf(scaledUsage(perLead, (enrolmentsPerDay * 365) / 12));
  return {
    leads,
    mailsPerDay,
    peakMails,
    openExecutions,
    startsPerSecond: (enrolmentsPerDay / secondsADay) * assumed.peakFactor,
    transitionsPerSecond: peakMails * perMail(perLead.transitions),
    writeUnitsPerSecond: peakMails * perMail(perLead.writeUnits),
    eventsPerSecond: peakMails * assumed.eventsPerMail,
    functions: functionsFor(peakMails),
    recountDays: leads / leadsPerRecountDay,
    accounts: Math.max(1, Math.ceil(openExecutions / quotas.openExecutions)),
    dollarsAMonth: cost.total,
    ofWhichSes: cost.ses,
  };
};

/** A tick every 15 minutes. */
export const leadsPerRecountDay = leadsPerSlice * 4 * 24;

const functionsFor = (mailsPerSecond: number): number => {
  const settings = readSettings({ sendsPerSecond: Math.min(5000, Math.max(1, mailsPerSecond)) });
  return sendPacing(settings).functions + eventFunctions(settings) + settings.enrolmentsAtOnce;
};

export type Limit = {
  readonly what: string;
  /** In mails a second, or as `unit` says. */
  readonly reachedAt: number;
  readonly unit: 'mails a second' | 'leads a second' | 'leads in one minute' | 'leads in runs at once' | 'leads';
  readonly how: string;
  readonly moves: string;
};

/** Where each limit is met, the first one first. */
export const limits = (): readonly Limit[] => {
  const { partitionWriteUnitsPerSecond: partition } = quotas;
  const answers = quotas.taskAnswersPerSecond;
  const settings = readSettings({ sendsPerSecond: 5000 });
  const functionsPerMail = 1 / sendsPerFunction + assumed.eventsPerMail * assumed.callSeconds;
  const found: readonly Limit[] = [
    {
      what: 'SES: your own rate',
      reachedAt: 14,
      unit: 'mails a second',
      how: 'a usual rate of an account that has just left the sandbox; `aws sesv2 get-account`',
      moves: 'ask SES, then `sendsPerSecond`',
    },
    {
      what: 'EventBridge rules, smallest Regions',
      reachedAt: quotas.ruleInvocationsPerSecond.smallest / assumed.eventsPerMail,
      unit: 'mails a second',
      how: `${quotas.ruleInvocationsPerSecond.smallest} invocations, ${assumed.eventsPerMail} events a mail; past it events come later`,
      moves: 'a larger Region, Service Quotas',
    },
    {
      what: 'Step Functions: answers to tasks, other Regions',
      reachedAt: answers.small,
      unit: 'mails a second',
      how: answersAMail,
      moves: 'Service Quotas',
    },
    {
      what: 'Step Functions: answers to tasks, large Regions',
      reachedAt: answers.large,
      unit: 'mails a second',
      how: answersAMail,
      moves: 'Service Quotas',
    },
    {
      what: 'Step Functions: transitions, other Regions',
      reachedAt: quotas.transitionsPerSecond.small / perMail(perLead.transitions),
      unit: 'mails a second',
      how: `${quotas.transitionsPerSecond.small} transitions, ${round(perMail(perLead.transitions))} a mail`,
      moves: 'Service Quotas',
    },
    {
      what: 'Step Functions: transitions, large Regions',
      reachedAt: quotas.transitionsPerSecond.large / perMail(perLead.transitions),
      unit: 'mails a second',
      how: `${quotas.transitionsPerSecond.large} transitions, ${round(perMail(perLead.transitions))} a mail`,
      moves: 'Service Quotas',
    },
    {
      what: 'EventBridge Scheduler: schedules made, other Regions',
      reachedAt: quotas.createSchedulePerSecond.small / waitsAMail,
      unit: 'mails a second',
      how: `${quotas.createSchedulePerSecond.small} CreateSchedule, ${round(waitsAMail)} waits a mail; past it the sender tries again`,
      moves: 'Service Quotas',
    },
    {
      what: 'EventBridge Scheduler: schedules made, large Regions',
      reachedAt: quotas.createSchedulePerSecond.large / waitsAMail,
      unit: 'mails a second',
      how: `${quotas.createSchedulePerSecond.large} CreateSchedule, ${round(waitsAMail)} waits a mail`,
      moves: 'Service Quotas',
    },
    {
      what: 'EventBridge Scheduler: invocations, large Regions',
      reachedAt: quotas.scheduleInvocationsPerSecond / waitsAMail,
      unit: 'mails a second',
      how: `${quotas.scheduleInvocationsPerSecond} invocations, ${round(waitsAMail)} waits a mail; past it waits end later`,
      moves: 'Service Quotas, after SendTaskSuccess',
    },
    {
      what: 'waits that end in the same minute, large Regions',
      reachedAt: Math.min(answers.large, quotas.scheduleInvocationsPerSecond) * retries.MaximumEventAgeInSeconds,
      unit: 'leads in one minute',
      how: `their timers are tried for an hour, at ${answers.large} SendTaskSuccess a second; whom it does not reach the watchdog ends later, some 600 an hour`,
      moves: 'Service Quotas for SendTaskSuccess; wider windows in the sequence',
    },
    {
      what: 'warm-up: the day’s count',
      reachedAt: partition,
      unit: 'mails a second',
      how: 'one write a mail to one item, only while `warm-up` runs',
      moves: 'none needed: a warm-up has tens of mails a second',
    },
    {
      what: 'Lambda: concurrency of the account',
      reachedAt: quotas.lambdaConcurrency / functionsPerMail,
      unit: 'mails a second',
      how: `${round(functionsPerMail)} functions for each mail a second: ${sendsPerFunction} sends a second each, and ${assumed.eventsPerMail} events of ${assumed.callSeconds * 1000} ms`,
      moves: 'Service Quotas',
    },
    {
      what: 'senders: concurrency of an SQS event source',
      reachedAt: sendPacing(settings).functions * sendsPerFunction,
      unit: 'mails a second',
      how: `1,000 functions, ${sendsPerFunction} sends a second each`,
      moves: 'none: another account',
    },
    {
      what: 'DynamoDB: writes of a table',
      reachedAt: quotas.tableWriteUnitsPerSecond / perMail(perLead.writeUnits),
      unit: 'mails a second',
      how: `40,000 units, ${round(perMail(perLead.writeUnits))} a mail with indexes`,
      moves: 'Service Quotas; warm throughput before a rise',
    },
    {
      what: 'DynamoDB: due index (gsi1), one length of wait',
      reachedAt: (shards.length * partition) / 2,
      unit: 'mails a second',
      how: `${shards.length} shards; to park moves a row from one place to another, two units`,
      moves: 'waits of different lengths are partitions of their own',
    },
    {
      what: 'EventBridge rules, large Regions',
      reachedAt: quotas.ruleInvocationsPerSecond.large / assumed.eventsPerMail,
      unit: 'mails a second',
      how: `${quotas.ruleInvocationsPerSecond.large} invocations, ${assumed.eventsPerMail} events a mail`,
      moves: 'Service Quotas',
    },
    {
      what: 'counters: the item of one step on one day',
      reachedAt: partition * 10,
      unit: 'mails a second',
      how: 'a function writes what its ten mails add up to once',
      moves: 'versions, steps and days are items of their own',
    },
    {
      what: 'budget: the month’s count',
      reachedAt: partition * 25,
      unit: 'mails a second',
      how: 'taken 25 mails at a time',
      moves: 'none needed',
    },
    {
      what: 'enrolling: functions',
      reachedAt: readSettings({}).enrolmentsAtOnce * 10,
      unit: 'leads a second',
      how: '5 functions, about 10 leads a second each',
      moves: '`enrolmentsAtOnce`',
    },
    {
      what: 'Step Functions: new executions, large Regions',
      reachedAt: quotas.startExecutionPerSecond.large,
      unit: 'leads a second',
      how: 'StartExecution, one a run',
      moves: 'Service Quotas; the queue waits for it',
    },
    {
      what: 'import: stage index (gsi2)',
      reachedAt: shards.length * partition,
      unit: 'leads a second',
      how: `${shards.length} shards of the stage “lead”`,
      moves: 'none: slower imports',
    },
    {
      what: 'nightly recount: a whole round in a day',
      reachedAt: leadsPerRecountDay,
      unit: 'leads',
      how: `${leadsPerSlice} leads a tick, 96 ticks a day; past it counters are made right every other day, or less often`,
      moves: 'none yet: another account',
    },
    {
      what: 'EventBridge Scheduler: schedules of a Region',
      reachedAt: quotas.schedules,
      unit: 'leads in runs at once',
      how: 'a run that waits behind a mail has one',
      moves: 'Service Quotas',
    },
    {
      what: 'Step Functions: open executions',
      reachedAt: quotas.openExecutions,
      unit: 'leads in runs at once',
      how: 'each run is one execution, as long as it waits',
      moves: 'Service Quotas; another account or Region',
    },
  ];
  const order: readonly Limit['unit'][] = ['mails a second', 'leads a second', 'leads in one minute', 'leads', 'leads in runs at once'];
  return [...found].sort((one, other) => order.indexOf(one.unit) - order.indexOf(other.unit) || one.reachedAt - other.reachedAt);
};

export const round = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
