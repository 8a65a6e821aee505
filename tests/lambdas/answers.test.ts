import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import type { HandoffEvent } from '#core/sales-events-schema';
import type { SlackBlock } from '#core/slack-blocks';
import { explainLead } from '#lambdas/explain-lead';
import { notifySales } from '#lambdas/sales/notify-sales';
import { returnLead } from '#lambdas/sales/return-lead';
import { testKeys } from '#local/settings';
import { aRep, sam } from '#tests/helpers/handoff-world';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aTaskFor } from '#tests/helpers/tasks';
import { aWorld, start } from '#tests/helpers/world';

const taskId = 'task-a';

const handedOff = async (more: Parameters<typeof aTaskFor>[2] = {}, options: Parameters<typeof aWorld>[0] = {}) => {
  const events: HandoffEvent[] = [];
  const posted: (readonly SlackBlock[])[] = [];
  const world = await aWorld({
    onHandoffEvent: (event) => void (event.kind !== 'erased' && events.push(event)),
    onTold: (_channel, _text, blocks = []) => posted.push(blocks),
    ...options,
  });
  const task = await aTaskFor(world, world.leadId, more);
  const link = (rep = 'ben', lasting = 30) =>
    `/a/${world.ports.links.signAnswer({ taskId, rep, expiresAt: new Date(Date.parse(world.clock.now()) + lasting * 86_400_000).toISOString() })}`;
  const press = async (form: Record<string, string>, path = link()) => {
    const response = await world.app.request(path, { method: 'POST', body: new URLSearchParams(form) });
    await world.runUntil(world.clock.now());
    return { status: response.status, page: await response.text() };
  };
  const ask = async (body: object, key: string = testKeys.api.local) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await world.app.request(`/tasks/${taskId}/answers`, { method: 'POST', headers, body: JSON.stringify(body) });
    await world.runUntil(world.clock.now());
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const lead = async () => world.ports.leads.find(world.leadId);
  const read = async () => world.ports.salesTasks.find(taskId);
  const moves = async () => (await world.ports.histories.ofLead(world.leadId)).moves.filter((it) => it.answer);
  return { world, task, link, press, ask, lead, read, moves, events, posted };
};

const moveTo = ({ ports, leadId }: Awaited<ReturnType<typeof handedOff>>['world'], email: string) =>
  ports.formerLeads.absorb(leadId, { email, addressId: ports.ids.leadId(email) }, undefined);

