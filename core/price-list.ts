import { sesPlans } from './ses-plans.ts';

/**
 * AWS's list prices by Region, each with where and when it was read: the dated data file behind `baton cost`. Nothing is here that
 * was not found written down. First tiers only; taxes, free tiers and discounts are left out.
 */
export const priceListAsOf = '2026-11-30';

export const priceSources = {
  facts: { what: "AWS's pricing pages, collected for this project", read: '2026-11-01' },
  ses: {
    what: 'AWS price list of AmazonSES (us-east-1), published 2026-07-22, in api-evangelist/amazon-ses',
    read: '2026-08-13',
    url: 'https://raw.githubusercontent.com/api-evangelist/amazon-ses/refs/heads/main/plans/amazon-ses-plans-pricing.yml',
  },
  sqs: { what: 'Amazon SQS pricing, a guide of March 2026', read: '2026-03-14', url: 'https://cloudburn.io/blog/amazon-sqs-pricing' },
  cloudwatch: {
    what: 'CloudWatch prices, transcribed by api-evangelist/cloudwatch',
    read: '2026-05-05',
    url: 'https://raw.githubusercontent.com/api-evangelist/cloudwatch/refs/heads/main/plans/cloudwatch-plans-pricing.yml',
  },
  scheduler: {
    what: 'Amazon EventBridge pricing, a guide of March 2026, for us-east-1; it says that most Regions have the same',
    read: '2026-11-29',
    url: 'https://cloudburn.io/blog/amazon-eventbridge-pricing',
  },
  secrets: {
    what: "Secrets Manager's pricing page, transcribed by api-evangelist/amazon-secrets-manager",
    read: '2026-09-20',
    url: 'https://raw.githubusercontent.com/api-evangelist/amazon-secrets-manager/refs/heads/main/plans/amazon-secrets-manager-plans-pricing.yml',
  },
  ireland: {
    what: 'AWS price lists of eu-west-1, published September and October 2026, in henderjm/world-cup-sweepstake (docs/costs/aws-ireland-rates.json)',
    read: '2026-10-04',
    url: 'https://github.com/henderjm/world-cup-sweepstake/blob/57a6d34883744a028d2b1555e70a692265a47f49/docs/costs/aws-ireland-rates.json',
  },
  irelandSqs: {
    what: 'AWS price list of AWSQueueService (eu-west-1), quoted by GodNoden/aggora (deploy/README.md)',
    read: '2026-09-16',
    url: 'https://github.com/GodNoden/aggora/blob/29a362092b5a3d893891afc50af79ca36321049e/deploy/README.md',
  },
  irelandArm: {
    what: "AWS's calculator for Lambda on arm64 in eu-west-1 (SKU KXNSA7NBRHBHXXPS, EU-Lambda-GB-Second-ARM), transcribed by remotion-dev/remotion (packages/lambda/src/pricing/price-per-1-s.ts), undated",
    read: '2026-11-29',
    url: 'https://github.com/remotion-dev/remotion/blob/e4074e3468afcd56b66bb9d744c17893f1684e96/packages/lambda/src/pricing/price-per-1-s.ts',
  },
  waf: {
    what: 'AWS price list of awswaf (us-east-1, version 20260107213453), quoted in public notes of 2026-07-29; AWS says that WAF costs the same in all Regions',
    read: '2026-07-29',
    url: 'https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/awswaf/20260107213453/us-east-1/index.json',
  },
  cloudFront: {
    what: 'AWS price list of AmazonCloudFront, published 2026-10-03, quoted in public notes of 2026-10-06: viewers in Europe; $0.010 for 10,000 requests in North America, up to $0.022 elsewhere',
    read: '2026-10-06',
    url: 'https://aws.amazon.com/cloudfront/pricing/',
  },
  statesPage: {
    what: 'a stored copy of the Step Functions pricing page, undated; the price list of AmazonStates of 2026-09-11 is quoted with the same figure for eu-west-1',
    read: '2026-11-29',
    url: 'https://aws.amazon.com/step-functions/pricing/',
  },
  kmsPage: {
    what: 'a stored copy of the KMS pricing page, undated: $1 a month for a key, the same in every Region',
    read: '2026-11-29',
    url: 'https://aws.amazon.com/kms/pricing/',
  },
  dashboards: {
    what: 'the AWS price list has dashboards at no Region (location Any): infracost asks it for them without one; $3, as the page of CloudWatch has it',
    read: '2026-11-30',
    url: 'https://github.com/infracost/infracost/blob/v0.10.36/internal/resources/aws/cloudwatch_dashboard.go',
  },
  longStanding: {
    what: 'the first tier as it has stood for years, from the pages of S3, EventBridge, API Gateway and KMS',
    read: '2026-11-01',
  },
} as const;
export type PriceSource = keyof typeof priceSources;

