import { Temporal } from 'temporal-polyfill';
import type { Brand } from './config.ts';
import { type Instant, toInstant } from './instant.ts';
import type { Artifact, EmailStep } from './sequences/model.ts';
import { type SesPlan, sesPlans } from './ses-plans.ts';
import { isExemptFromWarmUp } from './warm-up.ts';

/** What mail may cost in a month, by an estimate: e-mails times what one costs, and what stands there anyway. */
export type Budget = {
  readonly usd: number;
  readonly sesPlan: SesPlan;
  readonly tell?: string;
  /** All but SES, as a part of SES by use: of the sequences as they were deployed (core/engine-share.ts). */
  readonly engineToSes?: number;
};

/** Where nobody has counted: three states a mail. */
export const usualEngineToSes = 1.2;
/** The rest of the stack for a month (core/cost.ts counts it out, a test compares), rounded up. */
export const standingUsd = 18;
const warnAt = 0.8;

/** US dollars for one e-mail with all that surrounds it, us-east-1. */
export const emailUsd = ({ sesPlan, engineToSes = usualEngineToSes }: Pick<Budget, 'sesPlan' | 'engineToSes'>): number =>
  sesPlans[sesPlan].email + engineToSes * sesPlans['a-la-carte'].email;

/** `most`: e-mails of this month; `warnFrom`: so many are nearly all of them. `month`: local, in brand.yaml's zone. */
export type Allowance = {
  readonly month: string;
  readonly most: number;
  readonly warnFrom: number;
  readonly usd: number;
  readonly nextMonthAt: Instant;
};

/** undefined: brand.yaml has no budget. */
export const allowanceAt = ({ budget, timeZone }: Pick<Brand, 'budget' | 'timeZone'>, at: Instant): Allowance | undefined => {
  if (!budget) return undefined;
  const month = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone).toPlainDate().toPlainYearMonth();
  const next = month.add({ months: 1 }).toPlainDate({ day: 1 }).toZonedDateTime(timeZone);
  return { month: month.toString(), ...emailsFor(budget), usd: budget.usd, nextMonthAt: toInstant(next.epochMilliseconds) };
};

/** How many e-mails a month's dollars are enough for. */
export const emailsFor = (budget: Budget): { readonly most: number; readonly warnFrom: number } => {
  const most = Math.max(0, Math.floor((budget.usd - fixedUsd(budget.sesPlan)) / emailUsd(budget) + 1e-9));
  return { most, warnFrom: Math.ceil(most * warnAt) };
};
export const fixedUsd = (plan: SesPlan): number => sesPlans[plan].monthly + standingUsd;

/** What somebody waits for goes all the same, and counts: receipts, access, the mail that asks to confirm. */
export const isExemptFromBudget = (artifact: Pick<Artifact, 'lawfulBasis'>, step: Pick<EmailStep, 'transactional'> | undefined): boolean =>
  isExemptFromWarmUp(artifact) || step?.transactional === true;

const longestWithoutALook = 7 * 86_400_000;

/** Who waits for money looks again on the first of the month, or in a week: a look costs as much as an e-mail does. */
export const nextLookAt = ({ nextMonthAt }: Allowance, from: Instant): Instant => {
  const inAWeek = toInstant(Date.parse(from) + longestWithoutALook);
  return nextMonthAt < inAWeek ? nextMonthAt : inAWeek;
};

/** What somebody must be told of, once a month each. */
const budgetNews = ['nearly', 'spent'] as const;
export type BudgetNews = (typeof budgetNews)[number];
export const newsOf = (taken: number, { most, warnFrom }: Pick<Allowance, 'most' | 'warnFrom'>): BudgetNews | undefined =>
  taken >= most ? 'spent' : taken >= warnFrom ? 'nearly' : undefined;
