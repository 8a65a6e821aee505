import fc from 'fast-check';
import { handle, type LambdaContext } from 'hono/aws-lambda';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, vi } from 'vitest';
import { logTo } from '#adapters/memory/logs';
import { OwnEvent } from '#core/events';
import type { Form } from '#core/forms';
import { addSeconds, type Instant, toEpoch } from '#core/instant';
import type { Ports } from '#core/ports';
import { collect } from '#lambdas/api/collect';
import { ingest } from '#lambdas/api/ingest';
import { testKeys } from '#local/settings';
import { type ApiRequest, apiEvent } from '#tests/helpers/api-event';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld, start } from '#tests/helpers/world';

/** Bodies in all, half of them for each test: BATON_FUZZ_BODIES=50000. */
const bodies = Number(process.env.BATON_FUZZ_BODIES ?? 4000) / 2;
const params = { numRuns: bodies, endOnFailure: bodies > 5000 };

/** Words with digits that ids (base32) never have: by chance an id may hold a name of three letters. */
const person = 'zoe0.private8@secret.example';
const site = 'https://www.example.com';
const personal = /zoe0|private8|secret\.example|203\.0\.113\.9/i;
const form: Form = {
  list: 'webinar',
  locale: 'en',
  emailLabel: 'E-mail',
  button: 'Send',
  fields: [{ field: 'company', label: 'Company', required: false }],
  consent: { topic: 'tips', text: 'Send me tips by e-mail, please.', required: false },
  trap: 'website',
  leastSeconds: 3,
  thanks: 'Thank you!',
  problem: 'Something is missing.',
};
const live = {
  ...liveConfig,
  brand: { ...liveConfig.brand, sites: [site] },
  forms: { demo: form, away: { ...form, redirect: `${site}/thanks` } },
};

/** The handlers as API Gateway calls them, on a queue that now and then refuses. */
const opened = async () => {
  const { ports: shared } = await aWorld({ live });
  const lines: string[] = [];
  const queue: OwnEvent[] = [];
  const state = { at: start as Instant, refusesNow: false, refused: 0 };
  const push = async (event: OwnEvent) => {
    if (state.refusesNow && queue.length % 3 === 0) {
      state.refused++;
      throw new Error(`the queue refuses ${JSON.stringify(event)} of ${person}`);
    }
    // What process-events could not read would be lost later.
    queue.push(OwnEvent.parse(event));
  };
  const ports = {
    ...shared,
    clock: { now: () => state.at },
    eventQueue: { push },
    log: logTo((line) => lines.push(JSON.stringify(line))),
  } as Ports;
  const handlers = { ingest: handle(ingest(ports)), collect: handle(collect(ports)) };
  const ask = async (name: 'ingest' | 'collect', path: string, request: ApiRequest) => {
    state.at = addSeconds(state.at, 1);
    const { statusCode, body } = (await handlers[name](apiEvent(request, path), {} as LambdaContext)) as {
      statusCode: number;
      body: string;
    };
    return { status: statusCode, body };
  };
  return { ask, queue, lines, state, ports };
};

/** As an HTTP API hands bodies over: text, or anything else in base64. */
const carried = (bytes: Buffer | string): Pick<ApiRequest, 'body' | 'isBase64'> =>
  typeof bytes === 'string' ? { body: bytes } : { body: bytes.toString('base64'), isBase64: true };

const asJson = (given: unknown): string => {
  try {
    return JSON.stringify(given) ?? '';
  } catch {
    return '';
  }
};

