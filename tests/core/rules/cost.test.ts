import { describe, expect, it } from 'vitest';
import { costOf } from '#core/cost';

describe('the cost of a run', () => {
  const nothing = {
    emails: 0,
    transitions: 0,
    lambdaRequests: 0,
    lambdaGbSeconds: 0,
    writeUnits: 0,
    readUnits: 0,
    queueRequests: 0,
    busEvents: 0,
  };

  it('of nothing is nothing', () => {
    expect(costOf(nothing)).toEqual({ ses: 0, stepFunctions: 0, lambda: 0, dynamoDb: 0, sqs: 0, eventBridge: 0, s3: 0, total: 0 });
  });

  it('is by service at the list price', () => {
    const million = 1_000_000;
    expect(
      costOf({
        emails: million,
        transitions: million,
        lambdaRequests: million,
        lambdaGbSeconds: million,
        writeUnits: million,
        readUnits: million,
        queueRequests: million,
        busEvents: million,
        objectWrites: million,
        objectReads: million,
      }),
    ).toEqual({ ses: 100, stepFunctions: 25, lambda: 13.5334, dynamoDb: 0.75, sqs: 0.4, eventBridge: 1, s3: 5.4, total: 146.0834 });
  });

  it('adds up before it is rounded', () => {
    const { ses, sqs, total } = costOf({ ...nothing, emails: 0.4, queueRequests: 100 });
    expect([ses, sqs, total]).toEqual([0, 0, 0.0001]);
  });
});
