import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { classifyReply } from '#core/replies/classify-reply';
import { takeReply } from '#lambdas/events/take-reply-event';
import { testKeys } from '#local/settings';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld, start } from '#tests/helpers/world';

const day = 86_400;
const replies = { at: 'reply.example.com', forwardTo: 'answers@example.com' };
const live = { ...liveConfig, brand: { ...liveConfig.brand, replies } };

/** A lead in the sequence whose first mail has come. */
const anAnsweredWorld = async (options: Parameters<typeof aWorld>[0] = {}) => {
  const world = await aWorld({ live, ...options });
  await world.did('trial.started');
  await world.advance('1 hour');
  const [replyTo = ''] = world.mail.mails()[0]?.replyTo ?? [];
  let count = 0;
  return {
    ...world,
    replyTo,
    notices: () => world.mail.mails().filter((it) => it.tags.kind === 'notice'),
    answer: async (text: string, headers: Record<string, string> = {}) => {
      const all = {
        From: 'Kim Berg <kim@example.com>',
        To: replyTo,
        Subject: 'Re: Hello',
        'Content-Type': 'text/plain; charset=utf-8',
        ...headers,
      };
      const raw = `${Object.entries(all)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n${text}`;
      world.receive(`m-${count++}`, raw);
      await world.advance('1 minute');
    },
  };
};
const away = { 'Auto-Submitted': 'auto-replied', Subject: 'Automatic reply: Hello' };

describe('a mail that a human answers', () => {
  it('has an address of its own to answer to', async () => {
    const { replyTo } = await anAnsweredWorld();
    expect(replyTo).toMatch(/^reply\+[a-z2-7]{52}@reply\.example\.com$/);
    expect((await anAnsweredWorld({ live: liveConfig })).replyTo).not.toContain('reply+');
  });

  it('ends nurture, and tells whoever reads answers who wrote what', async () => {
    const world = await anAnsweredWorld();
    await world.answer('Yes, call me on Thursday.\n\nOn Mon, 23 Mar 2026, Maeve wrote:\n> Hello');
    expect((await world.run())?.stop?.reason).toBe('replied');
    expect((await world.run())?.endedAt).toBeDefined();
    const [notice, ...others] = world.notices();
    expect(others).toEqual([]);
    expect(notice).toMatchObject({ to: 'answers@example.com', replyTo: ['kim@example.com'] });
    expect(notice?.headers).toContainEqual({ name: 'Auto-Submitted', value: 'auto-generated' });
    expect(notice?.text).toContain('Yes, call me on Thursday.');
    expect(notice?.text).toContain('Kim');
    expect(notice?.text).toContain('Answer to: welcome of nurture');
    expect(notice?.text).not.toContain('Maeve wrote');
    await world.advance('20 days');
    expect(world.sent()).toEqual(['welcome', 'notice']);
  });

  it('leaves no word and no address in queues, logs and the ledger', async () => {
    const world = await anAnsweredWorld();
    await world.answer('A secret word.');
    const { ports, leadId } = world;
    const kept = JSON.stringify([await ports.events.ofLead(leadId), await ports.enrolments.ofLead(leadId)]) + world.lines.join('');
    expect(kept).not.toMatch(/secret|kim@example|reply\+/i);
    expect(world.lines.join('')).toContain('"replied"');
  });

  it('is heard from another mailbox of the same person, for the address says who it was sent to', async () => {
    const world = await anAnsweredWorld();
    await world.answer('Yes.', { From: 'kim.private@example.org', To: world.replyTo.toUpperCase() });
    expect((await world.run())?.stop?.reason).toBe('replied');
  });

  it('is heard by its sender where the address is lost, unless the sender’s domain disowns it', async () => {
    const lost = { To: 'hello@reply.example.com' };
    const world = await anAnsweredWorld();
    await world.answer('Yes.', { ...lost, 'Authentication-Results': 'amazonses.com; dmarc=fail header.from=example.com' });
    expect((await world.run())?.stop).toBeUndefined();
    await world.answer('Yes.', lost);
    expect((await world.run())?.stop?.reason).toBe('replied');
  });

  it('goes to the rep who has the lead', async () => {
    const world = await anAnsweredWorld();
    const { ports, leadId } = world;
    const [rep] = live.sales.team;
    if (!rep) throw new Error('nobody sells');
    const taskId = ports.ids.taskId(leadId, 1);
    await ports.leads.beginHandoff(leadId, { taskId, since: start, until: addSeconds(start, day) });
    await ports.salesTasks.create({
      taskId,
      leadId,
      createdAt: start,
      status: 'open',
      answers: [],
      rep: rep.rep,
      routedBecause: '',
      fit: 0,
      engagement: 0,
      reasons: [],
      touches: [],
      from: [],
    });
    await world.answer('Yes.');
    expect(world.notices().map((it) => it.to)).toEqual([rep.email]);
  });
});

