import type { GetAccountResponse, GetConfigurationSetEventDestinationsResponse } from '@aws-sdk/client-sesv2';
import { apiPaths } from '#adapters/crypto/api-keys';
import { type Check, plural } from '#cli/doctor/judge';
import type { Quota, Quotas } from '#cli/doctor/quotas';
import type { KeysShown } from '#cli/keys/show';
import { pauseInWords } from '#cli/pauses-text';
import { productionStage } from '#core/gate';
import { addSeconds, type Instant } from '#core/instant';
import { pausesOf } from '#core/pauses';
import type { LineState } from '#core/ports';

const day = 86_400;

export const judgePauses = (line: Pick<LineState, 'paused'>): Check => {
  const pauses = pausesOf(line);
  const check = 'pauses';
  if (pauses.length === 0) return { check, outcome: 'pass', says: 'nothing is paused' };
  const says = pauses.map(({ what, ...standing }) => `${what} (${pauseInWords(standing)})`).join('; ');
  return { check, outcome: 'warn', says: `paused: ${says}`, todo: `npx baton resume ${pauses[0]?.what}` };
};

const wanted = ['DELIVERY', 'BOUNCE', 'COMPLAINT', 'REJECT'];

export const judgeDestinations = (name: string, found: GetConfigurationSetEventDestinationsResponse | undefined): Check => {
  const check = 'event destination';
  const told = (found?.EventDestinations ?? []).filter((it) => it.Enabled && it.EventBridgeDestination !== undefined);
  const kinds = told.flatMap((it) => it.MatchingEventTypes ?? []).map(String);
  const missing = wanted.filter((it) => !kinds.includes(it));
  return missing.length === 0
    ? { check, outcome: 'pass', says: 'SES tells EventBridge what becomes of mail' }
    : { check, outcome: 'fail', says: `${name} does not tell EventBridge of: ${missing.join(', ')}`, todo: 'npm run deploy' };
};

export const judgeAccountSuppression = ({ SuppressionAttributes }: GetAccountResponse): Check => {
  const reasons = (SuppressionAttributes?.SuppressedReasons ?? []).map(String);
  const check = 'suppression list';
  const missing = ['BOUNCE', 'COMPLAINT'].filter((it) => !reasons.includes(it));
  return missing.length === 0
    ? { check, outcome: 'pass', says: 'the account keeps its own list of addresses that bounced or complained' }
    : {
        check,
        outcome: 'warn',
        says: `the account's own list leaves out: ${missing.join(', ')}; Baton's configuration set has them, other mail of the account does not`,
        todo: 'aws sesv2 put-account-suppression-attributes --suppressed-reasons BOUNCE COMPLAINT',
      };
};

/** `own`: TXT records at `_dmarc.<sender's domain>`; `above`: at the domain that was registered. */
export const judgeDmarc = (own: readonly string[], above: readonly string[], organisation: string): Check => {
  const check = 'DMARC';
  const record = [...own, ...above].find((it) => it.toLowerCase().startsWith('v=dmarc1'));
  const todo = `publish a TXT record _dmarc.${organisation}: "v=DMARC1; p=none; rua=mailto:dmarc@${organisation}"`;
  if (record === undefined) return { check, outcome: 'fail', says: `there is no record for ${organisation}`, todo };
  const policy = /;\s*p\s*=\s*(\w+)/i.exec(record)?.[1]?.toLowerCase();
  if (policy === 'none')
    return {
      check,
      outcome: 'warn',
      says: 'there is a record; its policy is none: anybody may still write in your name',
      todo: 'read the reports for some weeks, then p=quarantine, then p=reject',
    };
  return { check, outcome: 'pass', says: `there is a record; its policy is ${policy ?? 'not said'}` };
};

