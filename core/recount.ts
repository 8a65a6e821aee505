import { type Counted, cellOf, cellText, type Sums, utcDayOf } from './counters.ts';
import type { TrialSums } from './experiments/trials.ts';
import { addSeconds, type Instant } from './instant.ts';
import { shards } from './keys.ts';
import { type Stage, stages } from './lead.ts';
import type { Cells } from './report/cells.ts';

/** Days that a recount makes right, today among them. */
export const daysRecounted = 35;
/** The hour (UTC) from which on a day's recount begins. */
const beginsAtHour = 2;
/** Whoever holds the recount has ended by then. */
export const recountLeaseSeconds = 60;
/** What one call does at most; a function has 30 seconds. */
export const leadsPerSlice = 8000;
export const secondsPerSlice = 15;
/** Numbers that one row takes. */
const cellsPerRow = 1500;

/**
 * How far a recount is. It walks lead shard by lead shard, in each all stages, again until a round finds nobody new: who changes
 * stage meanwhile stays in its shard. `asOf`: when the last one began that came to its end.
 */
export type RecountState = {
  readonly revision: number;
  readonly startedAt: Instant;
  readonly phase: 'walk' | 'replace' | 'done';
  readonly shard: number;
  readonly stage: number;
  readonly after?: string;
  readonly foundInRound: number;
  readonly round: number;
  /** Rows written until now. `shardFrom`: the first that the present shard wrote. */
  readonly slices: number;
  readonly shardFrom: number;
  readonly replaced: number;
  readonly leaseUntil?: Instant;
  readonly asOf?: Instant;
  /** Where the sums for the console stand, if they are kept: in turns under A and B. */
  readonly panes?: { readonly generation: 'A' | 'B'; readonly rows: number };
  /** Moves count on top of it (core/console/moves.ts). `liveAsOf`: the last whole one of which that is so. */
  readonly isLive?: true;
  readonly liveAsOf?: Instant;
  /** When everybody was read; how many of those who moved meanwhile were put back. */
  readonly walkedAt?: Instant;
  readonly putBack?: number;
};

/** What one call found. `visited`: short hashes of the leads; of the last shard that it came to at least. `trials`: of experiments. */
export type RecountSlice = {
  readonly sums: Sums;
  readonly visited: readonly string[];
  readonly trials?: TrialSums;
  /** By week, for the digest. */
  readonly weeks?: Cells;
};

export const isDue = (state: RecountState | undefined, now: Instant): boolean => {
  if (state && state.phase !== 'done') return true;
  return Number(now.slice(11, 13)) >= beginsAtHour && (state === undefined || utcDayOf(state.startedAt) < utcDayOf(now));
};

/** `isLive`: there is somebody who counts what moves meanwhile. */
export const begin = (before: RecountState | undefined, now: Instant, isLive = false): RecountState => ({
  revision: before?.revision ?? 0,
  startedAt: now,
  phase: 'walk',
  shard: 0,
  stage: 0,
  foundInRound: 0,
  round: 1,
  slices: 0,
  shardFrom: 0,
  replaced: 0,
  ...(before?.asOf !== undefined && { asOf: before.asOf }),
  ...(before?.liveAsOf !== undefined && { liveAsOf: before.liveAsOf }),
  ...(isLive && { isLive: true as const }),
});

export const placeOf = ({ shard, stage }: RecountState): { readonly shard: string; readonly stage: Stage } => ({
  shard: shards[shard] ?? '0',
  stage: stages[stage] ?? 'lead',
});

/** After a page of the index. A shard is done when a whole round found nobody, which is the second at the earliest. */
export const afterPage = (state: RecountState, found: number, next: string | undefined): RecountState => {
  const { after: _after, ...rest } = state;
  const foundInRound = state.foundInRound + found;
  if (next !== undefined) return { after: next, ...rest, foundInRound };
  if (state.stage + 1 < stages.length) return { ...rest, foundInRound, stage: state.stage + 1 };
  if (foundInRound > 0 && state.round < mostRounds) return { ...rest, foundInRound: 0, stage: 0, round: state.round + 1 };
  const shard = state.shard + 1;
  return { ...rest, phase: shard < shards.length ? 'walk' : 'replace', shard, stage: 0, foundInRound: 0, round: 1 };
};
/** Somebody is always new where many come in; they have next night. */
const mostRounds = 4;

export const firstDayOf = ({ startedAt }: Pick<RecountState, 'startedAt'>): string =>
  utcDayOf(addSeconds(startedAt, -(daysRecounted - 1) * 86_400));

/** What was counted, and where it is added. */
export type CountedCell = { readonly day: string; readonly cell: string; readonly count: number };
export const cellsIn = (counted: readonly Counted[]): readonly CountedCell[] =>
  counted.map((it) => ({ day: it.day, cell: cellText(it), count: it.count }));

export const addTo = (sums: Record<string, number>, cells: readonly CountedCell[], fromDay: string): void => {
  for (const { day, cell, count } of cells) if (day >= fromDay) sums[cell] = (sums[cell] ?? 0) + count;
};

/** The rows of one slice. */
export const inRows = ({ sums, visited, trials, weeks = {} }: RecountSlice): readonly RecountSlice[] => {
  const cells = Object.entries(sums);
  const rows: RecountSlice[] = [{ sums: Object.fromEntries(cells.slice(0, cellsPerRow)), visited, ...(trials && { trials }) }];
  for (let from = cellsPerRow; from < cells.length; from += cellsPerRow)
    rows.push({ sums: Object.fromEntries(cells.slice(from, from + cellsPerRow)), visited: [] });
  const chunks = inChunks(weeks);
  const together = Math.max(rows.length, chunks.length);
  return Array.from({ length: together }, (_, at) => ({
    ...(rows[at] ?? { sums: {}, visited: [] }),
    ...(chunks[at] && { weeks: chunks[at] }),
  }));
};

/** As many of them as one row takes. */
export const inChunks = (cells: Cells): readonly Cells[] => {
  const all = Object.entries(cells);
  return Array.from({ length: Math.ceil(all.length / cellsPerRow) }, (_, at) =>
    Object.fromEntries(all.slice(at * cellsPerRow, (at + 1) * cellsPerRow)),
  );
};

/** By sequence, version and day: what one call of `replace` takes. */
export const byDay = (slices: readonly RecountSlice[]): ReadonlyMap<string, Sums> => {
  const days = new Map<string, Record<string, number>>();
  for (const { sums } of slices) {
    for (const [text, count] of Object.entries(sums)) {
      const { sequence, version, day } = cellOf(text);
      const key = dayKey(sequence, version, day);
      const ofDay = days.get(key) ?? {};
      ofDay[text] = (ofDay[text] ?? 0) + count;
      days.set(key, ofDay);
    }
  }
  return days;
};
export const dayKey = (sequence: string, version: string, day: string): string => `${sequence}\t${version}\t${day}`;