describe('an answer', () => {
  it('to a mail of a lead that went into another ends the other’s runs', async () => {
    const world = await anAnsweredWorld();
    const { ports, app, leadId } = world;
    await ports.leads.upsert({ leadId: ports.ids.leadId('berg@example.com'), email: 'berg@example.com', fields: {}, consents: {} }, start);
    const owner = ports.ids.leadId('berg@example.com');
    const answer = await app.request('/addresses', {
      method: 'POST',
      headers: { authorization: `Bearer ${testKeys.api.local}`, 'content-type': 'application/json' },
      body: JSON.stringify({ changes: [{ from: 'berg@example.com', to: 'kim@example.com' }] }),
    });
    expect(answer.status).toBe(202);
    await world.advance('1 minute');
    expect(await ports.leads.find(leadId)).toBeUndefined();
    await world.answer('Yes.');
    expect(await ports.events.find(owner, 'reply-m-0')).toMatchObject({ name: 'replied', done: true });
    expect(world.notices()[0]?.text).toContain('Answer to: welcome of nurture');
  });

  it('leaves the mail alone that asks to confirm', async () => {
    const { ports, leadId, compiled } = await anAnsweredWorld();
    const [run] = await ports.enrolments.ofLead(leadId);
    if (!run) throw new Error('there is no run');
    const artifact = { ...compiled.artifact, lawfulBasis: 'confirmation' as const };
    const event = { eventId: 'r', name: 'replied', at: addSeconds(run.enrolledAt, 60), leadId, done: false };
    const history = await ports.histories.ofLead(leadId);
    const lead = await ports.leads.find(leadId);
    if (!lead) throw new Error('there is no lead');
    await takeReply({ ...ports, artifacts: { ...ports.artifacts, get: async () => artifact } }, lead, event, history);
    expect((await ports.enrolments.ofLead(leadId))[0]?.stop).toBeUndefined();
    await takeReply(ports, lead, { ...event, at: addSeconds(run.enrolledAt, -60) }, history);
    expect((await ports.enrolments.ofLead(leadId))[0]?.stop).toBeUndefined();
    await takeReply(ports, lead, event, history);
    expect((await ports.enrolments.ofLead(leadId))[0]?.stop?.reason).toBe('replied');
  });

  it('that is kept no longer is let go, and SES’s own first mail is none', async () => {
    const world = await anAnsweredWorld();
    world.receive('AMAZON_SES_SETUP_NOTIFICATION', 'Subject: setup\r\n\r\nHello');
    world.queues.sendMessage('replies', JSON.stringify({ key: 'mail/gone', at: start }));
    await world.advance('1 minute');
    expect(world.lines.filter((it) => it.includes('received mail is gone'))).toHaveLength(1);
    expect(world.lines.join('')).not.toContain('reply of nobody known');
    expect(world.queues.messagesIn('replies')).toEqual([]);
  });
});

describe('a mail of nobody known', () => {
  it('rings, by its id only, and stays where it is', async () => {
    const world = await anAnsweredWorld();
    const others = { From: 'stranger@example.net', To: 'reply+aaaa@reply.example.com' };
    await world.answer('Who are you?', others);
    expect(world.lines.filter((it) => it.includes('reply of nobody known'))).toHaveLength(1);
    expect(world.lines.join('')).not.toContain('stranger');
    expect(await world.ports.replyMail.read('mail/m-0')).toBeDefined();
    await world.answer('I am out of the office.', { ...others, ...away });
    expect(world.lines.filter((it) => it.includes('reply of nobody known'))).toHaveLength(1);
    expect(world.notices()).toEqual([]);
  });

  it.each(['X-SES-Spam-Verdict', 'X-SES-Virus-Verdict'])('or one that SES warns of is dropped: %s', async (header) => {
    const world = await anAnsweredWorld();
    await world.answer('Yes.', { [header]: 'FAIL' });
    expect((await world.run())?.stop).toBeUndefined();
    await world.answer('Yes.', { [header]: 'GRAY' });
    expect((await world.run())?.stop?.reason).toBe('replied');
  });
});

