import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formHtml } from '#cli/form';
import type { Form } from '#core/forms';
import { addSeconds } from '#core/instant';
import { snippet } from '#lambdas/api/collect/snippet.generated';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld, start } from '#tests/helpers/world';

const site = 'https://www.example.com';
const form: Form = {
  list: 'webinar',
  locale: 'en',
  emailLabel: 'E-mail',
  button: 'Send',
  fields: [
    { field: 'first-name', label: 'First <name>', required: true },
    { field: 'company', label: 'Company', required: false },
  ],
  consent: { topic: 'tips', text: 'Send me tips by e-mail, please.', required: false },
  trap: 'website',
  thanks: 'Thank you!',
  problem: 'Something is missing.',
};
const live = {
  ...liveConfig,
  brand: { ...liveConfig.brand, sites: [site] },
  forms: {
    demo: form,
    slow: { ...form, leastSeconds: 4 },
    away: { ...form, redirect: 'https://www.example.com/thanks?x=1' },
    elsewhere: { ...form, redirect: 'https://other.example/' },
  },
};
const safari = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15';

const opened = async () => {
  const world = await aWorld({ live });
  const token = (more: { expiresAt?: string; leadId?: string } = {}) =>
    world.ports.links.sign('visit', { leadId: world.leadId, topic: 'tips', expiresAt: addSeconds(start, 3600), locale: 'en', ...more });
  const visit = (body: unknown, headers: Record<string, string> = {}) =>
    world.app.request('/t', {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { origin: site, 'content-type': 'text/plain;charset=UTF-8', 'user-agent': safari, ...headers },
    });
  const send = (id: string, answers: Record<string, string> | string, headers: Record<string, string> = {}) =>
    world.app.request(`/f/${id}`, { method: 'POST', body: typeof answers === 'string' ? answers : new URLSearchParams(answers), headers });
  const queued = () => world.queues.messagesIn('events').map((it) => JSON.parse(it.body) as Record<string, string>);
  const leadOf = (email: string) => world.ports.leads.find(world.ports.ids.leadId(email));
  return { ...world, token, visit, send, queued, leadOf };
};

