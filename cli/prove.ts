import { type Command, InvalidArgumentError } from 'commander';
import { problemsInWords } from '#cli/problems-text';
import { proofInWords } from '#cli/prove-text';
import { loadVersion } from '#cli/simulate/plan';
import { ifStopped } from '#cli/simulate/progress';
import { type Proof, prove } from '#local/prove/prove';

type Options = {
  readonly dir: string;
  readonly seeds: number;
  readonly seed?: number;
  readonly from: number;
  readonly json?: true;
  readonly embedded?: true;
};

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 1e9) throw new InvalidArgumentError('a whole number');
  return value;
};

const atLeastOne = (text: string): number => {
  if (whole(text) === 0) throw new InvalidArgumentError('at least 1: of no run nothing can be said');
  return whole(text);
};

export const register = (program: Command): void => {
  program
    .command('prove')
    .description(
      'let everything go wrong with your sequences on this machine (crashes, throttling, lost answers, queues that repeat), and see whether the promises hold',
    )
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--seeds <n>', 'how many runs', atLeastOne, 100)
    .option('--from <n>', 'the first seed', whole, 1)
    .option('--seed <n>', 'only this one, again', whole)
    .option('--embedded', 'with the real AWS clients on a DynamoDB beside it: slower')
    .option('--json', 'the whole proof as JSON')
    .action(async (options: Options) => {
      process.exitCode = await run(options);
    });
};

/** The exit code: 1 when a promise was broken or the folder is wrong, 130 when it was interrupted. */
const run = async ({ dir, seeds, from, seed, json, embedded }: Options): Promise<number> => {
  const loaded = await loadVersion(dir);
  if ('problems' in loaded) {
    console.error(problemsInWords(loaded.problems, dir));
    return 1;
  }
  const { version, behaviour } = loaded;
  const lists = version.compiled.flatMap(({ artifact: { enter } }) => ('imported' in enter.on ? [enter.on.imported] : []));
  const stopping = ifStopped();
  const proof = await prove(
    { ...version, behaviour, list: lists[0] ?? 'proof' },
    {
      ...(seed === undefined ? { seeds, firstSeed: from } : { seeds: 1, firstSeed: seed }),
      ...(embedded && { stack: 'embedded' as const }),
    },
    { signal: stopping.signal, progress: progressOf(seeds) },
  );
  stopping.done();
  console.log(json ? JSON.stringify(proof, undefined, 2) : proofInWords(proof, commandFor(dir, embedded)));
  return stopping.signal.aborted ? 130 : isBroken(proof) ? 1 : 0;
};

const isBroken = ({ found }: Proof): boolean => found.length > 0;
const commandFor = (dir: string, embedded: true | undefined): string =>
  `npx baton prove${dir === 'marketing' ? '' : ` --dir ${dir}`}${embedded ? ' --embedded' : ''}`;

/** A line for each tenth. */
const progressOf =
  (seeds: number) =>
  (done: number, broken: number): void => {
    if (seeds >= 20 && done % Math.ceil(seeds / 10) === 0) console.error(`${done} of ${seeds} seeds, ${broken} broke a promise`);
  };
