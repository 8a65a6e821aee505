import { resolveTxt } from 'node:dns/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetServiceQuotaCommand, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import {
  GetAccountCommand,
  GetConfigurationSetCommand,
  GetConfigurationSetEventDestinationsCommand,
  GetEmailIdentityCommand,
  type SESv2Client,
} from '@aws-sdk/client-sesv2';
import { documents } from '#adapters/aws/clients';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { ApiKeySecret } from '#adapters/crypto/api-keys';
import { LinkSecret } from '#adapters/crypto/links';
import { lineStore } from '#adapters/stores/line';
import { type Check, judgeAccount, judgeConfigurationSet, judgeIdentity, judgeSuppressions } from '#cli/doctor/judge';
import {
  judgeAccountSuppression,
  judgeConcurrency,
  judgeDestinations,
  judgeDmarc,
  judgeKeys,
  judgeLoad,
  judgePauses,
  judgeRate,
  judgeSpf,
  type Limits,
  type Load,
} from '#cli/doctor/judge-more';
import { readQuotas, usualQuotas } from '#cli/doctor/quotas';
import type { KeySecrets } from '#cli/keys/open';
import { keysShown } from '#cli/keys/show';
import { whyNoAnswer } from '#cli/no-answer';
import { findTable } from '#cli/table-name';
import { organisationOf } from '#core/dns-records';
import type { Instant } from '#core/instant';

export type Examined = {
  readonly stage: string;
  readonly table?: string;
  readonly senderDomain: string;
  readonly settings?: { readonly sendsPerSecond?: number; readonly enrolmentsAtOnce?: number };
  readonly load?: Load;
  readonly now?: Instant;
};
/** What is missing is not asked. */
export type Clients = {
  readonly dynamo: DynamoDBClient;
  readonly ses: SESv2Client;
  readonly quotas?: ServiceQuotasClient;
  readonly secrets?: KeySecrets;
  /** TXT records; none where there is no such name. */
  readonly txt?: (name: string) => Promise<readonly string[]>;
};

/** Looks at everything, whatever it finds first; what cannot be asked is a failed check of its own. Changes nothing. */
export const examine = async (asked: Examined, clients: Clients): Promise<readonly Check[]> => {
  const { stage, table, senderDomain, settings = {}, load, now = new Date().toISOString() } = asked;
  const { dynamo, ses, quotas, secrets, txt } = clients;
  const limits: { -readonly [Name in keyof Limits]: Limits[Name] } = {};
  const set = `baton-${stage}`;
  const checks = await Promise.all([
    tried('suppressions', async () => {
      const line = await lineStore(dynamoTable(documents(dynamo), table ?? (await findTable(stage, dynamo)))).state();
      return [judgeSuppressions(line, stage), judgePauses(line)];
    }),
    tried('account', async () => {
      const account = await ses.send(new GetAccountCommand({}));
      const { MaxSendRate, Max24HourSend = 0 } = account.SendQuota ?? {};
      limits.perSecond = MaxSendRate;
      if (Max24HourSend > 0) limits.perDay = Max24HourSend;
      return [
        ...judgeAccount(account),
        judgeAccountSuppression(account),
        ...(settings.sendsPerSecond !== undefined && MaxSendRate !== undefined ? [judgeRate(settings.sendsPerSecond, MaxSendRate)] : []),
      ];
    }),
    tried('identity', async () => {
      const identity = await ifFound(() => ses.send(new GetEmailIdentityCommand({ EmailIdentity: senderDomain })));
      const mailFrom = identity?.MailFromAttributes?.MailFromDomain;
      return [
        ...judgeIdentity(senderDomain, identity),
        ...(txt ? [judgeSpf(mailFrom, mailFrom === undefined ? [] : await txt(mailFrom))] : []),
      ];
    }),
    tried('DMARC', async () => (txt ? [await dmarcOf(senderDomain, txt)] : [])),
    tried('configuration set', async () => {
      const found = await ifFound(() => ses.send(new GetConfigurationSetCommand({ ConfigurationSetName: set })));
      if (!found) return [judgeConfigurationSet(set, false)];
      const destinations = await ifFound(() => ses.send(new GetConfigurationSetEventDestinationsCommand({ ConfigurationSetName: set })));
      return [judgeConfigurationSet(set, true), judgeDestinations(set, destinations)];
    }),
    tried('open executions', async () => (quotas ? quotaChecks(quotas, settings, limits) : [])),
    tried('keys of links', async () => (secrets ? judgeKeys(await readKeys(secrets, now), now) : [])),
  ]);
  return [...saidOnce(checks.flat()), ...(load ? judgeLoad(load, limits) : [])];
};

