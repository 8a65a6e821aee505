/** Which touches a win is put down to. Position-based: 40 % to the first, 40 % to the last, 20 % to all between. */
export const attributionModels = ['first', 'last', 'linear', 'position'] as const;
export type AttributionModel = (typeof attributionModels)[number];

/** Whole parts of a whole amount, in the order of the touches; together exactly the amount. Of no touch: nothing. */
export const partsOf = (model: AttributionModel, cents: number, touches: number): readonly number[] =>
  touches === 0 ? [] : shared(cents, weightsOf(model, touches));

/** Whole numbers, so that no rounding decides. */
const weightsOf = (model: AttributionModel, touches: number): readonly number[] => {
  const each = Array.from({ length: touches }, (_, at) => at);
  switch (model) {
    case 'first':
      return each.map((at) => (at === 0 ? 1 : 0));
    case 'last':
      return each.map((at) => (at === touches - 1 ? 1 : 0));
    case 'linear':
      return each.map(() => 1);
    case 'position':
      // 40 : 20 shared by those between : 40. Of two each has a half.
      return touches < 3 ? each.map(() => 1) : each.map((at) => (at === 0 || at === touches - 1 ? 2 * (touches - 2) : 1));
  }
};

/** By largest remainder; of equal ones the earlier touch gets the cent. In big integers: amounts go up to 10^14 cents. */
const shared = (cents: number, weights: readonly number[]): readonly number[] => {
  const all = BigInt(weights.reduce((sum, it) => sum + it, 0));
  const exact = weights.map((weight) => BigInt(cents) * BigInt(weight));
  const parts = exact.map((it) => Number(it / all));
  const left = cents - parts.reduce((sum, it) => sum + it, 0);
  const next = exact
    .map((it, at) => ({ at, remainder: it % all }))
    .sort((one, other) => (one.remainder === other.remainder ? one.at - other.at : one.remainder > other.remainder ? -1 : 1))
    .slice(0, left);
  for (const { at } of next) parts[at] = (parts[at] ?? 0) + 1;
  return parts;
};