/** `records`: TXT records of the domain that bounces go to; undefined: SES's own. */
export const judgeSpf = (domain: string | undefined, records: readonly string[]): Check => {
  const check = 'SPF';
  if (domain === undefined)
    return {
      check,
      outcome: 'warn',
      says: 'bounces go to a domain of Amazon, whose SPF is not yours',
      todo: 'set mailFrom (npx baton doctor --explain-dns)',
    };
  return records.some((it) => it.toLowerCase().startsWith('v=spf1') && it.includes('amazonses.com'))
    ? { check, outcome: 'pass', says: `${domain} lets SES send` }
    : {
        check,
        outcome: 'fail',
        says: `${domain} does not let SES send`,
        todo: `publish a TXT record ${domain}: "v=spf1 include:amazonses.com ~all"`,
      };
};

const oldLinkKeyDays = 400;
const oldApiKeyDays = 365;

/** The clock of keys. */
export const judgeKeys = ({ sources, links }: KeysShown, now: Instant): readonly Check[] => {
  const olderThan = (at: Instant | undefined, days: number) => at === undefined || addSeconds(at, days * day) <= now;
  const signing = links.find((it) => it.signs);
  const ages = links.filter((it) => it.needlessFrom !== undefined && it.needlessFrom <= now).map((it) => it.id);
  const plain = sources.filter((it) => it.kept === 'plain').map((it) => it.source);
  const old = sources.filter((it) => it.kept === 'hashed' && it.keys.every((key) => olderThan(key.since, oldApiKeyDays)));
  const open = sources.filter((it) => it.kept !== 'webhook' && (it.paths === undefined || it.paths.length === apiPaths.length));
  const isOld = signing?.madeAt !== undefined && olderThan(signing.madeAt, oldLinkKeyDays);
  return [
    {
      check: 'keys of links',
      outcome: isOld || ages.length > 0 ? 'warn' : 'pass',
      says: [
        `${plural(links.length, 'key')}; ${signing?.id ?? 'none'} signs${signing?.madeAt === undefined ? ', since the stack was made' : `, since ${signing.madeAt.slice(0, 10)}`}`,
        ...(ages.length > 0 ? [`no mail needs ${ages.join(', ')} any more`] : []),
      ].join('; '),
      ...(isOld && { todo: 'npx baton keys rotate links' }),
      ...(!isOld && ages.length > 0 && { todo: `npx baton keys revoke links --key ${ages[0]}` }),
    },
    {
      check: 'keys of sources',
      outcome: plain.length + old.length > 0 ? 'warn' : 'pass',
      says: [
        plural(sources.length, 'source'),
        ...(plain.length > 0 ? [`kept as they are, and not as hashes: ${plain.join(', ')}`] : []),
        ...(old.length > 0 ? [`older than a year: ${old.map((it) => it.source).join(', ')}`] : []),
        ...(open.length > 0 ? [`may use everything: ${open.map((it) => it.source).join(', ')}`] : []),
      ].join('; '),
      ...(plain.length + old.length > 0 && { todo: `npx baton keys rotate ${[...plain, ...old.map((it) => it.source)][0]}` }),
    },
  ];
};

/** Whom mail may go to from this stage. */
export const judgeStage = (stage: string, allowed: readonly string[]): Check => {
  const check = 'recipients';
  if (stage === productionStage)
    return allowed.length === 0
      ? { check, outcome: 'pass', says: 'production sends to everybody' }
      : { check, outcome: 'fail', says: 'allowedRecipients is not for production', todo: 'write it under "stages" in cdk.json' };
  if (allowed.includes('*'))
    return { check, outcome: 'warn', says: `stage ${stage} sends to everybody`, todo: 'name addresses or domains in allowedRecipients' };
  return allowed.length > 0
    ? { check, outcome: 'pass', says: `stage ${stage} sends to ${allowed.join(', ')} only` }
    : { check, outcome: 'warn', says: `stage ${stage} sends to nobody: each e-mail is skipped`, todo: 'allowedRecipients in cdk.json' };
};

/** Of `baton simulate --json`: what is to come. */
export type Load = { readonly peakEmails: number; readonly peakDate: string; readonly enrolments: number };
export type Limits = {
  readonly perDay?: number | undefined;
  readonly perSecond?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly region?: string | undefined;
  readonly quotas?: Quotas | undefined;
};

