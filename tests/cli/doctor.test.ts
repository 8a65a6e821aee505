import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { describe, expect, it } from 'vitest';
import { checksInWords, examine } from '#cli/doctor/examine';
import { judgeStage, type Load } from '#cli/doctor/judge-more';
import { readLoad } from '#cli/doctor/learned';
import { whyOf } from '#cli/doctor/why';
import type { KeySecrets } from '#cli/keys/open';
import { findTable } from '#cli/table-name';

type Reply = { readonly status?: number; readonly body: object };
type Request = { readonly method: string; readonly path: string; readonly headers: Record<string, string> };

const answering = (reply: (request: Request) => Reply, region = 'eu-central-1') => ({
  region,
  credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
  maxAttempts: 1,
  requestHandler: {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (request: Request) => {
      const { status = 200, body } = reply(request);
      const bytes = new TextEncoder().encode(JSON.stringify(body));
      return { response: { statusCode: status, headers: { 'content-type': 'application/json' }, body: bytes } };
    },
  } as never,
});

const table = 'baton-prod-table';
const settled = { M: { how: { S: 'imported' }, at: { S: '2026-03-01T10:00:00.000Z' }, note: { S: '900 from Mailchimp' } } };
const good = {
  tables: [table, 'baton-dev-table', 'other'],
  line: { Item: { pk: { S: 'LINE' }, sk: { S: 'STATE' }, paused: { M: {} }, suppressions: settled } } as object,
  account: {
    ProductionAccessEnabled: true,
    SendingEnabled: true,
    EnforcementStatus: 'HEALTHY',
    SendQuota: { MaxSendRate: 14, Max24HourSend: 50_000, SentLast24Hours: 100 },
    SuppressionAttributes: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
  } as object,
  identity: {
    body: {
      VerifiedForSendingStatus: true,
      DkimAttributes: { SigningEnabled: true, Status: 'SUCCESS' },
      MailFromAttributes: {
        MailFromDomain: 'bounce.example.com',
        MailFromDomainStatus: 'SUCCESS',
        BehaviorOnMxFailure: 'USE_DEFAULT_VALUE',
      },
    },
  } as Reply,
  set: { body: { ConfigurationSetName: 'baton-prod' } } as Reply,
  destinations: [
    {
      Name: 'default-bus',
      Enabled: true,
      MatchingEventTypes: ['DELIVERY', 'BOUNCE', 'COMPLAINT', 'REJECT'],
      EventBridgeDestination: { EventBusArn: 'a' },
    },
  ] as object[],
  txt: {
    '_dmarc.example.com': ['v=DMARC1; p=quarantine'],
    'bounce.example.com': ['v=spf1 include:amazonses.com ~all'],
  } as Record<string, string[]>,
  keys: {
    api: { product: { keys: [{ id: 'a', sha256: '0'.repeat(64), since: '2026-03-01T00:00:00.000Z' }], paths: ['/events'] } } as object,
    links: { current: 'k1', k1: 'x'.repeat(64) } as object,
  },
  concurrency: 1000,
  region: 'us-east-1',
  quotas: [{ QuotaName: 'Open executions', Value: 1_000_000 }] as object[],
};
const pausedLine: object = {
  Item: {
    pk: { S: 'LINE' },
    sk: { S: 'STATE' },
    suppressions: settled,
    paused: {
      M: { '*sends': { M: { at: { S: '2026-03-20T10:00:00.000Z' }, by: { S: 'hand' }, why: { S: 'an incident' }, who: { S: 'ana' } } } },
    },
  },
};
const missing: Reply = { status: 404, body: { __type: 'NotFoundException', message: 'not there' } };

