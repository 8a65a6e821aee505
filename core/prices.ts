/**
 * AWS list prices in us-east-1, in US dollars for one unit, as collected on 2026-11-01 from AWS's pricing pages (SES à la
 * carte; accounts new since 2026-07-21 start on the Essentials plan at $0.16 per 1,000 e-mails). Taxes, free tiers and
 * discounts are left out.
 */
export const prices = {
  region: 'us-east-1',
  asOf: '2026-11-01',
  sesEmail: 0.1 / 1000,
  stateTransition: 25 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecond: 0.0000133334,
  dynamoWriteUnit: 0.625 / 1e6,
  dynamoReadUnit: 0.125 / 1e6,
  sqsRequest: 0.4 / 1e6,
  eventBridgeEvent: 1 / 1e6,
} as const;
