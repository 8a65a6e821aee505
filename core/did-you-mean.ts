import { distance } from 'fastest-levenshtein';

/** The nearest allowed word when it is near enough to be a slip; else undefined. */
export const didYouMean = (got: string, allowed: Iterable<string>): string | undefined => {
  const ranked = [...allowed]
    .map((word) => ({ word, off: distance(got.toLowerCase(), word.toLowerCase()) }))
    .sort((one, other) => one.off - other.off);
  const [best] = ranked;
  return best && best.off <= Math.max(2, Math.floor(got.length / 3)) ? best.word : undefined;
};

/** As a hint sentence, or nothing. */
export const meantHint = (got: string, allowed: Iterable<string>): { readonly hint?: string } => {
  const meant = didYouMean(got, allowed);
  return meant === undefined ? {} : { hint: `did you mean "${meant}"?` };
};
