import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterEach, describe, expect, it } from 'vitest';
import { devDeadLetters } from '#cli/redrive/dev';
import { showDead } from '#cli/redrive/letters';
import type { LiveConfig } from '#core/config';
import type { LeadList, LeadView, OperationsView, SearchAnswer, SequenceList, SequenceView } from '#core/console/views';
import type { Explanation } from '#core/explain/explanation';
import { addSeconds, type Instant } from '#core/instant';
import { confirmationSequences } from '#core/sequences/confirmation';
import type { MailDetail, MailList, Speed, Status } from '#local/dev/api';
import { openDevWorld } from '#local/dev/dev-world';
import { type Driver, startDriver } from '#local/dev/driver';
import { devServer } from '#local/dev/server';
import { openJournal } from '#local/journal';
import { testKeys } from '#local/settings';
import { confirmations, liveConfig, nurture, nurtureSequence } from '#tests/helpers/protocol-sequence';

const startAt = '2026-03-23T13:00:00.000Z';
const page = { html: '<!doctype html><title>page</title>', files: {} };
const running: Driver[] = [];

afterEach(async () => {
  for (const driver of running.splice(0)) await driver.stop();
});

type Given = {
  readonly people?: boolean;
  readonly file?: string;
  readonly folder?: string;
  readonly speed?: Speed;
  readonly live?: LiveConfig;
  readonly from?: Instant;
};

const germanyConfirms: LiveConfig = {
  ...liveConfig,
  brand: { ...liveConfig.brand, consent: { ...liveConfig.brand.consent, doubleOptIn: ['DE'] } },
};

const oncePerDay = {
  ...liveConfig.scoring.engagement,
  rules: liveConfig.scoring.engagement.rules.map((it) => ({ ...it, points: 5, atMostPerDay: 1 })),
};

/** As a deployment has them beside the marketer's. */
const confirming = (live: LiveConfig) => {
  const compiled = confirmations(live);
  return live === liveConfig
    ? []
    : confirmationSequences(live.brand).flatMap((sequence, at) => (compiled[at] ? [{ sequence, compiled: compiled[at] }] : []));
};

const aServer = async ({
  people = true,
  file = 'examples/leads.csv',
  folder,
  speed = 'paused',
  live = liveConfig,
  from = startAt,
}: Given = {}) => {
  const wall = { at: Date.parse(from) };
  const dev = await openDevWorld({
    compiled: [{ sequence: nurtureSequence, compiled: nurture() }, ...confirming(live)],
    live,
    folder,
    stack: 'memory',
    startAt: from,
    sample: { file, list: 'webinar' },
    people,
    seed: 'dev test',
  });
  const driver = startDriver(dev, dev.world.journal.map('dev-driver'), { speed, wallClock: () => wall.at });
  running.push(driver);
  const app = devServer(dev, driver, page);
  const get = async <T>(path: string) => (await (await app.request(`/api${path}`)).json()) as T;
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(`/api${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });
  /** The console's own JSON, as its page asks for it. */
  const look = async <T>(path: string) => (await (await app.request(`/console/api${path}`)).json()) as T;
  const ask = (path: string, body: unknown) =>
    app.request(`http://localhost/console/api${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', origin: 'http://localhost' },
    });
  const leadOf = async (email: string) => ((await (await ask('/leads/search', { email })).json()) as SearchAnswer).leadId;
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
    return leadOf('kim@example.com');
  };
  const firstMail = async () => (await get<MailList>('/mails')).mails[0]?.messageId ?? '';
  return { app, dev, driver, wall, get, post, look, ask, leadOf, ahead, addKim, firstMail };
};

