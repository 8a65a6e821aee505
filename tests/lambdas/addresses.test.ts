import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import type { Consent, Lead } from '#core/lead';
import { findPresentLead, suppressPerson } from '#lambdas/aliases';
import { testKeys } from '#local/settings';
import { aWorld, start } from '#tests/helpers/world';

const authorization = `Bearer ${testKeys.api.local}`;
const agreed: Consent = { given: true, at: start, source: 'form' };

/** Kim, and ways to ask for changes of address. */
const withAddresses = async () => {
  const world = await aWorld();
  const { ports } = world;
  const idOf = (email: string) => ports.ids.leadId(email);
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json', authorization };
    const answer = await world.app.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return {
    ...world,
    idOf,
    post,
    change: (...changes: readonly (readonly [string, string])[]) =>
      post('/addresses', { changes: changes.map(([from, to]) => ({ from, to })) }),
    known: (email: string, more: Partial<Lead> = {}) =>
      ports.leads.upsert({ leadId: idOf(email), email, fields: {}, consents: { tips: agreed }, ...more }, start),
    kim: () => ports.leads.find(world.leadId),
    settle: () => world.runUntil(world.clock.now()),
  };
};

describe('a lead with a new address', () => {
  it('keeps its id, its history and its run; the next mail goes to the new address', async () => {
    const world = await withAddresses();
    await world.did('trial.started');
    expect(world.mail.mails().map((it) => it.to)).toEqual(['kim@example.com']);
    expect(await world.change(['kim@example.com', ' Kim@New.Example '])).toMatchObject({ status: 202, body: { changed: 1, rejected: [] } });
    await world.advance('9 days');
    expect(await world.kim()).toMatchObject({ email: 'kim@new.example', addressId: world.idOf('kim@new.example') });
    const mails = world.mail.mails();
    expect(mails.length).toBeGreaterThan(1);
    expect(mails.slice(1).every((it) => it.to === 'kim@new.example')).toBe(true);
    expect(mails.at(-1)?.tags.address).toBe(world.idOf('kim@new.example'));
    expect((await world.ports.enrolments.ofLead(world.leadId)).map((it) => it.stop)).toEqual([undefined]);
  });

  it('is found under both addresses and by id; a list with the old one does not switch its mail back', async () => {
    const world = await withAddresses();
    await world.change([world.leadId, 'kim@new.example']);
    for (const [email, city] of [
      ['kim@example.com', 'Cork'],
      ['kim@new.example', 'Galway'],
    ]) {
      const { body } = await world.post('/leads', { list: 'spring', leads: [{ email, city }] });
      expect(body).toMatchObject({ created: 0, updated: 1 });
      expect(await world.kim()).toMatchObject({ email: 'kim@new.example', fields: { city } });
    }
    expect(await world.ports.leads.find(world.idOf('kim@new.example'))).toBeUndefined();
  });

  it('gets the events that name either address', async () => {
    const world = await withAddresses();
    await world.change(['kim@example.com', 'kim@new.example']);
    await world.post('/events', { events: [{ id: 'e-1', name: 'visited', path: '/pricing', at: start, email: 'kim@new.example' }] });
    await world.settle();
    expect(await world.ports.events.ofLead(world.leadId)).toMatchObject([{ eventId: 'local:e-1', done: true }]);
  });

  it('takes over what was known against the new address: opt-outs of the person, and of the address', async () => {
    for (const scope of ['GLOBAL', 'ALL', 'TOPIC#tips', 'own-address'] as const) {
      const world = await withAddresses();
      const free = world.idOf('kim@new.example');
      const named = scope === 'own-address' ? (`ADDRESS#${free}` as const) : scope;
      await suppressPerson(world.ports, free, { scope: named, reason: 'imported', at: start });
      await world.change(['kim@example.com', 'kim@new.example']);
      await world.did('trial.started');
      expect(world.sent(), scope).toEqual([]);
    }
  });

  it('leaves the bounce of the old address behind', async () => {
    const world = await withAddresses();
    await world.ports.suppressions.add(world.leadId, { scope: `ADDRESS#${world.leadId}`, reason: 'bounced', at: start });
    await world.change(['kim@example.com', 'kim@new.example']);
    await world.did('trial.started');
    expect(world.sent()).toEqual(['welcome']);
  });

  it('is asked to confirm again, and the ledger says why', async () => {
    const world = await withAddresses();
    await world.ports.leads.setConsents(world.leadId, { tips: { ...agreed, confirmed: { at: start } } });
    await world.change(['kim@example.com', 'kim@new.example']);
    expect((await world.kim())?.consents.tips).toEqual(agreed);
    expect(await world.ports.consents.ofLead(world.leadId)).toEqual([{ topic: 'tips', given: true, at: start, source: 'address-changed' }]);
  });

  it('may go back to the first one', async () => {
    const world = await withAddresses();
    await world.change(['kim@example.com', 'kim@new.example'], ['kim@new.example', 'kim@example.com']);
    expect(await world.kim()).toMatchObject({ email: 'kim@example.com' });
    expect((await world.kim())?.addressId).toBeUndefined();
    expect(await world.change(['kim@example.com', 'kim@example.com'])).toMatchObject({ body: { unchanged: 1 } });
  });
});

