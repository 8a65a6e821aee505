import { blend, type LeadNow, type PredictionRules, predictLead } from './blend.ts';

/** What the model says of a lead, for people. `points`: what that adds to engagement when the lead qualifies. */
export type PredictionStory = {
  readonly probability: number;
  readonly use: PredictionRules['use'];
  readonly points: number;
  readonly trainedOn: string;
  /** The three that count most, in words. */
  readonly because: readonly string[];
};

const most = 3;
const least = 0.01;

export const predictionStoryOf = (rules: PredictionRules | undefined, now: LeadNow): PredictionStory | undefined => {
  const prediction = predictLead(rules, now);
  if (!rules?.model || !prediction) return undefined;
  const { probability, contributions } = prediction;
  const { baseRate, trainedOn } = rules.model;
  return {
    probability: Math.round(probability * 1000) / 1000,
    use: rules.use,
    points: rules.use === 'blended' ? Math.round(blend(0, probability, baseRate, rules.weight) * 10) / 10 : 0,
    trainedOn,
    because: contributions
      .filter((it) => Math.abs(it.logOdds) >= least)
      .slice(0, most)
      .map(({ words, logOdds }) => `${words} (${logOdds < 0 ? '−' : '+'}${Math.abs(logOdds).toFixed(2)})`),
  };
};

export const predictionInWords = ({ probability, use, points, trainedOn, because }: PredictionStory): string => {
  const counts =
    use === 'advisory'
      ? 'advisory, it decides nothing'
      : `${points < 0 ? '−' : '+'}${Math.abs(points)} points of engagement when it qualifies`;
  const why = because.length > 0 ? `: ${because.join(', ')}` : '';
  return `prediction: ${Math.round(probability * 100)} % to become a good outcome (${counts}; learnt ${trainedOn})${why}`;
};