describe('a visit of the brand’s site', () => {
  it('is the lead’s, by the token of its mail, without what the address may hold', async () => {
    const { visit, token, queued, leadId } = await opened();
    const answer = await visit({ t: token(), p: '/pricing?email=kim@example.com#x', i: 'abcdefgh1' });
    expect([answer.status, answer.headers.get('access-control-allow-origin'), answer.headers.get('set-cookie')]).toEqual([204, site, null]);
    expect(queued()).toEqual([
      { source: 'own', eventId: ':web:abcdefgh1', name: 'visited', at: start, leadId, path: '/pricing', agent: 'browser' },
    ]);
  });

  it.each<[string, number, (world: Awaited<ReturnType<typeof opened>>) => Response | Promise<Response>]>([
    ['from another site', 403, ({ visit, token }) => visit({ t: token(), p: '/', i: 'abcdefgh1' }, { origin: 'https://evil.example' })],
    [
      'without an origin',
      403,
      ({ app, token }) => app.request('/t', { method: 'POST', body: JSON.stringify({ t: token(), p: '/', i: 'abcdefgh1' }) }),
    ],
    ['with a forged token', 204, ({ visit, token }) => visit({ t: `${token()}x`, p: '/', i: 'abcdefgh1' })],
    ['with an old token', 204, ({ visit, token }) => visit({ t: token({ expiresAt: start }), p: '/', i: 'abcdefgh1' })],
    [
      'with a link to leave',
      204,
      ({ visit, ports, leadId }) =>
        visit({
          t: ports.links.sign('unsubscribe', { leadId, topic: 'tips', expiresAt: addSeconds(start, 60), locale: 'en' }),
          p: '/',
          i: 'abcdefgh1',
        }),
    ],
    ['of who asks not to be followed', 204, ({ visit, token }) => visit({ t: token(), p: '/', i: 'abcdefgh1' }, { dnt: '1' })],
    ['of who asks so in another way', 204, ({ visit, token }) => visit({ t: token(), p: '/', i: 'abcdefgh1' }, { 'sec-gpc': '1' })],
    ['that is none', 400, ({ visit }) => visit('hello')],
    ['with more than there is', 400, ({ visit, token }) => visit({ t: token(), p: '/', i: 'abcdefgh1', name: 'deal.won' })],
    ['that is too large', 413, ({ visit }) => visit('x'.repeat(5000))],
  ])('%s counts for nothing', async (_, status, ask) => {
    const world = await opened();
    expect((await ask(world)).status).toBe(status);
    expect(world.queued()).toEqual([]);
  });

  it('by a crawler is kept as that, and scores nothing', async () => {
    const { visit, token, queued } = await opened();
    await visit({ t: token(), p: '/pricing', i: 'abcdefgh1' }, { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' });
    expect(queued()).toMatchObject([{ agent: 'bot' }]);
  });

  it('is told by a script of less than 2 KB', async () => {
    const { app } = await opened();
    const answer = await app.request('/t.js');
    expect(await answer.text()).toBe(snippet);
    expect(Buffer.byteLength(snippet)).toBeLessThan(2048);
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(answer.headers.get('cache-control')).toContain('public');
  });
});

describe('a form', () => {
  const answers = { email: 'Ana@Example.com', 'first-name': 'Ana', company: 'Ltd', consent: 'yes', website: '', nonsense: 'x' };

  it('makes a lead, with the consent and its proof, and opens the list', async () => {
    const { send, leadOf, queued, queues, lines } = await opened();
    const answer = await send('demo', answers);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Thank you!');
    const lead = await leadOf('ana@example.com');
    expect(lead).toMatchObject({
      fields: { 'first-name': 'Ana', company: 'Ltd' },
      consents: { tips: { given: true, at: start, source: 'form demo', proof: { text: form.consent?.text } } },
    });
    expect(lead?.fields).not.toHaveProperty('nonsense');
    expect(lead?.fields).not.toHaveProperty('website');
    expect(queued()).toMatchObject([{ name: 'form.sent', leadId: lead?.leadId }]);
    expect([...queues.messagesIn('events')].join('')).not.toContain('example.com');
    expect(lines.join('')).not.toMatch(/ana|example\.com/i);
  });

  it('without the tick makes a lead that agreed to nothing', async () => {
    const { send, leadOf } = await opened();
    const { consent: _consent, ...without } = answers;
    await send('demo', without);
    expect((await leadOf('ana@example.com'))?.consents).toEqual({});
  });

  it('says the same of an address that is known', async () => {
    const { send } = await opened();
    const [one, other] = [await send('demo', answers), await send('demo', { ...answers, email: 'kim@example.com' })];
    expect([await one.text(), one.status]).toEqual([await other.text(), other.status]);
  });

  it('goes to its page, and says there who came, only on a site of the brand', async () => {
    const { send, ports, leadOf } = await opened();
    const to = new URL((await send('away', answers)).headers.get('location') ?? '');
    expect(to.href).toMatch(/^https:\/\/www\.example\.com\/thanks\?x=1&bt=/);
    expect(ports.links.verify('visit', to.searchParams.get('bt') ?? '', start)?.leadId).toBe((await leadOf('ana@example.com'))?.leadId);
    expect((await send('elsewhere', answers)).headers.get('location')).toBe('https://other.example/');
  });

  it('that a machine filled in looks the same and is dropped', async () => {
    const { send, leadOf, queued, lines, ports } = await opened();
    expect((await send('demo', { ...answers, website: 'https://spam.example' })).status).toBe(200);
    const trapped = await send('away', { ...answers, website: 'x' });
    const token = new URL(trapped.headers.get('location') ?? '').searchParams.get('bt') ?? '';
    expect([trapped.status, await leadOf('ana@example.com')]).toEqual([303, undefined]);
    const whose = ports.links.verify('visit', token, start)?.leadId;
    expect(whose).toHaveLength(ports.ids.leadId('ana@example.com').length);
    expect(whose).not.toBe(ports.ids.leadId('ana@example.com'));
    expect(await leadOf('ana@example.com')).toBeUndefined();
    expect(queued()).toEqual([]);
    expect(lines.filter((it) => it.includes('form trap sprung'))).toHaveLength(2);
  });

  it.each<[string, number, string, Record<string, string> | string, Record<string, string>]>([
    ['what must be there', 400, 'demo', { ...answers, 'first-name': ' ' }, {}],
    ['an address', 400, 'demo', { ...answers, email: '' }, {}],
    ['an address that can be one', 400, 'demo', { ...answers, email: 'ana' }, {}],
    ['a form that there is', 404, 'nope', answers, {}],
    ['a form, not a method of objects', 404, 'constructor', answers, {}],
    ['a site of the brand', 403, 'demo', answers, { origin: 'https://evil.example' }],
    ['JSON that is JSON', 400, 'demo', '{', { 'content-type': 'application/json' }],
  ])('wants %s', async (_, status, id, given, headers) => {
    const { send, leadOf, queued } = await opened();
    expect((await send(id, given, headers)).status).toBe(status);
    expect(await leadOf('ana@example.com')).toBeUndefined();
    expect(queued()).toEqual([]);
  });

  it('that was filled in too fast looks the same and is dropped; who does not say how long is taken', async () => {
    const { send, leadOf, lines } = await opened();
    for (const seconds of ['0', '3', '-1', 'soon']) {
      expect((await send('slow', { ...answers, 'baton-seconds': seconds })).status).toBe(200);
    }
    expect(await leadOf('ana@example.com')).toBeUndefined();
    expect(lines.filter((it) => it.includes('form trap sprung'))).toHaveLength(4);
    await send('slow', { ...answers, email: 'bo@example.com', 'baton-seconds': '4' });
    await send('slow', { ...answers, email: 'cy@example.com', 'baton-seconds': '' });
    expect([await leadOf('bo@example.com'), await leadOf('cy@example.com')]).toMatchObject([{}, {}]);
  });

  it('tells a person what is missing, by the words of the form', async () => {
    const { send } = await opened();
    const page = await (await send('demo', { email: 'ana@', company: 'x' })).text();
    expect(page).toContain('Something is missing.');
    expect(page).toContain('<li>First &lt;name&gt;</li>');
    expect(page).not.toContain('<li>Company</li>');
    const noAddress = await (await send('demo', { ...answers, email: 'ana@' })).text();
    expect(noAddress).toContain('<li>E-mail</li>');
  });

  it('tells a script who came, and what is missing, where the script’s site is the brand’s', async () => {
    const { send, visit, queued, leadOf } = await opened();
    const headers = { origin: site, accept: 'application/json' };
    const said = await send('away', answers, headers);
    expect([said.status, said.headers.get('access-control-allow-origin')]).toEqual([200, site]);
    const body = (await said.json()) as { visit: string };
    expect(body).toEqual({ thanks: 'Thank you!', visit: expect.any(String), redirect: 'https://www.example.com/thanks?x=1' });
    await visit({ t: body.visit, p: '/pricing', i: 'abcdefgh1' });
    expect(queued().at(-1)).toMatchObject({ name: 'visited', leadId: (await leadOf('ana@example.com'))?.leadId });
    const refused = await send('away', { email: 'x' }, headers);
    expect([refused.status, await refused.json()]).toEqual([400, { problem: 'Something is missing.', missing: ['first-name'] }]);
  });

  it('does not tell that two addresses are one person’s, and a visit is that person’s all the same', async () => {
    const { send, visit, ports, leadId, advance } = await opened();
    const former = ports.ids.leadId('former@example.com');
    await ports.aliases.put(former, leadId);
    const to = new URL((await send('away', { ...answers, email: 'former@example.com' })).headers.get('location') ?? '');
    const token = to.searchParams.get('bt') ?? '';
    expect(ports.links.verify('visit', token, start)?.leadId).toBe(former);
    await visit({ t: token, p: '/pricing', i: 'abcdefgh1' });
    await advance('1 minute');
    expect((await ports.events.ofLead(leadId)).map((it) => it.name)).toContain('visited');
  });

  it('is taken as JSON and in both encodings of browsers', async () => {
    const { send, leadOf, app } = await opened();
    await send('demo', JSON.stringify(answers), { 'content-type': 'application/json', origin: site });
    expect(await leadOf('ana@example.com')).toBeDefined();
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...answers, email: 'bo@example.com' })) body.set(name, value);
    body.set('company', new File(['x'], 'x.txt'));
    expect((await app.request('/f/demo', { method: 'POST', body })).status).toBe(200);
    expect((await leadOf('bo@example.com'))?.fields).toEqual({ 'first-name': 'Ana' });
  });

  it('stands in HTML with labels, without its trap in sight, and nothing breaks out of it', () => {
    const html = formHtml(form, 'https://go.example.com/f/demo');
    expect(html).toContain('First &lt;name&gt;');
    expect(html).toMatch(/<p hidden aria-hidden="true"><input name="website" tabindex="-1"/);
    expect(html.match(/<label>/g)).toHaveLength(4);
    expect(html).not.toContain('<script');
    expect(formHtml({ ...form, leastSeconds: 4, button: 'Los', emailLabel: 'Ihre <Adresse>' }, 'x')).toMatch(
      /Ihre &lt;Adresse&gt;.*Los.*name="baton-seconds".*<script>/s,
    );
  });

  const fuzzed = Number(process.env.BATON_FUZZ_BODIES ?? 2000);
  it('of any content gets an answer, and leaves nobody’s data in the log or on the queue', async () => {
    const world = await opened();
    const seen: Record<string, number> = {};
    const person = 'zoe.private@secret.example';
    const answer = fc.dictionary(
      fc.constantFrom('email', 'first-name', 'company', 'consent', 'website', '__proto__', 'x'),
      fc.oneof(fc.constantFrom(person, 'Zoe Private', '=1+1', ''), fc.string()),
    );
    const sent = fc.oneof(
      { weight: 3, arbitrary: answer.map((it) => [new URLSearchParams(it).toString(), 'application/x-www-form-urlencoded'] as const) },
      { weight: 2, arbitrary: answer.map((it) => [JSON.stringify(it), 'application/json'] as const) },
      fc.tuple(
        fc.oneof(fc.json(), fc.string()),
        fc.constantFrom('application/json', 'multipart/form-data; boundary=x', 'multipart/form-data', 'text/plain', ''),
      ),
    );
    let leads = 0;
    await fc.assert(
      fc.asyncProperty(sent, fc.constantFrom('/f/demo', '/f/away', '/f/nope', '/t'), async ([body, type], path) => {
        const headers = { origin: site, ...(type !== '' && { 'content-type': type }) };
        const { status } = await world.app.request(path, { method: 'POST', body, headers });
        seen[status] = (seen[status] ?? 0) + 1;
        expect(status).toBeLessThan(500);
        leads += status === 303 || status === 200 ? 1 : 0;
        if (leads % 50 === 49) await world.advance('1 hour');
      }),
      { numRuns: fuzzed, endOnFailure: fuzzed > 5000 },
    );
    console.info(`forms and visits: ${fuzzed} bodies, answers ${JSON.stringify(seen)}`);
    const told = [...world.lines, ...world.queues.messagesIn('events').map((it) => it.body)].join('\n');
    expect(told).not.toMatch(/zoe|private|secret\.example/i);
    expect(leads).toBeGreaterThan(fuzzed / 50);
  }, 3_600_000);
});