const clients = (more: Partial<typeof good> = {}) => {
  const world = { ...good, ...more };
  const asked: string[] = [];
  const dynamo = new DynamoDBClient(
    answering(({ headers }) => {
      const operation = headers['x-amz-target']?.split('.')[1] ?? '';
      asked.push(operation);
      return { body: operation === 'ListTables' ? { TableNames: world.tables } : world.line };
    }),
  );
  const ses = new SESv2Client(
    answering(({ method, path }) => {
      asked.push(`${method} ${path}`);
      if (path.endsWith('/event-destinations')) return { body: { EventDestinations: world.destinations } };
      if (path.endsWith('/account')) return { body: world.account };
      return path.includes('/identities/') ? world.identity : world.set;
    }),
  );
  const quotas = new ServiceQuotasClient(
    answering(({ headers }) => {
      const operation = headers['x-amz-target']?.split('.')[1] ?? '';
      asked.push(operation);
      return operation === 'GetServiceQuota' ? { body: { Quota: { Value: world.concurrency } } } : { body: { Quotas: world.quotas } };
    }, world.region),
  );
  const secrets: KeySecrets = {
    read: async (name) => JSON.stringify(name === 'links' ? world.keys.links : world.keys.api),
    write: () => Promise.reject(new Error('doctor changes nothing')),
  };
  const txt = async (name: string) => world.txt[name] ?? [];
  return { asked, dynamo, ses, quotas, secrets, txt };
};
const look = async (more: Partial<typeof good> = {}, stage = 'prod', load?: Load) => {
  const { asked, ...both } = clients(more);
  const settings = { sendsPerSecond: 14, enrolmentsAtOnce: 5 };
  const now = '2026-03-23T13:00:00.000Z';
  const checks = await examine({ stage, senderDomain: 'example.com', settings, now, ...(load && { load }) }, both);
  return { asked, checks, outcome: (name: string) => checks.find((it) => it.check === name)?.outcome };
};

const ofLoad = (it: { readonly check: string }) => it.check.startsWith('load');

