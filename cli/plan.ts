import { type Command, Option } from 'commander';
import { withMarketingAt } from '#cli/marketing-at';
import { migrationOf } from '#cli/migrate';
import { type Deployed, openDev, openStage, readFolder, type Written } from '#cli/plan/sides';
import { planAsMarkdown, planInWords } from '#cli/plan-text';
import { type DeploymentPlan, planOf, type RunCounts } from '#core/changes/plan';
import type { Artifact } from '#core/sequences/model';
import { countRuns } from '#lambdas/legs/count-runs';
import { type MigrationPlan, planMigration } from '#lambdas/legs/migrate';

type Options = {
  readonly dir: string;
  readonly against: string;
  readonly stage: string;
  readonly table?: string;
  readonly dev?: string | true;
  readonly json?: true;
  readonly markdown?: true;
};

export type Plan = DeploymentPlan & {
  readonly against: string;
  /** Absent: leads were not looked at (a git ref has none). */
  readonly leads?: number;
  /** By sequence: whom `baton migrate` would move once this is deployed. */
  readonly migrations: { readonly [sequence: string]: MigrationPlan };
};

export const register = (program: Command): void => {
  program
    .command('plan')
    .description('what deploying the marketing folder would change, and what that does to the leads there are; changes nothing')
    .option('--against <what>', 'deployed, a git ref such as main, or another marketing folder', 'deployed')
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--stage <name>', 'deployed: the stage', 'prod')
    .option('--table <name>', 'deployed: its table (output TableName); else looked up by name')
    .option('--dev [folder]', 'against what `baton dev` runs, while it is stopped')
    .addOption(new Option('--markdown', 'for a pull request').conflicts('json'))
    .option('--json', 'everything, as JSON')
    .action(async (options: Options) => {
      const plan = await makePlan(options);
      if (options.json) console.log(JSON.stringify(plan, undefined, 2));
      else console.log(options.markdown ? planAsMarkdown(plan) : planInWords(plan));
    });
};

export const makePlan = async (options: Options): Promise<Plan> => {
  const after = await readFolder(options.dir);
  if (options.dev === undefined && options.against !== 'deployed') return againstFolder(after, options);
  const dev = options.dev === true ? '.baton/dev' : options.dev;
  const deployed = dev === undefined ? await openStage(options) : await openDev(dev);
  try {
    return await againstDeployed(after, deployed, dev === undefined ? `what is deployed to ${options.stage}` : `what runs in ${dev}`);
  } finally {
    await deployed.close();
  }
};

const againstFolder = async (after: Written, { against, dir }: Options): Promise<Plan> => {
  const before = await withMarketingAt(against, dir, (folder) => readFolder(folder, folder === against ? folder : `${dir} at ${against}`));
  return { against, migrations: {}, ...planOf({ before, after, counts: {}, find: () => undefined }) };
};

const againstDeployed = async (after: Written, { side, use }: Deployed, against: string): Promise<Plan> => {
  const counts = await countRuns(use.runs());
  const older = await olderVersions(use, counts);
  const plan = planOf({ before: side, after, counts, find: (sequence, version) => older.get(`${sequence}@${version}`) });
  const migrations: Record<string, MigrationPlan> = {};
  for (const { migrate, id } of after.sequences) {
    const target = after.artifacts.find((it) => it.sequence === id);
    const isAsked = migrate !== undefined && plan.sequences.some((it) => it.sequence === id && it.versions.some((one) => one.leads > 0));
    const sequence = after.sequences.find((it) => it.id === id);
    if (isAsked && target && sequence) migrations[id] = await planMigration(use, { migration: migrationOf(sequence), target });
  }
  const leads = plan.sequences.flatMap((it) => it.versions).reduce((sum, it) => sum + it.leads, 0);
  return { against, leads, migrations, ...plan };
};

const olderVersions = async (use: Deployed['use'], counts: RunCounts): Promise<ReadonlyMap<string, Artifact>> => {
  const versions = Object.entries(counts).flatMap(([sequence, of]) => Object.keys(of).map((version) => [sequence, version] as const));
  const found = await Promise.all(versions.map(async ([sequence, version]) => use.artifacts.get(sequence, version).catch(() => undefined)));
  return new Map(found.flatMap((it) => (it ? [[`${it.sequence}@${it.version}`, it] as const] : [])));
};
