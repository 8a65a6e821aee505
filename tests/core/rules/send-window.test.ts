import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds, toEpoch, toInstant } from '#core/instant';
import { type Hours, openSpans } from '#core/open-spans';
import { addBusinessDays, afterWait, everOpens, isAllowed, nextSendTime } from '#core/send-window';
import { parseWindow, windowTrouble } from '#core/send-window-text';
import { isOpenOnTheWall, wallTime } from './wall-clock.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const hour = (hours: number, minutes = 0) => hours * 60 + minutes;
const windowOf = (days: readonly number[], fromMinute: number, toMinute: number, zone = 'lead') => ({ days, fromMinute, toMinute, zone });
const nights = { fromMinute: hour(20), toMinute: hour(8) };

/** The openings that end after a moment, as instants without milliseconds. */
const openings = (from: string, hours: Hours, count: number): string[] =>
  [...openSpans(toEpoch(from), hours)]
    .filter((it) => it.to > toEpoch(from))
    .slice(0, count)
    .map((it) => [it.from, it.to].map((at) => toInstant(at).replace(':00.000Z', 'Z')).join(' '));

describe('a window', () => {
  // Local times and offsets from the tz database's rules for each zone, worked out by hand.
  it.each([
    ['an ordinary Tuesday', 'Europe/Berlin', [2], hour(9), hour(11), '2026-07-13T00:00:00Z', ['2026-07-14T07:00Z 2026-07-14T09:00Z']],
    [
      'New York 2026-03-08, wholly skipped',
      'America/New_York',
      [7],
      hour(2, 15),
      hour(2, 45),
      '2026-03-08T00:00:00Z',
      ['2026-03-15T06:15Z 2026-03-15T06:45Z'],
    ],
    [
      'New York 2026-03-08, begins skipped',
      'America/New_York',
      [7],
      hour(2, 30),
      hour(4),
      '2026-03-08T00:00:00Z',
      ['2026-03-08T07:00Z 2026-03-08T08:00Z'],
    ],
    [
      'New York 2026-03-08, ends skipped',
      'America/New_York',
      [7],
      hour(1),
      hour(2, 30),
      '2026-03-08T00:00:00Z',
      ['2026-03-08T06:00Z 2026-03-08T07:00Z'],
    ],
    [
      'New York 2026-03-08, around the gap',
      'America/New_York',
      [7],
      hour(1),
      hour(5),
      '2026-03-08T00:00:00Z',
      ['2026-03-08T06:00Z 2026-03-08T09:00Z'],
    ],
    [
      'New York 2026-11-01, wholly doubled',
      'America/New_York',
      [7],
      hour(1),
      hour(2),
      '2026-11-01T00:00:00Z',
      ['2026-11-01T05:00Z 2026-11-01T06:00Z', '2026-11-08T06:00Z 2026-11-08T07:00Z'],
    ],
    [
      'New York 2026-11-01, ends doubled',
      'America/New_York',
      [7],
      hour(0),
      hour(1, 30),
      '2026-11-01T00:00:00Z',
      ['2026-11-01T04:00Z 2026-11-01T05:30Z', '2026-11-08T05:00Z 2026-11-08T06:30Z'],
    ],
    [
      'New York 2026-11-01, begins doubled',
      'America/New_York',
      [7],
      hour(1, 30),
      hour(3),
      '2026-11-01T00:00:00Z',
      ['2026-11-01T05:30Z 2026-11-01T06:00Z', '2026-11-01T07:00Z 2026-11-01T08:00Z'],
    ],
    [
      'Sao Paulo 2018-11-04, no midnight',
      'America/Sao_Paulo',
      [7],
      hour(0),
      hour(2),
      '2018-11-03T12:00:00Z',
      ['2018-11-04T03:00Z 2018-11-04T04:00Z'],
    ],
    ['Apia 2011-12-30, no Friday', 'Pacific/Apia', [5], hour(9), hour(11), '2011-12-29T12:00:00Z', ['2012-01-05T19:00Z 2012-01-05T21:00Z']],
    [
      'Apia 2011-12-30, every day',
      'Pacific/Apia',
      everyDay,
      hour(9),
      hour(11),
      '2011-12-29T12:00:00Z',
      ['2011-12-29T19:00Z 2011-12-29T21:00Z', '2011-12-30T19:00Z 2011-12-30T21:00Z'],
    ],
    [
      'Lord Howe 2026-04-05, half an hour doubled',
      'Australia/Lord_Howe',
      [7],
      hour(1, 30),
      hour(2),
      '2026-04-04T00:00:00Z',
      ['2026-04-04T14:30Z 2026-04-04T15:00Z', '2026-04-11T15:00Z 2026-04-11T15:30Z'],
    ],
    [
      'Lord Howe 2026-10-04, half an hour skipped',
      'Australia/Lord_Howe',
      [7],
      hour(2),
      hour(3),
      '2026-10-03T00:00:00Z',
      ['2026-10-03T15:30Z 2026-10-03T16:00Z'],
    ],
    [
      "St John's 2010-11-07, back into Saturday",
      'America/St_Johns',
      [6],
      hour(23),
      hour(24),
      '2010-11-06T12:00:00Z',
      ['2010-11-07T01:30Z 2010-11-07T02:30Z'],
    ],
    [
      "St John's 2010-11-07, a minute of Sunday first",
      'America/St_Johns',
      [7],
      hour(0),
      hour(1),
      '2010-11-06T12:00:00Z',
      ['2010-11-07T02:30Z 2010-11-07T02:31Z', '2010-11-07T03:31Z 2010-11-07T04:30Z'],
    ],
  ])('opens when the clocks on the wall say so: %s', (_, zone, days, fromMinute, toMinute, from, expected) => {
    expect(openings(from, { zone, window: windowOf(days, fromMinute, toMinute) }, expected.length)).toEqual(expected);
  });

  it('stays closed when the doubled hour comes again', () => {
    const hours = { zone: 'America/New_York', window: windowOf([7], hour(1), hour(2)) };
    expect(isAllowed({ at: '2026-11-01T05:30:00.000Z', ...hours })).toBe(true);
    expect(isAllowed({ at: '2026-11-01T06:30:00.000Z', ...hours })).toBe(false);
  });

  it('counts in its own zone, and is cut by quiet hours in the time of the lead', () => {
    const hours = { zone: 'America/Los_Angeles', window: windowOf(everyDay, hour(14), hour(18), 'Europe/Dublin'), quietHours: nights };
    // 14:00 in Dublin is 06:00 in Los Angeles; quiet until 08:00 there, which is 16:00 in Dublin.
    expect(openings('2026-07-14T00:00:00Z', hours, 1)).toEqual(['2026-07-14T15:00Z 2026-07-14T17:00Z']);
    expect(isAllowed({ at: '2026-07-14T14:59:59.999Z', ...hours })).toBe(false);
    expect(isAllowed({ at: '2026-07-14T15:00:00.000Z', ...hours })).toBe(true);
    expect(isAllowed({ at: '2026-07-14T17:00:00.000Z', ...hours })).toBe(false);
  });

  it('that quiet hours cover wholly never opens, and plans nothing later', () => {
    const hours = { zone: 'Pacific/Auckland', window: windowOf([2], hour(9), hour(11), 'Europe/Dublin'), quietHours: nights };
    const from = '2026-07-14T00:00:00.000Z';
    expect(everOpens({ from, ...hours })).toBe(false);
    expect(nextSendTime({ from, spreadKey: 'anyone', ...hours })).toBe(from);
    expect(everOpens({ from, zone: 'Pacific/Auckland', window: hours.window })).toBe(true);
  });
});

