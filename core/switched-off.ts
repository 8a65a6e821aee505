import type { Brand } from './config.ts';
import type { Instant } from './instant.ts';
import type { OverdueFrom } from './ports.ts';

/** Sequences that are switched off with `inside: exit`: whoever is in them leaves. */
export const leftSequences = ({ off = {} }: Pick<Brand, 'off'>): readonly string[] =>
  Object.keys(off)
    .filter((it) => off[it] === 'exit')
    .sort();

/**
 * How far the walk over all runs has come that ends those of switched-off sequences. `rules`: which rules it is for, and on which day;
 * '': for none. `shard`: the one to read next, by its place; `after`: where in it.
 */
export type EndingWalk = {
  readonly rules: string;
  readonly since: Instant;
  readonly shard?: number;
  readonly after?: OverdueFrom;
  readonly isDone?: true;
};

/** Leads that are told in a quarter of an hour: each wakes a machine, and those have quotas (docs/scale.md). */
export const mostLeaving = 4000;

/**
 * Which walk is due. One for each change of the rules, and one a day as long as any such sequence is off: who moved from one wait to the
 * next without asking anybody, just where the walk was passing by, is met then.
 */
export const walkFor = (sequences: readonly string[], hash: string, now: Instant): string =>
  sequences.length === 0 ? '' : `${hash} ${now.slice(0, 10)}`;