const good = fc.record({ id: fc.uuid(), name: fc.constant('project.created'), at: fc.constant(start), email: fc.constant(person) });
const parts = {
  id: fc.oneof(fc.string({ unit: 'binary', maxLength: 160 }), fc.constantFrom('', '__proto__', '\uFFFF')),
  name: fc.oneof(fc.constantFrom('visited', 'clicked', 'replied', 'x'.repeat(65), 'constructor'), fc.string()),
  at: fc.oneof(
    fc.constantFrom(start, '2026-02-30T00:00:00Z', '0000-01-01T00:00:00+23:59', '9999-12-31T23:59:59-23:59', 5),
    fc.date({ noInvalidDate: true }).map((it) => it.toISOString()),
    fc.string(),
  ),
  path: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('/x'.repeat(600))),
  email: fc.constantFrom(person, 'nobody', `${'a'.repeat(310)}@secret.example`),
  'lead-id': fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null)),
  'external-id': fc.oneof(fc.record({ system: fc.constantFrom('crm', 'CRM'), id: fc.constantFrom(person, ' ') }), fc.anything()),
  amount: fc.oneof(fc.double(), fc.constantFrom(-1, '5', 1e300)),
  currency: fc.oneof(fc.constantFrom('EUR', 'eur', 'Euro'), fc.string()),
  [person]: fc.constant(person),
};
const onePart = fc.oneof(...Object.entries(parts).map(([name, part]) => (part as fc.Arbitrary<unknown>).map((it) => ({ [name]: it }))));
const named = fc.constantFrom({ email: person }, { 'lead-id': 'lead-a' }, { 'external-id': { system: 'crm', id: person } });
const item = fc.oneof(
  { weight: 3, arbitrary: good },
  { weight: 5, arbitrary: fc.tuple(good, onePart).map(([it, part]) => ({ ...it, ...part })) },
  { weight: 3, arbitrary: fc.tuple(good, named, onePart).map(([{ email: _email, ...it }, lead, part]) => ({ ...it, ...lead, ...part })) },
  { weight: 2, arbitrary: fc.record(parts, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.anything() },
);

const eventBody = fc.oneof(
  { weight: 10, arbitrary: fc.record({ events: fc.array(item, { maxLength: 12 }) }).map(asJson) },
  { weight: 3, arbitrary: item.map(asJson) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 2, arbitrary: fc.record({ events: fc.array(item, { maxLength: 4 }) }).map((it) => asJson(it).slice(0, -3)) },
  { weight: 2, arbitrary: fc.uint8Array().map((it) => Buffer.from(it)) },
  { weight: 2, arbitrary: fc.record({ events: fc.array(item, { maxLength: 4 }) }).map((it) => Buffer.from(asJson(it), 'utf16le')) },
);

describe('any body to POST /events, on a queue that refuses now and then', () => {
  it('is answered, each item is told of once, and what was taken is on the queue; nobody stands in the log', async () => {
    const { ask, queue, lines, state } = await opened();
    const console_ = vi.spyOn(console, 'error');
    const seen: Record<string, number> = {};
    let [items, taken] = [0, 0];
    const caller = fc.constantFrom('key', 'key', 'key', 'webhook', 'webhook', 'forged', 'nobody');
    const type = fc.constantFrom(
      'application/json',
      'application/json',
      '',
      'text/plain',
      'application/json; charset=utf-16',
      ';;charset=',
    );
    await fc.assert(
      fc.asyncProperty(eventBody, caller, type, fc.nat({ max: 19 }), async (body, by, contentType, luck) => {
        state.refusesNow = luck === 0;
        const [before, refusedBefore] = [queue.length, state.refused];
        const { status, body: said } = await ask('ingest', '/events', {
          method: 'POST',
          ...carried(body),
          headers: { 'content-type': contentType, ...credentials(by, body, addSeconds(state.at, 1)) },
        });
        seen[status] = (seen[status] ?? 0) + 1;
        const answer = JSON.parse(said) as { accepted?: number; rejected?: { index: number }[]; 'not-taken'?: number[] };
        expect(status === 503, said).toBe(state.refused > refusedBefore);
        expect([202, 207, 400, 401, 415, 503]).toContain(status);
        expect(queue.length - before).toBe(answer.accepted ?? 0);
        if (answer.accepted !== undefined) {
          const told = [...(answer.rejected ?? []).map((it) => it.index), ...(answer['not-taken'] ?? [])];
          const sent = sentIn(body as string);
          expect(new Set(told).size).toBe(told.length);
          expect(told.length + answer.accepted).toBe(sent);
          items += sent;
        }
        expect(said).not.toContain(person);
        taken += answer.accepted ?? 0;
      }),
      params,
    );
    console.info(`POST /events: ${bodies} bodies, ${items} items, ${taken} taken, answers ${JSON.stringify(seen)}`);
    expect(queue).toHaveLength(taken);
    expect(taken).toBeGreaterThan(bodies / 4);
    expect([...lines, ...queue.map((it) => it.leadId)].filter((it) => personal.test(it))).toEqual([]);
    expect(console_).not.toHaveBeenCalled();
  }, 3_600_000);
});

const credentials = (by: string, body: string | Buffer, at: Instant): Record<string, string> => {
  if (by === 'nobody') return {};
  if (by === 'key') return { authorization: `Bearer ${testKeys.api.local}` };
  const signed = new Webhook(testKeys.api.billing.webhook).sign('msg-1', new Date(at), body.toString());
  return {
    'webhook-id': 'msg-1',
    'webhook-timestamp': String(Math.floor(toEpoch(at) / 1000)),
    'webhook-signature': by === 'forged' ? signed.replace(/.$/, '') : signed,
  };
};

const sentIn = (body: string): number => {
  const { events } = JSON.parse(body.toString()) as { events?: unknown[] };
  return events?.length ?? 1;
};

const value = fc.oneof(
  fc.constantFrom('Zoe0 Private8', '=1+1', '', 'yes', '\uFFFF', 'x'.repeat(3000)),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const answers = fc
  .record(
    {
      email: fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 300 }).map((it) => `zoe0.private8.${it}@secret.example`) }, value),
      company: value,
      consent: value,
      website: fc.constantFrom('', '', '', 'spam'),
      'baton-seconds': fc.constantFrom('', '5', '1', 'x'),
      'consent-topics': value,
      'lead-id': value,
      ['__proto__']: value,
    },
    { requiredKeys: [] },
  )
  .map((it) => Object.entries(it) as [string, string][]);

