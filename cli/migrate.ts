import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { type LegsOptions, openLegs } from '#cli/legs/open';
import { onRecord, recordingOn } from '#cli/on-record';
import type { Migration } from '#core/next-leg';
import type { Sequence } from '#core/sequences/model';
import { everyStep } from '#core/sequences/plan';
import { type Migrated, type MigrationPlan, migrate, planMigration } from '#lambdas/legs/migrate';

type Options = LegsOptions & { readonly dir: string; readonly dryRun?: true; readonly json?: true; readonly rate: number };

export const register = (program: Command): void => {
  program
    .command('migrate')
    .argument('<sequence>', 'a sequence with `migrate:` in its sequence.yaml')
    .description(
      'move leads on AWS from older versions of a sequence to the deployed one, as its `migrate:` says; again goes on with the rest',
    )
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--stage <name>', 'the stage it was deployed to', 'prod')
    .option('--table <name>', 'the table (output TableName); else the one of the stage, looked up by name')
    .option('--dry-run', 'move nobody: only say who would move, and who may get mail within 24 hours')
    .option('--rate <n>', 'leads a second', asRate, 20)
    .option('--json', 'the same, as JSON')
    .action(async (id: string, options: Options) => {
      const { migration, version } = await readMigration(id, options.dir);
      const use = await openLegs(options);
      const target = (await use.artifacts.current()).find((it) => it.sequence === id);
      if (target?.version !== version)
        throw new Error(`${options.dir} is not what is deployed to ${options.stage}: leads move to what is deployed, so deploy first`);
      const asked = { migration, target };
      const done = options.dryRun ? await planMigration(use, asked) : await migrate(use, asked, { perSecond: options.rate, sleep });
      if ('moved' in done && Number(done.moved) > 0) await onRecord(recordingOn(options), 'migrate', { what: id });
      console.log(options.json ? JSON.stringify(done, undefined, 2) : migrationInWords(done));
      if (Object.keys(done.unmapped).length > 0) process.exitCode = 1;
    });
};

const asRate = (text: string): number => {
  const rate = Number(text);
  if (!(rate >= 1 && rate <= 200)) throw new Error(`--rate ${text}: a number from 1 to 200`);
  return rate;
};

const readMigration = async (id: string, dir: string): Promise<{ readonly migration: Migration; readonly version: string }> => {
  const { compiled } = await compileMarketing(await loadMarketing(dir));
  const found = compiled.find((it) => it.sequence.id === id);
  if (!found)
    throw new Error(
      `${dir} has no sequence "${id}" without errors; there are: ${compiled.map((it) => it.sequence.id).join(', ') || 'none'}`,
    );
  return { migration: migrationOf(found.sequence), version: found.compiled.artifact.version };
};

/** What `migrate:` says, and beside it what every `was:` says. Throws when there is no `migrate:`: leads finish on their version. */
export const migrationOf = (sequence: Sequence): Migration => {
  const { migrate: asked, id } = sequence;
  if (!asked) throw new Error(`${id}/sequence.yaml has no "migrate:"; without it leads finish on the version they are on`);
  const renamed = everyStep(sequence.steps).flatMap((step) => (step.was === undefined ? [] : [[step.was, step.id] as const]));
  return { from: asked.from, steps: { ...Object.fromEntries(renamed), ...asked.steps } };
};

export const migrationInWords = (done: MigrationPlan | Migrated): string => {
  const { sequence, version, steps, waiting, unmapped } = done;
  const lost = Object.entries(unmapped).map(([step, leads]) => `  ${leads} on "${step}", which version ${version} does not have`);
  if (lost.length > 0)
    return [
      `Nobody was moved: leads of ${sequence} stand on steps without a place.`,
      ...lost,
      'Say in `migrate:` under `steps:` where they go on.',
    ].join('\n');
  const mailed = steps.flatMap((it) => it.mailWithinADay);
  return [
    'moved' in done
      ? `${done.moved} leads of ${sequence} moved to version ${version}.`
      : `To version ${version} of ${sequence} would move:`,
    ...steps.map((it) => `  ${it.leads} from "${it.from}" to "${it.to}"`),
    ...(steps.length === 0 ? ['  nobody'] : []),
    ...(mailed.length > 0 ? [`${mailed.length} of them may get mail within 24 hours: ${mailed.join(', ')}`] : []),
    ...(waiting > 0 ? [`${waiting} are about to go on, or a mail to them is on its way: run this again in a while.`] : []),
  ].join('\n');
};
