/**
 * All that is counted of a simulation: numbers by name, the parts of which stand between tabs. Two are put together by adding, in any
 * order and grouping, so that blocks of leads may be counted apart; nothing in it grows with the number of leads.
 */
export type Tally = Map<string, number>;

const parting = '\t';

export const add = (tally: Tally, count: number, ...name: readonly string[]): void => {
  if (count === 0) return;
  const key = name.join(parting);
  tally.set(key, (tally.get(key) ?? 0) + count);
};

export const addAll = (into: Tally, from: Iterable<readonly [string, number]>): void => {
  for (const [key, count] of from) into.set(key, (into.get(key) ?? 0) + count);
};

export const countOf = (tally: Tally, ...name: readonly string[]): number => tally.get(name.join(parting)) ?? 0;

/** What stands under a name, by the parts that come after it, in the order of their texts. */
export const under = (tally: Tally, ...name: readonly string[]): readonly { readonly at: readonly string[]; readonly count: number }[] => {
  const prefix = `${name.join(parting)}${parting}`;
  return [...tally]
    .filter(([key]) => key.startsWith(prefix))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, count]) => ({ at: key.slice(prefix.length).split(parting), count }));
};

/** The first part after a name, with the sum of all under it. */
export const sumsBy = (tally: Tally, ...name: readonly string[]): { readonly [part: string]: number } => {
  const sums: Record<string, number> = {};
  for (const { at, count } of under(tally, ...name)) sums[at[0] ?? ''] = (sums[at[0] ?? ''] ?? 0) + count;
  return sums;
};
