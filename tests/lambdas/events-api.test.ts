import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { createApiKeys } from '#adapters/crypto/api-keys';
import { logTo } from '#adapters/memory/logs';
import { addSeconds, toEpoch } from '#core/instant';
import type { Ports } from '#core/ports';
import { ingest } from '#lambdas/api/ingest';
import { testKeys } from '#local/settings';
import { aWorld, start } from '#tests/helpers/world';

const secret = testKeys.api.billing.webhook;
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const event = { id: 'e-1', name: 'project.created', at: start, email: 'kim@example.com' };

const post = async (world: Awaited<ReturnType<typeof aWorld>>, body: string | object, headers: Record<string, string>) => {
  const answer = await world.app.request('/events', {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
};
const queuedIn = (world: Awaited<ReturnType<typeof aWorld>>) =>
  world.queues.messagesIn('events').map((it) => JSON.parse(it.body) as Record<string, string>);

const signed = (body: string, { id = 'msg_1', at = start, by = secret } = {}) => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(toEpoch(at) / 1000)),
  'webhook-signature': `v1,b3RoZXI= ${new Webhook(by).sign(id, new Date(at), body)}`,
});

describe('a webhook', () => {
  it('is known by its signature, and may carry one event or many', async () => {
    const world = await aWorld();
    const { id: _id, ...bare } = event;
    const one = JSON.stringify(bare);
    expect(await post(world, one, signed(one))).toMatchObject({ status: 202, body: { accepted: 1 } });
    const many = JSON.stringify({ events: [event, bare] });
    expect(await post(world, many, signed(many, { id: 'msg_2' }))).toMatchObject({ status: 202, body: { accepted: 2 } });
    expect(queuedIn(world).map((it) => it.eventId)).toEqual(['billing:msg_1-0', 'billing:e-1', 'billing:msg_2-1']);
  });

  it.each<[string, (body: string) => Record<string, string>]>([
    ['by another secret', (body) => signed(body, { by: 'whsec_YW5vdGhlciBzZWNyZXQgdGhhdCB3ZSBkbyBub3Qga25vdw==' })],
    ['of another body', () => signed('{}')],
    ['of another message', (body) => ({ ...signed(body), 'webhook-id': 'msg_9' })],
    ['too long ago', (body) => signed(body, { at: addSeconds(start, -400) })],
    ['too far ahead', (body) => signed(body, { at: addSeconds(start, 400) })],
    ['without a time', (body) => ({ ...signed(body), 'webhook-timestamp': 'now' })],
    ['in part', (body) => ({ 'webhook-id': 'msg_1', 'webhook-signature': signed(body)['webhook-signature'] })],
  ])('signed %s is refused', async (_, headersOf) => {
    const world = await aWorld();
    const body = JSON.stringify(event);
    expect((await post(world, body, headersOf(body))).status).toBe(401);
    expect(queuedIn(world)).toEqual([]);
  });

  it('opens no other way in', async () => {
    const world = await aWorld();
    const body = JSON.stringify({ list: 'x', leads: [{ email: 'a@example.com' }] });
    const answer = await world.app.request('/leads', { method: 'POST', body, headers: signed(body) });
    expect(answer.status).toBe(401);
  });
});

describe('a caller', () => {
  it('may ask so often a minute, and is told when it may again', async () => {
    const world = await aWorld();
    const ask = () => post(world, { events: [event] }, bearer(testKeys.api.slow.key));
    expect([(await ask()).status, (await ask()).status]).toEqual([202, 202]);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post(world, { events: [event] }, bearer(testKeys.api.local))).status).toBe(202);
    await world.advance('1 minute');
    expect((await ask()).status).toBe(202);
  });

  it('has events of its own: two systems may number theirs alike', async () => {
    const world = await aWorld();
    await post(world, { events: [event] }, bearer(testKeys.api.local));
    await post(world, { events: [event] }, bearer(testKeys.api.slow.key));
    expect(new Set(queuedIn(world).map((it) => it.eventId))).toEqual(new Set(['local:e-1', 'slow:e-1']));
  });

  it('may come in only where its key opens', async () => {
    const world = await aWorld();
    const key = bearer(testKeys.api.crm.key);
    expect((await post(world, { events: [event] }, key)).status).toBe(202);
    const body = JSON.stringify({ list: 'x', leads: [{ email: 'a@example.com' }] });
    const refused = await world.app.request('/leads', { method: 'POST', body, headers: key });
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('/events')]);
  });

  it('of a secret as it was written before is known, whatever its name', () => {
    const keys = createApiKeys({ 'My CRM (old)': 'short' });
    expect([keys.identify('short', start), keys.identify('other', start)]).toEqual([{ source: 'My CRM (old)' }, undefined]);
    expect(() => createApiKeys({ 'a:b': 'a name that could stand for another system with another id' })).toThrow();
  });

  it.each([undefined, 'Basic eDp5', 'Bearer', 'Bearer nobody', 'Bearer  '])('with %j is refused', async (authorization) => {
    const world = await aWorld();
    const { status, headers } = await post(world, { events: [event] }, authorization === undefined ? {} : { authorization });
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });
});

