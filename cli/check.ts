import type { Command } from 'commander';
import { loadBehaviour } from '#adapters/files/load-behaviour';
import { loadMarketing } from '#adapters/files/load-marketing';
import { loadTests } from '#adapters/files/load-tests';
import { compileMarketing } from '#cli/compile';
import { withMarketingAt } from '#cli/marketing-at';
import { readFolder } from '#cli/plan/sides';
import { problemsInWords } from '#cli/problems-text';
import { checkReach } from '#core/changes/check-reach';
import { type Marketing, sortedProblems } from '#core/marketing';
import type { Problem } from '#core/problems';

export const register = (program: Command): void => {
  program
    .command('check')
    .description('say everything that is wrong in the marketing folder, at once')
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option(
      '--against <what>',
      'a git ref such as main, or a folder: also says which words of `content: latest` would not reach leads of then',
    )
    .option('--json', 'problems as JSON')
    .action(async ({ dir, against, json }: { dir: string; against?: string; json?: true }) => {
      const marketing = await loadMarketing(dir);
      const { compiled, problems: found } = await compileMarketing(marketing);
      const compared = against === undefined ? [] : await comparedWith(marketing, compiled, against, dir);
      const problems = [...found, ...compared];
      const sequences = marketing.sequences.map((it) => it.sequence);
      if (marketing.live) await loadTests(dir, sequences, marketing.live, problems);
      await loadBehaviour(dir, problems, marketing.live?.sales);
      const all = sortedProblems(problems);
      const errors = all.filter((it) => it.severity === 'error').length;
      const emails = marketing.sequences.reduce((sum, it) => sum + Object.keys(it.emailFiles).length, 0);
      console.log(
        json
          ? JSON.stringify({ errors, warnings: all.length - errors, problems: all }, undefined, 2)
          : `${report(all, dir, marketing.sequences.length, emails)}${notYet(marketing)}`,
      );
      process.exitCode = errors > 0 ? 1 : 0;
    });
};

/** The reports of what was compared come with those of the folder: only what is new is given back. */
export const comparedWith = async (marketing: Marketing, after: Compared, against: string, dir: string): Promise<readonly Problem[]> => {
  const called = against === dir ? dir : `${dir} at ${against}`;
  const before = await withMarketingAt(against, dir, (folder) => readFolder(folder, called));
  const known = marketing.problems.length;
  checkReach({ before: before.artifacts, after, reporterFor: marketing.reporterFor });
  return marketing.problems.slice(known);
};
type Compared = Awaited<ReturnType<typeof compileMarketing>>['compiled'];

/** What can only be judged by files that are wrong. */
const notYet = ({ live, brand, layout }: Marketing): string => {
  if (live && layout) return '';
  return ` ${brand && layout ? 'Tests are' : 'E-mails and tests are'} looked at when these errors are mended.`;
};

const report = (problems: readonly Problem[], dir: string, sequences: number, emails: number): string => {
  const errors = problems.filter((it) => it.severity === 'error').length;
  const summary =
    problems.length === 0
      ? `${dir} is in order: ${counted(sequences, 'sequence')}, ${counted(emails, 'e-mail')}.`
      : `${counted(errors, 'error')}, ${counted(problems.length - errors, 'warning')}.`;
  return problems.length === 0 ? summary : `${problemsInWords(problems, dir)}\n${summary}`;
};

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
