import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { pages } from '#lambdas/api/pages';
import { type ApiRequest, apiEvent } from '#tests/helpers/api-event';
import { aWorld, start } from '#tests/helpers/world';

type Request = ApiRequest & {
  /** What stands behind `/u/<token>`, and what is done to the token. */
  readonly path?: (path: string) => string;
};
type Effect = 'leaves' | 'nothing';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const oneClick = 'List-Unsubscribe=One-Click';
const multipart = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n';
const scanner = (agent: string, more: Partial<Request> = {}): Request => ({ method: 'GET', headers: { 'user-agent': agent }, ...more });

/** Requests as mail programs, people, scanners and vandals send them to the link of a mail, and what each must do. */
const requests: readonly (readonly [what: string, request: Request, effect: Effect, status: number])[] = [
  ['one-click as RFC 8058 shows it', { method: 'POST', headers: form, body: oneClick }, 'leaves', 200],
  [
    'one-click as multipart',
    { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: multipart },
    'leaves',
    200,
  ],
  [
    'one-click with a charset',
    { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }, body: oneClick },
    'leaves',
    200,
  ],
  [
    'one-click in base64, as the HTTP API hands on some bodies',
    { method: 'POST', headers: form, body: Buffer.from(oneClick).toString('base64'), isBase64: true },
    'leaves',
    200,
  ],
  ['one-click with an empty body', { method: 'POST', headers: form, body: '' }, 'leaves', 200],
  ['one-click without any body', { method: 'POST' }, 'leaves', 200],
  ['one-click without a user agent', { method: 'POST', headers: { ...form, 'user-agent': '' }, body: oneClick }, 'leaves', 200],
  [
    'one-click from Gmail',
    { method: 'POST', headers: { ...form, 'user-agent': 'Mozilla/5.0 (compatible; Google-Unsubscribe)' }, body: oneClick },
    'leaves',
    200,
  ],
  ['one-click from a bot’s name', { method: 'POST', headers: { ...form, 'user-agent': 'curl/8.0 bot' }, body: oneClick }, 'leaves', 200],
  [
    'one-click with another site as its origin',
    { method: 'POST', headers: { ...form, origin: 'https://mail.example', 'sec-fetch-site': 'cross-site' }, body: oneClick },
    'leaves',
    200,
  ],
  ['one-click with another word in the body', { method: 'POST', headers: form, body: 'List-Unsubscribe=one-click' }, 'leaves', 200],
  ['one-click with a query behind the link', { method: 'POST', headers: form, body: oneClick, query: 'utm_source=mail' }, 'leaves', 200],
  ['the button of the page', { method: 'POST', headers: { ...form, 'user-agent': 'Mozilla/5.0 (iPhone)' }, body: '' }, 'leaves', 200],
  ['a body of nonsense', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{{{' }, 'leaves', 200],
  ['a large body', { method: 'POST', headers: form, body: 'x'.repeat(200_000) }, 'leaves', 200],
  ['a press on the link', scanner('Mozilla/5.0 (Windows NT 10.0) Chrome/140'), 'nothing', 200],
  ['a look with HEAD', scanner('Mozilla/5.0', { method: 'HEAD' }), 'nothing', 200],
  ['Microsoft’s scanner', scanner('Mozilla/5.0 (Windows NT 6.1) SafeLinks'), 'nothing', 200],
  ['Proofpoint’s scanner', scanner('Mozilla/5.0 Proofpoint URL Defense'), 'nothing', 200],
  ['Mimecast’s scanner, with HEAD first', scanner('Mimecast', { method: 'HEAD' }), 'nothing', 200],
  ['Barracuda’s scanner with a query of its own', scanner('BarracudaCentral', { query: 'url=x' }), 'nothing', 200],
  ['a prefetching browser', scanner('Mozilla/5.0', { headers: { purpose: 'prefetch', 'sec-purpose': 'prefetch' } }), 'nothing', 200],
  ['a scanner that puts the one-click words into a query', scanner('scanner', { query: oneClick }), 'nothing', 200],
  ['a scanner that says it is a form', scanner('scanner', { headers: form, body: oneClick }), 'nothing', 400],
  ['OPTIONS', { method: 'OPTIONS' }, 'nothing', 404],
  ['PUT', { method: 'PUT', body: oneClick }, 'nothing', 404],
  ['DELETE', { method: 'DELETE' }, 'nothing', 404],
  [
    'a GET that asks to be taken for a POST',
    scanner('x', { headers: { 'x-http-method-override': 'POST' }, query: '_method=POST' }),
    'nothing',
    200,
  ],
  ['a link that was cut off', { method: 'POST', headers: form, body: oneClick, path: (it) => it.slice(0, -5) }, 'nothing', 404],
  [
    'a link with another letter in its signature',
    { method: 'POST', headers: form, body: oneClick, path: (it) => it.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) },
    'nothing',
    404,
  ],
  ['a link with something behind it', { method: 'POST', headers: form, body: oneClick, path: (it) => `${it}.x` }, 'nothing', 404],
  ['a link to nowhere', { method: 'POST', headers: form, body: oneClick, path: () => '/u/' }, 'nothing', 404],
];

const aMail = async () => {
  const world = await aWorld();
  await world.did('trial.started');
  const header = world.mail.mails()[0]?.headers.find((it) => it.name === 'List-Unsubscribe')?.value ?? '';
  const lambda = handle(new Hono().route('/', pages(world.ports)));
  const ask = (request: Request) =>
    lambda(apiEvent(request, (request.path ?? ((it) => it))(new URL(header.slice(1, -1)).pathname))) as Promise<{
      statusCode: number;
      headers: Record<string, string>;
      body: string;
    }>;
  const effect = async (): Promise<Effect> => {
    await world.runUntil(world.clock.now());
    const lead = await world.ports.leads.find(world.leadId);
    const run = await world.run();
    const left = [
      (await world.ports.suppressions.ofLead(world.leadId)).length > 0,
      lead?.consents.tips?.given === false,
      run?.stop?.reason === 'unsubscribed',
    ];
    if (new Set(left).size > 1) throw new Error(`half an effect: ${left.join(' ')}`);
    return left[0] ? 'leaves' : 'nothing';
  };
  return { world, ask, effect };
};

describe('a request to the unsubscribe link, as the HTTP API hands it to the function', () => {
  it.each(requests)('%s', async (_, request, expected, status) => {
    const { ask, effect } = await aMail();
    const answer = await ask(request);
    expect([answer.statusCode, await effect()]).toEqual([status, expected]);
    // In one hop: no redirect, no cookie, nothing kept by a cache.
    expect(answer.headers.location).toBeUndefined();
    expect(answer.headers['set-cookie']).toBeUndefined();
    // A GET with a body is turned away before any page.
    if (status !== 400) expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('may come again and again, in any order, and leaves once', async () => {
    const { ask, effect, world } = await aMail();
    for (const [, request] of requests.slice(0, 12)) expect((await ask(request)).statusCode).toBe(200);
    for (const [, request] of requests.slice(15, 23)) expect((await ask(request)).statusCode).toBe(200);
    expect(await effect()).toBe('leaves');
    expect(await world.ports.suppressions.ofLead(world.leadId)).toHaveLength(1);
  });

  it('has shapes enough', () => expect(requests.length).toBeGreaterThanOrEqual(25));
});

describe('a lead who opens the link again', () => {
  it('reads that it has left, and is asked again once it is back', async () => {
    const { ports, leadId, app, clock } = await aWorld();
    const claims = { leadId, topic: 'tips', expiresAt: addSeconds(start, 400 * 86_400), locale: 'en' };
    const path = `/u/${ports.links.sign('unsubscribe', claims)}`;
    const see = async () => (await app.request(path)).text();
    expect(await see()).toContain('<button type="submit">Unsubscribe</button>');
    await app.request(path, { method: 'POST' });
    const page = await see();
    expect(page).toContain('You are unsubscribed');
    expect(page).toContain('Or choose what you get');
    expect(page).not.toContain('<button');
    const at = addSeconds(clock.now(), 60);
    await ports.leads.setConsents(leadId, { tips: { given: true, at, source: 'form', confirmed: { at } } });
    expect(await see()).toContain('<button type="submit">Unsubscribe</button>');
  });
});