describe('what is wrong with an event', () => {
  const local = bearer(testKeys.api.local);
  it.each<[string, object, object]>([
    ['a name that is ours', { ...event, name: 'clicked' }, { code: 'reserved-name', field: 'name' }],
    ['a reply that somebody makes up', { ...event, name: 'replied' }, { code: 'reserved-name' }],
    ['the future', { ...event, at: addSeconds(start, 4000) }, { code: 'in-the-future', field: 'at' }],
    ['a year before the first', { ...event, at: '0000-01-01T00:00:00+23:59' }, { code: 'too-long-ago', field: 'at' }],
    ['no address', { ...event, email: 'kim' }, { code: 'not-an-address', field: 'email' }],
    ['a key that is not known', { ...event, colour: 'blue' }, { code: 'unknown-key' }],
    ['a time that is none', { ...event, at: 'yesterday' }, { code: 'invalid', field: 'at' }],
    ['no id', { name: event.name, at: start, email: event.email }, { code: 'missing', field: 'id', reason: 'it is missing' }],
    ['two ways to name the lead', { ...event, 'lead-id': 'x' }, { code: 'invalid', reason: expect.stringContaining('exactly one') }],
    ['no item at all', [] as never, { code: 'invalid' }],
  ])('is said for %s, with its place and without a value; no other is lost', async (_, bad, problem) => {
    const world = await aWorld();
    const { status, body } = await post(world, { events: [event, bad, { ...event, id: 'e-3' }] }, local);
    expect(status).toBe(207);
    expect(body).toMatchObject({ accepted: 2, rejected: [{ index: 1, ...problem, reason: expect.any(String) }] });
    expect(JSON.stringify(body)).not.toContain('kim');
    expect(queuedIn(world)).toHaveLength(2);
  });

  it.each<[string, string | object, RegExp]>([
    ['no body', '', /no body/],
    ['half of one', '{"events": [', /not JSON/],
    ['a list', [], /a body is/],
    ['text', '"x"', /a body is/],
    ['no list of events', { events: {} }, /must be a list/],
    ['something beside the events', { events: [event], source: 'x' }, /beside "events"/],
    ['no event', { events: [] }, /at least one/],
    ['too many', { events: Array.from({ length: 501 }, () => event) }, /at most 500 .* 501/],
  ])('is said of the whole where it is %s', async (_, body, words) => {
    const world = await aWorld();
    expect(await post(world, body, local)).toMatchObject({ status: 400, body: { error: expect.stringMatching(words) } });
    expect(queuedIn(world)).toEqual([]);
  });

  it('is said of text that is not UTF-8, or says that it is not', async () => {
    const world = await aWorld();
    const text = JSON.stringify({ events: [{ ...event, path: '/café' }] });
    const ask = async (body: Uint8Array, type: string) => {
      const headers = { ...local, 'content-type': type };
      return (await world.app.request('/events', { method: 'POST', body: body as BodyInit, headers })).status;
    };
    expect(await ask(Buffer.from(text, 'latin1'), 'application/json; charset=iso-8859-1')).toBe(415);
    expect(await ask(Buffer.from(text, 'latin1'), 'application/json')).toBe(400);
    expect(queuedIn(world)).toEqual([]);
    expect(await ask(Buffer.from(`\uFEFF${text}`), 'application/json; charset="UTF-8"')).toBe(202);
    expect(queuedIn(world)).toMatchObject([{ path: '/café' }]);
  });

  it('is said of the whole body where it is that', async () => {
    const world = await aWorld();
    for (const body of ['', '{', '[]', '{"events":[]}', '"x"', 'null']) expect((await post(world, body, local)).status, body).toBe(400);
    expect((await post(world, { events: Array.from({ length: 501 }, () => event) }, local)).status).toBe(400);
    expect((await post(world, `{"events":["${'x'.repeat(1_100_000)}"]}`, local)).status).toBe(413);
    expect((await post(world, { events: [event] }, { ...local, 'content-encoding': 'gzip' })).status).toBe(415);
  });
});