describe('the next time to send', () => {
  const mornings = { zone: 'Europe/Berlin', window: windowOf([2, 3, 4], hour(9), hour(11)) };

  it('is now when the window is open, to the last second', () => {
    const from = '2026-07-14T08:59:59.000Z';
    expect(nextSendTime({ from, spreadKey: 'anyone', ...mornings })).toBe(from);
  });

  it('is now when nothing forbids it', () => {
    const from = '2026-07-14T02:00:00.000Z';
    expect(nextSendTime({ from, spreadKey: 'anyone', zone: 'Europe/Berlin' })).toBe(from);
  });

  it('is the same for the same key, and spreads others over the window but for its last five minutes', () => {
    const from = '2026-07-14T09:00:00.000Z';
    const at = Array.from({ length: 1000 }, (_, lead) => nextSendTime({ from, spreadKey: `lead${lead} welcome`, ...mornings }));
    expect(nextSendTime({ from, spreadKey: 'lead7 welcome', ...mornings })).toBe(at[7]);
    const [earliest, latest] = [Math.min(...at.map(toEpoch)), Math.max(...at.map(toEpoch))].map(toInstant);
    expect(earliest).toMatch(/^2026-07-15T07:0[01]/);
    expect(latest).toMatch(/^2026-07-15T08:5[234]/);
    for (let quarter = 0; quarter < 7; quarter++) {
      const [begin, end] = [
        addSeconds('2026-07-15T07:00:00.000Z', quarter * 900),
        addSeconds('2026-07-15T07:00:00.000Z', (quarter + 1) * 900),
      ];
      expect(at.filter((it) => it >= begin && it < end).length).toBeGreaterThan(80);
    }
  });

  it('leaves a tenth of a short window free', () => {
    const short = { zone: 'Europe/Berlin', window: windowOf([2], hour(9), hour(9, 10)) };
    const at = Array.from({ length: 300 }, (_, lead) =>
      nextSendTime({ from: '2026-07-13T00:00:00.000Z', spreadKey: `lead${lead}`, ...short }),
    );
    expect(at.every((it) => it >= '2026-07-14T07:00:00.000Z' && it < '2026-07-14T07:09:00.000Z')).toBe(true);
  });

  it('without a window is within the hour after quiet hours end', () => {
    const hours = { zone: 'America/New_York', quietHours: nights };
    const at = Array.from({ length: 300 }, (_, lead) =>
      nextSendTime({ from: '2026-07-14T02:00:00.000Z', spreadKey: `lead${lead}`, ...hours }),
    );
    expect(at.every((it) => it >= '2026-07-14T12:00:00.000Z' && it < '2026-07-14T13:00:00.000Z')).toBe(true);
    expect(nextSendTime({ from: '2026-07-14T23:59:59.000Z', spreadKey: 'anyone', ...hours })).toBe('2026-07-14T23:59:59.000Z');
  });

  it('by day, quiet hours at midday hold a mail until they end', () => {
    const hours = { zone: 'UTC', quietHours: { fromMinute: hour(12), toMinute: hour(14) } };
    expect(isAllowed({ at: '2026-07-14T11:59:59.999Z', ...hours })).toBe(true);
    expect(isAllowed({ at: '2026-07-14T12:00:00.000Z', ...hours })).toBe(false);
    expect(nextSendTime({ from: '2026-07-14T12:30:00.000Z', spreadKey: 'anyone', ...hours }).slice(0, 13)).toBe('2026-07-14T14');
  });
});

