import type { BlockOutcome } from './block.ts';
import { type Sample, samplesEach } from './compare.ts';
import { nextPause } from './pauses.ts';
import { type Block, blocksOf, type Pause, type Plan, type Version } from './plan.ts';
import { openPool, type Pool } from './pool.ts';
import { addAll, type Tally } from './tally.ts';

export type Simulated = {
  /** Of each version. */
  readonly tallies: readonly Tally[];
  readonly pauses: readonly (readonly Pause[])[];
  readonly difference: Tally;
  readonly samples: readonly Sample[];
  /** Of all leads that there were to be: fewer when it was interrupted. */
  readonly leads: number;
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
  const pool = await openPool({ plan, versions }, Math.min(options.workers, blocksOf(plan)));
  try {
    let pauses: readonly (readonly Pause[])[] = versions.map(() => plan.pauses);
    for (let pass = 1; ; pass++) {
      const done = await passThrough(pool, { plan, versions, pauses, pass, options });
      if (options.signal?.aborted || blocksOf(plan) === 1) return { ...done, pauses, passes: pass };
      const more = versions.map((it, at) => nextPause(done.tallies[at] as Tally, it.live, pauses[at] ?? []));
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

const passThrough = async (pool: Pool, { plan, versions, pauses, pass, options }: Pass): Promise<Omit<Simulated, 'pauses' | 'passes'>> => {
  const tallies: Tally[] = versions.map(() => new Map());
  const difference: Tally = new Map();
  const samples: Sample[] = [];
  const times: Record<string, { calls: number; milliseconds: number }> = {};
  let leads = 0;
  await pool.run(
    options.blocks?.() ?? numbered(plan),
    (block) => ({ block, pauses }),
    (done) => {
      for (const [at, tally] of tallies.entries()) addAll(tally, done.tallies[at] ?? []);
      addAll(difference, done.difference ?? []);
      for (const it of done.samples) if (samples.filter((one) => one.what === it.what).length < samplesEach) samples.push(it);
      for (const [name, { calls, milliseconds }] of Object.entries(done.times)) {
        const known = times[name] ?? { calls: 0, milliseconds: 0 };
        times[name] = { calls: known.calls + calls, milliseconds: known.milliseconds + milliseconds };
      }
      leads += done.leads;
      options.onProgress?.(leads, pass);
    },
    options.signal,
  );
  return { tallies, difference, samples, leads, times };
};

async function* numbered(plan: Plan): AsyncGenerator<Block> {
  for (let index = 0; index < blocksOf(plan); index++) {
    const from = index * plan.blockSize;
    yield { index, from, size: Math.min(plan.blockSize, plan.leads - from) };
  }
}
