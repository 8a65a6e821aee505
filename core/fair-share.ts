/** Who of a pool has had what. Reps who are not there keep what they are owed, at most one lead of it. */
export type PoolState = {
  /** Since who is in the pool, and with what weight, last changed. */
  readonly members: string;
  readonly given: { readonly [rep: string]: number };
  /** Leads that each was short of (more than 0) or had in advance, over all time; it adds up to nothing. */
  readonly owed: { readonly [rep: string]: number };
};
export type Share = { readonly rep: string; readonly weight: number };
export type Pick = { readonly rep: string; readonly state: PoolState; readonly owed: (rep: string) => number };

/**
 * Who gets the next lead. As long as the pool stays as it is, everyone stays within one lead of the exact share, at every moment
 * (the windows of Pfair scheduling: the k-th lead of a share s falls between the leads ⌊(k-1)/s⌋+1 and ⌈k/s⌉). Whoever is owed
 * most goes first wherever that leaves room. When the pool changes the windows begin anew, and what is owed is kept, so that
 * changes favour nobody; whoever is new, or comes back, is owed nothing for the time before. `team`: who is still with us. Pure.
 */
export const pickFairly = (before: PoolState | undefined, pool: readonly Share[], team: readonly string[]): Pick => {
  const sum = pool.reduce((total, it) => total + it.weight, 0);
  const members = pool
    .map((it) => `${it.rep}:${it.weight}`)
    .sort()
    .join(' ');
  const given = before?.members === members ? before.given : {};
  const owed = (rep: string) => before?.owed[rep] ?? 0;
  const turn = 1 + pool.reduce((total, it) => total + (given[it.rep] ?? 0), 0);
  const windows = pool.map((it) => ({ ...it, had: given[it.rep] ?? 0, share: it.weight / sum }));
  const wanted = windows
    .filter((it) => Math.floor(it.had / it.share + tiny) + 1 <= turn)
    .toSorted(
      (one, other) => rank(owed(other.rep)) - rank(owed(one.rep)) || latestFor(one) - latestFor(other) || (one.rep < other.rep ? -1 : 1),
    );
  const chosen = wanted.find((it) => leavesRoom(it, windows, turn)) ?? wanted[0];
  if (!chosen) throw new TypeError('nobody is in the pool');
  const owedNow = Object.fromEntries(
    team.flatMap((rep) => {
      const member = windows.find((it) => it.rep === rep);
      const now = member ? owed(rep) + member.share - (rep === chosen.rep ? 1 : 0) : Math.max(-1, Math.min(1, owed(rep)));
      return before?.owed[rep] === undefined && !member ? [] : [[rep, round(now)] as const];
    }),
  );
  return { rep: chosen.rep, state: { members, given: { ...given, [chosen.rep]: (given[chosen.rep] ?? 0) + 1 }, owed: owedNow }, owed };
};

type Window = Share & { readonly had: number; readonly share: number };

/** What arithmetic with fractions is off by. */
const tiny = 1e-9;
const round = (value: number) => Math.round(value * 1e9) / 1e9;
/** Debts that differ by a breath are equal. */
const rank = (owed: number) => Math.round(owed * 1e6);

/** The lead at which the next one must have come. */
const latestFor = ({ had, share }: Window): number => Math.ceil((had + 1) / share - tiny);

/** Whether all the others can still have theirs in time when this one gets this lead. */
const leavesRoom = (chosen: Window, windows: readonly Window[], turn: number): boolean => {
  const others = windows.filter((it) => it.rep !== chosen.rep);
  for (let at = turn; at < latestFor(chosen); at++) {
    const due = others.reduce((sum, it) => sum + Math.max(0, Math.floor(at * it.share + tiny) - it.had), 0);
    if (due > at - turn) return false;
  }
  return true;
};