describe('the answer page', () => {
  it('takes a lead on, once, and says so again to who presses again', async () => {
    const { press, lead, read, moves, events } = await handedOff();
    const first = await press({ answer: 'accept' });
    expect(first).toMatchObject({ status: 200, page: expect.stringContaining('You took the lead on') });
    expect(await press({ answer: 'accept' })).toMatchObject({ status: 200, page: expect.stringContaining('You took the lead on') });
    expect(await lead()).toMatchObject({ stage: 'sal' });
    expect(await read()).toMatchObject({ status: 'accepted', applied: 1, answers: [{ answer: 'accept', by: 'ben', via: 'page' }] });
    expect(await moves()).toMatchObject([{ id: 'task-a:accept', to: 'sal', because: 'ben took it on' }]);
    expect(events).toMatchObject([{ kind: 'accepted', id: 'task-a:accepted', rep: 'ben' }]);
  });

  it('tells the second one who answered, and when; the first answer stays', async () => {
    const { press, read, lead } = await handedOff();
    await press({ answer: 'reject', reason: 'wrong-size' });
    const later = await press({ answer: 'accept' });
    expect(later.status).toBe(409);
    expect(later.page).toMatch(/You did not want it: wrong size\. \(Mon 23 March, 14:00\)/);
    expect(await read()).toMatchObject({ status: 'rejected', answers: { length: 1 } });
    expect(await lead()).toMatchObject({ stage: 'lead' });
  });

  it.each([
    [{ answer: 'reject' }, 'Choose a reason'],
    [{ answer: 'reject', reason: 'because' }, 'Choose a reason'],
    [{ answer: 'recycle', reason: 'wrong-time', until: '2026-03-23' }, 'The earliest day is tomorrow, 2026-03-24'],
    [{ answer: 'recycle', reason: 'wrong-time', until: '2028-01-01' }, 'The latest day is 2027-03-03'],
    [{ answer: 'recycle', reason: 'wrong-time', until: 'soon' }, 'Give the day to come back on, as in 2026-03-24'],
    [{ answer: 'recycle', reason: 'wrong-time', until: '2026-02-30' }, 'Give the day'],
  ] as const)('says beside the field what is wrong with %j, keeps what was filled in, and changes nothing', async (given, words) => {
    const form: Record<string, string> = given;
    const { press, read } = await handedOff();
    const { status, page } = await press(form);
    expect(status).toBe(422);
    expect(page).toContain(`<p class="problem"`);
    expect(page).toContain(words);
    if (form.reason === 'wrong-time') expect(page).toMatch(/value="wrong-time" checked/);
    if (form.until) expect(page).toContain(`value="${form.until}"`);
    expect((await read())?.answers).toEqual([]);
  });

  it('says the day that a lead comes back on, and the reason in words', async () => {
    const { press } = await handedOff();
    const { page } = await press({ answer: 'recycle', reason: 'wrong-time', until: '2026-09-01' });
    expect(page).toContain('You gave it back until Tue 1 September: wrong time. (');
  });

  it('says of an answer that is late that it was due', async () => {
    const see = async (seconds: number) => {
      const { world, link } = await handedOff({ acceptBy: addSeconds(start, seconds) });
      return (await world.app.request(link())).text();
    };
    expect(await see(3600)).toContain('<p>Answer by ');
    expect(await see(-3600)).toContain('<p>An answer was due by ');
  });

  it('asks an accepted lead for its end: what it was worth, or why it was lost', async () => {
    const { press, world, link, lead, events, moves } = await handedOff();
    await press({ answer: 'accept' });
    expect(await (await world.app.request(link())).text()).toContain('How did it end?');
    const wrong = await press({ answer: 'won', amount: 'much', currency: '' });
    expect(wrong).toMatchObject({ status: 422 });
    expect(wrong.page).toMatch(/value="much" aria-invalid="true"/);
    const right = await press({ answer: 'won', amount: '12.500,50', currency: 'EUR' });
    expect(right.page).toContain('You won it: EUR 12,500.50');
    expect(await lead()).toMatchObject({ stage: 'won' });
    expect((await moves()).at(-1)).toMatchObject({ answer: { amount: 12500.5, currency: 'EUR', rep: 'ben', taskId } });
    expect(events.at(-1)).toMatchObject({ kind: 'won', amount: 12500.5, currency: 'EUR' });
    expect((await press({ answer: 'lost', reason: 'price' })).page).toContain('You won it');
  });

  it('wins and loses nothing that nobody took on', async () => {
    const { press, read } = await handedOff();
    const { status, page } = await press({ answer: 'won', amount: '1', currency: 'EUR' });
    expect([status, page]).toEqual([409, expect.stringContaining('Take it on first')]);
    expect((await read())?.status).toBe('open');
  });

  it('is bound to the rep: who lost the task hears where it went, and forgers hear nothing', async () => {
    const { press, link, world, read } = await handedOff({ rep: 'ruth' });
    expect((await press({ answer: 'accept' })).page).toContain('is with ruth now');
    expect(await (await world.app.request(link())).text()).toContain('This went to somebody else');
    const forged = await world.app.request(
      link().replace(/.$/, (it) => (it === 'A' ? 'B' : 'A')),
      { method: 'POST' },
    );
    expect(forged.status).toBe(404);
    const other = `/a/${world.ports.links.sign('unsubscribe', { leadId: taskId, topic: 'ben', expiresAt: '2030-01-01T00:00:00.000Z', locale: 'en' })}`;
    expect((await world.app.request(other)).status).toBe(404);
    expect((await read())?.answers).toEqual([]);
  });

  it('offers a new link when it has expired, and sends one a day at most, to the rep alone', async () => {
    const { world, link, press, read } = await handedOff();
    const old = link('ben', -1);
    const shown = await world.app.request(old);
    expect([shown.status, await shown.text()]).toEqual([410, expect.stringContaining('Send me a new link')]);
    expect((await press({ answer: 'accept' }, old)).page).toContain('A new link is on its way');
    await press({}, old);
    expect((await read())?.answers).toEqual([]);
    const mails = world.mail.mails();
    expect(mails.map((it) => it.to)).toEqual(['ben@example.com']);
    const path = new URL(/href="(https:[^"]+\/a\/[^"]+)"/.exec(mails[0]?.html ?? '')?.[1] ?? '').pathname;
    expect((await press({ answer: 'accept' }, path)).status).toBe(200);
  });

  it('sends no new link to a task that is over', async () => {
    const { world, link, press } = await handedOff();
    await press({ answer: 'reject', reason: 'wrong-size' });
    expect(await press({}, link('ben', -1))).toMatchObject({ status: 409, page: expect.stringContaining('Already answered') });
    expect(world.mail.mails()).toEqual([]);
  });

  it('to who has left the team says whom to tell, shows nothing of the lead and changes nothing; the team may still say how it ended', async () => {
    const team = [...liveConfig.sales.team];
    const live = { ...liveConfig, sales: { ...liveConfig.sales, team } };
    const { world, link, press, read, ask, events } = await handedOff({}, { live });
    await press({ answer: 'accept' });
    const before = await read();
    team.splice(0, team.length, aRep('ruth'), sam);
    const shown = await world.app.request(link());
    expect(shown.status).toBe(410);
    const page = await shown.text();
    expect(page).toContain('href="mailto:sam@example.com"');
    expect(page).not.toMatch(/Kim|kim@/);
    for (const path of [link(), link('ben', -1)])
      expect(await press({ answer: 'won', amount: '1', currency: 'EUR' }, path)).toMatchObject({ status: 410, page });
    expect(await read()).toEqual(before);
    expect(world.mail.mails()).toEqual([]);
    expect(await ask({ answer: 'won', amount: 5, currency: 'EUR', rep: 'ruth' })).toMatchObject({ status: 202 });
    expect(events.at(-1)).toMatchObject({ kind: 'won', rep: 'ruth' });
  });

  it('shows names as text and nothing from elsewhere', async () => {
    const { world, link } = await handedOff();
    await world.ports.leads.upsert(
      { leadId: world.leadId, email: world.email, fields: { 'first-name': '<script>', company: '"><img>' }, consents: {} },
      world.clock.now(),
    );
    const response = await world.app.request(link());
    const page = await response.text();
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toMatch(/<img|<script|src=|https?:\/\//);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});

describe('a mail scanner', () => {
  it('that follows every link of the brief, in mail and in Slack, by GET and HEAD, changes nothing', async () => {
    const live = { ...liveConfig, sales: { ...liveConfig.sales, notify: [{ by: 'email' }, { by: 'slack', channel: 'deals' }] as const } };
    const { world, read, posted } = await handedOff({}, { live });
    await notifySales(world.ports)({ taskId, leadId: world.leadId });
    const before = await read();
    const inMail = [...(world.mail.mails()[0]?.html ?? '').matchAll(/href="([^"]+)"/g)].map(([, it = '']) => it.replaceAll('&amp;', '&'));
    const inText = world.mail.mails()[0]?.text.match(/https:\S+/g) ?? [];
    const inSlack = JSON.stringify(posted).match(/https:[^"|>]+/g) ?? [];
    const ours = [...inMail, ...inText, ...inSlack].filter((it) => it.startsWith('https://go.example.com/'));
    expect(ours.length).toBeGreaterThanOrEqual(9);
    for (const url of ours) {
      const { pathname, search } = new URL(url);
      for (const method of ['GET', 'HEAD']) expect((await world.app.request(`${pathname}${search}`, { method })).status).toBe(200);
    }
    await world.runUntil(world.clock.now());
    expect(await read()).toEqual(before);
    expect(world.queues.messagesIn('answers')).toEqual([]);
  });
});

describe('answers by API', () => {
  it('are taken once, repeated, and refused with who was first', async () => {
    const { ask, lead, read } = await handedOff();
    expect(await ask({ answer: 'accept', rep: 'ben' })).toMatchObject({ status: 202, body: { status: 'accepted' } });
    expect(await ask({ answer: 'accept', rep: 'ben' })).toMatchObject({ status: 200 });
    expect(await ask({ answer: 'reject', reason: 'student' })).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/^ben answered first: accept/) },
    });
    expect(await ask({ answer: 'won', amount: 900.5, currency: 'USD' })).toMatchObject({ status: 202, body: { status: 'won' } });
    expect(await lead()).toMatchObject({ stage: 'won' });
    expect((await read())?.answers).toMatchObject([{ via: 'api' }, { amount: 900.5, currency: 'USD' }]);
  });

  it.each([
    [{ answer: 'maybe' }, 422],
    [{ answer: 'reject' }, 422],
    [{ answer: 'recycle', reason: 'wrong-time', until: '2020-01-01' }, 422],
    [{ answer: 'accept', rep: 'ruth' }, 409],
    [{ answer: 'lost', reason: 'price' }, 409],
    [{ answer: 'accept', extra: 1 }, 422],
  ])('%j is answered with %d and changes nothing', async (body, status) => {
    const { ask, read } = await handedOff();
    expect((await ask(body)).status).toBe(status);
    expect((await read())?.answers).toEqual([]);
  });

  it('want a key that may', async () => {
    const { ask, world } = await handedOff();
    expect((await ask({ answer: 'accept' }, 'no-such-key')).status).toBe(401);
    expect((await ask({ answer: 'accept' }, testKeys.api.crm.key)).status).toBe(403);
    const unknown = await world.app.request('/tasks/other/answers', {
      method: 'POST',
      headers: { authorization: `Bearer ${testKeys.api.local}` },
      body: JSON.stringify({ answer: 'accept' }),
    });
    expect(unknown.status).toBe(404);
  });
});

describe('fifty answers to one task at the same moment', () => {
  it('have one effect: one stays, forty-nine are told', async () => {
    const { world, link, read, moves, events, lead } = await handedOff();
    const forms = Array.from({ length: 50 }, (_, at) =>
      at % 3 === 0
        ? { answer: 'accept' }
        : at % 3 === 1
          ? { answer: 'reject', reason: 'student' }
          : { answer: 'recycle', reason: 'wrong-time', until: '2026-09-01' },
    );
    const statuses = await Promise.all(
      forms.map(async (form) => (await world.app.request(link(), { method: 'POST', body: new URLSearchParams(form as never) })).status),
    );
    await world.runUntil(world.clock.now());
    const stays = (await read())?.answers;
    expect(stays).toHaveLength(1);
    const same = forms.filter((it) => it.answer === stays?.[0]?.answer).length;
    expect(statuses.filter((it) => it === 200)).toHaveLength(same);
    expect(statuses.filter((it) => it === 409)).toHaveLength(50 - same);
    expect(await moves()).toHaveLength(1);
    expect(events).toHaveLength(1);
    expect((await lead())?.stage).toBe({ accept: 'sal', reject: 'lead', recycle: 'recycled' }[String(stays?.[0]?.answer)]);
  });
});

describe('what follows from an answer', () => {
  it('a lead that was given back begins anew, and does not come back by what it did before', async () => {
    const { world, press, lead } = await handedOff();
    for (let time = 0; time < 3; time++) await world.did('visited', '/pricing');
    await world.advance('1 minute');
    await press({ answer: 'recycle', reason: 'wrong-time', until: '2026-09-01' });
    await world.advance('1 hour');
    await world.did('visited', '/docs');
    expect(await lead()).toMatchObject({ stage: 'recycled' });
    expect((await lead())?.handoff).toBeUndefined();
  });

  it('a competitor’s company never reaches sales again, until it is taken off the list', async () => {
    const { world, press, lead } = await handedOff();
    await moveTo(world, 'kim@rival.example');
    await press({ answer: 'reject', reason: 'competitor' });
    expect(await world.ports.stopList.all()).toMatchObject([{ domain: 'rival.example', by: 'ben', reason: 'competitor', taskId }]);
    await world.advance('1 hour');
    for (let time = 0; time < 4; time++) {
      await world.did('visited', '/pricing');
      await world.advance('1 hour');
    }
    expect((await lead())?.handoff).toBeUndefined();
    const told = await explainLead(world.ports, { leadId: world.leadId, now: world.clock.now(), live: liveConfig, versions: [] });
    expect(JSON.stringify(told)).toContain('is of rival.example, which is on the stop list');
    await world.ports.stopList.remove('rival.example');
    await world.did('visited', '/pricing');
    expect((await lead())?.handoff).toBeDefined();
  });

  it('no provider of mailboxes is a company', async () => {
    const { world, press } = await handedOff();
    await moveTo(world, 'kim@gmail.com');
    await press({ answer: 'reject', reason: 'competitor' });
    expect(await world.ports.stopList.all()).toEqual([]);
  });

  it('whoever bought meanwhile stays a customer', async () => {
    const { world, press, lead } = await handedOff();
    await world.advance('1 hour');
    const at = world.clock.now();
    await world.ports.stages.record(world.leadId, { id: 'bought', at, from: 'mql', to: 'won', by: 'sequence', because: 'bought' });
    await world.ports.leads.moveStage(world.leadId, 'mql', 'won');
    await world.advance('1 hour');
    await press({ answer: 'reject', reason: 'student' });
    expect(await lead()).toMatchObject({ stage: 'won' });
  });

  it('of a lead that was erased nothing is kept or told', async () => {
    const { world, ask, events } = await handedOff({ leadId: 'gone' });
    expect((await ask({ answer: 'accept' })).status).toBe(202);
    expect(events).toEqual([]);
    expect((await world.ports.histories.ofLead('gone')).moves).toEqual([]);
  });
});

describe('the day a lead comes back', () => {
  const answers = { ...liveConfig.sales.answers, recycle: { ...liveConfig.sales.answers.recycle, into: 'nurture', at: 'settle' } };
  const live = { ...liveConfig, sales: { ...liveConfig.sales, answers } };

  it('enters the named sequence at the named step, once', async () => {
    const { world, press } = await handedOff({}, { live });
    await press({ answer: 'recycle', reason: 'wrong-time', until: '2026-09-01' });
    await world.advance('30 days');
    const back = returnLead(world.ports);
    expect(await back({ taskId, leadId: world.leadId })).toEqual({ returned: true });
    await back({ taskId, leadId: world.leadId });
    await world.runUntil(world.clock.now());
    expect(await world.ports.enrolments.ofLead(world.leadId)).toMatchObject([{ sequence: 'nurture', startAt: 'settle' }]);
  });

  it.each(['accept', 'reject'])('never comes after %s', async (answer) => {
    const { world, press } = await handedOff({}, { live });
    await press({ answer, reason: 'student' });
    expect(await returnLead(world.ports)({ taskId, leadId: world.leadId })).toMatchObject({ returned: false });
  });

  it('does nothing for who has bought since, or is gone', async () => {
    const { world, press } = await handedOff({}, { live });
    await press({ answer: 'recycle', reason: 'wrong-time', until: '2026-09-01' });
    await world.ports.leads.moveStage(world.leadId, 'recycled', 'won');
    expect(await returnLead(world.ports)({ taskId, leadId: world.leadId })).toEqual({ returned: false, reason: 'elsewhere-by-now' });
    expect(
      await returnLead({ ...world.ports, leads: { ...world.ports.leads, find: async () => undefined } })({ taskId, leadId: world.leadId }),
    ).toEqual({
      returned: false,
      reason: 'lead-gone',
    });
  });

  it('says so when the sequence is not deployed', async () => {
    const elsewhere = { ...live, sales: { ...live.sales, answers: { ...answers, recycle: { ...answers.recycle, into: 'nothing' } } } };
    const { world, press } = await handedOff({}, { live: elsewhere });
    await press({ answer: 'recycle', reason: 'wrong-time', until: '2026-09-01' });
    await expect(returnLead(world.ports)({ taskId, leadId: world.leadId })).rejects.toThrow('nothing at settle is not deployed');
  });
});

describe('a notice to sales', () => {
  it('goes once, by each way, however often the machine asks; and again for another notice or rep', async () => {
    const live = { ...liveConfig, sales: { ...liveConfig.sales, notify: [{ by: 'email' }, { by: 'slack', channel: 'deals' }] as const } };
    const { world, posted, events } = await handedOff({}, { live });
    const notify = notifySales(world.ports);
    const input = { taskId, leadId: world.leadId };
    for (let time = 0; time < 3; time++) await notify(input);
    await notify({ ...input, notice: 'remind' });
    await notify({ ...input, notice: 'remind' });
    expect(world.mail.mails().map((it) => it.subject)).toEqual(['Kim is ready for a talk', 'Kim still waits for your answer']);
    expect(posted).toHaveLength(2);
    expect(events.map((it) => it.kind)).toEqual(['created', 'reminded']);
  });

  it('that Slack could not take does not mail again', async () => {
    const live = { ...liveConfig, sales: { ...liveConfig.sales, notify: [{ by: 'email' }, { by: 'slack', channel: 'deals' }] as const } };
    const { world } = await handedOff({}, { live });
    let down = true;
    const teamChat = { post: async () => (down ? Promise.reject(new Error('down')) : ('posted' as const)) };
    const notify = notifySales({ ...world.ports, teamChat });
    await expect(notify({ taskId, leadId: world.leadId })).rejects.toThrow('down');
    down = false;
    expect(await notify({ taskId, leadId: world.leadId })).toEqual({ notified: true });
    expect(world.mail.mails()).toHaveLength(1);
  });

  it('goes by mail where Slack has no such channel, and once', async () => {
    const live = { ...liveConfig, sales: { ...liveConfig.sales, notify: [{ by: 'slack', channel: 'gone' }] as const } };
    const { world, events } = await handedOff({}, { live });
    const notify = notifySales({ ...world.ports, teamChat: { post: async () => 'no-channel' } });
    for (let time = 0; time < 2; time++) expect(await notify({ taskId, leadId: world.leadId })).toEqual({ notified: true });
    expect(world.mail.mails()).toHaveLength(1);
    expect(events.map((it) => it.kind)).toEqual(['created']);
  });

  it('uses the opener of sales.yaml, and its own words where that asks for too much', async () => {
    const withOpener = (opener: string) => ({ ...liveConfig, sales: { ...liveConfig.sales, opener } });
    for (const [opener, words] of [
      ['Dear {{ first-name }} at {{ lead.time-zone }}!', 'Dear Kim at Europe/Berlin!'],
      ['Dear {{ lead.missing }}', 'Good afternoon Kim.'],
    ] as const) {
      const { world } = await handedOff({}, { live: withOpener(opener) });
      await notifySales(world.ports)({ taskId, leadId: world.leadId });
      expect(world.mail.mails()[0]?.text).toContain(`You could begin with: ${words}`);
    }
  });
});
