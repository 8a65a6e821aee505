import { describe, expect, it } from 'vitest';
import { intervalOf, logEvidence, logUnevenness, ratioOf } from '#core/experiments/evidence';
import { chanceFrom } from '#tests/helpers/chance';
import { simulated } from '#tests/helpers/simulated-experiment';

/** A look every day, and a rule that asks for as few leads as it may: the most chances to be wrong. */
const daily = { leadsPerDay: 30, days: 60, leadsPerArm: 50 };
const sumOf = (parts: readonly number[]) => parts.reduce((sum, it) => sum + it, 0);

describe('arms that do equally well', () => {
  it('have a false winner in at most 5 % of 2,000 experiments, each looked at on 60 days', () => {
    const { wins } = simulated({ ...daily, rates: [0.1, 0.1], runs: 2000 });
    expect(sumOf(wins)).toBeLessThanOrEqual(0.05);
    // Not because nothing ever wins.
    expect(sumOf(wins)).toBeGreaterThan(0);
  });

  it.each([
    ['seldom convert', { rates: [0.02, 0.02] }],
    ['often convert', { rates: [0.5, 0.5] }],
    ['have unequal shares', { rates: [0.1, 0.1], shares: [80, 20], leadsPerDay: 60 }],
    ['are four', { rates: [0.1, 0.1, 0.1, 0.1], leadsPerDay: 60 }],
    ['do worse from week to week, and better at its end', { rates: [seasonal, seasonal] }],
  ])('have none more often when they %s', (_, given) => {
    const { wins } = simulated({ ...daily, ...given, runs: 250, seed: 7 });
    expect(sumOf(wins)).toBeLessThanOrEqual(0.05);
  });

  it('have one more seldom, the surer it must be', () => {
    const { wins } = simulated({ ...daily, rates: [0.2, 0.2], runs: 300, confidence: 99, seed: 3 });
    expect(sumOf(wins)).toBeLessThanOrEqual(0.01);
  });

  it('would have one several times as often with a common test that is looked at every day', () => {
    expect(falseWinnersOfCommonTest(300)).toBeGreaterThan(0.15);
  });
});

describe('an arm that does better', () => {
  it('wins nearly always, and the worse one hardly ever', () => {
    const { wins, median } = simulated({ rates: [0.15, 0.1], leadsPerDay: 100, days: 60, leadsPerArm: 100, runs: 150 });
    expect(wins[0]).toBeGreaterThan(0.95);
    expect(wins[1]).toBeLessThanOrEqual(0.01);
    // A test of a fixed size needs 1,370 leads for four of five; this one may stop early and may be looked at.
    expect(median).toBeLessThan(2000);
  });

  it('wins among three, where it beats both', () => {
    const { wins } = simulated({ rates: [0.1, 0.1, 0.2], leadsPerDay: 100, days: 60, leadsPerArm: 100, runs: 60 });
    expect(wins[2]).toBeGreaterThan(0.95);
    const tied = simulated({ rates: [0.2, 0.2, 0.1], leadsPerDay: 100, days: 40, leadsPerArm: 100, runs: 60 });
    expect(sumOf(tied.wins)).toBeLessThan(0.1);
  });
});

describe('evidence', () => {
  it('is the mean of what bets came to, so it is 1 before anything was seen', () => {
    const none = { share: 50, leads: 0, conversions: 0 };
    expect(logEvidence(none, none)).toBeCloseTo(0);
  });

  it('bets fairly: over all that may happen next its mean is what it was', () => {
    // Of a conversion, and of none, the arm is a coin that falls by the shares when nothing differs.
    const at = { share: 30, leads: 40, conversions: 8 };
    const other = { share: 60, leads: 80, conversions: 12 };
    for (const conversions of [0, 1]) {
      const grown = (it: typeof at) => ({ ...it, leads: it.leads + 1, conversions: it.conversions + conversions });
      const mean = (30 * Math.exp(logEvidence(grown(at), other)) + 60 * Math.exp(logEvidence(at, grown(other)))) / 90;
      expect(mean).toBeCloseTo(Math.exp(logEvidence(at, other)), 10);
    }
  });
});