/** What can be billed, in the words of an error. */
export const unitNames = {
  stateTransition: 'Step Functions: a state transition',
  lambdaRequest: 'Lambda: a request',
  lambdaGbSecond: 'Lambda: a GB-second on arm64',
  dynamoWriteUnit: 'DynamoDB on demand: a write unit',
  dynamoReadUnit: 'DynamoDB on demand: a read unit',
  sqsRequest: 'SQS: a request to a standard queue',
  eventBridgeEvent: 'EventBridge: a custom event',
  scheduledCall: 'EventBridge Scheduler: an invocation',
  s3Write: 'S3: a PUT, COPY, POST or LIST',
  s3Read: 'S3: a GET',
  httpRequest: 'API Gateway: a request to an HTTP API',
  logGb: 'CloudWatch Logs: a GB taken in',
  alarmMonth: 'CloudWatch: a metric that an alarm looks at, for a month',
  metricMonth: 'CloudWatch: a metric of our own for a month',
  dashboardMonth: 'CloudWatch: a dashboard for a month',
  secretMonth: 'Secrets Manager: a secret for a month',
  keyMonth: 'KMS: a key for a month',
  webAclMonth: 'WAF: a web ACL for a month',
  webAclRuleMonth: 'WAF: a rule of it for a month',
  webAclRequest: 'WAF: a request looked at',
  cdnRequest: 'CloudFront: an HTTPS request',
  cdnFunctionRun: 'CloudFront: a run of a function',
} as const;
export type PriceUnit = keyof typeof unitNames;

type Priced = { readonly usd: number; readonly from: PriceSource };
type Listed = {
  readonly units: { readonly [unit in PriceUnit]?: Priced };
  /** Absent: no source says what SES costs there. */
  readonly ses?: { readonly plans: typeof sesPlans; readonly from: PriceSource };
};

const million = 1_000_000;

/** What belongs to no Region: dashboards, and what stands in front. */
export const pricesEverywhere: Listed = {
  units: {
    dashboardMonth: { usd: 3, from: 'dashboards' },
    webAclMonth: { usd: 5, from: 'waf' },
    webAclRuleMonth: { usd: 1, from: 'waf' },
    webAclRequest: { usd: 0.6 / million, from: 'waf' },
    cdnRequest: { usd: 0.012 / 10_000, from: 'cloudFront' },
    cdnFunctionRun: { usd: 0.1 / million, from: 'cloudFront' },
  },
};

export const priceList: { readonly [region: string]: Listed } = {
  'us-east-1': {
    ses: { plans: sesPlans, from: 'ses' },
    units: {
      stateTransition: { usd: 25 / million, from: 'facts' },
      lambdaRequest: { usd: 0.2 / million, from: 'facts' },
      lambdaGbSecond: { usd: 0.0000133334, from: 'facts' },
      dynamoWriteUnit: { usd: 0.625 / million, from: 'facts' },
      dynamoReadUnit: { usd: 0.125 / million, from: 'facts' },
      sqsRequest: { usd: 0.4 / million, from: 'sqs' },
      eventBridgeEvent: { usd: 1 / million, from: 'longStanding' },
      scheduledCall: { usd: 1 / million, from: 'scheduler' },
      s3Write: { usd: 0.005 / 1000, from: 'longStanding' },
      s3Read: { usd: 0.0004 / 1000, from: 'longStanding' },
      httpRequest: { usd: 1 / million, from: 'longStanding' },
      logGb: { usd: 0.5, from: 'cloudwatch' },
      alarmMonth: { usd: 0.1, from: 'cloudwatch' },
      secretMonth: { usd: 0.4, from: 'secrets' },
      metricMonth: { usd: 0.3, from: 'longStanding' },
      keyMonth: { usd: 1, from: 'longStanding' },
    },
  },
  // SES, EventBridge and its Scheduler were not found for Ireland, and are not guessed: London pays $1.15 for what is $1 in Virginia. `--prices` can add them.
  'eu-west-1': {
    units: {
      stateTransition: { usd: 25 / million, from: 'statesPage' },
      lambdaRequest: { usd: 0.2 / million, from: 'ireland' },
      lambdaGbSecond: { usd: 0.0000133334, from: 'irelandArm' },
      dynamoWriteUnit: { usd: 0.705 / million, from: 'ireland' },
      dynamoReadUnit: { usd: 0.1415 / million, from: 'ireland' },
      sqsRequest: { usd: 0.4 / million, from: 'irelandSqs' },
      s3Write: { usd: 0.005 / 1000, from: 'ireland' },
      s3Read: { usd: 0.0004 / 1000, from: 'ireland' },
      httpRequest: { usd: 1.11 / million, from: 'ireland' },
      logGb: { usd: 0.57, from: 'ireland' },
      alarmMonth: { usd: 0.1, from: 'ireland' },
      metricMonth: { usd: 0.3, from: 'ireland' },
      secretMonth: { usd: 0.4, from: 'ireland' },
      keyMonth: { usd: 1, from: 'kmsPage' },
    },
  },
};

/** What AWS gives away each month; left out of every figure here, because an account may have used it up elsewhere. */
export const freeTier = [
  'Step Functions 4,000 state transitions a month',
  'Lambda 1 million requests and 400,000 GB-seconds a month',
  'SQS 1 million requests a month',
  'DynamoDB 25 GB of storage',
  'EventBridge Scheduler 14 million invocations a month',
  'CloudWatch 10 alarms and 5 GB of logs a month',
] as const;
