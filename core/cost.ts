import { prices } from './prices.ts';

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
  /** PUT, COPY, POST and LIST requests to S3; GET and HEAD. */
  readonly objectWrites?: number;
  readonly objectReads?: number;
};

export type Cost = {
  readonly [service in 'ses' | 'stepFunctions' | 'lambda' | 'dynamoDb' | 'sqs' | 'eventBridge' | 's3' | 'total']: number;
};

/** US dollars by service at list prices, to a hundredth of a cent. */
export const costOf = (usage: Usage): Cost => {
  const parts = {
    ses: usage.emails * prices.sesEmail,
    stepFunctions: usage.transitions * prices.stateTransition,
    lambda: usage.lambdaRequests * prices.lambdaRequest + usage.lambdaGbSeconds * prices.lambdaGbSecond,
    dynamoDb: usage.writeUnits * prices.dynamoWriteUnit + usage.readUnits * prices.dynamoReadUnit,
    sqs: usage.queueRequests * prices.sqsRequest,
    eventBridge: usage.busEvents * prices.eventBridgeEvent,
    s3: (usage.objectWrites ?? 0) * prices.s3Write + (usage.objectReads ?? 0) * prices.s3Read,
  };
  const total = Object.values(parts).reduce((sum, it) => sum + it, 0);
  return { ...mapValues(parts), total: rounded(total) };
};

const mapValues = <K extends string>(parts: { readonly [key in K]: number }) =>
  Object.fromEntries(Object.entries<number>(parts).map(([key, value]) => [key, rounded(value)])) as { [key in K]: number };

const rounded = (dollars: number) => Math.round(dollars * 10_000) / 10_000;
