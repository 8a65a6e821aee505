import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { register } from '#cli/cost';
import { dollars } from '#cli/cost-text';
import { costReport } from '#core/cost-report';
import { pricesIn } from '#core/prices';

const folder = mkdtempSync(join(tmpdir(), 'baton-cost-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, data: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof data === 'string' ? data : JSON.stringify(data));
  return path;
};

const usage = {
  emails: 6000,
  transitions: 11_000,
  lambdaRequests: 9580,
  lambdaGbSeconds: 143.7,
  writeUnits: 76_640,
  readUnits: 103_970,
  queueRequests: 37_140,
  busEvents: 0,
};
const run = { usage, leads: 1000, days: 45, qualified: 20, whatever: 'else a run prints' };

const cost = async (...args: string[]): Promise<string> => {
  const said: string[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
  try {
    const program = new Command().exitOverride();
    register(program);
    await program.parseAsync(['node', 'baton', 'cost', ...args]);
  } finally {
    spy.mockRestore();
  }
  return said.join('\n');
};

const reportWith = async (prices?: string) =>
  JSON.parse(await cost('--from', file('run.json', run), '--json', ...(prices === undefined ? [] : ['--prices', prices])));

describe('baton cost', () => {
  it('adds what a console counts as things move: a batch a move at worst, and never more than one a minute and shard', () => {
    const pricing = { prices: pricesIn('us-east-1', 'a-la-carte'), plan: 'a-la-carte' as const };
    const [off, on] = [false, true].map((hasConsole) => costReport({ usage, leads: 1000, from: 'a test', hasConsole }, pricing));
    expect((on?.usage.writeUnits ?? 0) - (off?.usage.writeUnits ?? 0)).toBe((6000 + 2 * 1000) * 4);
    expect(on?.month.standing).toEqual({
      ...off?.month.standing,
      'alarms of the console': 3 * 0.1,
      'looking at the console': expect.closeTo(0.197, 2),
    });
    const many = { ...usage, emails: 6_000_000 };
    const [small, large] = [false, true].map((hasConsole) => costReport({ usage: many, leads: 1e6, from: 'a test', hasConsole }, pricing));
    expect((large?.cost.total ?? 0) - (small?.cost.total ?? 0)).toBeCloseTo(0.54, 1);
  });

  it('tells a run by service, lead, 1,000 mails, MQL and month', async () => {
    expect((await cost('--from', file('run.json', run))).replace(folder, '…')).toMatchInlineSnapshot(`
      "The run in …/run.json
      List prices of us-east-1 as of 2026-11-30, SES on the plan a-la-carte

        SES, the mails themselves       $0.6000   63 %
        Step Functions                  $0.2750   29 %
        Lambda                        $0.003832    0 %
        DynamoDB                       $0.06090    6 %
        SQS                            $0.01486    2 %
        together                        $0.9546  100 %
        all but SES                     $0.3546  59 % of SES’s own price

        1,000 mails                     $0.1591
        a lead                       $0.0009546  of 1,000
        an MQL                         $0.04773  of 20

      A month, at the pace of these 45 days
        running                         $0.6364
        secrets                           $1.60
        alarms                            $4.30
        metrics of our own                $6.00
        the dashboard                     $3.00
        the key of the alarm topic        $1.00
        polling of idle queues            $2.07
        together                         $18.61

      Free tiers are left out, since an account may have used them up: Step Functions 4,000 state transitions a month; Lambda 1 million requests and 400,000 GB-seconds a month; SQS 1 million requests a month; DynamoDB 25 GB of storage; EventBridge Scheduler 14 million invocations a month; CloudWatch 10 alarms and 5 GB of logs a month.
      Also left out: taxes, support, discounts; storage of table, logs and mails; traffic.
      Assumed: Lambda’s time: 60 ms a call at 256 MB. This is an estimate, not your bill."
    `);
  });

  it('says the same as JSON, unrounded', async () => {
    const report = JSON.parse(await cost('--from', file('run.json', run), '--json'));
    expect(report).toMatchObject({ region: 'us-east-1', sesPlan: 'a-la-carte', leads: 1000, emails: 6000 });
    expect(report.cost.total).toBeCloseTo(0.954, 2);
    expect(report.per.lead * 1000).toBeCloseTo(report.cost.total);
    expect(report.per.qualifiedLead * 20).toBeCloseTo(report.cost.total);
    expect(report.month.running).toBeCloseTo((report.cost.total * 30) / 45);
  });

  it('takes the plan, and what it costs by itself', async () => {
    const text = await cost('--from', file('run.json', run), '--ses-plan', 'pro');
    expect(text).toContain('SES on the plan pro');
    expect(text).toMatch(/the SES plan +\$105\.00/);
  });

  it('takes your own prices for a Region that has none', async () => {
    const units = [
      'stateTransition',
      'lambdaRequest',
      'lambdaGbSecond',
      'dynamoWriteUnit',
      'dynamoReadUnit',
      'sqsRequest',
      'eventBridgeEvent',
      'scheduledCall',
    ];
    const more = ['s3Write', 's3Read', 'httpRequest', 'logGb', 'alarmMonth', 'metricMonth', 'dashboardMonth', 'secretMonth', 'keyMonth'];
    const own = {
      region: 'eu-north-1',
      asOf: '2026-11-20',
      units: Object.fromEntries([...units, ...more].map((it) => [it, 0.00001])),
      ses: { 'a-la-carte': { monthly: 0, email: 0.0002 } },
    };
    const run2 = file('run.json', run);
    expect(await cost('--from', run2, '--region', 'eu-north-1', '--prices', file('mine.json', own))).toContain(
      'Your prices of eu-north-1 as of 2026-11-20',
    );
    await expect(cost('--from', run2, '--region', 'eu-north-1')).rejects.toThrow(
      /no price of eu-north-1 is known here, and none is guessed/,
    );
    await expect(cost('--from', run2, '--prices', file('bad.json', { region: 'x', unit: {} }))).rejects.toThrow(
      /is not prices as docs\/cost\.md/,
    );
  });

  it('takes YAML that says only what differs from another Region, and its Region', async () => {
    const mine = file('mine.yaml', 'region: eu-central-1\nasOf: 2026-11-20\nbase: us-east-1\nunits: { dynamoWriteUnit: 7.625e-7 }\n');
    const text = await cost('--from', file('run.json', run), '--prices', mine);
    expect(text).toContain('Your prices of eu-central-1 as of 2026-11-20, before the list’s; what neither has is taken from us-east-1');
    const [here, there] = [await reportWith(), await reportWith(mine)];
    expect(there.cost.dynamoDb - here.cost.dynamoDb).toBeCloseTo((7.625e-7 - 6.25e-7) * usage.writeUnits);
    await expect(cost('--from', file('run.json', run), '--region', 'eu-west-1', '--prices', mine)).rejects.toThrow(
      /of eu-central-1, not of eu-west-1/,
    );
    const undated = file('undated.yaml', 'region: eu-central-1\nbase: us-east-1\n');
    await expect(cost('--from', file('run.json', run), '--prices', undated)).rejects.toThrow(/asOf/);
    const nowhere = file('nowhere.yaml', 'region: eu-central-1\nasOf: 2026-11-20\nbase: mars-1\n');
    await expect(cost('--from', file('run.json', run), '--prices', nowhere)).rejects.toThrow(/base: no price of mars-1/);
  });

  it.each([
    [[], /say what to count/],
    [['--leads', '5'], /say what to count/],
    [['--leads', '5', '--emails', '2', '--from', 'demo'], /not both/],
    [['--leads', 'many', '--emails', '2'], /whole number/],
    [['--leads', '5', '--emails', '25'], /at most 24/],
    [['--from', 'nowhere.json'], /there is no file nowhere\.json/],
    [['--from', file('no.json', 'not json')], /is not JSON/],
    [['--from', file('half.json', { usage: { emails: 3 } })], /is not what a run prints(.|\n)*transitions/],
  ])('says what is wrong with %j', async (args, words) => {
    await expect(cost(...args)).rejects.toThrow(words);
  });

  it('meters so many mails to so many leads through the same handlers', async () => {
    const report = JSON.parse(await cost('--leads', '2000', '--emails', '1', '--json'));
    expect(report.usage.emails).toBe(2000);
    expect(report.usage.transitions).toBe(2000);
  });
});

describe('the budget beside the cost', () => {
  const pricing = { prices: pricesIn('us-east-1', 'essentials'), plan: 'essentials' } as const;
  it('says whether it is enough for the month', () => {
    const budget = { usd: 19, sesPlan: 'essentials', engineToSes: 0.6 } as const;
    expect(costReport({ usage, from: 'x', days: 45 }, pricing, budget).budget).toMatchObject({ emails: 4545, isEnough: true });
    expect(costReport({ usage, from: 'x' }, pricing, budget).budget).toMatchObject({ isEnough: false });
  });
});

describe('dollars', () => {
  it.each([
    [0, '$0.00'],
    [1234.5, '$1,234.50'],
    [0.61234, '$0.6123'],
    [0.00009706, '$0.00009706'],
  ])('%d is %s', (usd, text) => expect(dollars(usd)).toBe(text));
});
