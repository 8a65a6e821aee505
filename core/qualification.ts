import type { Scoring } from './config.ts';
import { evaluate, type Facts } from './evaluate-condition.ts';
import { toEpoch } from './instant.ts';
import { blendedEngagement } from './predict/blend.ts';
import type { FitLine, ScoredLine } from './scoring.ts';
import { disqualifiedBy, gradeOf } from './scoring.ts';

/** Where scoring.yaml says `prediction: { use: blended }`, a likely lead has some points of engagement more here, and an unlikely one less. */
export const qualifies = (scoring: Scoring, facts: Facts): boolean =>
  evaluate(scoring.qualified.if, { ...facts, engagement: blendedEngagement(scoring.prediction, facts) }) &&
  disqualifiedBy(facts.lead, scoring).length === 0;

/**
 * Does a lead that qualified then still do? What points lost by fading alone since then is given back: a hold is there to notice
 * penalties and changed fields, not the passing of its own time. It may then fall short by `hysteresis` points, so that nobody
 * flaps who is at the very edge. Only who did reach the edge, by all that is known now of that moment, has this slack: else the
 * order in which events arrive would decide.
 */
export const stillQualifies = (scoring: Scoring, facts: Facts, then: Facts): boolean => {
  const halvings = Math.max(0, toEpoch(facts.now) - toEpoch(then.now)) / 1000 / scoring.engagement.halfLifeSeconds;
  const { hysteresis } = scoring.qualified;
  const fit = facts.fit + hysteresis;
  const slack = reachedTheEdge(scoring, then) ? hysteresis : 0;
  const engagement = facts.engagement * 2 ** halvings + slack;
  return qualifies(scoring, facts) || qualifies(scoring, { ...facts, fit, engagement, grade: gradeOf(scoring, fit, engagement) });
};

/** Fields are of now, so the slack in fit counts: a changed field must not take away the slack in engagement too. */
const reachedTheEdge = (scoring: Scoring, then: Facts): boolean => {
  const fit = then.fit + scoring.qualified.hysteresis;
  return qualifies(scoring, then) || qualifies(scoring, { ...then, fit, grade: gradeOf(scoring, fit, then.engagement) });
};

/** Why a lead scores, strongest first: `looked at prices 3 times (24 points)`, `core market: 120 employees (20 points)`. */
export const reasonsInWords = (fit: readonly FitLine[], engagement: readonly ScoredLine[]): string[] =>
  [...fit.map(fitInWords), ...hitsInWords(engagement)]
    .filter((it) => Math.round(it.points) !== 0)
    .sort((one, other) => other.points - one.points || (one.words < other.words ? -1 : 1))
    .map(({ words, points }) => `${words} (${counted(Math.round(points), 'point')})`);

type Reason = { readonly words: string; readonly points: number };

const fitInWords = ({ because, points, met }: FitLine): Reason => ({
  words: met.length > 0 ? `${because}: ${met.join(', ')}` : because,
  points,
});

/** One reason a rule, with what is left of all its hits. */
const hitsInWords = (lines: readonly ScoredLine[]): readonly Reason[] => {
  const byRule = new Map<string, ScoredLine[]>();
  for (const line of lines.filter((it) => it.left === undefined)) byRule.set(line.rule, [...(byRule.get(line.rule) ?? []), line]);
  return [...byRule.values()].map((hits) => ({
    words: `${hits[0]?.because}${hits.length > 1 ? ` ${counted(hits.length, 'time')}` : ''}`,
    points: hits.reduce((sum, it) => sum + it.now, 0),
  }));
};

const counted = (count: number, noun: string): string => (Math.abs(count) === 1 ? `${count} ${noun}` : `${count} ${noun}s`);
