import { constants } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { withMarketingAt } from '#cli/marketing-at';
import { problemsInWords } from '#cli/problems-text';
import { ifStopped, startProgress } from '#cli/simulate/progress';
import { openBucket, publishRehearsal } from '#cli/simulate/publish';
import { simulationInWords } from '#cli/simulate-text';
import { toInstant } from '#core/instant';
import { isRehearsalName } from '#core/object-keys';
import type { Problem } from '#core/problems';
import { simulationsFolder } from '#local/console-outside';
import { count } from '#local/report/words';
import { differenceReport } from '#local/simulate/difference';
import { differenceMarkdown } from '#local/simulate/difference-text';
import { simulationFile } from '#local/simulate/frames';
import type { Plan, Version } from '#local/simulate/plan';
import { type ReportOptions, simulationReport } from '#local/simulate/report';
import type { SalesDesk } from '#local/simulate/sales-queue';
import { chosenBlocks, isSample, leadsOf } from '#local/simulate/sample';
import { type Simulated, simulate } from '#local/simulate/simulate';
import { countRows, rowBlocks } from './simulate/leads.ts';
import { type LoadedVersion, loadVersion, type PlanOptions, planOf } from './simulate/plan.ts';

type Options = PlanOptions & {
  readonly dir: string;
  readonly against?: string;
  readonly workers: number;
  readonly quota?: number;
  readonly capacity?: string;
  readonly sla?: number;
  readonly json?: true;
  readonly html?: string;
  readonly markdown?: string;
  readonly times?: true;
  readonly sample?: number;
  readonly console?: string;
  readonly publish?: string;
  readonly stage: string;
};

const wholeFrom =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most) throw new InvalidArgumentError(`a whole number, ${least} to ${most}`);
    return value;
  };

const sampleSize = (text: string): number => {
  const value = Number(text.replaceAll(/[_,](?=\d{3}\b)/g, ''));
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('how many leads to run, a whole number such as 5000');
  return value;
};

export const register = (program: Command): void => {
  program
    .command('simulate')
    .description(
      'rehearse every sequence over a whole population in virtual time: volume, caps, handoffs and the bill, before the first send',
    )
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--leads <file>', 'a list of leads (CSV)')
    .option('--population <spec>', 'made-up leads: a number, or a YAML file that says how many from where with which fields')
    .option('--sample <n>', 'run only so many of them, fairly drawn, and scale what they do to all, with margins', sampleSize)
    .option('--days <n>', 'virtual days', wholeFrom(1, 365), 60)
    .option('--seed <text>', 'another seed, other people', 'baton')
    .option('--against <ref or folder>', 'another version, such as main: who gets something else, when, at what cost')
    .option('--start <day>', 'the first day, e.g. 2026-03-02')
    .option('--over <n>', 'leads come in over so many days, instead of all at once', wholeFrom(0, 365), 0)
    .option('--list <name>', 'the list under which leads are imported; usual: the one that a sequence begins with')
    .option('--map <name>', 'with --leads: what its columns mean, imports/<name>.yaml of the marketing folder')
    .option('--replay <file>', 'what people did, as recorded (one JSON object a line), instead of behaviour.yaml')
    .option('--quota <n>', 'how many e-mails SES lets through in a day', wholeFrom(1, 1_000_000_000))
    .option('--capacity <n>', 'what if a rep gets only so many tasks done on a working day: 8, or jonas=8,ruth=4')
    .option(
      '--sla <hours>',
      'with --capacity: working hours within which a task is to be taken up; usual: accept-within of sales.yaml',
      wholeFrom(1, 2000),
    )
    .option('--workers <n>', 'threads; usual: one a core', wholeFrom(1, 256), availableParallelism())
    .option('--json', 'the whole report as JSON')
    .option('--html <file>', 'the whole report with charts, as one file for a browser')
    .option('--markdown <file>', 'with --against: what changes, fit for a pull request')
    .option('--console <name>', 'keep it under this name for the console of `baton dev`, which replays it day by day', simulationName)
    .option('--publish <name>', 'put it beside the deployed stage under this name, for the console on AWS', simulationName)
    .option('--stage <name>', 'with --publish: the stage', 'prod')
    .option('--times', 'how long each handler took, on this machine')
    .action(async (options: Options) => {
      process.exitCode = await run(options);
    });
};

