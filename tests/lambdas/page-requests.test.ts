import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import type { LinkPurpose } from '#core/ports';
import { pages } from '#lambdas/api/pages';
import { type ApiRequest, apiEvent } from '#tests/helpers/api-event';
import { confirmations, nurture, withDoubleOptIn } from '#tests/helpers/protocol-sequence';
import { aWorld, start } from '#tests/helpers/world';

type Request = ApiRequest & {
  readonly to: 'p' | 'c';
  /** Signed for something else than the page that it is brought to. */
  readonly signedFor?: LinkPurpose;
  readonly signedDaysAgo?: number;
};
type Effect = 'changes' | 'nothing';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const leaveAll = 'action=leave-all';
const multipart = '--x\r\nContent-Disposition: form-data; name="action"\r\n\r\nleave-all\r\n--x--\r\n';
const get = (to: 'p' | 'c', agent: string, more: Partial<Request> = {}): Request => ({
  to,
  method: 'GET',
  headers: { 'user-agent': agent },
  ...more,
});

/** What people, mail programs and scanners send to the links to preferences and to confirmation, and what each must do. */
const requests: readonly (readonly [what: string, request: Request, effect: Effect, status: number])[] = [
  ['preferences: a look', get('p', 'Mozilla/5.0 (iPhone)'), 'nothing', 200],
  ['preferences: HEAD', get('p', 'Mimecast', { method: 'HEAD' }), 'nothing', 200],
  ['preferences: a scanner with a query that looks like the form', get('p', 'SafeLinks', { query: leaveAll }), 'nothing', 200],
  ['preferences: a prefetching browser', get('p', 'Mozilla/5.0', { headers: { 'sec-purpose': 'prefetch' } }), 'nothing', 200],
  [
    'preferences: a GET that asks to be taken for a POST',
    get('p', 'x', { headers: { 'x-http-method-override': 'POST' }, query: `_method=POST&${leaveAll}` }),
    'nothing',
    200,
  ],
  ['preferences: OPTIONS', { to: 'p', method: 'OPTIONS' }, 'nothing', 404],
  ['preferences: PUT', { to: 'p', method: 'PUT', headers: form, body: leaveAll }, 'nothing', 404],
  ['preferences: DELETE', { to: 'p', method: 'DELETE' }, 'nothing', 404],
  ['preferences: the form', { to: 'p', method: 'POST', headers: form, body: leaveAll }, 'changes', 200],
  [
    'preferences: the form with a charset',
    { to: 'p', method: 'POST', headers: { 'content-type': `${form['content-type']}; charset=UTF-8` }, body: leaveAll },
    'changes',
    200,
  ],
  [
    'preferences: the form as multipart',
    { to: 'p', method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: multipart },
    'changes',
    200,
  ],
  [
    'preferences: the form in base64',
    { to: 'p', method: 'POST', headers: form, body: Buffer.from(leaveAll).toString('base64'), isBase64: true },
    'changes',
    200,
  ],
  ['preferences: a POST without a body, as scanners try forms', { to: 'p', method: 'POST' }, 'nothing', 400],
  [
    'preferences: the one-click words, which are for the other link',
    { to: 'p', method: 'POST', headers: form, body: 'List-Unsubscribe=One-Click' },
    'nothing',
    400,
  ],
  [
    'preferences: JSON',
    { to: 'p', method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"action":"leave-all"}' },
    'nothing',
    400,
  ],
  [
    'preferences: a form that is broken off',
    { to: 'p', method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x\r\nContent' },
    'nothing',
    400,
  ],
  ['preferences: an action nobody knows', { to: 'p', method: 'POST', headers: form, body: 'action=__proto__' }, 'nothing', 400],
  ['preferences: two actions at once', { to: 'p', method: 'POST', headers: form, body: 'action=pause&action=leave-all' }, 'nothing', 400],
  [
    'preferences: a link that unsubscribes',
    { to: 'p', method: 'POST', headers: form, body: leaveAll, signedFor: 'unsubscribe' },
    'nothing',
    404,
  ],
  ['preferences: a link of 14 months ago', { to: 'p', method: 'POST', headers: form, body: leaveAll, signedDaysAgo: 420 }, 'nothing', 404],
  ['confirm: a look', get('c', 'Mozilla/5.0'), 'nothing', 200],
  ['confirm: HEAD', get('c', 'Barracuda', { method: 'HEAD' }), 'nothing', 200],
  ['confirm: a scanner that comes with a body', get('c', 'scanner', { headers: form, body: 'confirm=yes' }), 'nothing', 400],
  ['confirm: a scanner with a query', get('c', 'Proofpoint', { query: 'confirm=yes' }), 'nothing', 200],
  ['confirm: the button', { to: 'c', method: 'POST', headers: form, body: '' }, 'changes', 200],
  ['confirm: the button without any header', { to: 'c', method: 'POST' }, 'changes', 200],
  ['confirm: OPTIONS', { to: 'c', method: 'OPTIONS' }, 'nothing', 404],
  ['confirm: a link to preferences', { to: 'c', method: 'POST', signedFor: 'preferences' }, 'nothing', 404],
  ['confirm: a link that is too old', { to: 'c', method: 'POST', signedDaysAgo: 420 }, 'nothing', 404],
];

/** A lead who agreed and has not confirmed: there is something to confirm, and something to leave. */
const aReader = async () => {
  const live = withDoubleOptIn;
  const world = await aWorld({ compiled: [nurture(), ...confirmations(live)], live });
  const { ports, leadId } = world;
  const lambda = handle(new Hono().route('/', pages(ports)));
  const rows = async () =>
    JSON.stringify([await ports.leads.find(leadId), await ports.suppressions.ofLead(leadId), await ports.consents.ofLead(leadId)]);
  const before = await rows();
  return {
    ask: (request: Request) => {
      const { to, signedFor = to === 'p' ? 'preferences' : 'confirm', signedDaysAgo = 0 } = request;
      const expiresAt = addSeconds(start, (400 - signedDaysAgo) * 86_400);
      const token = ports.links.sign(signedFor, { leadId, topic: 'tips', expiresAt, locale: 'en' });
      return lambda(apiEvent(request, `/${to}/${token}`)) as Promise<{ statusCode: number; headers: Record<string, string>; body: string }>;
    },
    effect: async (): Promise<Effect> => ((await rows()) === before ? 'nothing' : 'changes'),
    world,
  };
};

describe('a request to the pages behind a mail, as the HTTP API hands it to the function', () => {
  it.each(requests)('%s', async (_, request, expected, status) => {
    const { ask, effect, world } = await aReader();
    const answer = await ask(request);
    expect([answer.statusCode, await effect()]).toEqual([status, expected]);
    expect(answer.headers.location).toBeUndefined();
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.body).not.toContain('kim@example.com');
    if (expected === 'nothing') expect(world.queues.messagesIn('wake').length + world.queues.messagesIn('enrol').length).toBe(0);
  });

  it('has shapes enough', () => {
    expect(requests.length).toBeGreaterThanOrEqual(25);
  });
});
