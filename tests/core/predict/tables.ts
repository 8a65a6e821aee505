import { fractionOf } from '#core/hash';
import type { Row } from '#core/predict/cells';
import { sigmoid } from '#core/predict/predict';
import type { TrainingOptions, TrainingTable } from '#core/predict/train';

/** Numbers that look random and are the same in every run. */
export const chance = (seed: string, at: number): number => fractionOf(`${seed}/${at}`);
export const normal = (seed: string, at: number): number =>
  Math.sqrt(-2 * Math.log(1 - chance(`${seed}-r`, at))) * Math.cos(2 * Math.PI * chance(`${seed}-a`, at));

export const asTable = (rows: readonly Row[]): TrainingTable => ({ columns: Object.keys(rows[0] ?? {}), rows });
export const options: TrainingOptions = { label: 'y', source: 'file', trainedOn: '2026-11-23' };

const industries = ['construction', 'retail', 'software'] as const;
/** Log-odds are -1 + 0.8 size - 0.5 age (in standard deviations) + 1 for construction - 1 for retail. */
export const plantedRow = (at: number): Row & { readonly logit: number } => {
  const size = normal('size', at);
  const age = normal('age', at);
  const industry = industries[Math.floor(chance('industry', at) * 3)] ?? 'software';
  const logit = -1 + 0.8 * size - 0.5 * age + (industry === 'construction' ? 1 : industry === 'retail' ? -1 : 0);
  return { size: 100 + 20 * size, age: 40 + 10 * age, industry, y: chance('y', at) < sigmoid(logit) ? 'yes' : 'no', logit };
};
export const planted = (count: number): readonly Row[] =>
  Array.from({ length: count }, (_, at) => {
    const { logit: _logit, ...row } = plantedRow(at);
    return row;
  });
