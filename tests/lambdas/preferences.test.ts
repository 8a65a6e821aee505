import { describe, expect, it } from 'vitest';
import { confirmationId } from '#core/consent';
import { addSeconds } from '#core/instant';
import type { LinkPurpose } from '#core/ports';
import { confirmations, nurture, withDoubleOptIn } from '#tests/helpers/protocol-sequence';
import { aWorld, start } from '#tests/helpers/world';

const live = withDoubleOptIn;
const month = 30 * 86_400;

/** A lead who agreed and confirmed, in the middle of the test sequence. */
const enrolled = async () => {
  const world = await aWorld({ compiled: [nurture(), ...confirmations(live)], live });
  const { ports, leadId } = world;
  await ports.leads.setConsents(leadId, { tips: { given: true, at: start, source: 'form', confirmed: { at: start } } });
  await world.did('trial.started');
  const linkTo = (purpose: LinkPurpose, locale = 'en') =>
    `/${{ unsubscribe: 'u', preferences: 'p', confirm: 'c', visit: 'v' }[purpose]}/${ports.links.sign(purpose, { leadId, topic: 'tips', expiresAt: addSeconds(start, 400 * 86_400), locale })}`;
  const press = async (form: Readonly<Record<string, string>>, locale = 'en') => {
    const response = await world.app.request(linkTo('preferences', locale), { method: 'POST', body: new URLSearchParams(form) });
    await world.runUntil(addSeconds(world.clock.now(), 60));
    return { status: response.status, page: await response.text() };
  };
  const see = async (locale = 'en') => (await world.app.request(linkTo('preferences', locale))).text();
  const mails = () => world.mail.mails().filter((it) => it.tags.lead !== undefined);
  return { ...world, linkTo, press, see, mails };
};
const ticked = (page: string) => [...page.matchAll(/name="topic" value="([^"]+)"\s+checked/g)].map(([, topic]) => topic);