/** A day's mail goes within office hours. */
const hoursOfSending = 8;
const inHours = ', if the busiest day goes within eight hours';

export const judgeLoad = (load: Load, limits: Limits): readonly Check[] => {
  const { peakEmails, peakDate, enrolments } = load;
  const { perDay, perSecond, quotas, region = '' } = limits;
  const aSecond = (count: number) => Math.ceil(count / (hoursOfSending * 3600));
  const plain = (value: number | undefined): Quota | undefined => (value === undefined ? undefined : { value });
  const rows: readonly (readonly [string, number, Quota | undefined, string, string])[] = [
    ['e-mails a day', peakEmails, plain(perDay), ` on ${peakDate}, the busiest day`, 'ask for a higher sending quota'],
    ['e-mails a second', aSecond(peakEmails), plain(perSecond), inHours, 'ask for a higher sending rate'],
    ['open executions', enrolments, quotas?.openExecutions, ', if all runs were open at once', ofStates],
    ['runs begun a second', aSecond(enrolments), quotas?.startsPerSecond, ', if all runs began within eight hours', ofStates],
    // The send answers its e-mail, and a schedule ends the wait behind it.
    ['waits ended a second', aSecond(2 * peakEmails), quotas?.endsPerSecond, inHours, ofStates],
    ['schedules', enrolments, quotas?.schedules, ', if all runs waited at once', ofScheduler],
    ['schedules made a second', aSecond(peakEmails), quotas?.schedulesMadePerSecond, inHours, ofScheduler],
    ['schedules run a second', aSecond(peakEmails), quotas?.schedulesRunPerSecond, inHours, ofScheduler],
  ];
  return rows.flatMap(([what, needed, quota, when, todo]) => (quota ? [against(`load: ${what}`, needed, quota, when, todo, region)] : []));
};
const ofStates = 'ask for a higher quota of Step Functions';
const ofScheduler = 'ask for a higher quota of EventBridge Scheduler';

const are = (count: number, what: string): string => `${count} ${count === 1 ? 'is' : 'are'} ${what}`;

/** As much as there is fits; what comes near to it is said. */
const against = (check: string, needed: number, { value, isUsual }: Quota, when: string, todo: string, region: string): Check => {
  const usual = isUsual ? ` by default${region === '' ? ' in small Regions' : ` in ${region}`} (Service Quotas did not say)` : '';
  const says = `${are(needed, 'needed')}${when}; ${are(value, 'allowed')}${usual}`;
  if (needed > value) return { check, outcome: 'fail', says, todo: `${todo}, or spread the work (simulate --over)` };
  const isNear = needed < value && needed > 0.7 * value;
  return isNear ? { check, outcome: 'warn', says, todo } : { check, outcome: 'pass', says };
};

/** What the settings will have at work at the same time. */
export const judgeConcurrency = (
  settings: { readonly sendsPerSecond?: number; readonly enrolmentsAtOnce?: number },
  limit: number,
): Check => {
  const { sendsPerSecond = 1, enrolmentsAtOnce = 5 } = settings;
  const needed = Math.max(2, Math.ceil(sendsPerSecond / 3)) + enrolmentsAtOnce + 2 + 5 * 20 + 20;
  const says = `up to ${needed} functions at once by the settings; the account allows ${limit}`;
  const check = 'Lambda concurrency';
  return needed > 0.8 * limit
    ? { check, outcome: 'warn', says, todo: 'ask for more (Service Quotas, AWS Lambda, "Concurrent executions")' }
    : { check, outcome: 'pass', says };
};

/** The rate of cdk.json beside what SES allows. */
export const judgeRate = (sendsPerSecond: number, limit: number): Check =>
  sendsPerSecond > limit
    ? {
        check: 'rate',
        outcome: 'warn',
        says: `sendsPerSecond is ${sendsPerSecond}, SES allows ${limit}: calls will be throttled`,
        todo: 'lower it in cdk.json',
      }
    : { check: 'rate', outcome: 'pass', says: `sendsPerSecond is ${sendsPerSecond}, of ${limit} that SES allows` };
