import type { Behaviour } from '#core/behaviour/model';
import type { LiveConfig } from '#core/config';
import type { Mapping } from '#core/imports/mapping';
import type { Instant } from '#core/instant';
import type { Compiled } from '#core/sequences/compile';
import type { Diagram } from '#core/sequences/diagram';
import type { PopulationSpec } from './population.ts';
import type { Recorded } from './replay.ts';

/** A marketing folder as it is simulated. */
export type Version = {
  readonly compiled: readonly Compiled[];
  readonly live: LiveConfig;
  readonly diagrams: readonly Diagram[];
  /** Count where everybody is on each day, for the console. */
  readonly hasFrames?: true;
};

/** Something that the whole population decides at a moment, and every part of it has to be told: stop-the-line. */
export type Pause = { readonly sequence: string; readonly at: Instant; readonly why: string };

/** All that a simulation depends on. The same plan gives the same figures, however many workers share the blocks. */
export type Plan = {
  readonly seed: string;
  readonly startAt: Instant;
  readonly days: number;
  /** Under which the leads are imported. */
  readonly list: string;
  /** What the columns of a list are; without it each is the field of its name. */
  readonly mapping?: Mapping;
  /** Leads come in over so many days; 0: all at the start. */
  readonly overDays: number;
  readonly leads: number;
  /** So many of them are run, in whole blocks, and stand for all (sample.ts). */
  readonly sample?: number;
  readonly blockSize: number;
  readonly behaviour: Behaviour;
  readonly population?: PopulationSpec;
  /** Instead of the model. */
  readonly recorded?: Recorded;
  readonly pauses: readonly Pause[];
};

export type Cells = Readonly<Record<string, string>>;
/** `index`: in the order in which blocks are run. `from`: of the first lead among all. Rows come with a list; a population's are made from their number. */
export type Block = { readonly index: number; readonly from: number; readonly size: number; readonly rows?: readonly Cells[] };

/**
 * So many leads share a world of their own. Fixed: what crosses leads (a warm-up's days) is parted by blocks, so that figures may
 * depend on it, but never on the workers.
 */
export const blockSize = 500;

export const blocksOf = ({ leads, blockSize: size }: Pick<Plan, 'leads' | 'blockSize'>): number => Math.ceil(leads / size);
