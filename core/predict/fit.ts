import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { sigmoid } from './predict.ts';

/** A row as what is not 0 of it. */
export type Sparse = { readonly at: readonly number[]; readonly value: readonly number[] };
/** `weights[0]` is the intercept, which is not drawn to 0; weight i belongs to place i - 1 of a row. */
export type Fitted = { readonly weights: readonly number[] };

const mostSteps = 50;
const smallStep = 1e-8;

export const logitOf = (weights: readonly number[], { at, value }: Sparse): number =>
  at.reduce((sum, place, index) => sum + (weights[place + 1] ?? 0) * (value[index] ?? 0), weights[0] ?? 0);

/**
 * L2-regularised logistic regression by Newton's method (iteratively reweighted least squares): the one minimum of
 * -log likelihood + l2/2 * |weights|^2. Outcomes may be anything from 0 to 1. A step that makes it worse is halved,
 * so that perfectly separable rows come to rest as well.
 */
export const fitLogistic = (
  rows: readonly Sparse[],
  outcomes: readonly number[],
  size: number,
  l2: number,
  start?: readonly number[],
): Fitted => {
  let weights: readonly number[] = start ?? new Array<number>(size + 1).fill(0);
  let loss = lossOf(rows, outcomes, weights, l2);
  for (let step = 0; step < mostSteps; step++) {
    const change = newtonStep(rows, outcomes, weights, l2);
    let scale = 1;
    let next = moved(weights, change, scale);
    let nextLoss = lossOf(rows, outcomes, next, l2);
    while (!(nextLoss <= loss) && scale > 1e-6) {
      scale /= 2;
      next = moved(weights, change, scale);
      nextLoss = lossOf(rows, outcomes, next, l2);
    }
    if (!(nextLoss <= loss)) break;
    weights = next;
    loss = nextLoss;
    if (scale * change.reduce((most, it) => Math.max(most, Math.abs(it)), 0) < smallStep) break;
  }
  return { weights };
};

const moved = (weights: readonly number[], change: readonly number[], scale: number): readonly number[] =>
  weights.map((it, at) => it + scale * (change[at] ?? 0));

const lossOf = (rows: readonly Sparse[], outcomes: readonly number[], weights: readonly number[], l2: number): number => {
  let loss = 0;
  for (let row = 0; row < rows.length; row++) {
    const logit = logitOf(weights, rows[row] as Sparse);
    loss += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - (outcomes[row] ?? 0) * logit;
  }
  for (let at = 1; at < weights.length; at++) loss += (l2 / 2) * (weights[at] ?? 0) ** 2;
  return loss;
};

const newtonStep = (rows: readonly Sparse[], outcomes: readonly number[], weights: readonly number[], l2: number): readonly number[] => {
  const size = weights.length;
  const gradient = new Float64Array(size);
  const curve = new Float64Array(size * size);
  for (let index = 0; index < rows.length; index++) addRow(rows[index] as Sparse, outcomes[index] ?? 0, weights, gradient, curve);
  for (let at = 0; at < size; at++) {
    if (at > 0) gradient[at] = (gradient[at] ?? 0) - l2 * (weights[at] ?? 0);
    // The little on top keeps the intercept solvable where all chances are 0 or 1.
    curve[at * size + at] = (curve[at * size + at] ?? 0) + (at > 0 ? l2 : 1e-9);
  }
  const symmetric = Array.from({ length: size }, (_, one) =>
    Array.from({ length: size }, (_, other) => curve[Math.max(one, other) * size + Math.min(one, other)] ?? 0),
  );
  return new CholeskyDecomposition(new Matrix(symmetric)).solve(Matrix.columnVector(gradient)).to1DArray();
};

/** Adds to the lower triangle only. */
const addRow = (row: Sparse, outcome: number, weights: readonly number[], gradient: Float64Array, curve: Float64Array): void => {
  const size = weights.length;
  const chance = sigmoid(logitOf(weights, row));
  const weight = chance * (1 - chance);
  const at = [0, ...row.at.map((it) => it + 1)];
  const value = [1, ...row.value];
  for (let one = 0; one < at.length; one++) {
    const place = at[one] ?? 0;
    const here = value[one] ?? 0;
    gradient[place] = (gradient[place] ?? 0) + (outcome - chance) * here;
    for (let other = 0; other <= one; other++) {
      const low = at[other] ?? 0;
      const cell = Math.max(place, low) * size + Math.min(place, low);
      curve[cell] = (curve[cell] ?? 0) + weight * here * (value[other] ?? 0);
    }
  }
};
