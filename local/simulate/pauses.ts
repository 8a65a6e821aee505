import type { LiveConfig } from '#core/config';
import { addSeconds, type Instant } from '#core/instant';
import { leastLikely } from '#core/margins';
import { daysWatched, decideLine } from '#core/stop-the-line';
import type { Pause } from './plan.ts';
import { type Tally, under } from './tally.ts';

type Hour = { readonly at: string; delivered: number; bounced: number; complained: number };

/**
 * The first sequence that stop-the-line would pause, of those that are not paused yet, going by the mail of all blocks hour by hour.
 * Nothing before that moment depends on it: a second pass in which every block is told is right up to there, and goes on from there.
 * `scale`: each mail stands for so many. Then a sequence is paused when there is surely too much trouble, not already when it came out so by
 * chance: two reports in a small sample would be hundreds.
 */
export const nextPause = (tally: Tally, { brand }: LiveConfig, paused: readonly Pause[], scale = 1): Pause | undefined =>
  firstPauses(tally, brand, paused, scale === 1 ? decideLine : surely(scale))[0];

/** What a sample cannot tell: by its figures these would be paused, and it may be chance. */
export const possiblePauses = (tally: Tally, { brand }: LiveConfig, paused: readonly Pause[], scale: number): readonly Pause[] =>
  firstPauses(tally, brand, paused, scaled(scale));

const scaled =
  (scale: number): typeof decideLine =>
  ({ delivered, bounced, complained }, limits) => {
    const many = (count: number) => Math.round(count * scale);
    const why = decideLine({ delivered: many(delivered), bounced: many(bounced), complained: many(complained) }, limits);
    return why === undefined ? undefined : `${why} (scaled from a sample)`;
  };

const surely =
  (scale: number): typeof decideLine =>
  (sums, limits) => {
    const least = { ...sums, bounced: leastLikely(sums.bounced), complained: leastLikely(sums.complained) };
    return scaled(scale)(least, limits) === undefined ? undefined : scaled(scale)(sums, limits);
  };

const firstPauses = (
  tally: Tally,
  { stopTheLine }: LiveConfig['brand'],
  paused: readonly Pause[],
  decide: typeof decideLine,
): readonly Pause[] =>
  Object.entries(hoursBySequence(tally))
    .flatMap(([sequence, hours]) =>
      paused.some((it) => it.sequence === sequence) ? [] : (firstPause(sequence, hours, stopTheLine, decide) ?? []),
    )
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : one.sequence < other.sequence ? -1 : 1));

const hoursBySequence = (tally: Tally): { readonly [sequence: string]: readonly Hour[] } => {
  const found = new Map<string, Map<string, Hour>>();
  for (const { at, count } of under(tally, 'health')) {
    const [sequence = '', hour = '', word = ''] = at;
    const hours = found.get(sequence) ?? new Map<string, Hour>();
    const one = hours.get(hour) ?? { at: hour, delivered: 0, bounced: 0, complained: 0 };
    if (word === 'delivered' || word === 'bounced' || word === 'complained') one[word] += count;
    found.set(sequence, hours.set(hour, one));
  }
  return Object.fromEntries(
    [...found].map(([sequence, hours]) => [sequence, [...hours.values()].sort((one, other) => (one.at < other.at ? -1 : 1))]),
  );
};

const firstPause = (
  sequence: string,
  hours: readonly Hour[],
  stopTheLine: LiveConfig['brand']['stopTheLine'],
  decide: typeof decideLine,
): Pause | undefined => {
  for (const [at, hour] of hours.entries()) {
    if (hour.bounced === 0 && hour.complained === 0) continue;
    const end: Instant = addSeconds(`${hour.at}:00:00.000Z`, 3600);
    const days = daysWatched(addSeconds(end, -1), stopTheLine);
    const within = hours.slice(0, at + 1).filter((it) => it.at.slice(0, 10) >= days.from);
    const sum = (word: 'delivered' | 'bounced' | 'complained') => within.reduce((all, it) => all + it[word], 0);
    const why = decide({ delivered: sum('delivered'), bounced: sum('bounced'), complained: sum('complained') }, stopTheLine);
    if (why !== undefined) return { sequence, at: end, why };
  }
  return undefined;
};
