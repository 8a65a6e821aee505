import { prices as listPrices, type Prices } from './prices.ts';
import type { SesPlan } from './ses-plans.ts';

/** Metered operations of a run. Units as billed: a write unit is 1 KB, a read unit 4 KB consistent, a request 64 KB. */
export type Usage = {
  readonly emails: number;
  readonly transitions: number;
  readonly lambdaRequests: number;
  readonly lambdaGbSeconds: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly queueRequests: number;
  /** Custom events; those of AWS services are free. */
  readonly busEvents: number;
  /** Schedules that ran once, whether or not anybody still waited. */
  readonly scheduled?: number;
  /** PUT, COPY, POST and LIST requests to S3; GET and HEAD. */
  readonly objectWrites?: number;
  readonly objectReads?: number;
  /** Requests of pages, events and leads to the HTTP API. */
  readonly httpRequests?: number;
  readonly logBytes?: number;
};

export const services = ['ses', 'stepFunctions', 'lambda', 'dynamoDb', 'sqs', 'eventBridge', 's3', 'apiGateway', 'logs'] as const;
export type Service = (typeof services)[number];
export type Cost = { readonly [service in Service | 'total']: number };

/** `hasFront`: requests come through CloudFront and a web ACL (`webAcl`, docs/security.md). */
export type Pricing = { readonly prices: Prices; readonly plan: SesPlan; readonly hasFront?: boolean };
/** us-east-1 and SES by use, as all figures of the bench and the demo are. */
export const usualPricing: Pricing = { prices: listPrices, plan: 'a-la-carte' };

/** US dollars by service at list prices, to a hundredth of a cent; a plan's monthly fee is not in it (`standingCost`). */
export const costOf = (usage: Usage, pricing: Pricing = usualPricing): Cost => {
  const exact = exactCostOf(usage, pricing);
  const parts = Object.fromEntries(services.map((it) => [it, rounded(exact[it])])) as { [service in Service]: number };
  return { ...parts, total: rounded(exact.total) };
};

export const exactCostOf = (usage: Usage, pricing: Pricing = usualPricing): Cost => {
  const { prices, plan } = pricing;
  const parts: { readonly [service in Service]: number } = {
    ses: usage.emails * prices.ses[plan].email,
    stepFunctions: usage.transitions * prices.stateTransition,
    lambda: usage.lambdaRequests * prices.lambdaRequest + usage.lambdaGbSeconds * prices.lambdaGbSecond,
    dynamoDb: usage.writeUnits * prices.dynamoWriteUnit + usage.readUnits * prices.dynamoReadUnit,
    sqs: usage.queueRequests * prices.sqsRequest,
    eventBridge: usage.busEvents * prices.eventBridgeEvent + (usage.scheduled ?? 0) * prices.scheduledCall,
    s3: (usage.objectWrites ?? 0) * prices.s3Write + (usage.objectReads ?? 0) * prices.s3Read,
    apiGateway: (usage.httpRequests ?? 0) * requestUsd(pricing),
    logs: ((usage.logBytes ?? 0) / 1e9) * prices.logGb,
  };
  return { ...parts, total: Object.values(parts).reduce((sum, it) => sum + it, 0) };
};

const requestUsd = ({ prices, hasFront = false }: Pricing): number =>
  prices.httpRequest + (hasFront ? prices.webAclRequest + prices.cdnRequest + prices.cdnFunctionRun : 0);