describe('a queue that fails midway', () => {
  const many = Array.from({ length: 25 }, (_, number) => ({ ...event, id: `e-${number}` }));
  const failing = async (fails: (id: string) => boolean) => {
    const world = await aWorld();
    const lines: string[] = [];
    const taken: string[] = [];
    const push = async (it: { readonly eventId: string }) => {
      if (fails(it.eventId)) throw new Error('the queue is away');
      taken.push(it.eventId);
    };
    const ports = { ...world.ports, eventQueue: { push }, log: logTo((line) => lines.push(JSON.stringify(line))) } as Ports;
    const body = JSON.stringify({ events: [{ ...event, at: 'never' }, ...many] });
    const answer = await ingest(ports).request('/events', { method: 'POST', body, headers: bearer(testKeys.api.local) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, taken, lines };
  };

  it('is told by 503, with the events that were not taken and those that never will be', async () => {
    const { status, body, taken, lines } = await failing((id) => id === 'local:e-12');
    expect(status).toBe(503);
    expect(body).toMatchObject({
      accepted: 19,
      rejected: [{ index: 0, code: 'invalid', field: 'at' }],
      'not-taken': [13, 21, 22, 23, 24, 25],
    });
    expect(taken).toHaveLength(19);
    expect(lines.join('')).not.toMatch(/kim|away/);
  });

  it('loses nothing to a sender who sends it all again', async () => {
    const first = await failing((id) => id > 'local:e-17');
    const second = await failing(() => false);
    expect(second.status).toBe(207);
    expect(new Set([...first.taken, ...second.taken])).toEqual(new Set(many.map((it) => `local:${it.id}`)));
  });
});

const fuzzed = Number(process.env.BATON_FUZZ_BODIES ?? 3000);

describe('any body', () => {
  it('gets an answer, loses nothing that was taken, and leaves nobody’s data in the log', async () => {
    const world = await aWorld();
    const seen: { [status: string]: number } = {};
    let taken = 0;
    const person = 'zoe.private@secret.example';
    const item = fc.oneof(
      fc.record(
        {
          id: fc.string({ minLength: 1, maxLength: 20 }),
          name: fc.constantFrom('project.created', 'visited', 'Clicked', 'opened', ''),
          at: fc.constantFrom(start, 'x', 5),
          email: fc.constantFrom(person, 'nobody', 7),
        },
        { requiredKeys: [] },
      ),
      fc.record(
        { ...Object.fromEntries(['id', 'name', 'at', 'path', 'email', 'lead-id'].map((key) => [key, fc.anything()])) },
        { requiredKeys: [] },
      ),
      fc.anything(),
    );
    const body = fc.oneof(
      { weight: 4, arbitrary: fc.record({ events: fc.array(item, { maxLength: 6 }) }).map((it) => JSON.stringify(it) ?? '') },
      fc.json(),
      fc.string(),
      fc.uint8Array().map((it) => Buffer.from(it).toString('latin1')),
      fc.constant(JSON.stringify({ events: [{ ...event, email: person }] })),
    );
    await fc.assert(
      fc.asyncProperty(body, fc.nat({ max: 9 }), async (text, how) => {
        await world.advance('1 second');
        const headers =
          [signed(text, { id: `m-${Math.abs(how)}`, at: world.clock.now() }), {}, bearer(person)][how] ?? bearer(testKeys.api.local);
        const before = queuedIn(world).length;
        const answer = await post(world, text, headers);
        seen[answer.status] = (seen[answer.status] ?? 0) + 1;
        expect(answer.status).toBeLessThan(500);
        const accepted = Number(answer.body.accepted ?? 0);
        expect(queuedIn(world).length - before).toBe(accepted);
        expect(JSON.stringify(answer.body)).not.toContain(person);
        taken += accepted;
        if (before > 200) await world.advance('1 hour');
      }),
      { numRuns: fuzzed, endOnFailure: fuzzed > 5000 },
    );
    console.info(`POST /events: ${fuzzed} bodies, ${taken} events taken, answers ${JSON.stringify(seen)}`);
    const log = world.lines.join('\n');
    for (const word of [person, 'zoe', 'nobody', 'kim@']) expect(log.includes(word), word).toBe(false);
    expect(taken).toBeGreaterThan(fuzzed / 50);
  }, 3_600_000);
});
