import type { BlockOutcome } from './block.ts';
import { type Sample, samplesEach } from './compare.ts';
import { nextPause } from './pauses.ts';
import { type Block, blocksOf, type Pause, type Plan, type Version } from './plan.ts';
import { type Done, openPool, type Pool } from './pool.ts';
import { chosenBlocks, isSample, scaleOf } from './sample.ts';
import { addAll, type Tally } from './tally.ts';

/** What was counted, of so many leads. `tallies`: of each version. */
export type Counts = { readonly tallies: readonly Tally[]; readonly difference: Tally; readonly leads: number };

/** `leads`: fewer than there were to be when it was interrupted. */
export type Simulated = Counts & {
  /** Of a sample: the same by groups of blocks, which are alike but for chance. */
  readonly groups: readonly Counts[];
  readonly pauses: readonly (readonly Pause[])[];
  readonly samples: readonly Sample[];
  /** How often all blocks were gone through: once more for each sequence that had to pause. */
  readonly passes: number;
  readonly times: BlockOutcome['times'];
};

export type SimulateOptions = {
  readonly workers: number;
  readonly onProgress?: (leads: number, pass: number) => void;
  readonly signal?: AbortSignal;
  /** The rows of a list, in its order; a population needs none. Asked for anew at each pass. */
  readonly blocks?: () => AsyncIterable<Block>;
};

/** One version, or two over the same leads and draws. The same plan gives the same result whatever the number of workers. */
export const simulate = async (plan: Plan, versions: readonly Version[], options: SimulateOptions): Promise<Simulated> => {
  const pool = await openPool({ plan, versions }, Math.min(options.workers, chosenBlocks(plan).length));
  try {
    let pauses: readonly (readonly Pause[])[] = versions.map(() => plan.pauses);
    for (let pass = 1; ; pass++) {
      const done = await passThrough(pool, { plan, versions, pauses, pass, options });
      if (options.signal?.aborted || blocksOf(plan) === 1) return { ...done, pauses, passes: pass };
      const more = versions.map((it, at) => nextPause(done.tallies[at] as Tally, it.live, pauses[at] ?? [], scaleOf(plan)));
      if (more.every((it) => it === undefined)) return { ...done, pauses, passes: pass };
      pauses = pauses.map((known, at) => (more[at] ? [...known, more[at]] : known));
    }
  } finally {
    await pool.close();
  }
};

type Pass = {
  readonly plan: Plan;
  readonly versions: readonly Version[];
  readonly pauses: readonly (readonly Pause[])[];
  readonly pass: number;
  readonly options: SimulateOptions;
};

/** More would make margins hardly any surer. */
const mostGroups = 30;
const noCounts = (versions: readonly Version[]) => ({
  tallies: versions.map((): Tally => new Map()),
  difference: new Map() as Tally,
  leads: 0,
});

const passThrough = async (pool: Pool, { plan, versions, pauses, pass, options }: Pass): Promise<Omit<Simulated, 'pauses' | 'passes'>> => {
  const all = noCounts(versions);
  const groups = isSample(plan)
    ? chosenBlocks(plan)
        .slice(0, mostGroups)
        .map(() => noCounts(versions))
    : [];
  const samples: Sample[] = [];
  const times: Record<string, { calls: number; milliseconds: number }> = {};
  await pool.run(
    options.blocks?.() ?? numbered(plan),
    (block) => ({ block, pauses }),
    (done) => {
      addTo(all, done);
      const group = groups[done.index % mostGroups];
      if (group) addTo(group, done);
      for (const it of done.samples) if (samples.filter((one) => one.what === it.what).length < samplesEach) samples.push(it);
      for (const [name, { calls, milliseconds }] of Object.entries(done.times)) {
        const known = times[name] ?? { calls: 0, milliseconds: 0 };
        times[name] = { calls: known.calls + calls, milliseconds: known.milliseconds + milliseconds };
      }
      options.onProgress?.(all.leads, pass);
    },
    options.signal,
  );
  return { ...all, groups, samples, times };
};

const addTo = (counts: ReturnType<typeof noCounts>, done: Done): void => {
  for (const [at, tally] of counts.tallies.entries()) addAll(tally, done.tallies[at] ?? []);
  addAll(counts.difference, done.difference ?? []);
  counts.leads += done.leads;
};

async function* numbered(plan: Plan): AsyncGenerator<Block> {
  yield* chosenBlocks(plan);
}