describe('an absence', () => {
  it('makes mail wait until the day of return, and nurture goes on then', async () => {
    const world = await anAnsweredWorld();
    await world.answer('I am out of the office and will be back on 13 April 2026.', away);
    expect((await world.ports.leads.find(world.leadId))?.awayUntil).toBe('2026-04-12T22:00:00.000Z');
    expect(world.notices()).toEqual([]);
    await world.advance('20 days');
    expect(world.sent()).toEqual(['welcome']);
    await world.advance('10 days');
    expect(world.sent().length).toBeGreaterThan(1);
    const waited = await world.ports.decisions.ofLead(world.leadId);
    expect((await world.run())?.stop).toBeUndefined();
    expect(waited.every((it) => it.reason !== 'gave-up')).toBe(true);
  });

  it('lasts a week where it does not say, 60 days at most, and none shortens another', async () => {
    const world = await anAnsweredWorld();
    const awayNow = async () => (await world.ports.leads.find(world.leadId))?.awayUntil ?? '';
    const began = world.clock.now();
    await world.answer('I am out of the office.', away);
    expect(await awayNow()).toBe(addSeconds(began, 7 * day));
    await world.answer('I am on parental leave, back on 1 March 2027.', away);
    const longest = await awayNow();
    expect(longest > addSeconds(began, 60 * day) && longest < addSeconds(began, 61 * day)).toBe(true);
    await world.answer('I am out of the office until tomorrow.', away);
    await world.answer('Yes.');
    expect(await awayNow()).toBe(longest);
  });

  it('or another robot stops nothing and tells nobody', async () => {
    const world = await anAnsweredWorld();
    await world.answer('We have received your request.', { ...away, Subject: '[Ticket #4711] Hello' });
    expect((await world.run())?.stop).toBeUndefined();
    expect((await world.ports.leads.find(world.leadId))?.awayUntil).toBeUndefined();
    expect(world.notices()).toEqual([]);
    expect((await world.ports.events.ofLead(world.leadId)).map((it) => it.name)).toContain('auto-replied');
  });
});

describe('somebody who', () => {
  it('writes that they want out leaves the topic of the mail', async () => {
    const world = await anAnsweredWorld();
    await world.answer('Unsubscribe please');
    expect((await world.run())?.stop?.reason).toBe('unsubscribed');
    expect(await world.ports.suppressions.ofLead(world.leadId)).toMatchObject([{ scope: 'TOPIC#tips', reason: 'unsubscribed' }]);
    expect((await world.ports.leads.find(world.leadId))?.consents.tips).toMatchObject({ given: false, source: 'reply' });
    expect(world.notices()).toEqual([]);
  });

  it('works there no longer has the address closed, and a person is told', async () => {
    const world = await anAnsweredWorld();
    await world.answer('Kim Berg is no longer with the company.', away);
    expect((await world.run())?.stop?.reason).toBe('suppressed');
    expect(await world.ports.suppressions.ofLead(world.leadId)).toMatchObject([
      { scope: `ADDRESS#${world.leadId}`, reason: 'left-company' },
    ]);
    expect(world.notices()[0]?.subject).toContain('no longer');
  });

  it('is said to have left by another address keeps this one', async () => {
    const world = await anAnsweredWorld();
    await world.answer('Kim Berg is no longer with the company.', { ...away, From: 'office@example.com' });
    expect((await world.run())?.stop).toBeUndefined();
    expect(world.notices()).toHaveLength(1);
  });
});

