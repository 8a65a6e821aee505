import { watch } from 'node:fs';
import type { Command } from 'commander';
import { loadMarketing } from '#adapters/files/load-marketing';
import { type LoadedTest, loadTests } from '#adapters/files/load-tests';
import { compileMarketing } from '#cli/compile';
import { problemsInWords } from '#cli/problems-text';
import { type Result, resultsInWords, type TestReport } from '#cli/test-text';
import { sortedProblems } from '#core/marketing';
import type { Problem } from '#core/problems';
import { compare } from '#core/sequence-tests/compare';
import { coverageOf } from '#core/sequence-tests/coverage';
import { zoneOf } from '#core/time-zone';
import { play } from '#local/sequence-tests/play';

type Options = { readonly dir: string; readonly only?: string; readonly json?: true; readonly watch?: true; readonly coverage?: true };

export const register = (program: Command): void => {
  program
    .command('test')
    .argument('[sequence]', 'only this one')
    .description('play sequences/<id>/tests/*.yaml: each lead through the compiled machines in virtual time, against what the test expects')
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--only <text>', 'only tests whose file or words hold this')
    .option('--coverage', 'say which steps and arms no test comes by')
    .option('--watch', 'play again on every change')
    .option('--json', 'everything as JSON')
    .action(async (sequence: string | undefined, options: Options) => {
      const once = async () => {
        const report = await runTests(sequence, options);
        console.log(options.json ? JSON.stringify(report, undefined, 2) : inWords(report, options));
        process.exitCode = report.failed > 0 || report.problems.some((it) => it.severity === 'error') ? 1 : 0;
      };
      if (!options.watch) return once();
      // A folder that is broken for now is what one watches for.
      const again = () => once().catch((error: Error) => console.error(error.message));
      await again();
      console.error(`watching ${options.dir}; Ctrl-C ends it`);
      watchFolder(options.dir, async (changed) => {
        console.error(`\n── ${new Date().toTimeString().slice(0, 8)}  ${changed.join(', ')} ──`);
        await again();
      });
    });
};

/** An editor writes a file in several steps, beside files of its own. */
const settleMilliseconds = 150;
const isOurs = (file: string): boolean => /\.(ya?ml|md|mjml|json)$/.test(file);

/** One call at a time; what changes meanwhile comes with the next. */
const watchFolder = (dir: string, onChange: (files: readonly string[]) => Promise<void>): void => {
  const changed = new Set<string>();
  let busy = false;
  let timer: NodeJS.Timeout | undefined;
  const run = async () => {
    if (busy || changed.size === 0) return;
    busy = true;
    const files = [...changed].sort();
    changed.clear();
    await onChange(files);
    busy = false;
    await run();
  };
  watch(dir, { recursive: true }, (_event, file) => {
    if (!file || !isOurs(file)) return;
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(() => void run(), settleMilliseconds);
  });
};

/** Everything that `baton test` says; plays nothing while marketing/ or a test has errors. */
export const runTests = async (only: string | undefined, { dir, only: text = '' }: Pick<Options, 'dir' | 'only'>): Promise<TestReport> => {
  const marketing = await loadMarketing(dir);
  const { compiled, problems } = await compileMarketing(marketing);
  const sequences = marketing.sequences.map((it) => it.sequence);
  if (only !== undefined && !sequences.some((it) => it.id === only))
    throw new Error(`there is no sequence "${only}"; there are: ${sequences.map((it) => it.id).join(', ')}`);
  const { live } = marketing;
  const all: Problem[] = [...problems];
  const tests = live ? await loadTests(dir, sequences, live, all) : [];
  const isSound = !all.some((it) => it.severity === 'error');
  const wanted = tests.filter((it) => (only === undefined || it.sequence === only) && `${it.file} ${it.test.name}`.includes(text));
  const artifacts = compiled.map((it) => it.compiled);
  const results: (Result & { readonly path: Awaited<ReturnType<typeof play>>['path'] })[] = [];
  if (live && isSound) for (const it of wanted) results.push(await runOne(it, { compiled: artifacts, live }));
  const shown = sequences.filter((it) => only === undefined || it.id === only);
  return {
    passed: results.filter((it) => it.mismatches.length === 0).length,
    failed: results.filter((it) => it.mismatches.length > 0).length,
    tests: results.map(({ path: _path, ...it }) => it),
    coverage: shown.map((sequence) =>
      coverageOf(
        sequence,
        results.flatMap((it) => (it.sequence === sequence.id && it.path ? [it.path] : [])),
      ),
    ),
    problems: sortedProblems(all),
  };
};

type World = { readonly compiled: Parameters<typeof play>[0]['compiled']; readonly live: Parameters<typeof play>[0]['live'] };

const runOne = async ({ sequence, file, test, placeAt }: LoadedTest, { compiled, live }: World) => {
  const { outcome, path } = await play({ sequence, test, compiled, live });
  const zone = zoneOf({ fields: test.fields }, live.brand).zone;
  const mismatches = compare(test, outcome, zone).map(({ path: at, ...it }) => ({ ...it, ...placeAt(at) }));
  return { sequence, file, name: test.name, zone, mismatches, test, outcome, path };
};

const inWords = ({ problems, ...report }: TestReport, { dir, coverage }: Options): string =>
  problems.some((it) => it.severity === 'error')
    ? `${problemsInWords(
        problems.filter((it) => it.severity === 'error'),
        dir,
      )}\nNothing was played: put this in order first.`
    : resultsInWords({ problems, ...report }, { dir, coverage: coverage === true });
