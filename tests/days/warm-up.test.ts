import { describe, expect, it } from 'vitest';
import type { LiveConfig } from '#core/config';
import { addSeconds } from '#core/instant';
import type { Sequence } from '#core/sequences/model';
import type { StoredMail } from '#local/ses/mail-service';
import { createWorld } from '#local/world';
import { compile, email, sequenceOf } from '#tests/core/sequences/sequences';
import { liveConfig } from '#tests/helpers/protocol-sequence';

/** Tuesday, 09:30 in Berlin, the week before clocks go forward. */
const start = '2026-03-24T08:30:00.000Z';
const warmUp = { start: '2026-03-24', perDay: [3, 4, 4, 6, 6, 6] };
const workdays = { days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 17 * 60, zone: 'lead' } as const;
const live: LiveConfig = {
  ...liveConfig,
  brand: { ...liveConfig.brand, timeZone: 'Europe/Berlin', quietHours: { fromMinute: 20 * 60, toMinute: 8 * 60 }, warmUp },
};
const sequence = (id: string, more: Partial<Sequence> = {}) =>
  compile(
    sequenceOf([email('hello', { window: workdays })], {
      id,
      topic: 'tips',
      exits: [],
      enter: { on: { event: `${id}.asked` }, again: 'never' },
      giveUpAfter: { seconds: 86_400, deferrals: 1 },
      ...more,
    }),
  );

const aWarmWorld = async (leads: number) => {
  const world = await createWorld({
    stack: 'memory',
    compiled: [sequence('tips'), sequence('receipts', { lawfulBasis: 'contract' })],
    live,
    startAt: start,
    seed: 'test',
  });
  const { ports } = world;
  const leadIds = Array.from({ length: leads }, (_, at) => ports.ids.leadId(`lead-${at}@example.com`));
  for (const [at, leadId] of leadIds.entries()) {
    const fields = { 'time-zone': 'Europe/Berlin' };
    const consents = { tips: { given: true, at: start, source: 'form' } };
    await ports.leads.upsert({ leadId, email: `lead-${at}@example.com`, fields, consents }, start);
  }
  let count = 0;
  const ask = async (id: string, which: readonly string[]) => {
    for (const leadId of which) {
      const event = { source: 'own' as const, eventId: `own-${count++}`, name: `${id}.asked`, at: world.clock.now(), leadId };
      await ports.eventQueue.push(event);
    }
    await world.runUntil(world.clock.now());
  };
  const hours = (number: number) => world.runUntil(addSeconds(world.clock.now(), number * 3600));
  return { ...world, leadIds, ask, hours, days: (number: number) => hours(number * 24) };
};

const inBerlin = (at: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin', ...options }).format(new Date(at));
const perDay = (mails: readonly StoredMail[]) => {
  const counts: Record<string, number> = {};
  for (const { at } of mails) {
    const day = inBerlin(at, { dateStyle: 'short' });
    counts[day] = (counts[day] ?? 0) + 1;
  }
  return counts;
};

describe('a whole world that warms up', () => {
  it('sends the excess on later days, each e-mail once, within its hours, and uses up no deferral', async () => {
    const world = await aWarmWorld(15);
    await world.ask('tips', world.leadIds);
    await world.days(10);
    const mails = world.mail.mails();
    // From Friday's six on the week-end is between, and its ceilings pass unused.
    expect(perDay(mails)).toEqual({ '2026-03-24': 3, '2026-03-25': 4, '2026-03-26': 4, '2026-03-27': 4 });
    expect(new Set(mails.map((it) => it.to)).size).toBe(15);
    for (const { at } of mails) {
      const hour = Number(inBerlin(at, { hour: '2-digit', hourCycle: 'h23' }));
      expect(hour, at).toBeGreaterThanOrEqual(9);
      expect(hour, at).toBeLessThan(17);
    }
    for (const leadId of world.leadIds) {
      const [run] = await world.ports.enrolments.ofLead(leadId);
      expect(run?.ending).toBe('completed');
      const record = await world.ports.sends.find({ leadId, enrolmentId: run?.enrolmentId ?? '', step: 'hello', round: 1 });
      expect(record).toMatchObject({ state: 'SENT', deferrals: 0 });
      const reasons = (await world.ports.decisions.ofLead(leadId)).map((it) => it.reason);
      expect(new Set(reasons)).toEqual(new Set(reasons.length > 0 ? ['warm-up'] : []));
    }
  });

  it('lets everything go on the day after its last', async () => {
    const world = await aWarmWorld(40);
    await world.days(6);
    await world.ask('tips', world.leadIds);
    await world.days(1);
    expect(perDay(world.mail.mails())).toEqual({ '2026-03-30': 40 });
  });

  it('sends what somebody waits for whatever the day has seen, and counts it', async () => {
    const world = await aWarmWorld(9);
    await world.ask('receipts', world.leadIds.slice(0, 2));
    await world.hours(2);
    await world.ask('tips', world.leadIds.slice(2, 6));
    await world.hours(2);
    expect(await world.ports.line.takenOn('2026-03-24')).toBe(3);
    await world.ask('receipts', world.leadIds.slice(6));
    await world.hours(2);
    const today = world.mail.mails().map((it) => it.tags.sequence);
    expect(today).toEqual(['receipts', 'receipts', 'tips', 'receipts', 'receipts', 'receipts']);
    expect(await world.ports.line.takenOn('2026-03-24')).toBe(6);
    await world.days(3);
    expect(world.mail.mails()).toHaveLength(9);
  });
});
