import * as z from 'zod';
import type { Scoring } from '#core/config';
import type { Problem } from '#core/problems';
import { defaultPrediction, type PredictionRules } from './blend.ts';
import { PredictionModel } from './model.ts';

export const PredictionShape = z.strictObject({
  use: z.enum(['advisory', 'blended']).describe('advisory: it is shown, no more; blended: it counts when a lead qualifies'),
  weight: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('blended: points of engagement for each percent above (or below) the average chance, 0 to 1; else 0.3'),
});

export const readPrediction = ({ use, weight }: z.output<typeof PredictionShape>): PredictionRules => ({
  use,
  weight: weight ?? defaultPrediction.weight,
});

const file = 'prediction.json';

/** The rules with the content of marketing/prediction.json, checked. Without a mention in scoring.yaml it is advisory. */
export const withModel = (scoring: Scoring, json: unknown, problems: Problem[]): Scoring => {
  const { prediction } = scoring;
  const report = (severity: Problem['severity'], more: Pick<Problem, 'code' | 'what' | 'hint'>) =>
    void problems.push({ severity, file, line: 1, column: 1, ...more });
  if (json === undefined) {
    if (prediction)
      report(prediction.use === 'blended' ? 'error' : 'warning', {
        code: 'no-file',
        what: `scoring.yaml speaks of a prediction, and ${file} is missing`,
        hint: 'make it with npx baton score --train, or take `prediction` out of scoring.yaml',
      });
    return scoring;
  }
  const model = PredictionModel.safeParse(json);
  if (model.success) return { ...scoring, prediction: { ...(prediction ?? defaultPrediction), model: model.data } };
  const [issue] = model.error.issues;
  report('error', {
    code: 'not-a-model',
    what: `${file} is not a model that we know: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? ''}`,
    hint: 'make it anew with npx baton score --train',
  });
  return scoring;
};