/** The exit code: 1 when the folder is wrong, 130 when it was interrupted. */
const run = async (options: Options): Promise<number> => {
  if (options.leads !== undefined && options.population !== undefined) throw new Error('say --leads or --population, not both');
  if (options.map !== undefined && options.leads === undefined)
    throw new Error('--map says what the columns of --leads are: name the list, too');
  if (options.markdown !== undefined && options.against === undefined)
    throw new Error('--markdown tells what changes: say against what, with --against main');
  if (options.sla !== undefined && options.capacity === undefined)
    throw new Error(
      '--sla asks how long tasks wait if reps get so many done: say --capacity too. What sales.yaml promises is in every report',
    );
  if (options.sample !== undefined && (options.console !== undefined || options.publish !== undefined))
    throw new Error(
      'the console shows figures as they are counted, without margins: --console and --publish take a whole rehearsal, without --sample',
    );
  const now = await loadVersion(options.dir);
  if ('problems' in now) return complain(now.problems, options.dir);
  const desk = options.capacity === undefined ? undefined : deskOf(options.capacity, options.sla, now.version);
  await Promise.all([options.html, options.markdown].map(canWrite));
  const plan = await planOf(now, options, await countRows(options.leads));
  const earlier = options.against === undefined ? undefined : await withMarketingAt(options.against, options.dir, loadVersion);
  if (earlier && 'problems' in earlier) return complain(earlier.problems, `${options.against}:${options.dir}`);
  const shown: Version = options.console === undefined && options.publish === undefined ? now.version : { ...now.version, hasFrames: true };
  const versions = earlier ? [earlier.version, shown] : [shown];
  const stopping = ifStopped();
  const begun = { wall: performance.now(), cpu: process.cpuUsage() };
  if (plan.sample !== undefined && !isSample(plan))
    console.error(
      `A sample of ${count(plan.sample)} is all ${count(plan.leads)} leads (${count(plan.blockSize)} are run together): nothing is left out.`,
    );
  const progress = startProgress(leadsOf(chosenBlocks(plan)));
  const simulated = await simulate(plan, versions, {
    workers: options.workers,
    signal: stopping.signal,
    onProgress: progress.at,
    ...(options.leads !== undefined && { blocks: rowBlocks(options.leads, plan) }),
  });
  progress.stop();
  stopping.done();
  await tell(options, plan, now, earlier, simulated, desk);
  console.error(tookText(plan, simulated, begun));
  if (options.console !== undefined) await keepForConsole(options.console, plan, shown, simulated);
  if (options.publish !== undefined && !stopping.signal.aborted) await publishForConsole(options, options.publish, plan, shown, simulated);
  if (options.times) console.error(timesText(simulated));
  return stopping.signal.aborted ? 130 : 0;
};

/** Better said before the hours that a large rehearsal takes. */
const canWrite = async (file: string | undefined): Promise<void> => {
  if (file === undefined) return;
  const folder = dirname(resolve(file));
  await access(folder, constants.W_OK).catch(() => {
    throw new Error(`${file} cannot be written: there is no folder ${folder} that may be written into`);
  });
};

const simulationName = (text: string): string => {
  if (!isRehearsalName(text)) throw new InvalidArgumentError('a short name: lower-case letters, digits and dashes');
  return text;
};

const keepForConsole = async (name: string, plan: Plan, version: Version, { tallies }: Simulated): Promise<void> => {
  await mkdir(simulationsFolder, { recursive: true });
  const file = simulationFile(name, toInstant(Date.now()), plan, version, tallies.at(-1) ?? new Map());
  await writeFile(join(simulationsFolder, `${name}.json`), JSON.stringify(file));
  console.error(`It is kept for the console: npx baton dev, then Sequences, Rehearsals, ${name}.`);
};

