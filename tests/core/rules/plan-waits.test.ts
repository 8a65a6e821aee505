import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { planWaits, toMachineWaits } from '#core/plan-waits';
import { aLead, brand, day, now } from './examples.ts';

const mornings = { days: [2, 3, 4], fromMinute: 540, toMinute: 660, zone: 'lead' };
// Tuesday 2026-07-14 12:00 in Berlin.
const context = { lead: aLead(), brand, now };

describe('planned waits', () => {
  it('end after their length, in the next window of the lead', () => {
    const { settle = '' } = planWaits([{ state: 'settle', length: { seconds: 2 * day }, window: mornings, forEmail: true }], context);
    expect(settle >= '2026-07-21T07:00:00.000Z' && settle < '2026-07-21T08:55:00.000Z').toBe(true);
  });

  it('of business days keep the local time, and quiet hours do not touch what is not for an e-mail', () => {
    const evening = { ...context, now: '2026-07-17T20:00:00.000Z' };
    expect(planWaits([{ state: 'settle', length: { businessDays: 1 } }], evening)).toEqual({ settle: '2026-07-20T20:00:00.000Z' });
    const { settle = '' } = planWaits([{ state: 'settle', length: { businessDays: 1 }, forEmail: true }], evening);
    expect(settle >= '2026-07-21T06:00:00.000Z' && settle < '2026-07-21T07:00:00.000Z').toBe(true);
  });

  it('that have nothing to wait for take a second', () => {
    expect(planWaits([{ state: 'Hold more', forEmail: true }], context)).toEqual({ 'Hold more': addSeconds(now, 1) });
  });

  it('are the same when planned again, and differ between leads and steps', () => {
    const waits = ['one', 'two'].map((state) => ({ state, length: { seconds: day }, window: { ...mornings, days: [4] }, forEmail: true }));
    const due = planWaits(waits, context);
    expect(planWaits(waits, { ...context, now: addSeconds(now, 3600) })).toEqual(due);
    expect(due.one).not.toBe(due.two);
    expect(planWaits(waits, { ...context, lead: aLead({ leadId: 'bbbbbbbbbbbbbbbbbbbbbbbbbb' }) }).one).not.toBe(due.one);
  });

  it('reach the machine as whole seconds of at least 1 that do not end early', () => {
    expect(toMachineWaits({ a: addSeconds(now, 90), b: now, c: addSeconds(now, -5) }, now)).toEqual({
      a: { seconds: 90, at: addSeconds(now, 90) },
      b: { seconds: 1, at: now },
      c: { seconds: 1, at: addSeconds(now, -5) },
    });
    fc.assert(
      fc.property(fc.integer({ min: -10_000, max: 400 * day * 1000 }), (ahead) => {
        const at = new Date(Date.parse(now) + ahead).toISOString();
        const seconds = toMachineWaits({ a: at }, now).a?.seconds ?? 0;
        expect(Number.isInteger(seconds) && seconds >= 1).toBe(true);
        expect(addSeconds(now, seconds) >= at).toBe(true);
        if (ahead > 1000) expect(addSeconds(now, seconds - 1) < at).toBe(true);
      }),
    );
  });
});
