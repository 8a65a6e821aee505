import type { Lead } from '#core/lead';
import type { Row } from './cells.ts';
import type { PredictionModel } from './model.ts';
import { type Prediction, predict } from './predict.ts';
import { wordsOf } from './words.ts';

/** How scoring.yaml wants the prediction: shown only, or weighed in when a lead qualifies. `model`: marketing/prediction.json. */
export type PredictionRules = {
  readonly use: 'advisory' | 'blended';
  readonly weight: number;
  readonly model?: PredictionModel;
};
export const defaultPrediction: PredictionRules = { use: 'advisory', weight: 0.3 };

export type LeadNow = { readonly lead: Pick<Lead, 'fields'>; readonly fit: number; readonly engagement: number };

/** A lead as a row. The names have a space, which no field has. */
export const rowOfLead = ({ lead, fit, engagement }: LeadNow): Row => ({
  ...lead.fields,
  [scoreColumns.fit]: fit,
  [scoreColumns.engagement]: engagement,
  [scoreColumns.rules]: fit + engagement,
});
export const scoreColumns = { fit: 'fit points', engagement: 'engagement points', rules: 'points of the rules' } as const;

/** undefined: there is no model, or the lead has nothing that the model knows of. A column `Lead Source` is the field `lead-source`. */
export const predictLead = (rules: PredictionRules | undefined, now: LeadNow): Prediction | undefined => {
  const { model } = rules ?? {};
  if (!model) return undefined;
  const known = rowOfLead(now);
  const found = model.columns.flatMap(({ column }) => {
    const cell = known[column] ?? known[wordsOf(column).replaceAll(' ', '-')];
    return cell === undefined ? [] : [[column, cell] as const];
  });
  return found.length === 0 ? undefined : predict(model, Object.fromEntries(found));
};

/** A lead as likely as the average keeps its points; a sure one gets up to 100 times the weight more. */
export const blend = (points: number, probability: number, baseRate: number, weight: number): number =>
  points + weight * 100 * (probability - baseRate);

/** Engagement as it counts for `qualified`. */
export const blendedEngagement = (rules: PredictionRules | undefined, now: LeadNow): number => {
  if (rules?.use !== 'blended' || !rules.model) return now.engagement;
  const prediction = predictLead(rules, now);
  return prediction ? blend(now.engagement, prediction.probability, rules.model.baseRate, rules.weight) : now.engagement;
};
