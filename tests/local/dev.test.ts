import { afterEach, describe, expect, it } from 'vitest';
import type { LeadDetail, LeadList, MailDetail, MailList, SequenceView, Status, TaskView } from '#local/dev/api';
import { openDevWorld } from '#local/dev/dev-world';
import { type Driver, startDriver } from '#local/dev/driver';
import { devServer } from '#local/dev/server';
import { liveConfig, nurture, nurtureSequence } from '#tests/helpers/protocol-sequence';

const startAt = '2026-03-23T13:00:00.000Z';
const page = { html: '<!doctype html><title>page</title>', script: '', style: '' };
const running: Driver[] = [];

afterEach(async () => {
  for (const driver of running.splice(0)) await driver.stop();
});

const aServer = async () => {
  const dev = await openDevWorld({
    compiled: [{ sequence: nurtureSequence, compiled: nurture() }],
    live: liveConfig,
    folder: undefined,
    stack: 'memory',
    startAt,
    sample: { file: 'examples/leads.csv', list: 'webinar' },
    seed: 'dev test',
  });
  const driver = startDriver(dev, dev.world.journal.map('dev-driver'));
  running.push(driver);
  const app = devServer(dev, driver, page);
  const get = async <T>(path: string) => (await (await app.request(`/api${path}`)).json()) as T;
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(`/api${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });
  const settled = async () => {
    for (let look = 0; look < 600; look++) {
      const status = await get<Status>('/status');
      if (status.runningTo === undefined) return status;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('it never came to rest');
  };
  const ahead = async (seconds?: number) => {
    await post('/ahead', seconds === undefined ? {} : { seconds });
    return settled();
  };
  const addKim = async () => {
    const lead = {
      email: 'Kim@Example.com',
      fields: { 'first-name': 'Kim', employees: '120' },
      topics: ['tips'],
      start: { event: 'trial.started' },
    };
    expect((await post('/leads', lead)).status).toBe(200);
    const { leads } = await get<LeadList>('/leads');
    return leads[0]?.leadId ?? '';
  };
  const firstMail = async () => (await get<MailList>('/mails')).mails[0]?.messageId ?? '';
  return { app, dev, driver, get, post, ahead, addKim, firstMail };
};

describe('baton dev, played by hand', () => {
  it('takes a lead in, sends it the first mail, and shows both', async () => {
    const { get, addKim, firstMail } = await aServer();
    const leadId = await addKim();
    const lead = await get<LeadDetail>(`/leads/${leadId}`);
    expect(lead).toMatchObject({ email: 'kim@example.com', name: 'Kim', actsAlone: false, where: 'nurture, at settle' });
    const mail = await get<MailDetail>(`/mails/${await firstMail()}`);
    expect(mail).toMatchObject({ to: 'kim@example.com', step: 'welcome', leadId, canLeave: true });
    expect(mail.headers.map((it) => it.name)).toEqual(['List-Unsubscribe', 'List-Unsubscribe-Post']);
    expect(lead.timeline.map((it) => it.what)).toEqual(expect.arrayContaining(['entered nurture', 'became known']));
  });

  it('tells of what the reader does, on the mail and on the lead', async () => {
    const { get, post, addKim, firstMail, ahead } = await aServer();
    const leadId = await addKim();
    await ahead(60);
    const id = await firstMail();
    expect((await post(`/mails/${id}/act`, { do: 'open' })).status).toBe(200);
    await post(`/mails/${id}/act`, { do: 'click', link: 'https://example.com/a' });
    await post(`/leads/${leadId}/act`, { visit: '/pricing' });
    const { events } = await get<MailDetail>(`/mails/${id}`);
    expect(events.map((it) => it.kind)).toEqual(['sent', 'delivered', 'opened', 'clicked']);
    const { timeline } = await get<LeadDetail>(`/leads/${leadId}`);
    const what = timeline.map((it) => it.what);
    expect(what).toEqual(
      expect.arrayContaining(['opened “welcome”', 'followed a link in “welcome”', 'looked at /pricing', 'got “welcome”']),
    );
  });

  it('stops at once when the reader leaves, and says why', async () => {
    const { get, post, addKim, firstMail, ahead } = await aServer();
    const leadId = await addKim();
    await post(`/mails/${await firstMail()}/act`, { do: 'unsubscribe' });
    await ahead(10 * 86_400);
    const { timeline, next } = await get<LeadDetail>(`/leads/${leadId}`);
    expect(timeline.find((it) => it.what === 'nurture was stopped')?.why).toBe('the lead left this topic');
    expect(next).toEqual([]);
    expect((await get<MailList>('/mails')).total).toBe(1);
  });

  it('draws the sequence with its counts', async () => {
    const { get, addKim, ahead } = await aServer();
    await addKim();
    await ahead(86_400);
    await new Promise((resolve) => setTimeout(resolve, 1600));
    const [view] = await get<readonly SequenceView[]>('/sequences');
    expect(view).toMatchObject({ sequence: 'nurture', entered: 1, running: 1 });
    expect(view?.svg).toContain('1 sent · 0 opened · 0 clicked');
    expect(view?.svg).toContain('1 came · 1 here now');
  });

  it('goes to the next thing that happens, and stands still when there is none', async () => {
    const { post, ahead, addKim } = await aServer();
    expect((await post('/ahead', {})).status).toBe(400);
    await addKim();
    const before = (await ahead(60)).now;
    expect((await ahead()).now > before).toBe(true);
  });

  it('refuses what makes no sense, in words, and leaves everything as it was', async () => {
    const { get, post, addKim } = await aServer();
    const leadId = await addKim();
    const before = await get<Status>('/status');
    expect(await (await post('/leads', { email: 'nobody', fields: {}, topics: [] })).json()).toEqual({
      error: 'this is not an e-mail address',
    });
    for (const [path, body] of [
      ['/speed', { speed: 'fast' }],
      ['/mails/none/act', { do: 'open' }],
      [`/leads/${leadId}/act`, { event: 'Not An Event' }],
      ['/leads/none/act', { visit: '/' }],
      ['/ahead', { seconds: -1 }],
    ] as const) {
      expect(`${path} ${(await post(path, body)).status}`).toBe(`${path} 400`);
    }
    expect(await get<Status>('/status')).toEqual(before);
    expect((await get<{ error?: string }>('/leads/none')).error).toBeDefined();
  });
});

describe('the server', () => {
  it('changes nothing on GET and takes no form from another site', async () => {
    const { app, get, addKim, firstMail } = await aServer();
    await addKim();
    const before = await get<Status>('/status');
    for (const path of ['/api/import', '/api/ahead', `/api/mails/${await firstMail()}/act`])
      expect((await app.request(path)).status).toBeGreaterThanOrEqual(200);
    const form = {
      method: 'POST',
      body: '{"people":true}',
      headers: { 'content-type': 'text/plain', origin: 'https://elsewhere.example' },
    };
    expect((await app.request('/api/import', form)).status).toBe(403);
    expect(await get<Status>('/status')).toEqual(before);
  });

  it('shows a mail without letting it do anything', async () => {
    const { app, addKim, firstMail } = await aServer();
    await addKim();
    const shown = await app.request(`/api/mails/${await firstMail()}/html`);
    expect(shown.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
  });

  it('serves the pages that leads reach, and takes events as the API does', async () => {
    const { app, dev, get, addKim } = await aServer();
    const leadId = await addKim();
    const { pathname } = new URL(dev.world.mail.mails()[0]?.headers[0]?.value.slice(1, -1) ?? '');
    expect(await (await app.request(pathname)).text()).toContain('<form method="post">');
    const events = [{ id: 'x-1', name: 'visited', path: '/pricing', at: startAt, email: 'kim@example.com' }];
    const headers = { authorization: 'Bearer the-API-key-of-the-embedded-runtime-not-a-secret', 'content-type': 'application/json' };
    expect((await app.request('/events', { method: 'POST', body: JSON.stringify({ events }), headers })).status).toBe(202);
    expect((await app.request(pathname, { method: 'POST', body: 'List-Unsubscribe=One-Click' })).status).toBe(200);
    expect((await get<LeadDetail>(`/leads/${leadId}`)).consents[0]).toMatchObject({ given: false });
  });
});

describe('a whole list', () => {
  it('plays itself', async () => {
    const { get, post, ahead } = await aServer();
    await post('/import', { people: true });
    await ahead(60);
    expect((await get<Status>('/status')).leads).toBe(300);
    await ahead(3 * 86_400);
    const { total, leads } = await get<LeadList>('/leads?search=gmail');
    expect(leads.length).toBe(Math.min(50, total));
    expect(await get<readonly TaskView[]>('/tasks')).toEqual(expect.any(Array));
    expect((await get<Status>('/status')).sample.imported).toBe(true);
  });
});
