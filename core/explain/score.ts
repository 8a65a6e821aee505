import type { LiveConfig } from '#core/config';
import { explain } from '#core/explain-condition';
import { machineReasons } from '#core/humans';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import type { Ledger } from '#core/ledger';
import { type PredictionStory, predictionStoryOf } from '#core/predict/story';
import { qualifies } from '#core/qualification';
import { disqualifiedBy, engagementAt, type FitLine, fitOf, gradeOf, judgedInOrder, type LeftOut, type ScoredLine } from '#core/scoring';
import { missingFor } from './missing.ts';

export type ScoreStory = {
  readonly fit: number;
  readonly engagement: number;
  readonly grade?: string;
  readonly qualifies: boolean;
  /** The rule of `qualified` in words, with what is met. */
  readonly rule: string;
  /** What it would take; empty: it is met. */
  readonly missing: readonly string[];
  readonly halfLifeSeconds: number;
  readonly disqualifiedBy: readonly string[];
  readonly fitLines: readonly FitLine[];
  readonly lines: readonly (ScoredLine & { readonly why?: string })[];
  /** Where there is a model. */
  readonly prediction?: PredictionStory;
};

const leftOut: { readonly [left in Exclude<LeftOut, 'machine'>]: string } = {
  'used-once': 'counts a single time',
  'given-back': 'sales gave the lead back after it, and it began anew',
  'often-enough-today': 'counted often enough that day',
  'day-full': 'as many points as a day may have were earned',
  'rule-full': 'the rule is worth no more at a time',
};

/** How the score comes about. Pure. */
export const scoreStoryOf = (
  lead: Lead,
  ledger: Ledger,
  { scoring, brand }: Pick<LiveConfig, 'scoring' | 'brand'>,
  now: Instant,
): ScoreStory => {
  const fit = fitOf(lead, scoring);
  const engagement = engagementAt(ledger, scoring, brand.timeZone, now);
  const grade = gradeOf(scoring, fit.points, engagement.points);
  const facts = { lead, seen: {}, fit: fit.points, engagement: engagement.points, grade, now, lists: scoring.lists };
  const verdicts = new Map(judgedInOrder(ledger, scoring).map((it) => [it.eventId, it.verdict]));
  const whyOf = ({ left, eventId }: ScoredLine): string | undefined => {
    if (left === undefined) return undefined;
    return left === 'machine'
      ? verdicts
          .get(eventId)
          ?.because.map((it) => machineReasons[it])
          .join('; ')
      : leftOut[left];
  };
  const prediction = predictionStoryOf(scoring.prediction, facts);
  return {
    ...(prediction && { prediction }),
    fit: fit.points,
    engagement: Math.round(engagement.points * 10) / 10,
    ...(grade !== undefined && { grade }),
    qualifies: qualifies(scoring, facts),
    rule: explain(scoring.qualified.if, facts),
    missing: missingFor(scoring.qualified.if, facts),
    halfLifeSeconds: scoring.engagement.halfLifeSeconds,
    disqualifiedBy: disqualifiedBy(lead, scoring).map((it) => it.because),
    fitLines: fit.lines,
    lines: engagement.lines.map((it) => {
      const why = whyOf(it);
      return { ...it, now: Math.round(it.now * 10) / 10, ...(why !== undefined && { why }) };
    }),
  };
};
