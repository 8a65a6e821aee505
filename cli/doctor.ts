import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { dynamoClient, sesClient } from '#adapters/aws/clients';
import { loadMarketing } from '#adapters/files/load-marketing';
import { checksInWords, examine } from '#cli/doctor/examine';
import { problemsInWords } from '#cli/problems-text';
import { warmUpInWords } from '#cli/warm-up-text';
import { type DnsRecord, dnsRecordsOf, domainOf } from '#core/dns-records';
import { toInstant } from '#core/instant';
import { warmUpPlan } from '#core/warm-up';

type Options = {
  readonly stage: string;
  readonly table?: string;
  readonly dir: string;
  readonly explainDns?: true;
  readonly region: string;
  readonly json?: true;
};

export const register = (program: Command): void => {
  program
    .command('doctor')
    .description('what stands between you and mail that arrives: suppressions, SES, the sender; with --explain-dns no account is needed')
    .option('--explain-dns', 'the DNS records of the sender’s domain and why each is there, and the warm-up of the domain')
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--stage <name>', 'the stage that was deployed', 'prod')
    .option('--table <name>', 'its table; else looked for by the name of its stack')
    .addOption(new Option('--region <name>', 'where SES sends from').env('AWS_REGION').default('us-east-1'))
    .option('--json', 'records and warm-up as JSON')
    .action(async (options: Options) => {
      process.exitCode = options.explainDns ? await run(options) : await runExamination(options);
    });
};

const run = async ({ dir, region, json }: Options): Promise<number> => {
  const { live, problems } = await loadMarketing(dir);
  if (!live) {
    console.error(problemsInWords(problems, dir));
    return 1;
  }
  const { mailFrom = 'bounce', linksCertificateArn, trackingDomain, trackingHttps = true } = await settings();
  const records = dnsRecordsOf(live.brand, {
    region,
    mailFrom,
    hasOwnLinks: linksCertificateArn !== undefined,
    ...(trackingDomain !== undefined && { tracking: { domain: trackingDomain, https: trackingHttps } }),
  });
  const warmUp = warmUpPlan(live.brand, toInstant(Date.now()));
  console.log(json ? JSON.stringify({ records, warmUp }, undefined, 2) : [...records.map(inWords), warmUpInWords(warmUp)].join('\n\n'));
  return 0;
};

/** Asks AWS, with the credentials of the shell. */
const runExamination = async ({ dir, stage, table, region, json }: Options): Promise<number> => {
  const { live, problems } = await loadMarketing(dir);
  if (!live) {
    console.error(problemsInWords(problems, dir));
    return 1;
  }
  const senderDomain = domainOf(live.brand.sender.address);
  const checks = await examine(
    { stage, senderDomain, ...(table !== undefined && { table }) },
    { dynamo: dynamoClient({ region }), ses: sesClient({ region }) },
  );
  console.log(json ? JSON.stringify(checks, undefined, 2) : checksInWords(checks));
  return checks.some((it) => it.outcome === 'fail') ? 1 : 0;
};

type Settings = {
  readonly mailFrom?: string;
  readonly linksCertificateArn?: string;
  readonly trackingDomain?: string;
  readonly trackingHttps?: boolean;
};

/** cdk.json, if there is one here; its mistakes are told by synth. */
const settings = async (): Promise<Settings> => {
  const text = await readFile('cdk.json', 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { context?: { baton?: Settings } }).context?.baton ?? {};
};

const inWords = ({ name, type, value, why, weight }: DnsRecord): string => `${name}  ${type}  ${value}\n    ${weight}: ${why}`;
