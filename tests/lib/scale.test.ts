import { describe, expect, it } from 'vitest';
import { eventFunctions, readSettings } from '#lib/settings';
import { demandOf, limits } from '../../bin/scale/arithmetic.ts';
import { shownDays, simulateDay } from '../../bin/scale/day.ts';

describe('the day of ten million mails', () => {
  it('loses none, whatever the rate, the quota and who waits', () => {
    for (const plan of shownDays) {
      const { sent, left } = simulateDay(plan);
      expect(Math.abs(sent + left - plan.mails)).toBeLessThan(2);
    }
  });

  it('is milder for mail that is due when enrolment heeds the send queue, at the cost of those who come new', () => {
    const plan = { mails: 10_000_000, sendsPerSecond: 250, enrolmentsAtOnce: 30, quota: 12_000_000 };
    const [heeding, not] = [simulateDay({ ...plan, isPressedBack: true }), simulateDay({ ...plan, isPressedBack: false })];
    expect(heeding.worstAgeMinutes).toBeLessThan(not.worstAgeMinutes * 0.8);
    expect(heeding.longestEnrolMinutes).toBeGreaterThan(not.longestEnrolMinutes);
  });

  it('never sends faster than the rate, nor more in a day than the quota', () => {
    for (const plan of shownDays) expect(simulateDay(plan).peakAnswers).toBeLessThanOrEqual(plan.sendsPerSecond + 1e-6);
    const short = simulateDay({ mails: 1_000_000, sendsPerSecond: 500, enrolmentsAtOnce: 30, isPressedBack: true, quota: 400_000 });
    expect(short.sent).toBeLessThanOrEqual(800_000);
    expect(short.left).toBeGreaterThanOrEqual(200_000);
  });
});

describe('the arithmetic of scale', () => {
  it('grows with the leads, and names for each limit what moves it', () => {
    const [one, ten] = [demandOf(1_000_000), demandOf(10_000_000)];
    for (const what of ['mailsPerDay', 'openExecutions', 'writeUnitsPerSecond', 'dollarsAMonth'] as const)
      expect(ten[what] / one[what]).toBeCloseTo(10, 1);
    for (const { moves, how } of limits()) expect(moves.length * how.length).toBeGreaterThan(0);
  });

  it('takes in events as fast as mail goes out', () => {
    expect(eventFunctions(readSettings({ sendsPerSecond: 1 }))).toBe(20);
    expect(eventFunctions(readSettings({ sendsPerSecond: 500 }))).toBe(100);
    expect(eventFunctions(readSettings({ sendsPerSecond: 5000 }))).toBe(1000);
  });
});
