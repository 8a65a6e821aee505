import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import type { Block } from './plan.ts';
import type { WorkerAnswer, WorkerAsked, WorkerGiven } from './worker.ts';

export type Done = Exclude<WorkerAnswer, { readonly failed: string }>;

export type Pool = {
  /** Every block to whichever worker is free; answers come in the order of the blocks. Ends early when the signal says so. */
  run(blocks: AsyncIterable<Block>, ask: (block: Block) => WorkerAsked, onDone: (done: Done) => void, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
};

/** Compiled to plain JavaScript once: what runs a hundred million times must not go through a loader that names every function anew. */
const bundleWorker = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'worker.mjs');
  await build({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: ['local/simulate/worker.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'error',
    banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
    // Only the embedded stack starts it, and no block runs on that.
    external: ['dynalite'],
  });
  return outfile;
};

/** Nearly all that a block makes is gone when it ends: with room for it, little is ever moved to where it is costly to clean up. */
const resourceLimits = { maxYoungGenerationSizeMb: 96, maxOldGenerationSizeMb: 1024 };

export const openPool = async (given: WorkerGiven, workers: number): Promise<Pool> => {
  const folder = await mkdtemp(join(tmpdir(), 'baton-simulate-'));
  const script = await bundleWorker(folder);
  const all = Array.from({ length: workers }, () => new Worker(script, { workerData: given, resourceLimits }));
  return {
    run: async (blocks, ask, onDone, signal) => {
      const source = blocks[Symbol.asyncIterator]();
      const inOrder = createOrder(onDone);
      let isOver = false;
      const work = async (worker: Worker) => {
        while (!isOver && !signal?.aborted) {
          const next = await takeNext(source);
          if (!next) return;
          inOrder.take(await answerOf(worker, ask(next)));
        }
      };
      try {
        await Promise.all(all.map((it) => work(it)));
      } finally {
        isOver = true;
        await source.return?.();
      }
    },
    close: async () => {
      await Promise.all(all.map((it) => it.terminate()));
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Workers ask at the same time; a generator answers one after the other by itself. */
const takeNext = async (source: AsyncIterator<Block>): Promise<Block | undefined> => {
  const { done, value } = await source.next();
  return done ? undefined : value;
};

const answerOf = (worker: Worker, asked: WorkerAsked): Promise<Done> =>
  new Promise((resolve, reject) => {
    const settle = (then: () => void) => {
      worker.removeAllListeners('message');
      worker.removeAllListeners('error');
      worker.removeAllListeners('exit');
      then();
    };
    worker.once('message', (answer: WorkerAnswer) =>
      settle(() => ('failed' in answer ? reject(new Error(`a block failed: ${answer.failed}`)) : resolve(answer))),
    );
    worker.once('error', (error) => settle(() => reject(error)));
    worker.once('exit', () => settle(() => reject(new Error('a worker stopped'))));
    worker.postMessage(asked);
  });

/** Holds back what is done before its turn: no more than there are workers. */
const createOrder = (onDone: (done: Done) => void) => {
  const waiting = new Map<number, Done>();
  let next = 0;
  return {
    take: (done: Done): void => {
      waiting.set(done.index, done);
      for (let it = waiting.get(next); it; it = waiting.get(++next)) {
        waiting.delete(next);
        onDone(it);
      }
    },
  };
};
