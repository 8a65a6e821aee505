/** Something at a moment, in milliseconds. */
export type Timed = { readonly epoch: number };

/** `withinSeconds` is measured from the first to the last of them. */
export type Crowd = { readonly atLeast: number; readonly withinSeconds: number };

/** Of a list in order of time, the part from one moment to another, both included. */
export const between = <T extends Timed>(sorted: readonly T[], from: number, to: number): readonly T[] =>
  sorted.slice(
    firstFrom(sorted, (it) => it >= from),
    firstFrom(sorted, (it) => it > to),
  );

/** Whether there are any: the same without making a list of them. */
export const someBetween = (sorted: readonly Timed[], from: number, to: number): boolean => {
  const first = sorted[firstFrom(sorted, (it) => it >= from)];
  return first !== undefined && first.epoch <= to;
};

/** Those of a list in order of time that stand in a stretch with so many different keys. All of the stretch, its first included. */
export const crowded = <T extends Timed>(sorted: readonly T[], crowd: Crowd, keyOf: (it: T) => string): ReadonlySet<T> => {
  const found = new Set<T>();
  if (sorted.length < crowd.atLeast) return found;
  const counts = new Map<string, number>();
  let start = 0;
  let told = 0;
  for (let end = 0; end < sorted.length; end++) {
    const last = sorted[end] as T;
    counts.set(keyOf(last), (counts.get(keyOf(last)) ?? 0) + 1);
    for (let first = sorted[start]; first && last.epoch - first.epoch > crowd.withinSeconds * 1000; first = sorted[++start])
      takeAway(counts, keyOf(first));
    if (counts.size < crowd.atLeast) continue;
    for (told = Math.max(told, start); told <= end; told++) found.add(sorted[told] as T);
  }
  return found;
};

const takeAway = (counts: Map<string, number>, key: string): void => {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
};

/** Place of the first whose time passes. */
const firstFrom = (sorted: readonly Timed[], passes: (epoch: number) => boolean): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes((sorted[middle] as Timed).epoch)) high = middle;
    else low = middle + 1;
  }
  return low;
};
