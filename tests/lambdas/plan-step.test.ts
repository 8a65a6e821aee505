import { describe, expect, it } from 'vitest';
import { silentLog } from '#adapters/memory/logs';
import { memoryTable } from '#adapters/memory/memory-table';
import { stores } from '#adapters/stores/stores';
import { addSeconds, type Instant } from '#core/instant';
import { enrolmentSk, leadPk } from '#core/keys';
import type { Ports, Timer } from '#core/ports';
import { planStep } from '#lambdas/steps/plan-step';
import { aLead, anEnrolment, now } from '#tests/helpers/builders';
import { liveConfig, nurture } from '#tests/helpers/protocol-sequence';

const { artifact } = nurture();
const run = anEnrolment({ version: artifact.version });
const { leadId, enrolmentId, sequence, version } = run;
const key = { pk: leadPk(leadId), sk: enrolmentSk(sequence, enrolmentId) };
/** An e-mail in its window, and what the machine asks before it, as it has since it sits the wait out itself. */
const held = { leadId, enrolmentId, leg: 1, sequence, version, step: 'case-story' };
const sitsOut = { token: 'token-1', enteredAt: now, attempt: 0, speaks: true as const };

/** One run on a table, at this moment, and what machines and timers were told. */
const aRow = async (at: Instant) => {
  const table = memoryTable();
  const kept = stores(table, async () => artifact.waitLengths);
  const told: string[] = [];
  const timers: Timer[] = [];
  const use = {
    ...kept,
    clock: { now: () => at },
    tokens: { succeed: async (token: string) => told.push(`success ${token}`) },
    timers: { set: async (timer: Timer) => void timers.push(timer) },
    artifacts: { get: async () => artifact },
    config: { live: async () => liveConfig },
    log: silentLog(),
  } as unknown as Ports;
  await kept.leads.upsert(aLead({ consents: { tips: { given: true, at: now, source: 'test' } } }), now);
  await kept.enrolments.create(run);
  return {
    use,
    told,
    timers,
    ask: (more: object = {}) => planStep(use)({ ...held, sitsOut, ...more }),
    parkedLater: () => table.update(key, { set: { token: 'token-2', entered: addSeconds(at, 9), step: 'case-story' } }),
    row: () => kept.enrolments.find(run),
  };
};

/** A Saturday evening, and Wednesday noon in all of Europe. */
const [closed, open] = ['2026-03-28T20:00:00.000Z', '2026-03-25T11:00:00.000Z'];

describe('a state that sits out the wait that it has planned', () => {
  it('parks the run until the window opens, and sets a timer for then', async () => {
    const { ask, row, told, timers } = await aRow(closed);
    const due = (await ask()).waits['Hold case-story']?.at;
    expect(due).toMatch(/^2026-03-30T/);
    expect(await row()).toMatchObject({ token: 'token-1', step: 'case-story', timed: true, speaks: true, gsi1sk: due, waitSeconds: 0 });
    expect([timers, told]).toEqual([[{ enrolmentId, leg: 1, step: 'case-story', token: 'token-1', at: due }], []]);
  });

  it('goes on at once inside the window, with the row parked as for any wait', async () => {
    const { ask, row, told, timers } = await aRow(open);
    await ask();
    expect(await row()).toMatchObject({ token: 'token-1', step: 'case-story', timed: true, gsi1sk: open });
    expect([told, timers]).toEqual([['success token-1'], []]);
  });

  it('gives way to a stop that came between its reads and its write', async () => {
    const { use, ask, row, told, timers } = await aRow(closed);
    const { park } = use.enrolments;
    Object.assign(use.enrolments, {
      park: async (...args: Parameters<typeof park>) => {
        await use.enrolments.stop(run, { reason: 'unsubscribed', at: closed });
        return park(...args);
      },
    });
    await expect(ask()).rejects.toMatchObject({ name: 'Halt' });
    expect([told, timers]).toEqual([[], []]);
    expect(await row()).not.toHaveProperty('token');
  });

  it('of another leg parks nothing', async () => {
    const { ask, row } = await aRow(closed);
    await expect(ask({ leg: 2 })).rejects.toMatchObject({ name: 'Halt' });
    expect(await row()).not.toHaveProperty('token');
  });

  it('that was tried again has the row with its last attempt, whichever comes last', async () => {
    const { ask, row, timers } = await aRow(closed);
    await ask({ sitsOut: { ...sitsOut, token: 'token-1b', attempt: 1 } });
    await ask();
    expect((await row())?.token).toBe('token-1b');
    expect(timers.map((it) => it.token)).toEqual(['token-1b']);
  });

  it('that the machine has left says nothing', async () => {
    const { ask, row, told, timers, parkedLater } = await aRow(open);
    await parkedLater();
    await ask();
    expect((await row())?.token).toBe('token-2');
    expect([told, timers]).toEqual([[], []]);
  });

  it('does not park for a leg that begins elsewhere', async () => {
    const { ask, row } = await aRow(closed);
    await expect(ask({ startAt: 'breathe' })).rejects.toMatchObject({ name: 'Elsewhere' });
    expect(await row()).not.toHaveProperty('token');
  });
});

describe('a machine of before, which waits by itself', () => {
  it('is told how long, a second at least, and the run is not parked', async () => {
    for (const [at, seconds] of [
      [open, 1],
      [closed, 40_000],
    ] as const) {
      const { use, row, told, timers } = await aRow(at);
      const { waits } = await planStep(use)(held);
      expect(waits['Hold case-story']?.seconds).toBeGreaterThanOrEqual(seconds);
      expect([told, timers, (await row())?.token]).toEqual([[], [], undefined]);
    }
  });
});
