import { describe, expect, it } from 'vitest';
import { holidaysFor } from '#adapters/files/holidays';
import { holidaysOf } from '#core/holidays';
import { toEpoch } from '#core/instant';
import { addBusinessDays, isAllowed, nextSendTime } from '#core/send-window';
import { dayMilliseconds } from '#core/time-zone';

const nobody = () => {
  throw new Error('nothing was to be reported');
};
const calendars = await holidaysFor({ countries: ['IE', 'DE', 'DE-BY', 'AE'], otherwise: 'IE' }, nobody);
const brand = { holidays: calendars };
const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / dayMilliseconds;
const isFree = (fields: Record<string, string>, date: string) => holidaysOf({ fields }, brand)?.has(dayOf(date)) === true;

describe('public holidays', () => {
  // As the countries' own laws say for 2026 and 2027.
  it.each([
    [{ country: 'DE' }, '2026-10-03', true],
    [{ country: 'de ' }, '2026-10-03', true],
    [{ country: 'DE' }, '2026-06-04', false],
    [{ country: 'DE', region: 'BY' }, '2026-06-04', true],
    [{ country: 'DE', region: 'de-by' }, '2026-06-04', true],
    [{ country: 'DE', region: 'HH' }, '2026-10-03', true],
    [{ country: 'IE' }, '2026-03-17', true],
    [{ country: 'IE' }, '2027-02-01', true],
    [{ country: 'DE' }, '2026-03-17', false],
    [{ country: 'BR' }, '2026-03-17', true],
    [{}, '2026-12-25', true],
  ])('%j on %s: %j', (fields, date, expected) => {
    expect(isFree(fields as Record<string, string>, date)).toBe(expected);
  });

  it('may last for days', () => {
    const days = calendars.days.AE ?? [];
    const dates = days.map(dayOf);
    expect(dates.some((it) => dates.includes(it + 1) && dates.includes(it + 2))).toBe(true);
  });

  it('are nobody\u2019s without a calendar', () => {
    expect(holidaysOf({ fields: { country: 'IE' } }, {})).toBeUndefined();
    expect(holidaysOf({ fields: { country: 'BR' } }, { holidays: { days: { IE: [] } } })).toBeUndefined();
  });
});

describe('a holiday', () => {
  const holidays = holidaysOf({ fields: { country: 'IE' } }, brand) as ReadonlySet<number>;
  const zone = 'Europe/Dublin';
  const window = { days: [2, 3, 4], fromMinute: 540, toMinute: 660, zone: 'lead' };

  it('has no window, but does not keep back what needs none', () => {
    // Saint Patrick's Day 2026 is a Tuesday.
    const at = '2026-03-17T09:30:00.000Z';
    expect(isAllowed({ at, zone, window })).toBe(true);
    expect(isAllowed({ at, zone, window, holidays })).toBe(false);
    expect(isAllowed({ at, zone, holidays })).toBe(true);
    expect(nextSendTime({ from: at, zone, window, holidays, spreadKey: 'x' }).slice(0, 10)).toBe('2026-03-18');
  });

  it('on the only weekday of a window, twice in a row, puts it off by two weeks', () => {
    const fridays = { ...window, days: [5] };
    // Christmas Day 2026 and New Year's Day 2027 are Fridays.
    const planned = nextSendTime({ from: '2026-12-24T12:00:00.000Z', zone, window: fridays, holidays, spreadKey: 'x' });
    expect(planned.slice(0, 10)).toBe('2027-01-08');
  });

  it('is no business day', () => {
    // Good Friday is none in Ireland; Easter Monday, 2026-04-06, is one.
    const thursday = '2026-04-02T10:00:00.000Z';
    expect(addBusinessDays(thursday, 1, zone, holidays)).toBe('2026-04-03T10:00:00.000Z');
    expect(addBusinessDays(thursday, 2, zone, holidays)).toBe('2026-04-07T10:00:00.000Z');
    expect(toEpoch(addBusinessDays(thursday, 2, zone))).toBeLessThan(toEpoch('2026-04-07T00:00:00.000Z'));
  });
});