describe('baton dev, played by hand', () => {
  it('shows the lead that stays for one that went into it', async () => {
    const { app, dev, look, addKim } = await aServer();
    const gone = await addKim();
    await look<LeadView>(`/leads/${gone}`);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${testKeys.api.local}` };
    const post = (path: string, body: object) => app.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
    await post('/leads', { list: 'spring', leads: [{ email: 'kim@new.example' }] });
    const changes = [{ from: 'kim@new.example', to: 'kim@example.com' }];
    expect(await (await post('/addresses', { changes })).json()).toMatchObject({ merged: 1 });
    const lead = await look<LeadView>(`/leads/${gone}`);
    expect(lead).toMatchObject({ leadId: dev.world.ports.ids.leadId('kim@new.example'), email: 'kim@example.com', name: 'Kim' });
    expect((await look<LeadList>('/leads')).leads.map((it) => it.leadId)).toEqual([lead.leadId]);
  });

  it('takes a lead in, sends it the first mail, and shows both', async () => {
    const { dev, get, look, addKim, firstMail } = await aServer();
    const leadId = await addKim();
    const lead = await look<LeadView>(`/leads/${leadId}`);
    expect(lead).toMatchObject({ email: 'kim@example.com', name: 'Kim', runs: [{ sequence: 'nurture', step: 'settle' }] });
    expect(dev.actsAlone(leadId)).toBe(false);
    const mail = await get<MailDetail>(`/mails/${await firstMail()}`);
    expect(mail).toMatchObject({ to: 'kim@example.com', step: 'welcome', leadId, leavePath: expect.stringMatching(/^\/u\//) });
    expect(mail.headers.map((it) => it.name)).toEqual(['List-Unsubscribe', 'List-Unsubscribe-Post']);
    expect(lead.timeline.map((it) => it.what)).toEqual(expect.arrayContaining(['entered nurture', 'became known']));
  });

  it('asks a lead to confirm whose country wants it, as an import does, and keeps the proof', async () => {
    const { dev, get, post, firstMail } = await aServer({ live: germanyConfirms });
    const lead = { email: 'ruby@hillview.example', fields: { country: 'de', employees: '120' }, topics: ['tips'] };
    expect((await post('/leads', lead)).status).toBe(200);
    expect(await get<MailDetail>(`/mails/${await firstMail()}`)).toMatchObject({ to: 'ruby@hillview.example', step: 'ask' });
    const leadId = dev.world.ports.ids.leadId('ruby@hillview.example');
    expect((await dev.profiles.of(leadId)).lead?.fields).toEqual({ country: 'DE', employees: 120 });
  });

  it('says why something earned no points, and what is missing', async () => {
    const live: LiveConfig = { ...liveConfig, scoring: { ...liveConfig.scoring, engagement: oncePerDay } };
    const { look, post, addKim } = await aServer({ live });
    const leadId = await addKim();
    for (let visit = 0; visit < 2; visit++) await post(`/leads/${leadId}/act`, { visit: '/pricing' });
    const { score } = await look<LeadView>(`/leads/${leadId}`);
    expect(score.words.slice(0, 2)).toEqual(['fit 0, engagement 5: not enough for sales', 'missing: 25 more points of engagement']);
    expect(score.lines.map(({ points, why }) => [points, why])).toEqual([
      [0, 'counted often enough that day'],
      [5, ''],
    ]);
  });

  it('says what is wrong with a lead that is typed in', async () => {
    const { dev, post } = await aServer();
    const answer = await post('/leads', { email: 'ruby@hillview.example', fields: { country: 'ZZ' }, topics: [] });
    expect(await answer.json()).toEqual({ error: 'country: a country is two letters, such as DE' });
    expect(dev.leads.size).toBe(0);
  });

  it('gives a mail as a whole message for other mail programs', async () => {
    const { app, addKim, firstMail } = await aServer();
    await addKim();
    const response = await app.request(`/api/mails/${await firstMail()}/eml`);
    expect(response.headers.get('content-type')).toBe('message/rfc822');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="local-\d+\.eml"$/);
    const message = await PostalMime.parse(await response.arrayBuffer());
    expect(message).toMatchObject({ subject: 'Hello', to: [{ address: 'kim@example.com' }], text: expect.stringContaining('Hello.') });
    expect((await app.request('/api/mails/none/eml')).status).toBe(404);
  });

  it('tells of what the reader does, on the mail and on the lead', async () => {
    const { get, look, post, addKim, firstMail, ahead } = await aServer();
    const leadId = await addKim();
    await ahead(60);
    const id = await firstMail();
    expect((await post(`/mails/${id}/act`, { do: 'open' })).status).toBe(200);
    await post(`/mails/${id}/act`, { do: 'click', link: 'https://example.com/a' });
    await post(`/leads/${leadId}/act`, { visit: '/pricing' });
    const { events } = await get<MailDetail>(`/mails/${id}`);
    expect(events.map((it) => it.kind).filter((it) => it !== 'sent')).toEqual(['delivered', 'opened', 'clicked']);
    const { timeline } = await look<LeadView>(`/leads/${leadId}`);
    const what = timeline.map((it) => it.what);
    expect(what).toEqual(
      expect.arrayContaining(['opened “welcome”', 'followed a link in “welcome”', 'looked at /pricing', 'got “welcome”, which arrived']),
    );
  });

  it('stops at once when the reader leaves, and says why', async () => {
    const { get, look, post, addKim, firstMail, ahead } = await aServer();
    const leadId = await addKim();
    await post(`/mails/${await firstMail()}/act`, { do: 'unsubscribe' });
    await ahead(10 * 86_400);
    const { timeline, next } = await look<LeadView>(`/leads/${leadId}`);
    expect(timeline.find((it) => it.what === 'nurture was stopped')?.why).toBe('the lead left this topic');
    expect(next).toEqual([]);
    expect((await get<MailList>('/mails')).total).toBe(1);
  });

  it('explains a lead as `baton explain` does, by its address or its id, and changes nothing by that', async () => {
    const { app, get, addKim } = await aServer();
    const leadId = await addKim();
    const { revision } = await get<Status>('/status');
    const explained = await get<Explanation>(`/explain?lead=${encodeURIComponent('Kim@Example.com')}&sequence=nurture`);
    expect(explained).toMatchObject({ leadId, zone: { zone: 'Europe/Dublin', because: 'brand' } });
    expect(explained.next[0]).toMatchObject({ at: '2026-03-25T13:00:00.000Z', what: 'nurture: “settle” is over' });
    expect((await get<Explanation>(`/explain?lead=${leadId}&day=2026-03-24`)).day?.because[0]?.what).toBe(
      'nurture: no e-mail is known to be due',
    );
    expect(await get('/explain?lead=nobody@example.com')).toEqual({ error: 'there is no lead nobody@example.com' });
    expect((await app.request('/api/explain?lead=x&day=24.3.')).status).toBe(400);
    expect((await get<Status>('/status')).revision).toBe(revision);
  });

  it('draws the sequence with its counts', async () => {
    const { look, addKim, ahead } = await aServer();
    await addKim();
    await ahead(86_400);
    expect((await look<SequenceList>('/sequences')).sequences).toMatchObject([{ sequence: 'nurture', runs: { entered: 1, running: 1 } }]);
    const { diagram } = await look<SequenceView>('/sequences/nurture');
    expect(diagram.nodes.find((it) => it.id === 'welcome')?.mails).toMatchObject({ sent: 1, opened: 0, clicked: 0 });
    expect(diagram.nodes.find((it) => it.id === 'settle')).toMatchObject({ came: 1, here: 1 });
  });

  it('pauses a sequence by hand, shows it at once, and lets it go on', async () => {
    const { get, look, ask, addKim, ahead } = await aServer();
    const shown = async () => (await look<SequenceList>('/sequences')).sequences[0];
    expect((await shown())?.paused).toBeUndefined();
    const before = await get<Status>('/status');
    expect(before.paused).toEqual([]);
    expect((await ask('/sequences/nurture/pause', { why: 'the price list is wrong' })).status).toBe(200);
    expect((await shown())?.paused).toMatchObject({ at: startAt, byItself: false, why: 'the price list is wrong' });
    const paused = await get<Status>('/status');
    expect(paused.paused).toEqual(['nurture']);
    expect(paused.revision).toBeGreaterThan(before.revision);
    await addKim();
    await ahead(86_400);
    expect((await get<MailList>('/mails')).total).toBe(0);
    expect((await ask('/sequences/nurture/pause', {})).status).toBe(422);
    expect((await ask('/sequences/nurture/resume', {})).status).toBe(200);
    expect((await shown())?.paused).toBeUndefined();
    await ahead(12 * 3600);
    expect((await get<MailList>('/mails')).total).toBe(1);
    expect((await ask('/sequences/nobody/pause', { why: 'a test' })).status).toBe(404);
  });

  it('goes to the next thing that happens, and stands still when there is none', async () => {
    const { post, ahead, addKim } = await aServer();
    expect((await post('/ahead', {})).status).toBe(400);
    await addKim();
    const before = (await ahead(60)).now;
    expect((await ahead()).now > before).toBe(true);
  });

  it('refuses what makes no sense, in words, and leaves everything as it was', async () => {
    const { get, look, post, addKim } = await aServer();
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
    expect((await look<{ error?: string }>('/leads/none')).error).toBeDefined();
  });
});

describe('what a reader does twice', () => {
  it('counts twice, also while the clock stands', async () => {
    const { get, look, post, addKim, firstMail } = await aServer();
    const leadId = await addKim();
    const id = await firstMail();
    for (const link of ['https://example.com/a', 'https://example.com/b']) await post(`/mails/${id}/act`, { do: 'click', link });
    const clicks = (await get<MailDetail>(`/mails/${id}`)).events.filter((it) => it.kind === 'clicked');
    expect(clicks.map((it) => it.link)).toEqual(['https://example.com/a', 'https://example.com/b']);
    const { timeline } = await look<LeadView>(`/leads/${leadId}`);
    expect(timeline.filter((it) => it.what.endsWith('followed a link in “welcome”'))).toHaveLength(2);
  });

  it('adds up when it is a jump ahead', async () => {
    const { get, post, addKim, ahead } = await aServer();
    await addKim();
    await post('/ahead', { seconds: 3600 });
    await ahead(3600);
    expect((await get<Status>('/status')).now).toBe(addSeconds(startAt, 7200));
  });
});

describe('the clock', () => {
  const until = async (isSo: () => boolean) => {
    for (let look = 0; look < 200 && !isSo(); look++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isSo()).toBe(true);
  };

  it('counts at night and mails the digest, at whatever hour it was begun', async () => {
    const sales = { ...liveConfig.sales, digest: { to: ['both@teams.example'], weekday: 1, minute: 8 * 60 } };
    const { look, get, ahead } = await aServer({ from: '2026-03-23T01:31:00.000Z', live: { ...liveConfig, sales } });
    await ahead(9 * 86_400);
    expect((await look<OperationsView>('/operations')).recount.asOf).toMatch(/^2026-03-3/);
    expect((await get<MailList>('/mails?search=both@')).mails.map((it) => it.at.slice(0, 10))).toEqual(['2026-03-31', '2026-03-24']);
  });

  it('keeps to real time, also after a jump ahead', async () => {
    const { dev, driver, wall, ahead, post } = await aServer({ speed: 'real' });
    wall.at += 5000;
    await until(() => dev.world.clock.now() === addSeconds(startAt, 5));
    await ahead(86_400);
    wall.at += 3000;
    await until(() => dev.world.clock.now() >= addSeconds(startAt, 86_400 + 8));
    expect(driver.speed()).toBe('real');
    await post('/speed', { speed: 'paused' });
    wall.at += 60_000;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(dev.world.clock.now()).toBe(addSeconds(startAt, 86_400 + 8));
  });

  it('stands after a restart where it stood, and catches up in real time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'baton-dev-clock-'));
    const first = await aServer({ folder });
    await first.ahead(600);
    await first.driver.stop();
    await first.dev.world.stop();
    const second = await aServer({ folder });
    expect(second.dev.world.clock.now()).toBe(addSeconds(startAt, 600));
    await second.post('/speed', { speed: 'real' });
    await second.driver.stop();
    await second.dev.world.stop();
    const third = await aServer({ folder });
    third.wall.at += 7_200_000;
    await until(() => third.dev.world.clock.now() >= addSeconds(startAt, 600 + 7200));
    expect(third.driver.speed()).toBe('real');
    await third.driver.stop();
    await third.dev.world.stop();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('a message that nobody can handle', () => {
  it('is shown by baton redrive once baton dev is stopped, with the error that it died of, and comes again after a redrive', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'baton-dev-dead-'));
    const first = await aServer({ folder });
    first.dev.world.queues.sendMessage('wake', '{"wrong":1}');
    await first.ahead(2 * 3600);
    await first.driver.stop();
    await first.dev.world.stop();
    const journal = openJournal(`${folder}/journal`);
    const dead = devDeadLetters(journal, first.dev.world.clock);
    const [shown] = await showDead(dead, await dead.queues(), 20);
    expect(shown).toMatchObject({ queue: 'wake', count: 1, handler: 'wake', letters: [{ receives: 20, error: '$ZodError' }], notes: [] });
    expect(await dead.moveAll('wake')).toEqual({ outcome: 'moved', count: 1 });
    journal.close();
    const second = await aServer({ folder });
    await second.ahead(60);
    expect(second.dev.world.queues.messagesIn('wake')).toMatchObject([{ body: '{"wrong":1}', receives: 1 }]);
    await second.driver.stop();
    await second.dev.world.stop();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('the server', () => {
  it('answers to no other name, no other site and nothing but JSON', async () => {
    const { app, get, addKim } = await aServer();
    await addKim();
    const before = await get<Status>('/status');
    const ask = async (url: string, headers: Record<string, string>) =>
      (await app.request(url, { method: 'POST', body: '{"speed":"day"}', headers })).status;
    const json = { 'content-type': 'application/json' };
    expect((await app.request('http://rebound.example:4400/api/status')).status).toBe(403);
    expect(await ask('http://rebound.example/api/speed', { ...json, origin: 'http://rebound.example' })).toBe(403);
    expect(await ask('/api/speed', { ...json, origin: 'http://localhost:8080' })).toBe(403);
    expect(await ask('/api/speed', { ...json, origin: 'null' })).toBe(403);
    expect(await ask('/api/speed', { ...json, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await ask('/api/speed', { 'content-type': 'text/plain' })).toBe(415);
    expect(await get<Status>('/status')).toEqual(before);
    expect(await ask('/api/speed', { ...json, origin: 'http://localhost', 'sec-fetch-site': 'same-origin' })).toBe(200);
  });

  it('changes nothing on GET and takes no form from another site', async () => {
    const { app, get, addKim, firstMail } = await aServer();
    await addKim();
    const before = await get<Status>('/status');
    for (const path of ['/api/import', '/api/ahead', '/console/api/sequences/nurture/pause', `/api/mails/${await firstMail()}/act`])
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

  it('serves the pages that leads reach, and takes events and suppressions as the API does', async () => {
    const { app, dev, look, addKim } = await aServer();
    const leadId = await addKim();
    const { pathname } = new URL(dev.world.mail.mails()[0]?.headers[0]?.value.slice(1, -1) ?? '');
    expect(await (await app.request(pathname)).text()).toContain('<form method="post">');
    const cutOff = await app.request('/u/cut-off', { headers: { 'accept-language': 'de-CH,de;q=0.9' } });
    expect(await cutOff.text()).toContain('<html lang="de-CH">');
    const events = [{ id: 'x-1', name: 'visited', path: '/pricing', at: startAt, email: 'kim@example.com' }];
    const headers = { authorization: 'Bearer the-API-key-of-the-embedded-runtime-not-a-secret', 'content-type': 'application/json' };
    expect((await app.request('/events', { method: 'POST', body: JSON.stringify({ events }), headers })).status).toBe(202);
    expect((await app.request('/suppressions', { method: 'POST', body: JSON.stringify({ declined: 'a trial' }), headers })).status).toBe(
      202,
    );
    expect((await app.request(pathname, { method: 'POST', body: 'List-Unsubscribe=One-Click' })).status).toBe(200);
    expect((await look<LeadView>(`/leads/${leadId}`)).consents[0]).toMatchObject({ state: 'refused' });
  });
});

describe('a whole list', () => {
  it('waits for the player when nobody acts alone', async () => {
    const { dev, get, post, ahead } = await aServer({ people: false });
    await post('/import', { people: true });
    await ahead(3 * 86_400);
    const { mails } = await get<MailList>('/mails');
    expect(mails.filter((it) => it.opened)).toEqual([]);
    expect(dev.leads.size).toBe(300);
    expect([...dev.leads.entries()].filter(([leadId]) => dev.actsAlone(leadId))).toEqual([]);
  });

  it('comes in once, and says so when its file is not there', async () => {
    const { get, post, ahead } = await aServer();
    expect((await post('/import', { people: true })).status).toBe(200);
    expect((await post('/import', { people: true })).status).toBe(400);
    await ahead(60);
    expect((await get<Status>('/status')).sample).toMatchObject({ importing: false, imported: true });
    const without = await aServer({ file: 'no-such.csv' });
    expect(await (await without.post('/import', { people: true })).json()).toEqual({
      error: 'there is no file no-such.csv; name one with --leads',
    });
    expect((await without.look<OperationsView>('/operations')).deadLetters).toEqual([]);
  });

  it('plays itself', async () => {
    const { get, look, post, ahead, leadOf } = await aServer();
    await post('/import', { people: true });
    await ahead(60);
    expect((await get<Status>('/status')).leads).toBe(300);
    await ahead(3 * 86_400);
    const { choices, leads, total } = await look<LeadList>('/leads');
    expect(leads).toHaveLength(25);
    expect(choices.stages.reduce((sum, it) => sum + (it.leads ?? 0), 0)).toBe(300);
    const { email } = await look<LeadView>(`/leads/${leads[0]?.leadId}`);
    expect(await leadOf(email)).toBe(leads[0]?.leadId);
    expect(total).toBeGreaterThan(25);
    expect((await get<Status>('/status')).sample.imported).toBe(true);
  });
});
