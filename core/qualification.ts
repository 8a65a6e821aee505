import type { Scoring } from './config.ts';
import { evaluate, type Facts } from './evaluate-condition.ts';
import type { FitLine, ScoredLine } from './scoring.ts';

export const qualifies = (scoring: Scoring, facts: Facts): boolean => evaluate(scoring.qualified.if, facts);

/** Why a lead scores, in words, strongest first: `looked at prices, 3 times (24 points)`. Fit and engagement together. */
export const reasonsInWords = (fit: readonly FitLine[], engagement: readonly ScoredLine[]): string[] => {
  const byRule = new Map<string, { because: string; times: number; points: number }>();
  for (const line of engagement) {
    const known = byRule.get(line.rule) ?? { because: line.because, times: 0, points: 0 };
    byRule.set(line.rule, { ...known, times: known.times + 1, points: known.points + line.now });
  }
  return [
    ...fit.map(({ because, points }) => ({ because, times: 1, points })),
    ...byRule.values(),
  ]
    .filter((it) => Math.round(it.points) !== 0)
    .sort((one, other) => other.points - one.points || (one.because < other.because ? -1 : 1))
    .map(({ because, times, points }) => `${because}${times > 1 ? `, ${times} times` : ''} (${inPoints(points)})`);
};

const inPoints = (points: number): string => {
  const whole = Math.round(points);
  return Math.abs(whole) === 1 ? `${whole} point` : `${whole} points`;
};
