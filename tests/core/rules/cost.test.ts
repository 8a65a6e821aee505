import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { costOf, services, standing, standingCost, usualPricing } from '#core/cost';
import { priceList, priceSources, pricesEverywhere } from '#core/price-list';
import { OwnPrices, pricesIn } from '#core/prices';
import { sesPlanNames } from '#core/ses-plans';

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
const million = 1_000_000;

describe('the cost of a run', () => {
  it('of nothing is nothing', () => {
    expect(costOf(nothing)).toEqual(Object.fromEntries([...services, 'total'].map((it) => [it, 0])));
  });

  it('is by service at the list price', () => {
    const usage = {
      emails: million,
      transitions: million,
      lambdaRequests: million,
      lambdaGbSeconds: million,
      writeUnits: million,
      readUnits: million,
      queueRequests: million,
      busEvents: million,
      scheduled: million,
      objectWrites: million,
      objectReads: million,
      httpRequests: million,
      logBytes: 2e9,
    };
    expect(costOf(usage)).toEqual({
      ses: 100,
      stepFunctions: 25,
      lambda: 13.5334,
      dynamoDb: 0.75,
      sqs: 0.4,
      eventBridge: 2,
      s3: 5.4,
      apiGateway: 1,
      logs: 1,
      total: 149.0834,
    });
  });

  it('adds up before it is rounded', () => {
    const { ses, sqs, total } = costOf({ ...nothing, emails: 0.4, queueRequests: 100 });
    expect([ses, sqs, total]).toEqual([0, 0, 0.0001]);
  });

  it('takes the SES plan, whose monthly fee stands apart', () => {
    const of = (plan: (typeof sesPlanNames)[number]) => {
      const pricing = { prices: pricesIn('us-east-1', plan), plan };
      return [costOf({ ...nothing, emails: million }, pricing).ses, standingCost(pricing).parts['the SES plan']];
    };
    expect(sesPlanNames.map(of)).toEqual([
      [100, 0],
      [160, 0],
      [220, 105],
      [230, 500],
    ]);
  });
});

describe('what stands there', () => {
  it('is what the templates deploy', () => {
    const types = ['data', 'engine'].flatMap((it) => {
      const { Resources } = JSON.parse(readFileSync(`tests/lib/snapshots/${it}.template.json`, 'utf8'));
      return Object.values<{ Type: string }>(Resources).map(({ Type }) => Type);
    });
    const count = (type: string) => types.filter((it) => it === type).length;
    expect(standing).toMatchObject({
      secrets: count('AWS::SecretsManager::Secret'),
      keys: count('AWS::KMS::Key'),
      polledQueues: count('AWS::Lambda::EventSourceMapping'),
    });
    expect(standingCost(usualPricing).total).toBeCloseTo(17.97, 1);
  });
});

describe('a web ACL in front', () => {
  const { prices } = usualPricing;

  it('costs by itself, by rule and with a secret', () => {
    const added = standingCost(usualPricing, { webAclRules: 3 }).total - standingCost(usualPricing).total;
    expect(added).toBeCloseTo(5 + 3 + 0.4);
  });

  it('adds CloudFront, its function and the look of the web ACL to each request, those of a console included', () => {
    const front = { ...usualPricing, hasFront: true };
    const of = (pricing: typeof usualPricing) => costOf({ ...nothing, httpRequests: million }, pricing).apiGateway;
    expect(of(front) - of(usualPricing)).toBeCloseTo(1.2 + 0.1 + 0.6);
    const looking = (pricing: typeof usualPricing) => standingCost(pricing, { hasConsole: true }).parts['looking at the console'] ?? 0;
    expect(looking(front) - looking(usualPricing)).toBeCloseTo(50_400 * (prices.webAclRequest + prices.cdnRequest + prices.cdnFunctionRun));
  });
});

describe('the price list', () => {
  it('names where each price was read, and when', () => {
    for (const { units, ses } of [...Object.values(priceList), pricesEverywhere])
      for (const { from, usd } of [...Object.values(units), ...(ses ? [{ from: ses.from, usd: 1 }] : [])]) {
        expect(priceSources[from].read).toMatch(/^2026-\d\d-\d\d$/);
        expect(usd).toBeGreaterThan(0);
      }
  });

  it('says which prices of a Region have no source instead of guessing them', () => {
    expect(() => pricesIn('mars-north-1', 'essentials')).toThrow(
      /no price of mars-north-1 is known here, and none is guessed; known are: us-east-1/,
    );
    expect(() => pricesIn('eu-west-1', 'essentials')).toThrow(
      /of eu-west-1 these prices have no source here(.|\n)*eventBridgeEvent(.|\n)*ses\.essentials/,
    );
    expect(() => pricesIn('eu-west-1', 'essentials')).not.toThrow(/stateTransition|sqsRequest|webAcl|dashboard/);
  });

  it('takes your own prices, which go before the list and fill its gaps', () => {
    const own = OwnPrices.parse({
      region: 'eu-west-1',
      asOf: '2026-11-20',
      units: {
        lambdaGbSecond: 0.00001,
        sqsRequest: 4e-7,
        eventBridgeEvent: 1e-6,
        scheduledCall: 1e-6,
        metricMonth: 0.3,
        keyMonth: 1,
        logGb: 0.1,
      },
      ses: { essentials: { monthly: 0, email: 0.00016 } },
    });
    const prices = pricesIn('eu-west-1', 'essentials', own);
    expect(prices).toMatchObject({ region: 'eu-west-1', logGb: 0.1, dynamoWriteUnit: 0.705 / million });
    expect(OwnPrices.safeParse({ region: 'eu-west-1', units: { lambda: 1 } }).success).toBe(false);
    expect(() => pricesIn('us-west-2', 'essentials', own)).toThrow(/us-west-2/);
  });
});
