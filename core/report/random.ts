/** Draws that are the same for the same seed. */
export type Draws = {
  readonly fraction: () => number;
  readonly below: (most: number) => number;
  readonly counts: (mean: number, spread: number) => number;
};

/** mulberry32: 32 bits of state, enough for a few million draws of a forecast. */
export const drawsOf = (seed: number): Draws => {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  /** Box and Muller. */
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction());
  /** Marsaglia and Tsang. */
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * (1 - fraction()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - fraction()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  /** Knuth for small means; what is larger is as good as normal. */
  const poisson = (mean: number): number => {
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = fraction(); product > limit; product *= fraction()) count++;
    return count;
  };
  return {
    fraction,
    below: (most) => Math.floor(fraction() * most),
    /** Poisson where the variance is the mean (`spread` 1 or less), else negative binomial with so many times the mean as variance. */
    counts: (mean, spread) => {
      if (mean <= 0) return 0;
      return spread <= 1.0001 ? poisson(mean) : poisson(gamma(mean / (spread - 1)) * (spread - 1));
    },
  };
};