describe('two leads that are one person', () => {
  const merged = async (theirs: Partial<Lead> = {}) => {
    const world = await withAddresses();
    const other = world.idOf('kim@new.example');
    await world.known('kim@new.example', { fields: { company: 'New Ltd', 'first-name': 'K.' }, ...theirs });
    return { ...world, other, merge: () => world.change(['kim@example.com', 'kim@new.example']) };
  };

  it('become the one that was named first, with the history of both', async () => {
    const { ports, other, merge, kim, leadId, ...world } = await merged();
    const visit = { source: 'own' as const, name: 'visited', path: '/pricing', at: start };
    await ports.eventQueue.push({ ...visit, eventId: 'v-1', leadId: other });
    await ports.eventQueue.push({ ...visit, eventId: 'v-2', leadId });
    await world.settle();
    expect(await merge()).toMatchObject({ status: 202, body: { merged: 1 } });
    expect(await kim()).toMatchObject({ email: 'kim@new.example', addressId: other, fields: { company: 'New Ltd', 'first-name': 'Kim' } });
    expect((await ports.events.ofLead(leadId)).map((it) => it.eventId)).toEqual(['v-1', 'v-2']);
    expect((await ports.events.ofLead(leadId)).map((it) => it.leadId)).toEqual([leadId, leadId]);
    expect(await ports.leads.find(other)).toBeUndefined();
    expect((await findPresentLead(ports, other))?.leadId).toBe(leadId);
    expect(await merge()).toMatchObject({ body: { unchanged: 1, merged: 0 } });
  });

  it('end the other’s run at once, and count it as a run of theirs', async () => {
    const { ports, other, merge, leadId, ...world } = await merged();
    await ports.eventQueue.push({ source: 'own', eventId: 't-1', name: 'trial.started', at: start, leadId: other });
    await world.settle();
    expect(world.sent()).toEqual(['welcome']);
    await merge();
    await world.advance('1 hours');
    expect(await ports.enrolments.ofLead(other)).toMatchObject([{ ending: 'stopped', stop: { reason: 'merged' } }]);
    await world.did('trial.started');
    await world.advance('20 days');
    expect(world.sent()).toEqual(['welcome']);
    expect((await ports.decisions.ofLead(leadId)).map((it) => it.reason)).toContain('ran-before');
  });

  it('leave together: a refusal under either address holds for the one that stays', async () => {
    const world = await merged({ consents: { tips: { given: false, at: start, source: 'import' } } });
    await world.merge();
    await world.did('trial.started');
    expect(world.sent()).toEqual([]);
  });

  it('stop the survivor’s run when the other had left', async () => {
    const { ports, other, merge, ...world } = await merged();
    await world.did('trial.started');
    await suppressPerson(ports, other, { scope: 'TOPIC#tips', reason: 'unsubscribed', at: start });
    await merge();
    await world.advance('1 hours');
    expect(await world.run()).toMatchObject({ stop: { reason: 'unsubscribed' }, ending: 'stopped' });
    expect(world.sent()).toEqual(['welcome']);
  });

  it('leave by an old link of the former lead, after the merge', async () => {
    const { ports, other, merge, ...world } = await merged();
    await world.did('trial.started');
    await merge();
    expect(await suppressPerson(ports, other, { scope: 'TOPIC#tips', reason: 'unsubscribed', at: start })).toBe(world.leadId);
    await ports.wakeQueue.push({ leadId: other });
    await world.advance('1 hours');
    expect(await world.run()).toMatchObject({ stop: { reason: 'unsubscribed' } });
  });

  it('leave while the merge is under way, and have left all the same', async () => {
    const { ports, other, merge, leadId } = await merged();
    let isMerged = false;
    const add: typeof ports.suppressions.add = async (id, suppression) => {
      if (!isMerged) await merge();
      isMerged = true;
      await ports.suppressions.add(id, suppression);
    };
    const use = { ...ports, suppressions: { ...ports.suppressions, add } };
    await suppressPerson(use, other, { scope: 'TOPIC#tips', reason: 'unsubscribed', at: start });
    expect((await ports.suppressions.ofLead(leadId)).map((it) => it.scope)).toEqual(['TOPIC#tips']);
  });

  it('complain with a mail that the former lead got', async () => {
    const { ports, other, merge, leadId, ...world } = await merged();
    await merge();
    const complaint = { source: 'ses' as const, eventId: 'c-1', kind: 'complained' as const, at: start, messageId: 'm', leadId: other };
    await ports.eventQueue.push(complaint);
    await world.settle();
    expect((await ports.suppressions.ofLead(leadId)).map((it) => it.scope)).toContain('GLOBAL');
    expect((await ports.events.ofLead(leadId)).map((it) => it.name)).toContain('complained');
  });

  it('enter a sequence that the former lead was on its way into', async () => {
    const { ports, other, merge, leadId, ...world } = await merged();
    await merge();
    await ports.enrolQueue.push({ leadId: other, sequence: 'nurture', trigger: 'trial-9' });
    await world.settle();
    expect(await ports.enrolments.ofLead(other)).toEqual([]);
    expect(await ports.enrolments.ofLead(leadId)).toMatchObject([{ trigger: 'trial-9' }]);
    expect(world.mail.mails().map((it) => it.to)).toEqual(['kim@new.example']);
  });

  it('leave no personal data in the former lead’s rows', async () => {
    const { ports, other, merge } = await merged();
    await merge();
    expect(await ports.formerLeads.find(other)).toEqual({ leadId: other, into: expect.any(String), at: start });
  });

  it('may be three, whose every address stays known', async () => {
    const { ports, merge, change, known, post, leadId, idOf, kim } = await merged();
    await known('kim@third.example');
    await merge();
    expect(await change(['kim@third.example', 'kim@example.com'])).toMatchObject({ body: { merged: 1 } });
    const third = idOf('kim@third.example');
    for (const email of ['kim@example.com', 'kim@new.example', 'kim@third.example']) {
      expect(await ports.aliases.resolve(idOf(email))).toBe(third);
    }
    expect(await kim()).toBeUndefined();
    expect(await ports.leads.find(third)).toMatchObject({ email: 'kim@example.com', addressId: leadId });
    await post('/leads', { list: 'spring', leads: [{ email: 'kim@new.example', city: 'Cork' }] });
    expect(await ports.leads.find(third)).toMatchObject({ email: 'kim@example.com', fields: { city: 'Cork' } });
  });
});