describe('POST /replies', () => {
  const post = async (world: Awaited<ReturnType<typeof anAnsweredWorld>>, items: readonly object[]) => {
    const answer = await world.app.request('/replies', {
      method: 'POST',
      headers: { authorization: `Bearer ${testKeys.api.local}`, 'content-type': 'application/json' },
      body: JSON.stringify({ replies: items }),
    });
    const queued = world.queues.messagesIn('events').map((it) => it.body);
    await world.advance('1 minute');
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, queued };
  };
  const item = { id: 'help-desk-1', at: '2026-03-23T13:30:00Z', email: 'Kim@Example.com' };

  it('takes an answer that came in elsewhere: nurture ends, a person is told, no word is queued', async () => {
    const world = await anAnsweredWorld();
    const { status, body, queued } = await post(world, [{ ...item, subject: 'Re: Hello', text: 'A secret word.' }]);
    expect([status, body]).toEqual([202, { accepted: 1, taken: [{ index: 0, kind: 'human' }], rejected: [] }]);
    expect(queued.join('')).not.toMatch(/secret|kim@/i);
    expect((await world.run())?.stop?.reason).toBe('replied');
    expect(world.notices()[0]?.text).toContain('where it came in');
    await post(world, [{ ...item, text: 'The same again.' }]);
    expect(world.notices()).toHaveLength(1);
  });

  it('takes the word of whoever sends it, judges what it must, and says what is wrong with each item', async () => {
    const world = await anAnsweredWorld();
    const { status, body } = await post(world, [
      { ...item, kind: 'out-of-office', 'back-on': '2026-04-13' },
      { ...item, id: '2', text: 'This is an automated message.' },
      { ...item, id: '3', email: 'nobody' },
      { ...item, id: '4', at: '2027-01-01T00:00:00Z' },
      { ...item, id: '5', 'lead-id': 'x' },
      { ...item, id: '6', colour: 'red' },
    ]);
    expect(status).toBe(207);
    expect(body).toMatchObject({
      accepted: 2,
      taken: [
        { index: 0, kind: 'out-of-office', 'back-on': '2026-04-13' },
        { index: 1, kind: 'automatic' },
      ],
      rejected: [{ index: 2 }, { index: 3 }, { index: 4 }, { index: 5 }],
    });
    expect((await world.ports.leads.find(world.leadId))?.awayUntil).toBe('2026-04-12T22:00:00.000Z');
  });

  it('lets out of all topics who wants out, of one where it is named, and takes back nothing that was agreed to later', async () => {
    const world = await anAnsweredWorld();
    await post(world, [{ ...item, text: 'unsubscribe', topic: 'tips', at: '2026-03-01T00:00:00Z' }]);
    expect((await world.ports.leads.find(world.leadId))?.consents.tips?.given).toBe(true);
    await post(world, [{ ...item, text: 'unsubscribe' }]);
    expect((await world.ports.suppressions.ofLead(world.leadId)).map((it) => it.scope).sort()).toEqual(['ALL', 'TOPIC#tips']);
    expect((await world.ports.leads.find(world.leadId))?.consents.tips?.given).toBe(false);
  });

  it('answers any body without failing, loses none that is right, and logs no word of it', async () => {
    const world = await anAnsweredWorld();
    const part = (values: fc.Arbitrary<unknown>) => fc.option(values, { nil: undefined, freq: 4 });
    const anyItem = fc.oneof(
      fc.jsonValue(),
      fc.record({
        id: part(fc.oneof(fc.string(), fc.integer())),
        at: part(fc.oneof(fc.constant(start), fc.string())),
        email: part(fc.oneof(fc.emailAddress(), fc.string())),
        text: part(fc.string({ unit: 'grapheme' }).map((it) => `canary ${it}`)),
        headers: part(fc.dictionary(fc.string(), fc.string())),
        kind: part(fc.oneof(fc.constantFrom('human', 'automatic'), fc.string())),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyItem, { maxLength: 4 }), async (items) => {
        const before = world.queues.messagesIn('events').length;
        const answer = await world.app.request('/replies', {
          method: 'POST',
          headers: { authorization: `Bearer ${testKeys.api.local}`, 'content-type': 'application/json' },
          body: JSON.stringify({ replies: [...items, { id: 'good', at: start, email: 'good@example.com', kind: 'human' }] }),
        });
        expect([202, 207]).toContain(answer.status);
        const { accepted, rejected } = (await answer.json()) as { accepted: number; rejected: unknown[] };
        expect(accepted + rejected.length).toBe(items.length + 1);
        expect(world.queues.messagesIn('events').length).toBeGreaterThan(before);
      }),
      { numRuns: 400 },
    );
    expect(
      world.queues
        .messagesIn('events')
        .map((it) => it.body)
        .join('') + world.lines.join(''),
    ).not.toMatch(/canary|good@/);
  });

  it('refuses a body that is none, and needs a key', async () => {
    const world = await anAnsweredWorld();
    expect((await post(world, [])).status).toBe(400);
    expect(
      (
        await post(
          world,
          Array.from({ length: 101 }, () => item),
        )
      ).status,
    ).toBe(400);
    expect((await world.app.request('/replies', { method: 'POST', body: '{}' })).status).toBe(401);
  });
});

it('is judged by what came, not by what it quotes', () => {
  const quoting = { headers: [], subject: 'Re: x', text: 'Sure.\n\n> I am out of office. This is an automatic reply.' };
  expect(classifyReply(quoting, '2026-03-23').kind).toBe('human');
});
