import { parentPort, workerData } from 'node:worker_threads';
import { type BlockOutcome, runBlock } from './block.ts';
import { compareStories, type Sample } from './compare.ts';
import type { Block, Pause, Plan, Version } from './plan.ts';

export type WorkerGiven = { readonly plan: Plan; readonly versions: readonly Version[] };
/** `pauses`: of each version. */
export type WorkerAsked = { readonly block: Block; readonly pauses: readonly (readonly Pause[])[] };
type Entries = readonly (readonly [string, number])[];
export type WorkerAnswer =
  | {
      readonly index: number;
      readonly leads: number;
      readonly tallies: readonly Entries[];
      readonly difference?: Entries;
      readonly samples: readonly Sample[];
      readonly times: BlockOutcome['times'];
    }
  | { readonly failed: string };

// What is thrown on the usual way (a wait that times out) needs no trace of where.
Error.stackTraceLimit = 4;

const { plan, versions } = workerData as WorkerGiven;

const answer = async ({ block, pauses }: WorkerAsked): Promise<WorkerAnswer> => {
  const outcomes: BlockOutcome[] = [];
  for (const [at, version] of versions.entries())
    outcomes.push(
      await runBlock({ ...plan, pauses: pauses[at] ?? [] }, version, block, { clients: 'direct', wantsStories: versions.length > 1 }),
    );
  const [one, other] = outcomes;
  const compared = one && other ? compareStories(one.stories, other.stories) : undefined;
  return {
    index: block.index,
    leads: block.size,
    tallies: outcomes.map((it) => [...it.tally]),
    samples: compared?.samples ?? [],
    times: one?.times ?? {},
    ...(compared && { difference: [...compared.tally] }),
  };
};

parentPort?.on('message', (asked: WorkerAsked) => {
  answer(asked).then(
    (it) => parentPort?.postMessage(it),
    (error: unknown) =>
      parentPort?.postMessage({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies WorkerAnswer),
  );
});
