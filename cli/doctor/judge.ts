import type { GetAccountResponse, GetEmailIdentityResponse } from '@aws-sdk/client-sesv2';
import { productionStage } from '#core/gate';
import type { LineState } from '#core/ports';

/** One thing that was looked at: how it is, and what to do about it. */
export type Check = {
  readonly check: string;
  readonly outcome: 'pass' | 'warn' | 'fail';
  readonly says: string;
  /** Added where it is shown (why.ts). */
  readonly why?: string;
  readonly todo?: string;
};

export const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export const judgeSuppressions = ({ suppressions }: LineState, stage: string): Check => {
  const check = 'suppressions';
  if (suppressions) {
    const how = suppressions.how === 'imported' ? 'were imported' : 'were declined';
    return { check, outcome: 'pass', says: `they ${how} on ${suppressions.at.slice(0, 10)}: ${suppressions.note}` };
  }
  const todo = 'npx baton import --suppressions <files>; or, if there are none: npx baton import --no-suppressions "<why>"';
  return stage === productionStage
    ? { check, outcome: 'fail', says: 'who left the tool used before is not known here: no mail goes to anybody', todo }
    : { check, outcome: 'warn', says: 'who left the tool used before is not known here; this stage sends all the same', todo };
};

export const judgeAccount = (account: GetAccountResponse): readonly Check[] => {
  const { ProductionAccessEnabled, SendingEnabled, EnforcementStatus, SendQuota, PricingAttributes } = account;
  const plan = PricingAttributes?.CurrentPlan ?? 'NONE';
  const { MaxSendRate = 0, Max24HourSend = 0, SentLast24Hours = 0 } = SendQuota ?? {};
  const most = Max24HourSend < 0 ? 'any number' : String(Max24HourSend);
  const left = Max24HourSend < 0 ? 1 : 1 - SentLast24Hours / Math.max(1, Max24HourSend);
  return [
    ProductionAccessEnabled
      ? { check: 'sandbox', outcome: 'pass', says: 'the account is out of it' }
      : {
          check: 'sandbox',
          outcome: 'warn',
          says: 'SES keeps the account in it: mail goes to verified addresses only',
          todo: 'request production access in the SES console (docs/deploy.md, part 2)',
        },
    judgeSending(SendingEnabled === true, EnforcementStatus ?? 'HEALTHY'),
    {
      check: 'quota',
      outcome: left < 0.2 ? 'warn' : 'pass',
      says: `${MaxSendRate} a second, ${most} in 24 hours, of which ${SentLast24Hours} are used`,
      ...(left < 0.2 && { todo: 'ask for a higher quota (Service Quotas, Amazon SES), or send less' }),
    },
    plan === 'NONE'
      ? { check: 'plan', outcome: 'pass', says: 'pay as you go' }
      : { check: 'plan', outcome: 'warn', says: `${plan}: a mail costs more than with pay as you go`, todo: 'docs/deploy.md, part 2' },
  ];
};

const judgeSending = (isOn: boolean, health: string): Check => {
  const check = 'sending';
  const todo = 'see the SES console, Account dashboard, for what AWS wants';
  if (!isOn || health === 'SHUTDOWN') return { check, outcome: 'fail', says: `SES sends nothing for this account (${health})`, todo };
  if (health !== 'HEALTHY') return { check, outcome: 'warn', says: `SES sends, but the account's status is ${health}`, todo };
  return { check, outcome: 'pass', says: 'SES sends for this account' };
};

/** undefined: SES does not know the domain. */
export const judgeIdentity = (domain: string, identity: GetEmailIdentityResponse | undefined): readonly Check[] => {
  const records = 'npx baton doctor --explain-dns lists the records to publish';
  if (!identity) {
    return [
      {
        check: 'identity',
        outcome: 'fail',
        says: `${domain} is no identity of SES in this Region`,
        todo: `aws sesv2 create-email-identity --email-identity ${domain}, or createIdentity in cdk.json`,
      },
    ];
  }
  const { VerifiedForSendingStatus: isVerified, DkimAttributes: dkim, MailFromAttributes: mailFrom } = identity;
  const hasDkim = dkim?.SigningEnabled === true && dkim.Status === 'SUCCESS';
  return [
    isVerified
      ? { check: 'identity', outcome: 'pass', says: `${domain} is verified` }
      : { check: 'identity', outcome: 'fail', says: `${domain} is not verified: SES refuses its mail`, todo: records },
    hasDkim
      ? { check: 'DKIM', outcome: 'pass', says: 'mail is signed' }
      : {
          check: 'DKIM',
          outcome: 'fail',
          says: `mail is not signed (${dkim?.Status ?? 'NOT_STARTED'}): Gmail and Yahoo refuse it`,
          todo: records,
        },
    mailFrom?.MailFromDomain !== undefined && mailFrom.MailFromDomainStatus === 'SUCCESS'
      ? { check: 'MAIL FROM', outcome: 'pass', says: `bounces go to ${mailFrom.MailFromDomain}` }
      : {
          check: 'MAIL FROM',
          outcome: 'warn',
          says: `bounces go to a domain of Amazon (${mailFrom?.MailFromDomainStatus ?? 'none of your own'}): SPF is not yours`,
          todo: records,
        },
  ];
};

export const judgeConfigurationSet = (name: string, isThere: boolean): Check =>
  isThere
    ? { check: 'configuration set', outcome: 'pass', says: `${name} is there` }
    : { check: 'configuration set', outcome: 'fail', says: `there is no ${name}: SES refuses every mail`, todo: 'npm run deploy' };