const multipart = (given: readonly [string, string][]): string =>
  `${given.map(([name, it]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${it}\r\n`).join('')}--x--\r\n`;
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');
const urlencoded = (given: readonly [string, string][]): string =>
  given.map(([name, it]) => `${encodeURIComponent(name)}=${encodeURIComponent(wellFormed(it))}`).join('&');

const formBody: fc.Arbitrary<readonly [body: string | Buffer, type: string]> = fc.oneof(
  { weight: 5, arbitrary: answers.map((it) => [urlencoded(it), 'application/x-www-form-urlencoded'] as const) },
  { weight: 3, arbitrary: answers.map((it) => [asJson(Object.fromEntries(it)), 'application/json'] as const) },
  { weight: 3, arbitrary: answers.map((it) => [Buffer.from(multipart(it)), 'multipart/form-data; boundary=x'] as const) },
  { weight: 1, arbitrary: answers.map((it) => [multipart(it).slice(0, -7), 'multipart/form-data; boundary=x'] as const) },
  { weight: 1, arbitrary: fc.tuple(fc.json(), fc.constantFrom('application/json', 'text/plain', '', 'multipart/form-data')) },
  { weight: 1, arbitrary: fc.uint8Array().map((it) => [Buffer.from(it), 'application/x-www-form-urlencoded'] as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('%', 'email=%E0%A4%A', 'a[b]=1&a=2', '&&&=').map((it) => [it, 'application/x-www-form-urlencoded'] as const),
  },
);

describe('any body to a form or of a visit', () => {
  it('is answered; who is thanked is a lead with an event on the queue, or a machine; nobody stands in the log', async () => {
    const { ask, queue, lines, state, ports } = await opened();
    const console_ = vi.spyOn(console, 'error');
    const seen: Record<string, number> = {};
    let [thanked, visits] = [0, 0];
    const token = ports.links.sign('visit', { leadId: 'lead-a', topic: '', expiresAt: addSeconds(start, 40 * 86_400), locale: 'en' });
    const visit = fc
      .record({
        t: fc.oneof(
          { weight: 3, arbitrary: fc.constant(token) },
          fc.constantFrom(`${token}x`, '..', 'current.e.s', '__proto__.e30.x'),
          fc.string(),
        ),
        p: fc.oneof(
          { weight: 3, arbitrary: fc.constant(`/pricing?email=${person}`) },
          fc.string({ unit: 'binary' }).map((it) => `/${it}`),
          fc.anything(),
        ),
        i: fc.oneof({ weight: 3, arbitrary: fc.constant('abcdefgh1') }, fc.string()),
      })
      .map((it) => [asJson(it), 'text/plain;charset=UTF-8'] as const);
    const asked = fc.oneof(
      { weight: 3, arbitrary: fc.tuple(formBody, fc.constantFrom('/f/demo', '/f/away')) },
      { weight: 1, arbitrary: fc.tuple(formBody, fc.constantFrom('/f/nope', '/f/__proto__', '/f/%E0%A4%A', '/f/', '/f/a/b', '/t')) },
      { weight: 1, arbitrary: fc.tuple(visit, fc.constant('/t')) },
    );
    const accept = fc.constantFrom('text/html', 'application/json', '');
    const from = fc.constantFrom(site, site, site, 'null', 'https://evil.example', '');
    await fc.assert(
      fc.asyncProperty(asked, accept, from, async ([[body, contentType], path], wanted, origin) => {
        const [queued, logged] = [queue.length, lines.length];
        const { status } = await ask('collect', path, {
          method: 'POST',
          ...carried(body),
          headers: { accept: wanted, 'user-agent': 'x', 'content-type': contentType, ...(origin !== '' && { origin }) },
        });
        seen[status] = (seen[status] ?? 0) + 1;
        expect([200, 204, 303, 400, 403, 404, 413]).toContain(status);
        const isTrapped = lines.slice(logged).some((it) => it.includes('form trap sprung'));
        const isThanked = (status === 200 || status === 303) && !isTrapped;
        expect(queue.length - queued <= 1 && (status === 204 || queue.length - queued === (isThanked ? 1 : 0))).toBe(true);
        if (isThanked) expect(await ports.leads.find(queue.at(-1)?.leadId ?? '')).toMatchObject({ email: expect.any(String) });
        thanked += isThanked ? 1 : 0;
        visits += status === 204 ? queue.length - queued : 0;
      }),
      params,
    );
    console.info(`forms and visits: ${bodies} bodies, ${thanked} forms and ${visits} visits taken, answers ${JSON.stringify(seen)}`);
    expect(Math.min(thanked, visits)).toBeGreaterThan(bodies / 50);
    expect(state.refused).toBe(0);
    expect([...lines, ...queue.map((it) => JSON.stringify(it))].filter((it) => personal.test(it))).toEqual([]);
    expect(console_).not.toHaveBeenCalled();
  }, 3_600_000);
});
