export const tally = (words: readonly string[]): { readonly [word: string]: number } => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([one, a], [other, b]) => b - a || compare(one, other)));
};

/** By code units: the same order on every machine. */
export const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