describe('baton doctor', () => {
  it('finds nothing when all is well, and only looks', async () => {
    const { checks, asked } = await look();
    expect(checks.filter((it) => it.outcome !== 'pass')).toEqual([]);
    expect(checks).toHaveLength(19);
    expect(asked.every((it) => it.startsWith('GET ') || /^(ListTables|GetItem|ListServiceQuotas|GetServiceQuota)$/.test(it))).toBe(true);
    expect(checksInWords(checks)).toContain('900 from Mailchimp');
  });

  it.each<[string, Partial<typeof good>, string, 'warn' | 'fail']>([
    ['suppressions that nobody brought', { line: {} }, 'suppressions', 'fail'],
    ['the sandbox', { account: { ...good.account, ProductionAccessEnabled: false } }, 'sandbox', 'warn'],
    ['an account that may not send', { account: { ...good.account, SendingEnabled: false } }, 'sending', 'fail'],
    ['an account that was shut down', { account: { ...good.account, EnforcementStatus: 'SHUTDOWN' } }, 'sending', 'fail'],
    ['an account on probation', { account: { ...good.account, EnforcementStatus: 'PROBATION' } }, 'sending', 'warn'],
    ['a quota that is used up', { account: { ...good.account, SendQuota: { Max24HourSend: 200, SentLast24Hours: 190 } } }, 'quota', 'warn'],
    ['a plan that costs more', { account: { ...good.account, PricingAttributes: { CurrentPlan: 'ESSENTIALS' } } }, 'plan', 'warn'],
    ['a domain that SES does not know', { identity: missing }, 'identity', 'fail'],
    ['a domain that is not verified', { identity: { body: { VerifiedForSendingStatus: false } } }, 'identity', 'fail'],
    ['mail that is not signed', { identity: { body: { VerifiedForSendingStatus: true } } }, 'DKIM', 'fail'],
    ['bounces that go to Amazon', { identity: { body: { VerifiedForSendingStatus: true } } }, 'MAIL FROM', 'warn'],
    ['a configuration set that is missing', { set: missing }, 'configuration set', 'fail'],
    ['events that nobody hears of', { destinations: [] }, 'event destination', 'fail'],
    ['no DMARC', { txt: { ...good.txt, '_dmarc.example.com': [] } }, 'DMARC', 'fail'],
    ['DMARC that asks for nothing', { txt: { ...good.txt, '_dmarc.example.com': ['v=DMARC1; p=none'] } }, 'DMARC', 'warn'],
    ['bounces whose domain does not let SES send', { txt: { ...good.txt, 'bounce.example.com': ['v=spf1 -all'] } }, 'SPF', 'fail'],
    ['an account without a list of its own', { account: { ...good.account, SuppressionAttributes: {} } }, 'suppression list', 'warn'],
    ['a rate that SES does not allow', { account: { ...good.account, SendQuota: { MaxSendRate: 1 } } }, 'rate', 'warn'],
    ['too little concurrency', { concurrency: 50 }, 'Lambda concurrency', 'warn'],
    ['a key that is kept as it is', { keys: { ...good.keys, api: { default: 'a key as it is' } } }, 'keys of sources', 'warn'],
    [
      'a link key that is old',
      { keys: { ...good.keys, links: { current: 'k202401010000', k202401010000: 'x'.repeat(64) } } },
      'keys of links',
      'warn',
    ],
    ['a pause', { line: pausedLine }, 'pauses', 'warn'],
    ['a stage that was never deployed', { tables: [] }, 'suppressions', 'fail'],
  ])('names %s, with what to do', async (_, more, name, expected) => {
    const { checks, outcome } = await look(more);
    expect(outcome(name)).toBe(expected);
    expect(checks.filter((it) => it.outcome !== 'pass').every((it) => (it.todo ?? '') !== '')).toBe(true);
  });

  it('holds what a simulation needs against what AWS allows', async () => {
    const fits = (await look({}, 'prod', { peakEmails: 20_000, peakDate: '2026-04-01', enrolments: 5000 })).checks.filter(ofLoad);
    expect(fits.map((it) => it.outcome)).toEqual(Array.from({ length: 8 }, () => 'pass'));
    const { outcome } = await look({}, 'prod', { peakEmails: 900_000, peakDate: '2026-04-01', enrolments: 800_000 });
    expect(['a day', 'a second'].map((it) => outcome(`load: e-mails ${it}`))).toEqual(['fail', 'fail']);
    expect(outcome('load: open executions')).toBe('warn');
  });

  it('finds it enough when what is needed is what is allowed', async () => {
    const { checks, outcome } = await look({ account: { ...good.account, SendQuota: { MaxSendRate: 1, Max24HourSend: 200 } } }, 'prod', {
      peakEmails: 30,
      peakDate: '2026-04-01',
      enrolments: 30,
    });
    expect(outcome('load: e-mails a second')).toBe('pass');
    expect(checks.find((it) => it.check === 'load: e-mails a second')?.says).toMatch(/^1 is needed.*; 1 is allowed$/);
  });

  const busy: Load = { peakEmails: 9_000_000, peakDate: '2026-04-01', enrolments: 12_000_000 };
  it('holds it against the rates of Step Functions and EventBridge Scheduler, by default those of the Region', async () => {
    const { checks, outcome } = await look({}, 'prod', busy);
    const says = (name: string) => checks.find((it) => it.check === `load: ${name}`)?.says ?? '';
    expect(says('runs begun a second')).toMatch(
      /^417 are needed.*; 300 are allowed by default in us-east-1 \(Service Quotas did not say\)$/,
    );
    expect(says('waits ended a second')).toMatch(/^625 are needed.*; 500 are allowed by default/);
    expect(says('schedules made a second')).toMatch(/^313 are needed.*; 5000 are allowed by default/);
    expect(says('schedules run a second')).toMatch(/; 1000 are allowed by default/);
    expect(says('schedules')).toMatch(/^12000000 are needed.*; 10000000 are allowed by default/);
    expect(['runs begun a second', 'waits ended a second', 'schedules'].map((it) => outcome(`load: ${it}`))).toEqual([
      'fail',
      'fail',
      'fail',
    ]);
    const small = await look({ region: 'eu-north-1' }, 'prod', busy);
    expect(small.checks.find((it) => it.check === 'load: schedules made a second')?.says).toContain(
      '250 are allowed by default in eu-north-1',
    );
    expect(small.checks.find((it) => it.check === 'load: runs begun a second')?.says).toContain('150 are allowed by default in eu-north-1');
  });

  it('takes what Service Quotas says of this account, where it says so', async () => {
    const quotas = [
      { QuotaName: 'StartExecution throttle token refill rate per second', Value: 900 },
      { QuotaName: 'SendTaskSuccess throttle token refill rate per second', Value: 901 },
      { QuotaName: 'CreateSchedule request rate', Value: 902 },
      { QuotaName: 'Invocations throttle limit', Value: 903 },
      { QuotaName: 'Number of schedules', Value: 90_000_000 },
    ];
    const { checks } = await look({ quotas }, 'prod', busy);
    const said = checks.filter(ofLoad).map((it) => it.says);
    for (const value of [900, 901, 902, 903, 90_000_000]) expect(said.some((it) => it.endsWith(`; ${value} are allowed`))).toBe(true);
  });

  it('says of every finding why it matters', async () => {
    const { checks } = await look({}, 'prod', { peakEmails: 1, peakDate: '2026-04-01', enrolments: 1 });
    for (const it of checks) expect(`${it.check}: ${whyOf(it.check)}`).toMatch(/: .{20}/);
  });

  it('reads the load from a report of simulate, and refuses another file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baton-doctor-'));
    const write = async (name: string, data: object) => {
      await writeFile(join(folder, name), JSON.stringify(data));
      return join(folder, name);
    };
    const report = {
      enrolments: 7,
      emailsPerDay: [
        { date: 'd1', together: 3 },
        { date: 'd2', together: 9 },
      ],
    };
    const expected = { peakEmails: 9, peakDate: 'd2', enrolments: 7 };
    expect(await readLoad(await write('plain.json', report))).toEqual(expected);
    expect(await readLoad(await write('against.json', { before: {}, after: report }))).toEqual(expected);
    await expect(readLoad(await write('other.json', { leads: 3 }))).rejects.toThrow('no report of baton simulate');
  });

  it.each<[string, readonly string[], string]>([
    ['prod', [], 'pass'],
    ['prod', ['a.example'], 'fail'],
    ['dev', [], 'warn'],
    ['dev', ['a.example'], 'pass'],
    ['dev', ['*'], 'warn'],
  ])('of stage %s with the list %j it says: %s', (stage, allowed, expected) => {
    expect(judgeStage(stage, allowed).outcome).toBe(expected);
  });

  it('says once why AWS does not answer, with all that was not asked, and goes on with what DNS says', async () => {
    const { txt } = clients();
    const nowhere = {
      region: 'eu-west-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
      endpoint: 'http://127.0.0.1:9',
      maxAttempts: 1,
    };
    const ses = new SESv2Client(nowhere);
    const checks = await examine({ stage: 'prod', senderDomain: 'example.com' }, { dynamo: new DynamoDBClient(nowhere), ses, txt });
    expect(checks.map((it) => `${it.outcome} ${it.check}`)).toEqual(['fail AWS', 'pass DMARC']);
    expect(checks[0]?.says).toMatch(
      /^it cannot be reached.*ECONNREFUSED.*; not asked: suppressions, account, identity, configuration set$/,
    );
    expect(Object.keys(checks[0] ?? {}).sort()).toEqual(['check', 'outcome', 'says', 'todo']);
    expect(whyOf('AWS')).not.toBe('');
  });

  it('only warns of suppressions where no production is', async () => {
    expect((await look({ line: {} }, 'dev')).outcome('suppressions')).toBe('warn');
  });
});

describe('the table of a stage', () => {
  it('has a name of its own, whatever its stack is called', async () => {
    expect(await findTable('dev', clients().dynamo)).toBe('baton-dev-table');
  });

  it('must be named when it is not there', async () => {
    await expect(findTable('prod', clients({ tables: [] }).dynamo)).rejects.toThrow('--table');
  });
});
