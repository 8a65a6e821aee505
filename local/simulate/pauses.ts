import type { LiveConfig } from '#core/config';
import { addSeconds, type Instant } from '#core/instant';
import { daysWatched, decideLine } from '#core/stop-the-line';
import type { Pause } from './plan.ts';
import { type Tally, under } from './tally.ts';

type Hour = { readonly at: string; delivered: number; bounced: number; complained: number };

/**
 * The first sequence that stop-the-line would pause, of those that are not paused yet, going by the mail of all blocks hour by hour.
 * Nothing before that moment depends on it: a second pass in which every block is told is right up to there, and goes on from there.
 */
export const nextPause = (tally: Tally, { brand }: LiveConfig, paused: readonly Pause[]): Pause | undefined => {
  const found = Object.entries(hoursBySequence(tally)).flatMap(([sequence, hours]) =>
    paused.some((it) => it.sequence === sequence) ? [] : (firstPause(sequence, hours, brand) ?? []),
  );
  return found.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : one.sequence < other.sequence ? -1 : 1))[0];
};

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

const firstPause = (sequence: string, hours: readonly Hour[], { stopTheLine }: LiveConfig['brand']): Pause | undefined => {
  for (const [at, hour] of hours.entries()) {
    if (hour.bounced === 0 && hour.complained === 0) continue;
    const end: Instant = addSeconds(`${hour.at}:00:00.000Z`, 3600);
    const days = daysWatched(addSeconds(end, -1), stopTheLine);
    const within = hours.slice(0, at + 1).filter((it) => it.at.slice(0, 10) >= days.from);
    const sum = (word: 'delivered' | 'bounced' | 'complained') => within.reduce((all, it) => all + it[word], 0);
    const why = decideLine({ delivered: sum('delivered'), bounced: sum('bounced'), complained: sum('complained') }, stopTheLine);
    if (why !== undefined) return { sequence, at: end, why };
  }
  return undefined;
};