/** What a deployed stack has whether or not anybody is mailed; a test counts them in the templates. */
/** `alarms`: metrics that alarms look at; `metrics`: those of our own. */
export const standing = { secrets: 4, alarms: 43, metrics: 20, dashboards: 1, keys: 1, polledQueues: 8 } as const;
/** What comes to that with a console. */
export const standingOfConsole = { alarms: 3 } as const;
/** Who looks at it: an assumption. A view asks every quarter of a minute, and an answer reads some 20 units (docs/console.md has them measured). */
const looking = { people: 5, hoursPerDay: 2, days: 21, everySeconds: 15, readUnits: 20, gbSeconds: 0.25 * 0.06 } as const;
export const lookingInWords = `${looking.people} people at it for ${looking.hoursPerDay} hours a working day`;
const lookingUsd = (pricing: Pricing): number => {
  const { people, hoursPerDay, days, everySeconds, readUnits, gbSeconds } = looking;
  const asks = (people * hoursPerDay * days * 3600) / everySeconds;
  const { lambdaRequest, lambdaGbSecond, dynamoReadUnit } = pricing.prices;
  return asks * (requestUsd(pricing) + lambdaRequest + gbSeconds * lambdaGbSecond + readUnits * dynamoReadUnit);
};
/** Parts of a stack that are there when asked for. `webAclRules`: how many rules the web ACL in front has. */
export type Extras = { readonly hasConsole?: boolean; readonly webAclRules?: number };
/**
 * What the console's counts take as things move, beside what the night keeps for it: a move for each mail and two more for each lead
 * (docs/decisions/0085 has them measured), at worst a batch for each move, and never more than one a minute and shard of the stream.
 */
const liveCounts = { movesOfLead: 2, shards: 4, batchesPerMonth: 30 * 1440, writeUnits: 4, readUnits: 2, gbSeconds: 0.25 * 0.06 } as const;
export const liveCountsUsage = ({ leads, emails }: { readonly leads: number; readonly emails: number }): Partial<Usage> => {
  const batches = Math.min(emails + leads * liveCounts.movesOfLead, liveCounts.shards * liveCounts.batchesPerMonth);
  return {
    lambdaRequests: batches,
    lambdaGbSeconds: batches * liveCounts.gbSeconds,
    writeUnits: batches * liveCounts.writeUnits,
    readUnits: batches * liveCounts.readUnits,
  };
};
export const addedUsage = (usage: Usage, more: Partial<Usage>): Usage =>
  Object.fromEntries(
    [...new Set([...Object.keys(usage), ...Object.keys(more)])].map((it) => [
      it,
      (usage[it as keyof Usage] ?? 0) + (more[it as keyof Usage] ?? 0),
    ]),
  ) as unknown as Usage;

/** Lambda's pollers of an idle queue: five long polls of 20 seconds each, by AWS's documentation of event sources. */
const pollsPerMonth = (5 * 30 * 86_400) / 20;

/** US dollars a month for what stands there, by what it is. */
export const standingCost = (pricing: Pricing, { hasConsole = false, webAclRules }: Extras = {}) => {
  const { prices, plan } = pricing;
  const parts = {
    'the SES plan': prices.ses[plan].monthly,
    secrets: standing.secrets * prices.secretMonth,
    alarms: standing.alarms * prices.alarmMonth,
    'metrics of our own': standing.metrics * prices.metricMonth,
    'the dashboard': standing.dashboards * prices.dashboardMonth,
    'the key of the alarm topic': standing.keys * prices.keyMonth,
    'polling of idle queues': standing.polledQueues * pollsPerMonth * prices.sqsRequest,
    ...(hasConsole && {
      'alarms of the console': standingOfConsole.alarms * prices.alarmMonth,
      'looking at the console': lookingUsd(pricing),
    }),
    ...(webAclRules !== undefined && {
      'the web ACL and its rules': prices.webAclMonth + webAclRules * prices.webAclRuleMonth,
      'the secret of the front': prices.secretMonth,
    }),
  };
  return { parts, total: Object.values(parts).reduce((sum: number, it) => sum + it, 0) };
};

export const scaledUsage = (usage: Usage, factor: number): Usage =>
  Object.fromEntries(Object.entries(usage).map(([unit, count]) => [unit, count * factor])) as unknown as Usage;

export const rounded = (dollars: number): number => Math.round(dollars * 10_000) / 10_000;
