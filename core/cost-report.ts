import { type Budget, emailsFor, emailUsd } from './budget.ts';
import {
  addedUsage,
  type Cost,
  type Extras,
  exactCostOf,
  liveCountsUsage,
  lookingInWords,
  type Pricing,
  scaledUsage,
  standingCost,
  type Usage,
} from './cost.ts';
import { freeTier } from './price-list.ts';
import type { OwnUse } from './prices.ts';

/** What was metered, or counted: a run of the demo or the simulator, a plan, a month of the deployed stack. */
export type Metered = {
  readonly usage: Usage;
  /** How it was come by, in words. */
  readonly from: string;
  readonly leads?: number;
  /** Over how many days; absent: it counts as what happens in a month. */
  readonly days?: number;
  readonly qualified?: number;
} & Extras;

/** US dollars, not rounded. */
export type CostReport = {
  readonly from: string;
  readonly region: string;
  readonly pricesAsOf: string;
  /** Prices of the user's own were read, of that day. */
  readonly ownPrices?: OwnUse;
  readonly sesPlan: string;
  readonly emails: number;
  readonly leads?: number;
  readonly days?: number;
  readonly qualified?: number;
  readonly usage: Usage;
  readonly cost: Cost;
  /** All but SES, as a part of SES. */
  readonly engineToSes?: number;
  readonly per: { readonly lead?: number; readonly thousandEmails?: number; readonly qualifiedLead?: number };
  readonly month: { readonly running: number; readonly standing: { readonly [what: string]: number }; readonly total: number };
  readonly budget?: { readonly usd: number; readonly emails: number; readonly emailUsd: number; readonly isEnough: boolean };
  /** What AWS gives away each month, and what else is not in it. */
  readonly freeTier: readonly string[];
  readonly leftOut: readonly string[];
  readonly assumed: readonly string[];
};

const daysOfMonth = 30;

export const costReport = (metered: Metered, listed: Omit<Pricing, 'hasFront'>, budget?: Budget): CostReport => {
  const { from, leads, days, qualified, hasConsole = false, webAclRules } = metered;
  const pricing = { ...listed, hasFront: webAclRules !== undefined };
  const usage = hasConsole
    ? addedUsage(metered.usage, liveCountsUsage({ leads: leads ?? metered.usage.emails / 6, emails: metered.usage.emails }))
    : metered.usage;
  const cost = exactCostOf(usage, pricing);
  const standing = standingCost(pricing, metered);
  const running = days === undefined ? cost.total : exactCostOf(scaledUsage(usage, daysOfMonth / days), pricing).total;
  const emailsOfMonth = days === undefined ? usage.emails : (usage.emails * daysOfMonth) / days;
  const each = (count: number | undefined) => (count ? cost.total / count : undefined);
  const [lead, thousand, qualifiedLead] = [each(leads), each(usage.emails / 1000), each(qualified)];
  return {
    from,
    region: pricing.prices.region,
    pricesAsOf: pricing.prices.asOf,
    ...(pricing.prices.own && { ownPrices: pricing.prices.own }),
    sesPlan: pricing.plan,
    emails: usage.emails,
    ...(leads !== undefined && { leads }),
    ...(days !== undefined && { days }),
    ...(qualified !== undefined && { qualified }),
    usage,
    cost,
    ...(cost.ses > 0 && { engineToSes: (cost.total - cost.ses) / cost.ses }),
    per: {
      ...(lead !== undefined && { lead }),
      ...(thousand !== undefined && { thousandEmails: thousand }),
      ...(qualifiedLead !== undefined && { qualifiedLead }),
    },
    month: { running, standing: standing.parts, total: running + standing.total },
    ...(budget && {
      budget: {
        usd: budget.usd,
        emails: emailsFor(budget).most,
        emailUsd: emailUsd(budget),
        isEnough: emailsOfMonth <= emailsFor(budget).most,
      },
    }),
    freeTier,
    leftOut: [
      'taxes, support, discounts',
      'storage of table, logs and mails',
      'traffic',
      ...(hasConsole ? ['Cognito beyond its free people a month'] : []),
      ...(webAclRules === undefined ? [] : ['requests that the web ACL turns away, and managed rules with a fee of their own']),
    ],
    assumed: [
      'Lambda’s time: 60 ms a call at 256 MB',
      ...(hasConsole ? [`who looks at the console: ${lookingInWords}`] : []),
      ...(webAclRules === undefined ? [] : ['viewers in Europe']),
    ],
  };
};
