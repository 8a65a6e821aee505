/** One figure. Counts and ratios are to be compared between runs and machines, times only within a run. */
export type Row = {
  readonly what: string;
  readonly value: string;
  /** What it has to be, in words, and whether it is. `isFar`: not within reach for now; missed, it is said so, and fails nothing. */
  readonly target?: { readonly words: string; readonly isMet: boolean; readonly isFar?: true };
};
/** A part of the bench. `figures`: the same for programs. */
export type Part = { readonly title: string; readonly rows: readonly Row[]; readonly figures: unknown };

export const number = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 3 : value < 100 ? 1 : 0 });
export const usd = (value: number): string => `$${value.toFixed(4)}`;
export const timesOf = (one: number, other: number): number => Math.round((one / other) * 10) / 10;
