import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jackknifeMargin, leastLikely, leastMargin, mostUnseen, student95 } from '#core/margins';

describe('margins', () => {
  it.each([
    [4, 2.776],
    [9, 2.262],
    [29, 2.045],
  ])('go by Student’s distribution: %i degrees of freedom', (freedom, quantile) => {
    expect(student95(freedom)).toBeCloseTo(quantile, 2);
  });

  it('of a mean are those of the textbook, and none where the sample is all', () => {
    const values = [12, 15, 9, 14, 10];
    const mean = 12;
    const without = values.map((it) => ({ value: (60 - it) / 4, share: 0.2 }));
    const deviation = Math.sqrt(values.reduce((sum, it) => sum + (it - mean) ** 2, 0) / 4);
    expect(jackknifeMargin(mean, without, 0)).toBeCloseTo((student95(4) * deviation) / Math.sqrt(5), 8);
    expect(jackknifeMargin(mean, without, 1)).toBe(0);
  });

  it('of rare things are those of Poisson’s distribution', () => {
    expect(leastMargin(0)).toBeCloseTo(3.689, 2);
    expect(leastMargin(3) + 3).toBeCloseTo(8.767, 2);
    expect(leastLikely(3)).toBeCloseTo(0.619, 2);
    expect(leastLikely(0)).toBe(0);
  });

  it('of what nobody did follow the rule of three, and shrink to nothing as the sample grows to all', () => {
    expect(mostUnseen(5000, 1_000_000)).toBe(597);
    expect(mostUnseen(1000, 1000)).toBe(0);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 10_000 }), fc.integer({ min: 1, max: 9999 }), (all, sampled) => {
        fc.pre(sampled < all);
        expect(mostUnseen(sampled, all)).toBeLessThanOrEqual((3 * all) / sampled);
      }),
    );
  });
});
