/**
 * AWS list prices in us-east-1, in US dollars for one unit, as collected on 2026-11-01 from AWS's pricing pages: SES, Step
 * Functions, DynamoDB (on demand) and Lambda (arm64) are in the project's facts; SQS standard, S3 standard and custom
 * EventBridge events are the long-standing first tiers. Taxes, free tiers and discounts are left out.
 */
export const prices = {
  region: 'us-east-1',
  asOf: '2026-11-01',
  /** Pay as you go. Accounts new since 2026-07-21 start on the Essentials plan: 0.16 for 1,000. */
  sesEmail: 0.1 / 1000,
  stateTransition: 25 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecond: 0.0000133334,
  dynamoWriteUnit: 0.625 / 1e6,
  dynamoReadUnit: 0.125 / 1e6,
  sqsRequest: 0.4 / 1e6,
  /** Custom events only: what AWS services put on the default bus, such as SES events, is free. */
  eventBridgeEvent: 1 / 1e6,
  s3Write: 0.005 / 1000,
  s3Read: 0.0004 / 1000,
} as const;