describe('the preference page', () => {
  it('shows what comes, in the language of the mail, and nothing of the lead but a masked address', async () => {
    const world = await enrolled();
    const fields = {
      'first-name': 'Kimberly',
      'last-name': 'Oduya',
      company: 'Harbour Homes',
      phone: '+49 30 5550123',
      'job-title': 'Foreman',
    };
    await world.ports.leads.upsert({ leadId: world.leadId, email: world.email, fields, consents: {} }, start);
    const page = await world.see();
    expect(ticked(page)).toEqual(['tips']);
    expect(page).toContain('k•••@e•••.com');
    for (const value of [world.email, 'kim@', world.leadId, ...Object.values(fields)]) expect(page).not.toContain(value);
    const german = await world.see('de');
    expect(german).toContain('<html lang="de">');
    expect(german).toContain('Tipps');
    expect(german).toContain('Speichern');
  });

  it('changes nothing by being looked at, nor by a form that says nothing it knows', async () => {
    const world = await enrolled();
    const before = JSON.stringify(await world.ports.leads.find(world.leadId));
    for (const method of ['GET', 'HEAD']) await world.app.request(world.linkTo('preferences'), { method });
    for (const form of [{}, { action: 'drop-table' }, { topic: 'tips' }]) {
      const { status, page } = await world.press(form);
      expect(status).toBe(400);
      expect(page).toContain('nothing has been changed');
    }
    expect(JSON.stringify(await world.ports.leads.find(world.leadId))).toBe(before);
    expect(await world.ports.suppressions.ofLead(world.leadId)).toEqual([]);
  });

  it('ends a topic at once when its box is empty, and the runs on it', async () => {
    const world = await enrolled();
    const { page } = await world.press({ action: 'save' });
    expect(page).toContain('Saved.');
    expect(ticked(page)).toEqual([]);
    expect((await world.run())?.stop?.reason).toBe('unsubscribed');
    expect((await world.ports.consents.ofLead(world.leadId)).map((it) => [it.topic, it.given, it.source])).toEqual([
      ['tips', false, 'preference-page'],
    ]);
    await world.advance('30 days');
    expect(world.mails()).toHaveLength(1);
  });

  it('begins a topic only once the mailbox has confirmed: a forwarded mail signs nobody up', async () => {
    const world = await enrolled();
    await world.press({ action: 'save' });
    const { page } = await world.press({ action: 'save', topic: 'tips' });
    expect(page).toContain('We have sent you an e-mail');
    expect(ticked(page)).toEqual(['tips']);
    expect(page).toContain('waiting for you to confirm');
    const asking = world.mails().at(-1);
    expect(asking).toMatchObject({ to: world.email, subject: 'Sure about Tips?', tags: { sequence: confirmationId('tips') } });
    await world.did('trial.started');
    expect(world.mails(), 'no sequence yet').toHaveLength(2);
    const confirmPath = new URL(/href="(https[^"]+\/c\/[^"]+)"/.exec(asking?.html ?? '')?.[1] ?? '').pathname;
    expect((await world.app.request(confirmPath, { method: 'POST' })).status).toBe(200);
    expect((await world.ports.leads.find(world.leadId))?.consents.tips?.confirmed?.at).toBe(world.clock.now());
  });

  it('asks once, however often it is saved, and asks anew who changes his mind again', async () => {
    const world = await enrolled();
    await world.press({ action: 'save' });
    for (let time = 0; time < 3; time++) await world.press({ action: 'save', topic: 'tips' });
    expect(world.mails()).toHaveLength(2);
    await world.press({ action: 'save' });
    await world.advance('2 hours');
    await world.press({ action: 'save', topic: 'tips' });
    expect(world.mails()).toHaveLength(3);
  });

  it('pauses for 30 days, says until when, and goes on where it was, each mail once', async () => {
    const world = await enrolled();
    const { page } = await world.press({ action: 'pause' });
    expect(page).toMatch(/You get no e-mails until \d+ April 2026/);
    await world.advance('29 days');
    expect(world.mails()).toHaveLength(1);
    await world.advance('20 days');
    expect(world.mails().length).toBeGreaterThan(2);
    expect(new Set(world.mails().map((it) => it.tags.step)).size).toBe(world.mails().length);
    for (const mail of world.mails().slice(1)) expect(mail.at >= addSeconds(start, month)).toBe(true);
    expect((await world.run())?.ending).toBe('completed');
  });

  it('ends a pause when asked to', async () => {
    const world = await enrolled();
    await world.press({ action: 'pause' });
    expect((await world.press({ action: 'unpause' })).page).toContain('Pause for 30 days');
    await world.advance('12 days');
    expect(world.mails().length).toBeGreaterThan(1);
  });

  it('stops everything, also topics that come later, until the mailbox confirms', async () => {
    const world = await enrolled();
    const { page } = await world.press({ action: 'leave-all' });
    expect(page).toContain('You will get no more of our e-mails.');
    expect(ticked(page)).toEqual([]);
    const consents = { news: { given: true, at: world.clock.now(), source: 'old list' } };
    await world.ports.leads.upsert({ leadId: world.leadId, email: world.email, fields: {}, consents }, world.clock.now());
    expect(await world.see()).toMatch(/News <small>\(waiting for you to confirm\)/);
    await world.did('trial.started');
    await world.advance('40 days');
    expect(world.mails()).toHaveLength(1);
  });

  it('says so to who has stopped everything, and offers to come back, but no pause and no second stop', async () => {
    const world = await enrolled();
    expect(await world.see()).toContain('Stop all e-mails');
    await world.press({ action: 'leave-all' });
    const page = await world.see();
    expect(page).toContain('You will get no more of our e-mails.');
    expect(page).not.toMatch(/Stop all e-mails|Pause for 30 days/);
    expect((await world.press({ action: 'save', topic: 'tips' })).page).toContain('Stop all e-mails');
  });

  it('offers nothing to who complained, and is a lost page for who was erased, who can still leave', async () => {
    const world = await enrolled();
    await world.ports.suppressions.add(world.leadId, { scope: 'GLOBAL', reason: 'complained', at: start });
    expect(await world.see()).not.toContain('<form');
    const gone = world.ports.ids.leadId('gone@example.com');
    const sign = (purpose: LinkPurpose) =>
      world.ports.links.sign(purpose, { leadId: gone, topic: 'tips', expiresAt: addSeconds(start, month), locale: 'fr' });
    expect((await world.app.request(`/p/${sign('preferences')}`)).status).toBe(404);
    expect((await world.app.request(`/u/${sign('unsubscribe')}`, { method: 'POST' })).status).toBe(200);
    expect((await world.ports.suppressions.ofLead(gone)).map((it) => it.scope)).toEqual(['TOPIC#tips']);
    expect(await world.ports.leads.find(gone)).toBeUndefined();
  });

  it('takes only links that were made for it', async () => {
    const world = await enrolled();
    const token = world.linkTo('unsubscribe').slice(3);
    for (const path of [`/p/${token}`, `/c/${token}`, '/p/forged', `/p/${token}x`]) {
      expect((await world.app.request(path)).status).toBe(404);
      expect((await world.app.request(path, { method: 'POST', body: 'action=leave-all' })).status).toBe(404);
    }
    expect(await world.ports.suppressions.ofLead(world.leadId)).toEqual([]);
  });
});
