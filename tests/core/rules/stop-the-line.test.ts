import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandDefaults } from '#core/config';
import { daysWatched, decideLine } from '#core/stop-the-line';

const limits = brandDefaults.stopTheLine;

describe('when a sequence must pause', () => {
  it.each([
    // [delivered, bounced, complained], pauses?
    [[0, 0, 0], false],
    // One report among 50 mails is 2 %, and one reader.
    [[50, 0, 1], false],
    [[50, 0, 2], false],
    [[50, 0, 3], true],
    // 0.08 % of 3,750 mails are three reports: no more than the limit.
    [[3750, 0, 3], false],
    [[3749, 0, 3], true],
    [[10_000, 0, 8], false],
    [[10_000, 0, 9], true],
    [[9_990, 10, 9], true],
    // Seven of seven bounced: a small list with a mistake in it.
    [[0, 7, 0], false],
    [[0, 8, 0], true],
    [[259, 8, 0], false],
    [[258, 8, 0], true],
    [[9_700, 300, 0], false],
    [[9_700, 301, 0], true],
    // Deliveries are told best effort.
    [[0, 0, 3], true],
  ] as const)('%o: %s', ([delivered, bounced, complained], pauses) => {
    expect(decideLine({ delivered, bounced, complained }, limits) !== undefined).toBe(pauses);
  });

  it('says why with the numbers and the limit', () => {
    expect(decideLine({ delivered: 2988, bounced: 12, complained: 3 }, limits)).toBe(
      '3 of 3000 mails were reported as spam over the last 7 days: 0.1 %, the limit is 0.08 %',
    );
    expect(decideLine({ delivered: 190, bounced: 10, complained: 0 }, { ...limits, overDays: 1 })).toBe(
      '10 of 200 mails bounced over the last day: 5 %, the limit is 3 %',
    );
    expect(decideLine({ delivered: 0, bounced: 0, complained: 3 }, limits)).toContain('100 %');
  });

  it('never goes on because fewer mails arrived', () => {
    const count = fc.nat({ max: 20_000 });
    fc.assert(
      fc.property(count, count, fc.nat({ max: 60 }), fc.nat({ max: 30 }), (delivered, fewer, bounced, complained) => {
        fc.pre(fewer <= delivered);
        const pauses = (arrived: number) => decideLine({ delivered: arrived, bounced, complained }, limits) !== undefined;
        if (pauses(delivered)) expect(pauses(fewer)).toBe(true);
      }),
    );
  });

  it('looks at whole days of UTC: at least as many as brand.yaml says', () => {
    expect(daysWatched('2026-03-23T13:00:00.000Z', limits)).toEqual({ from: '2026-03-16', upTo: '2026-03-23' });
  });
});