/** A check that could not be asked, for a reason that is the same for all that ask AWS. */
type Unasked = Check & { readonly unasked?: string };

/** Why AWS gives no answer is told first, once, with all that was not asked for it. */
const saidOnce = (checks: readonly Unasked[]): readonly Check[] => {
  const whys = [...new Set(checks.flatMap(({ unasked }) => unasked ?? []))];
  const told = whys.map((why): Check => {
    const [first, ...rest] = checks.filter((it) => it.unasked === why) as [Unasked, ...Unasked[]];
    const { check: _, unasked: __, ...it } = first;
    return { ...it, check: 'AWS', says: `${it.says}; not asked: ${[first, ...rest].map(({ check }) => check).join(', ')}` };
  });
  return [...told, ...checks.filter((it) => it.unasked === undefined)];
};

const dmarcOf = async (senderDomain: string, txt: NonNullable<Clients['txt']>): Promise<Check> => {
  const organisation = organisationOf(senderDomain);
  const own = await txt(`_dmarc.${senderDomain}`);
  return judgeDmarc(own, organisation === senderDomain ? [] : await txt(`_dmarc.${organisation}`), organisation);
};

const quotaChecks = async (
  client: ServiceQuotasClient,
  settings: NonNullable<Examined['settings']>,
  limits: { -readonly [Name in keyof Limits]: Limits[Name] },
): Promise<readonly Check[]> => {
  limits.region = await client.config.region();
  limits.quotas = usualQuotas(limits.region);
  limits.quotas = await readQuotas(client, limits.region);
  const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode: 'lambda', QuotaCode: concurrentExecutions }));
  limits.concurrency = Quota?.Value;
  return [
    { check: 'open executions', outcome: 'pass', says: `${limits.quotas.openExecutions.value} may be open in this account and Region` },
    ...(limits.concurrency === undefined ? [] : [judgeConcurrency(settings, limits.concurrency)]),
  ];
};
const concurrentExecutions = 'L-B99A9384';

const readKeys = async (secrets: KeySecrets, now: Instant) =>
  keysShown(
    {
      api: ApiKeySecret.parse(JSON.parse(await secrets.read('api-keys'))),
      links: LinkSecret.parse(JSON.parse(await secrets.read('links'))),
    },
    now,
  );

/** Of the resolver of this machine. */
export const publicTxt = async (name: string): Promise<readonly string[]> => {
  try {
    return (await resolveTxt(name)).map((parts) => parts.join(''));
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOTFOUND' || code === 'ENODATA') return [];
    throw error;
  }
};

const ifFound = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundException') return undefined;
    throw error;
  }
};

const tried = async (check: string, ask: () => Promise<readonly Check[]>): Promise<readonly Unasked[]> => {
  try {
    return await ask();
  } catch (error) {
    const none = error instanceof Error ? whyNoAnswer(error) : undefined;
    if (none) return [{ check, outcome: 'fail', says: none.says, todo: none.todo, unasked: none.says }];
    const says = error instanceof Error ? `${error.name}: ${error.message}` : 'the question failed';
    return [{ check, outcome: 'fail', says, todo: 'check the rights of these credentials (docs/operate.md), and the Region' }];
  }
};

/** What is well in one line; of all else also why it matters and what to do. */
export const checksInWords = (checks: readonly Check[]): string =>
  checks
    .flatMap(({ outcome, check, says, why = '', todo }) => [
      `${outcome}  ${check}: ${says}`,
      ...(outcome === 'pass' || why === '' ? [] : [`      why: ${why}`]),
      ...(todo === undefined ? [] : [`      do:  ${todo}`]),
    ])
    .join('\n');