describe('intervals', () => {
  it('hold at every look of 60, for rates and for ratios', () => {
    const chance = chanceFrom(11);
    const missed = { rate: 0, ratio: 0 };
    const runs = 200;
    for (let run = 0; run < runs; run++) {
      const arm = { share: 80, leads: 0, conversions: 0 };
      const holdout = { share: 20, leads: 0, conversions: 0 };
      const isOut = { rate: false, ratio: false };
      for (let day = 0; day < 60; day++) {
        for (let lead = 0; lead < 20; lead++) {
          const it = chance() < 0.8 ? arm : holdout;
          it.leads += 1;
          if (chance() < (it === arm ? 0.15 : 0.1)) it.conversions += 1;
        }
        const rate = intervalOf(arm.conversions, arm.leads, 0.05);
        const ratio = ratioOf(arm, holdout, 0.05);
        isOut.rate ||= rate.from > 0.15 || rate.upTo < 0.15;
        isOut.ratio ||= ratio.from > 1.5 || ratio.upTo < 1.5;
      }
      missed.rate += isOut.rate ? 1 : 0;
      missed.ratio += isOut.ratio ? 1 : 0;
    }
    expect(missed.rate / runs).toBeLessThanOrEqual(0.05);
    expect(missed.ratio / runs).toBeLessThanOrEqual(0.05);
  });

  it('hold what was seen, grow narrower, and are all that may be where nothing was seen', () => {
    expect(intervalOf(0, 0, 0.05)).toEqual({ from: 0, upTo: 1 });
    const [few, many] = [intervalOf(5, 50, 0.05), intervalOf(500, 5000, 0.05)];
    expect(few.from).toBeLessThan(many.from);
    expect(many.from).toBeLessThan(0.1);
    expect(many.upTo).toBeGreaterThan(0.1);
    expect(many.upTo).toBeLessThan(few.upTo);
    expect(ratioOf({ share: 90, leads: 9, conversions: 3 }, { share: 10, leads: 1, conversions: 0 }, 0.05).upTo).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});

describe('shares that are not kept', () => {
  it('are found, and kept ones are not called so by chance', () => {
    const of = (first: number, second: number) =>
      logUnevenness([
        { share: 50, leads: first, conversions: 0 },
        { share: 50, leads: second, conversions: 0 },
      ]);
    expect(of(520, 480)).toBeLessThan(Math.log(1000));
    expect(of(600, 400)).toBeGreaterThan(Math.log(1000));
    expect(of(0, 0)).toBeCloseTo(0);
  });
});

function seasonal(day: number): number {
  return 0.05 + 0.15 * (1 - day / 60) + (day % 7 > 4 ? 0.1 : 0);
}

type Counts = { leads: number; conversions: number };

/** The usual test of two proportions at 5 %, as if each look were the only one. */
const falseWinnersOfCommonTest = (runs: number): number => {
  const chance = chanceFrom(5);
  let falseWinners = 0;
  for (let run = 0; run < runs; run++) {
    const [one, other] = [
      { leads: 0, conversions: 0 },
      { leads: 0, conversions: 0 },
    ] as [Counts, Counts];
    for (let day = 0; day < 60; day++) {
      for (let lead = 0; lead < 30; lead++) {
        const it = chance() < 0.5 ? one : other;
        it.leads += 1;
        if (chance() < 0.1) it.conversions += 1;
      }
      if (one.leads < 50 || other.leads < 50) continue;
      const mean = (one.conversions + other.conversions) / (one.leads + other.leads);
      const deviation = Math.sqrt(mean * (1 - mean) * (1 / one.leads + 1 / other.leads));
      if (Math.abs(one.conversions / one.leads - other.conversions / other.leads) <= 1.96 * deviation) continue;
      falseWinners += 1;
      break;
    }
  }
  return falseWinners / runs;
};