const publishForConsole = async ({ stage }: Options, name: string, plan: Plan, version: Version, { tallies }: Simulated): Promise<void> => {
  const file = simulationFile(name, toInstant(Date.now()), plan, version, tallies.at(-1) ?? new Map());
  await publishRehearsal(await openBucket(stage), file);
  console.error(`It is published: in the console of ${stage}, Sequences, Rehearsals, ${name}, within a minute.`);
};

const complain = (problems: readonly Problem[], dir: string): number => {
  console.error(problemsInWords(problems, dir));
  return 1;
};

const tell = async (
  options: Options,
  plan: Plan,
  now: LoadedVersion,
  earlier: LoadedVersion | undefined,
  simulated: Simulated,
  desk: SalesDesk | undefined,
): Promise<void> => {
  const given: ReportOptions = { ...(options.quota !== undefined && { quota: options.quota }), ...(desk && { desk }) };
  const difference = earlier && differenceReport(plan, [earlier.version, now.version], simulated, given);
  const report = difference?.after ?? simulationReport(plan, now.version, simulated, given);
  const markdown = difference && differenceMarkdown(difference, { before: options.against ?? '', after: 'this' });
  console.log(options.json ? JSON.stringify(difference ?? report, undefined, 2) : (markdown ?? simulationInWords(report)));
  if (markdown !== undefined && options.markdown !== undefined) await writeFile(options.markdown, markdown);
  if (options.html === undefined) return;
  // Only here: the chart library takes a while to load.
  const [{ simulationHtml }, { differenceHtml }] = await Promise.all([
    import('#local/simulate/html'),
    import('#local/simulate/difference-html'),
  ]);
  await writeFile(
    options.html,
    simulationHtml(report, now.version.diagrams, difference && differenceHtml(difference, options.against ?? '')),
  );
  console.error(`The report with charts is in ${resolve(options.html)}: open it in any browser.`);
};

const deskOf = (capacity: string, sla: number | undefined, version: Version): SalesDesk => {
  const { acceptWithinSeconds } = version.live.sales;
  const slaHours = sla ?? (acceptWithinSeconds === undefined ? undefined : acceptWithinSeconds / 3600);
  return { tasksPerDay: capacities(capacity, version), ...(slaHours !== undefined && { slaHours }) };
};

const capacities = (text: string, { live }: Version): { readonly [rep: string]: number } => {
  const all = /^\d+$/.test(text) ? live.sales.team.map((it) => `${it.rep}=${text}`) : text.split(',');
  return Object.fromEntries(
    all.map((it) => {
      const [rep = '', value = ''] = it.trim().split('=');
      const tasks = Number(value);
      if (!live.sales.team.some((one) => one.rep === rep) || !(tasks > 0))
        throw new Error(
          `--capacity is a number, or rep=number with reps of sales.yaml (${live.sales.team.map((one) => one.rep).join(', ')}), not ${it}`,
        );
      return [rep, tasks];
    }),
  );
};

type Begun = { readonly wall: number; readonly cpu: NodeJS.CpuUsage };

const tookText = (plan: Plan, { leads, passes }: Simulated, begun: Begun): string => {
  const wall = (performance.now() - begun.wall) / 1000;
  const { user, system } = process.cpuUsage(begun.cpu);
  const again = passes > 1 ? `, ${passes} times (stop-the-line paused something)` : '';
  return `\n${count(leads)} leads${isSample(plan) ? ` of ${count(plan.leads)}` : ''} over ${plan.days} days${again} in ${wall.toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of CPU): ${count(Math.round((leads * passes) / wall))} leads a second.`;
};

const timesText = ({ times }: Simulated): string =>
  Object.entries(times)
    .sort(([, one], [, other]) => other.milliseconds - one.milliseconds)
    .map(
      ([name, { calls, milliseconds }]) =>
        `  ${name.padEnd(18)} ${String(Math.round((milliseconds * 1000) / calls)).padStart(7)} µs a call, ${count(calls)} calls`,
    )
    .join('\n');