describe('POST /addresses', () => {
  it('says what is wrong with one change and does the rest', async () => {
    const world = await withAddresses();
    const { status, body } = await world.post('/addresses', {
      changes: [
        { from: 'nobody@example.com', to: 'x@example.com' },
        { from: 'kim@example.com', to: 'nonsense' },
        { from: 'not an id', to: 'x@example.com' },
        { from: 'kim@example.com' },
        { from: 'kim@example.com', to: 'kim@new.example' },
      ],
    });
    expect(status).toBe(207);
    expect(body).toMatchObject({ changed: 1, merged: 0, unchanged: 0 });
    expect((body.rejected as { index: number }[]).map((it) => it.index)).toEqual([0, 1, 2, 3]);
    expect(await world.change(['nobody@example.com', 'x@example.com'])).toMatchObject({ status: 400 });
    expect(await world.post('/addresses', { changes: [] })).toMatchObject({ status: 400 });
  });

  it('needs a key, and logs ids only', async () => {
    const world = await withAddresses();
    const open = await world.app.request('/addresses', { method: 'POST', body: '{}' });
    expect(open.status).toBe(401);
    await world.change(['kim@example.com', 'kim@new.example']);
    expect(world.lines.join('')).not.toMatch(/kim@/);
  });

  it('never revives an erased lead, but keeps what it said', async () => {
    const world = await withAddresses();
    const erased = world.idOf('kim@new.example');
    await world.ports.suppressions.add(erased, { scope: 'GLOBAL', reason: 'complained', at: addSeconds(start, -60) });
    await world.change(['kim@example.com', 'kim@new.example']);
    expect(await world.ports.leads.find(erased)).toBeUndefined();
    await world.did('trial.started');
    expect(world.sent()).toEqual([]);
  });
});
