/** A 95 % interval. */
export type Interval = { readonly value: number; readonly low: number; readonly high: number };
const z95 = 1.959964;

type Placed = { readonly auc: number; readonly good: readonly number[]; readonly bad: readonly number[] };

/** For each good row the share of bad ones below it, for each bad one the share of good ones above it; ties count half. */
const placementsOf = (scores: readonly number[], labels: readonly (0 | 1)[]): Placed => {
  const of = (label: 0 | 1) => Float64Array.from(scores.filter((_, at) => labels[at] === label)).sort();
  const [sortedBad, sortedGood] = [of(0), of(1)];
  const good: number[] = [];
  const bad: number[] = [];
  scores.forEach((score, at) => {
    if (labels[at] === 1) good.push((countBelow(sortedBad, score, false) + countBelow(sortedBad, score, true)) / 2 / sortedBad.length);
    else bad.push(1 - (countBelow(sortedGood, score, false) + countBelow(sortedGood, score, true)) / 2 / sortedGood.length);
  });
  return { auc: meanOf(good), good, bad };
};

/** How many of the sorted numbers are below `limit`, or at most it. */
const countBelow = (sorted: Float64Array, limit: number, isWithEqual: boolean): number => {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const it = sorted[middle] ?? 0;
    if (it < limit || (isWithEqual && it === limit)) from = middle + 1;
    else to = middle;
  }
  return from;
};

/** Area under the ROC curve: how often a good row stands above a bad one. Interval by DeLong (1988). */
export const aucOf = (scores: readonly number[], labels: readonly (0 | 1)[]): Interval => {
  const { auc, good, bad } = placementsOf(scores, labels);
  const margin = z95 * Math.sqrt(varianceOf(good) / good.length + varianceOf(bad) / bad.length);
  return { value: auc, low: Math.max(0, auc - margin), high: Math.min(1, auc + margin) };
};

/** How much better one score is than another on the same rows; DeLong for paired scores. */
export const gainOf = (scores: readonly number[], baseline: readonly number[], labels: readonly (0 | 1)[]): Interval => {
  const [one, other] = [placementsOf(scores, labels), placementsOf(baseline, labels)];
  const differences = (of: 'good' | 'bad') => one[of].map((it, at) => it - (other[of][at] ?? 0));
  const [good, bad] = [differences('good'), differences('bad')];
  const value = one.auc - other.auc;
  const margin = z95 * Math.sqrt(varianceOf(good) / good.length + varianceOf(bad) / bad.length);
  return { value, low: value - margin, high: value + margin };
};

export const brierOf = (chances: readonly number[], labels: readonly (0 | 1)[]): number =>
  meanOf(chances.map((it, at) => (it - (labels[at] ?? 0)) ** 2));

export type Bin = { readonly count: number; readonly predicted: number; readonly observed: number };

/** Rows by rising chance, in bins of like size: is what was said to happen what happened? */
export const binsOf = (chances: readonly number[], labels: readonly (0 | 1)[]): readonly Bin[] => {
  const sorted = chances
    .map((chance, at) => ({ chance, label: labels[at] ?? 0 }))
    .sort((one, other) => one.chance - other.chance || one.label - other.label);
  const count = Math.max(1, Math.min(10, Math.floor(sorted.length / 20)));
  return Array.from({ length: count }, (_, bin) => {
    const rows = sorted.slice(Math.round((bin * sorted.length) / count), Math.round(((bin + 1) * sorted.length) / count));
    return { count: rows.length, predicted: meanOf(rows.map((it) => it.chance)), observed: meanOf(rows.map((it) => it.label)) };
  });
};

export const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, it) => sum + it, 0) / values.length;
export const varianceOf = (values: readonly number[]): number => {
  const mean = meanOf(values);
  return values.length < 2 ? 0 : values.reduce((sum, it) => sum + (it - mean) ** 2, 0) / (values.length - 1);
};
