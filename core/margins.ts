/** How sure a figure is that was counted in a part of a whole: margins within which the whole lies with 95 %. Pure. */

/** With so many degrees of freedom, 4 or more, 95 % of Student's distribution lie between minus and plus this; right to 0.001. */
export const student95 = (freedom: number): number => {
  const z = 1.959964;
  const [z3, z5, z7, z9] = [z ** 3, z ** 5, z ** 7, z ** 9];
  return (
    z +
    (z3 + z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom ** 3) +
    (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92_160 * freedom ** 4)
  );
};

/** A figure as it comes out without one group of the sample; `share`: the part of the sampled leads that the group has. */
export type Without = { readonly value: number; readonly share: number };

/**
 * From what the figure does when one group after the other is left out (the delete-a-group jackknife): so it holds for sums and for
 * whatever is worked out of them. `sampled`: the part of the whole that the sample is; a sample of nearly all is nearly sure.
 */
export const jackknifeMargin = (value: number, without: readonly Without[], sampled: number): number => {
  const groups = without.length;
  const squares = without.reduce((sum, it) => sum + ((1 - it.share) * (it.value - value)) ** 2, 0);
  return student95(groups - 1) * Math.sqrt((1 - sampled) * (groups / (groups - 1)) * squares);
};

/** So many are counted one by one; of more, groups tell how they vary. */
const few = 30;
/** Where none was seen of what three could have been. */
const ofNone = 3;

/** The least margin of a count, in counts of the sample: of what is rare, groups that saw none of it tell nothing. */
export const leastMargin = (seen: number): number => (seen > few ? ofNone : mostLikely(seen) - seen);

const edges = new Map<number, number>();
/** The largest mean of which so few are seen with a chance of 2.5 %. */
const mostLikely = (seen: number): number => {
  const known = edges.get(seen) ?? meanAt((mean) => chanceOfUpTo(seen, mean) > 0.025, seen);
  edges.set(seen, known);
  return known;
};

/** The smallest mean of which so many are seen with a chance of 2.5 %: so many there are surely. */
export const leastLikely = (seen: number): number => {
  if (seen === 0) return 0;
  if (seen > 1000) return seen - 1.96 * Math.sqrt(seen);
  return meanAt((mean) => 1 - chanceOfUpTo(seen - 1, mean) < 0.025, seen);
};

/** Where what holds for small means ends. */
const meanAt = (holds: (mean: number) => boolean, seen: number): number => {
  let [low, high] = [0, 2 * seen + 10];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
};

/** Poisson's. */
const chanceOfUpTo = (seen: number, mean: number): number => {
  let [sum, log] = [0, -mean];
  for (let count = 0; count <= seen; count++) {
    if (count > 0) log += Math.log(mean / count);
    sum += Math.exp(log);
  }
  return sum;
};

/** Of all, so many at most can be what none of the sampled was, with 95 %: three divided by the sample, for a small one. */
export const mostUnseen = (sampled: number, all: number): number =>
  sampled >= all ? 0 : Math.floor(Math.log(0.05) / Math.log(1 - sampled / all));
