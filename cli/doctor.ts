import { readFile } from 'node:fs/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { type Command, Option } from 'commander';
import { dynamoClient, sesClient } from '#adapters/aws/clients';
import { loadMarketing } from '#adapters/files/load-marketing';
import { checksInWords, examine, publicTxt } from '#cli/doctor/examine';
import type { Check } from '#cli/doctor/judge';
import { judgeLoad, judgeStage } from '#cli/doctor/judge-more';
import { keep, readLoad, recall } from '#cli/doctor/learned';
import { usualQuotas } from '#cli/doctor/quotas';
import { whyOf } from '#cli/doctor/why';
import { openKeySecrets } from '#cli/keys/open';
import { problemsInWords } from '#cli/problems-text';
import { warmUpInWords } from '#cli/warm-up-text';
import { type DnsRecord, dnsRecordsOf, domainOf } from '#core/dns-records';
import { toInstant } from '#core/instant';
import type { Problem } from '#core/problems';
import { warmUpPlan } from '#core/warm-up';

type Options = {
  readonly stage: string;
  readonly table?: string;
  readonly dir: string;
  readonly explainDns?: true;
  readonly offline?: true;
  readonly load?: string;
  readonly region?: string;
  readonly json?: true;
};

export const register = (program: Command): void => {
  program
    .command('doctor')
    .description('what stands between you and mail that arrives: SES, the sender, DNS, quotas, keys, pauses; changes nothing')
    .option('--explain-dns', 'the DNS records of the sender’s domain and why each is there, and the warm-up of the domain')
    .option('--offline', 'ask nobody: what the files say, and what was found when AWS was last asked')
    .option('--load <file>', 'a report of `baton simulate --json`: does what it needs fit into what AWS allows?')
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--stage <name>', 'the stage that was deployed', 'prod')
    .option('--table <name>', 'its table; else looked for by the name of its stack')
    .addOption(new Option('--region <name>', 'where SES sends from; else that of your AWS profile').env('AWS_REGION'))
    .option('--json', 'the same, as JSON')
    .action(async (options: Options) => {
      process.exitCode = options.explainDns ? await run(options) : await runExamination(options);
    });
};

const run = async ({ dir, region: given, json, stage }: Options): Promise<number> => {
  const { live, problems } = await loadMarketing(dir);
  if (!live) {
    console.error(problemsInWords(problems, dir));
    return 1;
  }
  const { mailFrom = 'bounce', linksCertificateArn, trackingDomain, trackingHttps = true } = await settings(stage);
  const known = given ?? (await regionOfShell());
  const region = known ?? usualRegion;
  const records = dnsRecordsOf(live.brand, {
    region,
    mailFrom,
    hasOwnLinks: linksCertificateArn !== undefined,
    ...(trackingDomain !== undefined && { tracking: { domain: trackingDomain, https: trackingHttps } }),
  });
  const warmUp = warmUpPlan(live.brand, toInstant(Date.now()));
  // Some of the records name it.
  const assumed = known === undefined ? [`These are for ${region}, for this shell has no Region; for another: --region <name>`] : [];
  console.log(
    json ? JSON.stringify({ records, warmUp }, undefined, 2) : [...records.map(inWords), warmUpInWords(warmUp), ...assumed].join('\n\n'),
  );
  return 0;
};

/** Asks AWS, with the credentials of the shell, or with `--offline` nobody. */
const runExamination = async ({ dir, stage, table, region: given, json, offline, load: loadFile }: Options): Promise<number> => {
  const { live, problems } = await loadMarketing(dir);
  if (!live) {
    console.error(problemsInWords(problems, dir));
    return 1;
  }
  const senderDomain = domainOf(live.brand.sender.address);
  const set = await settings(stage);
  const load = loadFile === undefined ? undefined : await readLoad(loadFile);
  const ofFiles = [judgeFolder(problems), judgeStage(stage, [...(set.allowedRecipients ?? []), ...(set.sandboxRecipients ?? [])])];
  const known = offline ? await recall(stage) : undefined;
  const region = given ?? (await regionOfShell());
  const place = region === undefined ? {} : { region };
  const asked = offline
    ? (known?.checks ?? [])
    : await examine(
        { stage, senderDomain, settings: set, ...(load && { load }), ...(table !== undefined && { table }) },
        {
          dynamo: dynamoClient(place),
          ses: sesClient(place),
          quotas: new ServiceQuotasClient(place),
          secrets: openKeySecrets(stage, new SecretsManagerClient(place)),
          txt: publicTxt,
        },
      );
  const now = toInstant(Date.now());
  if (!offline && asked.some((it) => it.outcome === 'pass')) await keep(stage, { at: now, checks: asked });
  const where = region ?? usualRegion;
  const offlineLoad =
    offline && load ? judgeLoad(load, { perSecond: set.sendsPerSecond ?? 1, region: where, quotas: usualQuotas(where) }) : [];
  const checks = [...ofFiles, ...asked, ...offlineLoad].map((it) => ({ ...it, why: whyOf(it.check) }));
  if (json) console.log(JSON.stringify(offline ? { learnedAt: known?.at, checks } : checks, undefined, 2));
  else console.log([...(offline ? [lastAsked(known?.at)] : []), checksInWords(checks)].join('\n'));
  return checks.some((it) => it.outcome === 'fail') ? 1 : 0;
};

const usualRegion = 'us-east-1';

/** As every other command finds it. */
const regionOfShell = (): Promise<string | undefined> =>
  sesClient({})
    .config.region()
    .catch(() => undefined);

const lastAsked = (at: string | undefined): string =>
  at === undefined ? 'Offline: AWS was never asked from this folder; only files are judged.' : `Offline: AWS was last asked at ${at}.`;

const judgeFolder = (problems: readonly Problem[]): Check => {
  const errors = problems.filter((it) => it.severity === 'error').length;
  const check = 'marketing';
  return errors === 0
    ? { check, outcome: 'pass', says: 'the folder is in order' }
    : { check, outcome: 'fail', says: `the folder has ${errors} errors`, todo: 'npx baton check' };
};

type Settings = {
  readonly mailFrom?: string;
  readonly linksCertificateArn?: string;
  readonly trackingDomain?: string;
  readonly trackingHttps?: boolean;
  readonly sendsPerSecond?: number;
  readonly enrolmentsAtOnce?: number;
  readonly allowedRecipients?: readonly string[];
  readonly sandboxRecipients?: readonly string[];
};

type Staged = { readonly stages?: { readonly [stage: string]: Settings } };

/** cdk.json, if there is one here; its mistakes are told by synth. */
const settings = async (stage: string): Promise<Settings> => {
  const text = await readFile('cdk.json', 'utf8').catch(() => '{}');
  const { stages, ...common } = (JSON.parse(text) as { context?: { baton?: Settings & Staged } }).context?.baton ?? {};
  return { ...common, ...stages?.[stage] };
};

const inWords = ({ name, type, value, why, weight }: DnsRecord): string => `${name}  ${type}  ${value}\n    ${weight}: ${why}`;
