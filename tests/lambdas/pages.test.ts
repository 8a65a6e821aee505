import { describe, expect, it } from 'vitest';
import { aWorld } from '#tests/helpers/world';

const linkOf = (world: Awaited<ReturnType<typeof aWorld>>) => {
  const header = world.mail.mails()[0]?.headers.find((it) => it.name === 'List-Unsubscribe')?.value ?? '';
  return new URL(header.slice(1, -1)).pathname;
};

const enrolled = async () => {
  const world = await aWorld();
  await world.did('trial.started');
  return { world, link: linkOf(world) };
};

describe('the unsubscribe link of a mail', () => {
  it('stands in the headers as RFC 8058 wants it, and visibly in the mail', async () => {
    const { world, link } = await enrolled();
    const [mail] = world.mail.mails();
    expect(mail?.headers).toEqual([
      { name: 'List-Unsubscribe', value: `<https://go.example.com${link}>` },
      { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
    ]);
    expect(mail?.html).toContain(link);
    expect(mail?.text).toContain(link);
  });

  it.each(['GET', 'HEAD'])('changes nothing on %s, whoever asks and however often', async (method) => {
    const { world, link } = await enrolled();
    for (let time = 0; time < 3; time++)
      expect((await world.app.request(link, { method, headers: { 'user-agent': 'Mail Scanner' } })).status).toBe(200);
    expect(await world.ports.suppressions.ofLead(world.leadId)).toEqual([]);
    expect((await world.ports.leads.find(world.leadId))?.consents.tips?.given).toBe(true);
    expect(world.queues.messagesIn('wake')).toHaveLength(0);
  });

  it('shows a page with one button that posts, and nothing from elsewhere', async () => {
    const { world, link } = await enrolled();
    const response = await world.app.request(link);
    const page = await response.text();
    expect(page).toContain('<form method="post">');
    expect(page).toContain('Tips');
    expect(page).not.toMatch(/src=|https?:\/\/|<script/);
    expect(page).not.toContain('kim@example.com');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['urlencoded', { body: 'List-Unsubscribe=One-Click', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    [
      'multipart',
      {
        body: '--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      },
    ],
    ['no body', {}],
    ['a broken body', { body: '\u0000{', headers: { 'content-type': 'application/json' } }],
    ['a cookie and a referrer', { headers: { cookie: 'a=b', referer: 'https://mail.example' } }],
  ])('acts at once on POST with %s, and ends every run of the topic', async (_, request) => {
    const { world, link } = await enrolled();
    const response = await world.app.request(link, { method: 'POST', ...request });
    expect(response.status).toBe(200);
    expect(response.redirected).toBe(false);
    await world.runUntil(world.clock.now());
    expect(await world.run()).toMatchObject({ ending: 'stopped', stop: { reason: 'unsubscribed' } });
    await world.advance('30 days');
    expect(world.sent()).toEqual(['welcome']);
  });

  it('may be pressed twice', async () => {
    const { world, link } = await enrolled();
    await world.app.request(link, { method: 'POST' });
    await world.advance('1 hour');
    expect((await world.app.request(link, { method: 'POST' })).status).toBe(200);
    expect(await world.ports.suppressions.ofLead(world.leadId)).toMatchObject([{ scope: 'TOPIC#tips', reason: 'unsubscribed' }]);
  });

  it('outlives a new import: who left stays out', async () => {
    const { world, link } = await enrolled();
    await world.app.request(link, { method: 'POST' });
    await world.advance('1 day');
    const consents = { tips: { given: true, at: world.clock.now(), source: 'old list' } };
    await world.ports.leads.upsert({ leadId: world.leadId, email: world.email, fields: {}, consents }, world.clock.now());
    await world.advance('60 days');
    await world.did('trial.started');
    expect(world.sent()).toEqual(['welcome']);
  });

  it.each(['/u/', '/u/forged', '/u/local.e30.AAAA', '/nowhere', `/u/${'x'.repeat(5000)}`])(
    'says that %s is no link of ours',
    async (path) => {
      const { world } = await enrolled();
      for (const method of ['GET', 'POST']) {
        const response = await world.app.request(path, { method });
        expect(response.status).toBe(404);
        expect(await response.text()).toContain('This link does not work');
      }
      expect(await world.ports.suppressions.ofLead(world.leadId)).toEqual([]);
    },
  );

  it('answers 503 when the wake cannot be queued, so that the press is repeated', async () => {
    const { world, link } = await enrolled();
    const { pages } = await import('#lambdas/api/pages');
    const broken = { ...world.ports, wakeQueue: { push: () => Promise.reject(new Error('no queue')) } };
    const response = await pages(broken).request(link, { method: 'POST' });
    expect(response.status).toBe(503);
    expect((await world.app.request(link, { method: 'POST' })).status).toBe(200);
  });
});