const quarter = 15 * 60_000;
const clockChanges = [
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00:00Z'],
  ['America/Sao_Paulo', '2019-02-17T02:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['America/Santiago', '2026-04-05T03:00:00Z'],
  ['America/Santiago', '2026-09-06T04:00:00Z'],
  ['Asia/Kathmandu', '2026-05-01T00:00:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00:00Z'],
  ['Antarctica/Troll', '2026-10-25T01:00:00Z'],
] as const;

const minutes = (least: number, most: number) => fc.integer({ min: least / 15, max: most / 15 }).map((it) => it * 15);
const anyWindow = fc
  .record({
    days: fc.subarray(everyDay, { minLength: 1 }),
    from: minutes(0, 1425),
    length: minutes(15, 1440),
    own: fc.constantFrom('lead', 'Europe/Dublin', 'Pacific/Auckland'),
  })
  .map(({ days, from, length, own }) => windowOf(days, from, Math.min(1440, from + length), own));
const anyQuiet = fc.record({ fromMinute: minutes(0, 1440), toMinute: minutes(0, 1440) }).filter((it) => it.fromMinute !== it.toMinute);
const anyMoment = fc
  .record({ change: fc.constantFrom(...clockChanges), quarters: fc.integer({ min: -4 * 72, max: 4 * 72 }) })
  .map(({ change: [zone, at], quarters }) => ({ zone, from: Date.parse(at) + quarters * quarter }));

/** Around a clock change, with a window, quiet hours or both. */
const anyCase = fc
  .record({ moment: anyMoment, window: fc.option(anyWindow, { nil: undefined }), quietHours: fc.option(anyQuiet, { nil: undefined }) })
  .map(({ moment: { zone, from }, window, quietHours }) => ({
    from,
    hours: { zone, ...(window && { window }), ...(quietHours && { quietHours }) },
  }));

describe('against the clock on the wall', () => {
  it('a mail may go exactly when Intl says that the hours are open', () => {
    fc.assert(
      fc.property(anyCase, ({ from, hours }) => {
        for (let at = from; at < from + 96 * quarter; at += quarter) {
          expect({ at: toInstant(at), open: isAllowed({ at: toInstant(at), ...hours }) }).toEqual({
            at: toInstant(at),
            open: isOpenOnTheWall(at, hours),
          });
        }
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('the next time to send is open, not before `from`, and nothing opens earlier', () => {
    fc.assert(
      fc.property(anyCase, fc.string(), ({ from, hours }, spreadKey) => {
        fc.pre(everOpens({ from: toInstant(from), ...hours }));
        const at = toEpoch(nextSendTime({ from: toInstant(from), spreadKey, ...hours }));
        expect(at).toBeGreaterThanOrEqual(from);
        expect(isOpenOnTheWall(at, hours)).toBe(true);
        let first = from;
        while (!isOpenOnTheWall(first, hours)) first += quarter;
        if (first === from) expect(at).toBe(from);
        for (let between = first; between <= at; between += quarter) expect(isOpenOnTheWall(between, hours)).toBe(true);
      }),
      { numRuns: 250 },
    );
  }, 60_000);
});

describe('a wait', () => {
  it('of days is whole 24 hours, whatever the clocks do', () => {
    expect(afterWait('2026-03-07T12:00:00.000Z', { seconds: 2 * 86_400 }, 'America/New_York')).toBe('2026-03-09T12:00:00.000Z');
  });

  it.each([
    ['from Friday to Monday, at the same local time', '2026-03-06T15:00:00.000Z', 1, 'America/New_York', '2026-03-09T14:00:00.000Z'],
    ['from Saturday to Monday', '2026-07-11T10:00:00.000Z', 1, 'Europe/Berlin', '2026-07-13T10:00:00.000Z'],
    ['five are a week', '2026-07-15T10:00:00.000Z', 5, 'Europe/Berlin', '2026-07-22T10:00:00.000Z'],
    ['none is no wait', '2026-07-11T10:00:00.000Z', 0, 'Europe/Berlin', '2026-07-11T10:00:00.000Z'],
    [
      'by the date where the lead is: Friday evening in UTC is Saturday in Tokyo',
      '2026-07-10T16:00:00.000Z',
      1,
      'Asia/Tokyo',
      '2026-07-12T16:00:00.000Z',
    ],
    ['a day that Apia skipped is none', '2011-12-29T20:00:00.000Z', 1, 'Pacific/Apia', '2012-01-01T20:00:00.000Z'],
    // Cairo's clocks skipped the first hour of Friday 2023-04-28.
    ['a skipped local time moves forward', '2023-04-26T22:30:00.000Z', 1, 'Africa/Cairo', '2023-04-27T22:30:00.000Z'],
    // Amman fell back from 01:00 to 00:00 on Friday 2021-10-29.
    ['of a doubled local time the first counts', '2021-10-27T21:30:00.000Z', 1, 'Asia/Amman', '2021-10-28T21:30:00.000Z'],
  ])('of business days: %s', (_, from, days, zone, expected) => {
    expect(addBusinessDays(from, days, zone)).toBe(expected);
  });

  it('of business days ends on one, at the local time at which it began unless the clocks skipped that', () => {
    fc.assert(
      fc.property(anyMoment, fc.integer({ min: 1, max: 15 }), ({ zone, from }, days) => {
        const at = toEpoch(addBusinessDays(toInstant(from), days, zone));
        const [start, end] = [wallTime(from, zone), wallTime(at, zone)];
        expect(end.weekday).toBeLessThanOrEqual(5);
        expect([start.minute, start.minute + 30, start.minute + 60, start.minute + 120]).toContain(end.minute);
        const dates = new Set<string>();
        for (let passed = from + quarter; passed <= at; passed += quarter) {
          const { date, weekday } = wallTime(passed, zone);
          if (weekday <= 5 && date !== start.date) dates.add(date);
        }
        expect(dates.size).toBe(days);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe('what is wrong with a window', () => {
  it.each([
    ['tue-thr 09:00-11:00 lead time', '"thr" does not say on which days', 'did you mean "thu"?'],
    ['weekdays,sat 09:00-11:00 lead time', '"weekdays,sat" does not say on which days', 'did you mean "weekdays"?'],
    ['tue-thu 9-25:00 lead time', '"9-25:00" is not from one hour to another', undefined],
    ['tue-thu 09:00 - 11:00 lead time', '"09:00" is not from one hour to another', undefined],
    ['tue-thu 20:00-08:00 lead time', 'these hours end before they begin', undefined],
    ['tue-thu 09:00-11:00', 'it does not say whose time', undefined],
    ['tue-thu 09:00-11:00 Europe/Dubln', 'there is no such time zone', 'did you mean "Europe/Dublin"?'],
  ])('is said of %s', (text, what, hint) => {
    expect(parseWindow(text)).toBeUndefined();
    const { allowed, ...trouble } = windowTrouble(text);
    expect(trouble).toEqual({ what, ...(hint !== undefined && { hint }) });
    expect(allowed).toMatch(/\d\d:00|Europe/);
  });
});
