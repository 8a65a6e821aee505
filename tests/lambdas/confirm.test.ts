import { describe, expect, it } from 'vitest';
import { confirmationId } from '#core/consent';
import { addSeconds } from '#core/instant';
import { pages } from '#lambdas/api/pages';
import { confirmations, nurture, withDoubleOptIn } from '#tests/helpers/protocol-sequence';
import { aWorld, start } from '#tests/helpers/world';

const live = withDoubleOptIn;

/** A lead who agreed just now to a topic with double opt-in, and was asked to confirm. */
const asked = async () => {
  const world = await aWorld({ compiled: [nurture(), ...confirmations(live)], live });
  const { ports, leadId } = world;
  const trigger = `consent:tips:${start}`;
  await ports.enrolQueue.push({ leadId, sequence: confirmationId('tips'), trigger });
  await world.runUntil(addSeconds(start, 60));
  const mails = () => world.mail.mails().filter((it) => it.tags.lead !== undefined);
  const path = new URL(/href="(https[^"]+\/c\/[^"]+)"/.exec(mails()[0]?.html ?? '')?.[1] ?? '').pathname;
  const press = async () => {
    const response = await world.app.request(path, { method: 'POST' });
    await world.runUntil(addSeconds(world.clock.now(), 60));
    return { status: response.status, page: await response.text() };
  };
  const consent = async () => (await ports.leads.find(leadId))?.consents.tips;
  return { ...world, trigger, mails, path, press, consent };
};

describe('double opt-in', () => {
  it('asks once with one mail, out of click tracking, with a way out', async () => {
    const world = await asked();
    await world.ports.enrolQueue.push({ leadId: world.leadId, sequence: confirmationId('tips'), trigger: world.trigger });
    await world.advance('10 days');
    expect(world.mails()).toHaveLength(1);
    const [mail] = world.mails();
    expect(mail?.tags).toMatchObject({ sequence: 'confirm_tips', step: 'ask' });
    expect(mail?.headers.map((it) => it.name)).toContain('List-Unsubscribe');
  });

  it('lets nobody in before, and everybody in who waited after, each once', async () => {
    const world = await asked();
    await world.did('trial.started');
    expect((await world.ports.decisions.ofLead(world.leadId)).map((it) => it.reason)).toEqual(['consent-unconfirmed']);
    expect(world.mails()).toHaveLength(1);
    expect((await world.press()).page).toContain('Thank you');
    expect(world.mails().map((it) => it.tags.step)).toEqual(['ask', 'welcome']);
    await world.press();
    await world.press();
    expect(world.mails()).toHaveLength(2);
    expect((await world.ports.enrolments.ofLead(world.leadId)).filter((it) => it.sequence === 'nurture')).toHaveLength(1);
  });

  it('confirms nothing by being looked at, by whatever scanner, however often', async () => {
    const world = await asked();
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      for (let time = 0; time < 3; time++)
        await world.app.request(world.path, { method, headers: { 'user-agent': 'Mail Scanner', purpose: 'prefetch' } });
    expect((await world.consent())?.confirmed).toBeUndefined();
    expect((await world.app.request(world.path)).status).toBe(200);
    expect(await (await world.app.request(world.path)).text()).toContain('Yes, Example Ltd may send me e-mails about “Tips”');
  });

  it('keeps proof: when, the words, their version, a hash of the address that it came from', async () => {
    const world = await asked();
    const app = pages(world.ports);
    const from = { requestContext: { http: { sourceIp: '192.0.2.7' } } };
    await app.request(world.path, { method: 'POST', headers: { 'x-forwarded-for': '198.51.100.1' } }, from);
    const confirmed = (await world.consent())?.confirmed;
    expect(confirmed).toMatchObject({
      at: world.clock.now(),
      text: 'Yes, Example Ltd may send me e-mails about “Tips”. I can end this at any time.',
    });
    expect(confirmed?.ipHash).toBe(world.ports.ids.ipHash('192.0.2.7'));
    expect(confirmed?.textVersion).toMatch(/^[0-9a-f]{12}$/);
    const ledger = await world.ports.consents.ofLead(world.leadId);
    expect(ledger).toEqual([{ topic: 'tips', ...(await world.consent()) }]);
    expect(JSON.stringify(ledger)).not.toContain('192.0.2.7');
    expect(world.lines.join()).not.toContain('192.0.2.7');
  });

  it('has nothing to confirm for who left meanwhile, and says so', async () => {
    const world = await asked();
    const leave = new URL(world.mails()[0]?.headers[0]?.value.slice(1, -1) ?? '').pathname;
    await world.app.request(leave, { method: 'POST' });
    const { status, page } = await world.press();
    expect(status).toBe(410);
    expect(page).toContain('There is nothing to confirm');
    expect((await world.consent())?.given).toBe(false);
  });

  it('works as long as brand.yaml says, and no longer', async () => {
    const world = await asked();
    await world.advance('6 days');
    expect((await world.app.request(world.path)).status).toBe(200);
    await world.advance('1 day');
    expect((await world.press()).status).toBe(404);
    expect((await world.consent())?.confirmed).toBeUndefined();
  });

  it('is not asked of who confirmed, or never agreed', async () => {
    const world = await asked();
    await world.press();
    await world.advance('1 day');
    await world.ports.enrolQueue.push({ leadId: world.leadId, sequence: confirmationId('tips'), trigger: 'consent:tips:again' });
    await world.ports.enrolQueue.push({ leadId: world.leadId, sequence: confirmationId('news'), trigger: 'consent:news:x' });
    await world.advance('1 day');
    expect(world.mails().filter((it) => it.tags.step === 'ask')).toHaveLength(1);
    const reasons = (await world.ports.decisions.ofLead(world.leadId)).map((it) => it.reason);
    expect(reasons).toEqual(['nothing-to-confirm', 'nothing-to-confirm']);
  });
});
