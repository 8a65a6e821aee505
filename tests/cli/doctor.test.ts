import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { describe, expect, it } from 'vitest';
import { checksInWords, examine } from '#cli/doctor/examine';
import { findTable } from '#cli/table-name';

type Reply = { readonly status?: number; readonly body: object };
type Request = { readonly method: string; readonly path: string; readonly headers: Record<string, string> };

const answering = (reply: (request: Request) => Reply) => ({
  region: 'eu-central-1',
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

const table = 'baton-prod-data-DataTable1A2B-XYZ';
const settled = { M: { how: { S: 'imported' }, at: { S: '2026-03-01T10:00:00.000Z' }, note: { S: '900 from Mailchimp' } } };
const good = {
  tables: [table, 'baton-dev-data-DataTable1A2B-XYZ', 'other'],
  line: { Item: { pk: { S: 'LINE' }, sk: { S: 'STATE' }, paused: { M: {} }, suppressions: settled } } as object,
  account: {
    ProductionAccessEnabled: true,
    SendingEnabled: true,
    EnforcementStatus: 'HEALTHY',
    SendQuota: { MaxSendRate: 14, Max24HourSend: 50_000, SentLast24Hours: 100 },
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
      if (path.endsWith('/account')) return { body: world.account };
      return path.includes('/identities/') ? world.identity : world.set;
    }),
  );
  return { asked, dynamo, ses };
};
const look = async (more: Partial<typeof good> = {}, stage = 'prod') => {
  const { asked, ...both } = clients(more);
  const checks = await examine({ stage, senderDomain: 'example.com' }, both);
  return { asked, checks, outcome: (name: string) => checks.find((it) => it.check === name)?.outcome };
};

describe('baton doctor', () => {
  it('finds nothing when all is well, and only looks', async () => {
    const { checks, asked } = await look();
    expect(checks.filter((it) => it.outcome !== 'pass')).toEqual([]);
    expect(checks).toHaveLength(9);
    expect(asked.every((it) => it.startsWith('GET ') || it === 'ListTables' || it === 'GetItem')).toBe(true);
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
    ['a stage that was never deployed', { tables: [] }, 'suppressions', 'fail'],
  ])('names %s, with what to do', async (_, more, name, expected) => {
    const { checks, outcome } = await look(more);
    expect(outcome(name)).toBe(expected);
    expect(checks.filter((it) => it.outcome !== 'pass').every((it) => (it.todo ?? '') !== '')).toBe(true);
  });

  it('only warns of suppressions where no production is', async () => {
    expect((await look({ line: {} }, 'dev')).outcome('suppressions')).toBe('warn');
  });
});

describe('the table of a stage', () => {
  it('is found by the name of its stack', async () => {
    expect(await findTable('dev', clients().dynamo)).toBe('baton-dev-data-DataTable1A2B-XYZ');
  });

  it('must be named when there are two, or none', async () => {
    await expect(findTable('prod', clients({ tables: [table, 'baton-prod-data-DataTable1A2B-OLD'] }).dynamo)).rejects.toThrow('--table');
    await expect(findTable('prod', clients({ tables: [] }).dynamo)).rejects.toThrow('--table');
  });
});
