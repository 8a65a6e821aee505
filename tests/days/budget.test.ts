import { describe, expect, it } from 'vitest';
import { emailUsd, fixedUsd } from '#core/budget';
import type { LiveConfig } from '#core/config';
import { addSeconds } from '#core/instant';
import { createWorld } from '#local/world';
import { compile, email, sequenceOf } from '#tests/core/sequences/sequences';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aSequence, aStory } from '#tests/helpers/stories';

/** Eleven days before the month ends in Berlin. */
const start = '2026-03-20T10:00:00.000Z';
const budgetFor = (emails: number) => ({
  usd: Math.round((fixedUsd('a-la-carte') + (emails + 0.5) * emailUsd({ sesPlan: 'a-la-carte' })) * 1e6) / 1e6,
  sesPlan: 'a-la-carte' as const,
});

const aWorldWith = async (emails: number) => {
  let budget = budgetFor(emails);
  const live: LiveConfig = {
    ...liveConfig,
    get brand() {
      return { ...liveConfig.brand, timeZone: 'Europe/Berlin', budget };
    },
  };
  const common = { topic: 'tips', exits: [], giveUpAfter: { seconds: 86_400, deferrals: 1 } };
  const world = await createWorld({
    stack: 'memory',
    compiled: [
      compile(
        sequenceOf([email('hello', { atOnce: true })], { ...common, id: 'tips', enter: { on: { event: 'tips.asked' }, again: 'never' } }),
      ),
      compile(
        sequenceOf([email('access', { atOnce: true, transactional: true }), email('more', { atOnce: true })], {
          ...common,
          id: 'access',
          enter: { on: { event: 'access.asked' }, again: 'never' },
        }),
      ),
    ],
    live,
    startAt: start,
    seed: 'test',
  });
  const { ports } = world;
  const leadIds = Array.from({ length: 8 }, (_, at) => ports.ids.leadId(`lead-${at}@example.com`));
  for (const [at, leadId] of leadIds.entries())
    await ports.leads.upsert(
      { leadId, email: `lead-${at}@example.com`, fields: {}, consents: { tips: { given: true, at: start, source: 'form' } } },
      start,
    );
  const ask = async (name: string, which: readonly string[]) => {
    for (const leadId of which)
      await ports.eventQueue.push({ source: 'own', eventId: `${name}-${leadId}`, name, at: world.clock.now(), leadId });
    await world.runUntil(addSeconds(world.clock.now(), 3600));
  };
  const sent = () => world.mail.mails().flatMap(({ tags, to }) => (tags.step === undefined ? [] : [`${tags.step} to ${to}`]));
  return {
    ...world,
    leadIds,
    ask,
    sent,
    days: (days: number) => world.runUntil(addSeconds(world.clock.now(), days * 86_400)),
    raise: (more: number) => {
      budget = budgetFor(more);
    },
    notices: () => world.mail.mails().filter((it) => it.tags.kind === 'notice'),
  };
};

describe('a month’s budget in a whole world', () => {
  it('stops marketing mail, tells twice, lets what leads wait for go, and goes on with the next month', async () => {
    const world = await aWorldWith(5);
    await world.ask('tips.asked', world.leadIds.slice(0, 4));
    expect(world.notices().map((it) => it.subject)).toEqual(['Four fifths of the month’s mail budget are spent']);
    await world.ask('tips.asked', world.leadIds.slice(4, 6));
    await world.ask('access.asked', world.leadIds.slice(6));
    await world.days(2);
    expect(world.sent().filter((it) => it.startsWith('hello'))).toHaveLength(5);
    expect(
      world.sent().filter((it) => it.startsWith('access')),
      'transactional',
    ).toHaveLength(2);
    expect(world.sent().filter((it) => it.startsWith('more'))).toHaveLength(0);
    expect(world.notices().map((it) => it.subject)).toEqual([
      'Four fifths of the month’s mail budget are spent',
      'The month’s mail budget is spent: marketing mail waits',
    ]);
    expect(await world.ports.line.spentIn('2026-03')).toBe(7);

    const waiting = world.leadIds[6] ?? '';
    const token = world.ports.links.sign('unsubscribe', {
      leadId: waiting,
      topic: 'tips',
      expiresAt: addSeconds(start, 400 * 86_400),
      locale: 'en',
    });
    const left = await world.app.request(`/u/${token}`, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
    expect(left.status).toBeLessThan(400);
    await world.days(1);
    const [run] = (await world.ports.enrolments.ofLead(waiting)).filter((it) => it.sequence === 'access');
    expect(run?.stop?.reason, 'leaving is handled, and at once').toBe('unsubscribed');

    const transitions = world.runner.transitions().total;
    await world.days(4);
    expect(world.runner.transitions().total - transitions, 'who waits looks once a week').toBeLessThan(12);
    await world.days(8);
    expect(world.clock.now() > '2026-04-01').toBe(true);
    expect(world.sent().filter((it) => it.startsWith('hello'))).toHaveLength(6);
    expect(
      world.sent().filter((it) => it.startsWith('more')),
      'of the one that stayed',
    ).toHaveLength(1);
    expect(new Set(world.sent()).size).toBe(world.sent().length);
    for (const leadId of world.leadIds)
      for (const decision of await world.ports.decisions.ofLead(leadId))
        expect(['budget-spent', 'unsubscribed']).toContain(decision.reason);
    await world.stop();
  });

  it('goes on within a week when it is raised', async () => {
    const world = await aWorldWith(1);
    await world.ask('tips.asked', world.leadIds.slice(0, 3));
    expect(world.sent()).toHaveLength(1);
    world.raise(50);
    await world.ask('tips.asked', world.leadIds.slice(3, 4));
    expect(world.sent(), 'what comes due goes at once').toHaveLength(2);
    await world.days(7.5);
    expect(world.clock.now() < '2026-03-31').toBe(true);
    expect(world.sent()).toHaveLength(4);
    await world.stop();
  });

  it('is explained', async () => {
    const live = { ...liveConfig, brand: { ...liveConfig.brand, timeZone: 'Europe/Berlin', budget: budgetFor(0) } };
    const story = await aStory(aSequence([email('welcome', { atOnce: true })]), { live });
    await story.did('trial.started');
    await story.advance('1 hour');
    expect(await story.tell({ day: '2026-03-23' })).toContain(
      '“welcome” was put off: the month’s budget for mail (brand.yaml) is spent [budget-spent], until 2026-03-30 15:00 — month 2026-03, budget $18.00011, allowed 0',
    );
    expect(await story.tell()).toContain('if the month’s budget of $18.00011 is not spent');
  });
});
