import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds, toEpoch } from '#core/instant';
import { ceilingAt, isExemptFromWarmUp, warmUpPlan } from '#core/warm-up';

const warmUp = { start: '2026-03-28', perDay: [50, 100, 200] };
const at = (timeZone: string, moment: string) => ceilingAt({ warmUp, timeZone }, moment);

describe('the ceiling of a day', () => {
  it.each([
    ['before the first day that day’s ceiling holds', 'Europe/Dublin', '2026-03-01T12:00:00.000Z', 50, '2026-03-01'],
    ['the first day, by the brand’s clock', 'Europe/Dublin', '2026-03-28T00:00:00.000Z', 50, '2026-03-28'],
    ['the day on which clocks go forward', 'Europe/Dublin', '2026-03-29T00:30:00.000Z', 100, '2026-03-29'],
    ['its last minute is an hour earlier in UTC', 'Europe/Dublin', '2026-03-29T22:59:59.999Z', 100, '2026-03-29'],
    ['and then it is the next day', 'Europe/Dublin', '2026-03-29T23:00:00.000Z', 200, '2026-03-30'],
    ['east of UTC the day begins the evening before', 'Pacific/Auckland', '2026-03-28T11:00:00.000Z', 100, '2026-03-29'],
    ['west of UTC it lasts into the next', 'America/Los_Angeles', '2026-03-29T06:59:59.999Z', 50, '2026-03-28'],
    ['half an hour counts', 'Asia/Kolkata', '2026-03-28T18:30:00.000Z', 100, '2026-03-29'],
  ])('%s', (_, zone, moment, most, day) => {
    expect(at(zone, moment)).toMatchObject({ most, day });
  });

  it.each([
    ['Europe/Dublin', '2026-03-30T23:00:00.000Z'],
    ['Europe/Dublin', '2026-12-24T12:00:00.000Z'],
    ['America/Los_Angeles', '2026-03-31T07:00:00.000Z'],
  ])('is gone after the last: %s at %s', (zone, moment) => {
    expect(at(zone, moment)).toBeUndefined();
  });

  it('is none without a warm-up', () => {
    expect(ceilingAt({ timeZone: 'Europe/Dublin' }, '2026-03-28T00:00:00.000Z')).toBeUndefined();
  });

  it.each([
    ['of 23 hours', 'Europe/Dublin', '2026-03-29', '2026-03-29T12:00:00.000Z', 23],
    ['of 25 hours', 'Europe/Dublin', '2026-10-25', '2026-10-25T12:00:00.000Z', 25],
    ['that begins at one o’clock', 'America/Santiago', '2026-09-06', '2026-09-06T12:00:00.000Z', 23],
    ['of 24 and a half', 'Australia/Lord_Howe', '2026-04-05', '2026-04-05T02:00:00.000Z', 24.5],
  ])('ends where a day %s ends', (_, timeZone, start, noon, hours) => {
    const ceiling = ceilingAt({ warmUp: { start, perDay: [1, 2] }, timeZone }, noon);
    const next = ceiling?.nextDayAt ?? '';
    expect(ceiling).toMatchObject({ day: start, most: 1 });
    expect(ceilingAt({ warmUp: { start, perDay: [1, 2] }, timeZone }, next)).toMatchObject({ most: 2 });
    expect(ceilingAt({ warmUp: { start, perDay: [1, 2] }, timeZone }, addSeconds(next, -1))).toMatchObject({ most: 1 });
    const begins = toEpoch(next) - hours * 3_600_000;
    expect(ceilingAt({ warmUp: { start, perDay: [1, 2] }, timeZone }, new Date(begins).toISOString())?.day).toBe(start);
    expect(ceilingAt({ warmUp: { start, perDay: [1, 2] }, timeZone }, new Date(begins - 1).toISOString())?.day).not.toBe(start);
  });

  it('names the day that a clock on the wall shows, and the next day begins right after it, at any moment in any zone', () => {
    const zones = ['Europe/Dublin', 'America/New_York', 'Pacific/Apia', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/Santiago', 'UTC'];
    const moment = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) }).map((it) => new Date(it).toISOString());
    fc.assert(
      fc.property(fc.constantFrom(...zones), moment, (timeZone, now) => {
        const ceiling = ceilingAt(
          { warmUp: { start: '2025-12-20', perDay: Array.from({ length: 800 }, (_, day) => day + 1) }, timeZone },
          now,
        );
        if (!ceiling) throw new Error('there is a ceiling on each of these days');
        const shown = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
        expect(ceiling.day).toBe(shown.format(new Date(now)));
        expect(ceiling.nextDayAt > now).toBe(true);
        expect(shown.format(new Date(ceiling.nextDayAt)) > ceiling.day).toBe(true);
        expect(shown.format(new Date(toEpoch(ceiling.nextDayAt) - 1))).toBe(ceiling.day);
      }),
    );
  });
});

describe('what a warm-up does not hold back', () => {
  it.each([
    ['contract', true],
    ['confirmation', true],
    ['consent', false],
    ['legitimate-interest', false],
  ] as const)('%s: %s', (lawfulBasis, isExempt) => {
    expect(isExemptFromWarmUp({ lawfulBasis })).toBe(isExempt);
  });
});

describe('the schedule as doctor shows it', () => {
  const plan = (now: string) => warmUpPlan({ warmUp, timeZone: 'Europe/Dublin' }, now);

  it('has every day with its ceiling, and the first without', () => {
    expect(plan('2026-03-29T12:00:00.000Z')).toEqual({
      state: 'running',
      timeZone: 'Europe/Dublin',
      today: '2026-03-29',
      days: [
        { day: '2026-03-28', most: 50 },
        { day: '2026-03-29', most: 100 },
        { day: '2026-03-30', most: 200 },
      ],
      freeFrom: '2026-03-31',
    });
  });

  it.each([
    ['2026-03-27T12:00:00.000Z', 'ahead'],
    ['2026-03-30T22:59:00.000Z', 'running'],
    ['2026-03-30T23:00:00.000Z', 'over'],
  ])('knows at %s that it is %s', (now, state) => {
    expect(plan(now).state).toBe(state);
  });

  it('says that there is none', () => {
    expect(warmUpPlan({ timeZone: 'UTC' }, '2026-03-29T12:00:00.000Z')).toEqual({ state: 'none' });
  });
});
