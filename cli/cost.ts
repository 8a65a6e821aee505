import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { parse } from 'yaml';
import * as z from 'zod';
import { loadMarketing } from '#adapters/files/load-marketing';
import { counterStore } from '#adapters/stores/counters';
import { compileMarketing } from '#cli/compile';
import { costInWords } from '#cli/cost-text';
import { openTable, type TableOptions, withTableOptions } from '#cli/read-leads';
import { stats } from '#cli/stats';
import type { LiveConfig } from '#core/config';
import { scaledUsage } from '#core/cost';
import { costReport, type Metered } from '#core/cost-report';
import { OwnPrices, pricesIn } from '#core/prices';
import { type SesPlan, sesPlanNames } from '#core/ses-plans';
import { runDemo } from '#local/demo';
import { meterNurture } from '#local/plain-nurture';

type Options = TableOptions & {
  readonly dir: string;
  readonly from?: string;
  readonly leads?: number;
  readonly emails?: number;
  readonly days: number;
  readonly region?: string;
  readonly sesPlan?: SesPlan;
  readonly prices?: string;
  readonly console?: true;
  readonly webAcl?: number;
  readonly json?: true;
};

export const register = (program: Command): void => {
  withTableOptions(
    program
      .command('cost')
      .description('what it costs on AWS at list prices: by service, for a lead, 1,000 mails, an MQL, a month')
      .option('--from <what>', 'demo; usage (of the deployed stack); or a file with what the simulator or `npm run demo -- --json` printed')
      .option('--leads <n>', 'instead: so many leads …', asCount)
      .option('--emails <m>', '… with so many mails each, at most 24', asCount)
      .option('--days <n>', 'with --from usage: how many days back', asCount, 30)
      .option('--region <name>', 'whose prices; usual: that of --prices, else us-east-1')
      .addOption(
        new Option('--ses-plan <plan>', 'of the SES account; else that of brand.yaml’s budget, else a-la-carte').choices([...sesPlanNames]),
      )
      .option('--prices <file>', 'your own prices, as YAML or JSON (docs/cost.md)')
      .option('--dir <folder>', 'the marketing folder', 'marketing')
      .option('--console', 'with the console (-c console=true): what its counts, lists and readers take')
      .option('--web-acl <rules>', 'with CloudFront and a web ACL of so many rules in front (webAcl, docs/security.md)', asCount)
      .option('--json', 'the same, as JSON'),
  ).action(async (options: Options) => {
    const live = await liveOf(options.dir);
    const plan = options.sesPlan ?? live.brand.budget?.sesPlan ?? 'a-la-carte';
    const own = options.prices === undefined ? undefined : await readPrices(options.prices);
    const pricing = { plan, prices: pricesIn(regionOf(options, own), plan, own) };
    const extras = { hasConsole: options.console === true, ...(options.webAcl !== undefined && { webAclRules: options.webAcl }) };
    const metered = { ...(await meteredFrom(options, live)), ...extras };
    const report = costReport(metered, pricing, live.brand.budget);
    console.log(options.json ? JSON.stringify(report, undefined, 2) : costInWords(report));
  });
};

/** A file for another Region than is asked for would be read for nothing. */
const regionOf = ({ region, prices }: Options, own: OwnPrices | undefined): string => {
  if (region !== undefined && own && own.region !== region) throw new Error(`${prices} has prices of ${own.region}, not of ${region}`);
  return region ?? own?.region ?? 'us-east-1';
};

