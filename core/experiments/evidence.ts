/**
 * Statistics that hold however often one looks (docs/experiments.md, "The maths"). Leads fall into arms by known shares, so of two
 * arms that do equally well, the next to convert, and the next not to, is the one arm's with a known probability. A bet against
 * that wins on average nothing; the chance that it ever multiplies its stake by 1 / risk is at most `risk` (Ville's inequality).
 */
export type Tally = { readonly share: number; readonly leads: number; readonly conversions: number };

/**
 * Logarithm of what a stake of 1 on "this arm does better" has become. The stake is spread evenly over rates of the other arm and
 * over odds that are so many times better; each part grows by the odds of what happened. It only grows on average where this arm
 * truly does better, so it needs no number of looks fixed before.
 */
export const logEvidence = (arm: Tally, other: Tally): number => {
  const fair = arm.share / (arm.share + other.share);
  const others = [arm.leads - arm.conversions, other.leads - other.conversions] as const;
  return logMean(factorsFor(fair).map(([a, b, c, d]) => a * arm.conversions + b * other.conversions + c * others[0] + d * others[1]));
};

/** Rates of the weaker arm, and how many times better the odds of the other are, that stakes are put on. */
const stakedRates = [0.004, 0.015, 0.04, 0.08, 0.15, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95];
const stakedOdds = [1.06, 1.12, 1.2, 1.3, 1.42, 1.6, 1.85, 2.3, 3.2, 5];

type Factors = readonly [number, number, number, number];
const known = new Map<number, readonly Factors[]>();

/** What a conversion of this arm, of the other, no conversion of this, of the other does to each part of the stake. */
const factorsFor = (fair: number): readonly Factors[] => {
  const found = known.get(fair) ?? stakedRates.flatMap((rate) => stakedOdds.map((odds) => factorsOf(fair, rate, odds)));
  known.set(fair, found);
  return found;
};

const factorsOf = (fair: number, rate: number, odds: number): Factors => {
  const better = (odds * rate) / (1 - rate + odds * rate);
  const ofConversions = (fair * better) / (fair * better + (1 - fair) * rate);
  const ofOthers = (fair * (1 - better)) / (fair * (1 - better) + (1 - fair) * (1 - rate));
  return [
    Math.log(ofConversions / fair),
    Math.log((1 - ofConversions) / (1 - fair)),
    Math.log(ofOthers / fair),
    Math.log((1 - ofOthers) / (1 - fair)),
  ];
};

/** Of numbers that are given as logarithms. */
const logMean = (logs: readonly number[]): number => {
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, it) => sum + Math.exp(it - most), 0) / logs.length);
};

export type Interval = { readonly from: number; readonly upTo: number };

/** Where a probability lies, seen `of` times of which it came `times`: at every look at once wrong with a chance of at most `risk`. */
export const intervalOf = (times: number, of: number, risk: number): Interval => {
  const most = Math.log(1 / risk);
  const isIn = (p: number) => logBeta(times + 1, of - times + 1) - times * Math.log(p) - (of - times) * Math.log1p(-p) < most;
  const middle = of === 0 ? 0.5 : times / of;
  return {
    from: times === 0 ? 0 : edge(isIn, middle, 0),
    upTo: times === of ? 1 : edge(isIn, middle, 1),
  };
};

/** How many times the rate of the one is that of the other: of the conversions of both, its own are a share that says so. */
export const ratioOf = (arm: Tally, other: Tally, risk: number): Interval => {
  const { from, upTo } = intervalOf(arm.conversions, arm.conversions + other.conversions, risk);
  const times = (share: number) => (share === 1 ? Number.POSITIVE_INFINITY : ((share / (1 - share)) * other.share) / arm.share);
  return { from: times(from), upTo: times(upTo) };
};

/**
 * Does an arm get another part of the leads than its share? A stake of 1 on that, as a logarithm; where it has grown beyond
 * chance, something keeps leads of one arm from being counted, and no figure of the experiment can be trusted.
 */
export const logUnevenness = (tallies: readonly Tally[]): number => {
  const shares = tallies.reduce((sum, it) => sum + it.share, 0);
  const leads = tallies.reduce((sum, it) => sum + it.leads, 0);
  // As if some were seen in their shares before: what is uneven by a little is found sooner so.
  const weight = 100;
  return tallies.reduce(
    (sum, it) => {
      const before = (weight * it.share) / shares;
      return sum + logGamma(before + it.leads) - logGamma(before) - it.leads * Math.log(it.share / shares);
    },
    logGamma(weight) - logGamma(weight + leads),
  );
};

const edge = (isIn: (p: number) => boolean, inside: number, outside: number): number => {
  let [inner, outer] = [inside, outside];
  for (let step = 0; step < 50; step++) {
    const middle = (inner + outer) / 2;
    if (isIn(middle)) inner = middle;
    else outer = middle;
  }
  return inner;
};

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** Stirling's series, from 8 on right to 12 digits; what is less is led there. */
const logGamma = (x: number): number => {
  let [at, less] = [x, 0];
  for (; at < 8; at++) less += Math.log(at);
  const square = 1 / (at * at);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / at;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - less;
};