const asCount = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${text}: it must be a whole number of at least 1`);
  return number;
};

const liveOf = async (dir: string): Promise<LiveConfig> => {
  const marketing = await loadMarketing(dir);
  // What an e-mail costs beside SES is only asked for a budget.
  const live = marketing.live?.brand.budget ? (await compileMarketing(marketing)).live : marketing.live;
  if (!live) throw new Error(`${dir} has errors: run npx baton check --dir ${dir}`);
  return live;
};

const meteredFrom = async (options: Options, live: LiveConfig): Promise<Metered> => {
  const { from, leads, emails } = options;
  if (from !== undefined && (leads !== undefined || emails !== undefined)) throw new Error('say --from, or --leads and --emails, not both');
  if (from === 'usage') return usageOfStack(options, live);
  if (from === 'demo') return demoUsage(options.dir);
  if (from !== undefined) return readRun(from, await readFile(from, 'utf8').catch(() => undefined));
  if (leads === undefined || emails === undefined)
    throw new Error('say what to count: --leads <n> --emails <m>, or --from demo, --from usage, or --from <file>');
  return planned(live, leads, emails, options.console === true);
};

/** Enough that what is shared by many weighs little, and over in seconds. */
const sample = 100;

const planned = async (live: LiveConfig, leads: number, emails: number, hasConsole: boolean): Promise<Metered> => {
  if (emails > 24) throw new Error('--emails: at most 24 mails to a lead');
  const { usage } = await meterNurture(live, { leads: sample, mails: emails, hasConsole });
  const from = `${emails} mails each to ${leads.toLocaleString('en-US')} leads: metered here on ${sample} leads through the same handlers, and multiplied`;
  return { usage: scaledUsage(usage, leads / sample), from, leads };
};

const demoUsage = async (dir: string): Promise<Metered> => {
  const marketing = await loadMarketing(dir);
  const { compiled } = await compileMarketing(marketing);
  if (!marketing.live) throw new Error(`${dir} has errors: run npx baton check --dir ${dir}`);
  const { usage, leads, days, qualified } = await runDemo({
    compiled: compiled.map((it) => it.compiled),
    live: marketing.live,
    leadsFile: 'examples/leads.csv',
    list: 'webinar',
    days: 45,
    seed: 'baton',
    stack: 'memory',
  });
  return { usage, leads, days, qualified, from: `The demo with ${dir}: ${leads} leads, ${days} virtual days, every operation metered` };
};

const Count = z.number().min(0);
/** Of what a run prints as JSON, only this is read. */
const Run = z.object({
  usage: z.strictObject({
    emails: Count,
    transitions: Count,
    lambdaRequests: Count,
    lambdaGbSeconds: Count,
    writeUnits: Count,
    readUnits: Count,
    queueRequests: Count,
    busEvents: Count,
    scheduled: Count.default(0),
    objectWrites: Count.default(0),
    objectReads: Count.default(0),
    httpRequests: Count.default(0),
    logBytes: Count.default(0),
  }),
  leads: Count.optional(),
  days: z.number().positive().optional(),
  qualified: Count.optional(),
});

/** Of two versions it is the new one. */
const RunOrTwo = z.preprocess((it) => z.object({ after: z.looseObject({}) }).safeParse(it).data?.after ?? it, Run);

const readRun = (path: string, text: string | undefined): Metered => {
  if (text === undefined) throw new Error(`there is no file ${path}; --from takes demo, usage, or a file with a run's JSON`);
  const { usage, leads, days, qualified } = parsed(path, text, RunOrTwo, 'what a run prints with --json, with "usage" in it');
  return {
    usage,
    from: `The run in ${path}`,
    ...(leads !== undefined && { leads }),
    ...(days !== undefined && { days }),
    ...(qualified !== undefined && { qualified }),
  };
};

const readPrices = async (path: string): Promise<OwnPrices> => {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) throw new Error(`there is no file ${path}`);
  const wanted = 'prices as docs/cost.md shows them';
  let data: unknown;
  try {
    data = parse(text);
  } catch (cause) {
    throw new Error(`${path} is neither YAML nor JSON; it must be ${wanted}`, { cause });
  }
  return shaped(path, data, OwnPrices, wanted);
};

const parsed = <T>(path: string, text: string, shape: z.ZodType<T>, wanted: string): T => {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path} is not JSON; it must be ${wanted}`, { cause });
  }
  return shaped(path, data, shape, wanted);
};

const shaped = <T>(path: string, data: unknown, shape: z.ZodType<T>, wanted: string): T => {
  const read = shape.safeParse(data);
  if (!read.success) throw new Error(`${path} is not ${wanted}:\n${z.prettifyError(read.error)}`);
  return read.data;
};

/** The stack counts its mails; what surrounds one is metered here, for the stack meters nothing else by itself. */
const usageOfStack = async (options: Options, live: LiveConfig): Promise<Metered> => {
  const { table, clock, close } = await openTable(options);
  try {
    const reports = await stats(
      counterStore(table),
      { of: async () => [] },
      { sequence: undefined, days: options.days, by: 'step', now: clock.now() },
    );
    const sum = (metric: 'sent' | 'qualified') => reports.reduce((all, it) => all + (it.total.counts[metric] ?? 0), 0);
    const emails = sum('sent');
    if (emails === 0) throw new Error(`no mail was counted within the last ${options.days} days`);
    const { usage } = await meterNurture(live, { leads: sample, mails: 6 });
    return {
      usage: scaledUsage(usage, emails / usage.emails),
      days: options.days,
      qualified: sum('qualified'),
      from: `${emails.toLocaleString('en-US')} mails that the stack counted within ${options.days} days; what surrounds a mail is metered here on a plain nurture of six, not read from your bill`,
    };
  } finally {
    await close();
  }
};
