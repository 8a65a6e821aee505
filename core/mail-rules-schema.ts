import * as z from 'zod';
import { fixedUsd } from './budget.ts';
import { type Brand, brandDefaults } from './config.ts';
import { isCountryCode, notACountry } from './country.ts';
import { durationRule, parseDuration } from './duration.ts';
import type { Report, YamlPath } from './problems.ts';
import { type SesPlan, sesPlanNames } from './ses-plans.ts';
import { shown } from './zod-report.ts';

export const ConsentShape = z.strictObject({
  'double-opt-in': z
    .array(
      z
        .string()
        .regex(/^([A-Z]{2}|unknown)$/, 'two letters, such as DE, or unknown')
        .refine((it) => it === 'unknown' || isCountryCode(it), { error: ({ input }) => notACountry(String(input)) }),
    )
    .optional()
    .describe('Countries in which every topic needs double opt-in, e.g. [DE, AT, unknown]; unknown: leads without a country'),
  'confirm-within': z
    .string()
    .optional()
    .describe('How long the link in a confirmation mail works, and how old an agreement may be to be asked about; 7 days'),
});

export const SoftBouncesShape = z.strictObject({
  'at-most': z
    .number()
    .int()
    .min(1)
    .max(50)
    .optional()
    .describe('So many bounces that may pass, within `per`, and the address gets no more mail; 3'),
  per: z.string().optional().describe('Within how long; 30 days'),
  'cool-down': z.string().optional().describe('No mail for so long after each; 3 days'),
});

export const StopTheLineShape = z.strictObject({
  bounces: z.string().optional().describe('A sequence pauses itself above this share of bounces; 3 %'),
  complaints: z.string().optional().describe('And above this share of spam reports; 0.08 %, as mailbox providers bear 0.1 %'),
  over: z.string().optional().describe('Counted over so many days; 7 days'),
});

export const WarmUpShape = z.strictObject({
  start: z.iso.date().describe('First day of sending from this domain, e.g. 2026-12-01'),
  'per-day': z
    .array(z.number().int().min(1))
    .min(1)
    .max(365)
    .describe('How many e-mails may go on each day from then on, e.g. [50, 100, 200, 400, 800]'),
});

const CapShape = z.strictObject({
  emails: z.number().int().min(1).max(1000).describe('At most so many'),
  per: z.string().describe('Within any period of this length, e.g. 7 days, which is 168 hours'),
});

export const BudgetShape = z.strictObject({
  usd: z.number().min(1).max(10_000_000).describe('US dollars, by an estimate at list prices, not by the bill'),
  per: z.literal('month').describe('A calendar month in the brand’s time zone'),
  'ses-plan': z
    .enum(sesPlanNames as [SesPlan, ...SesPlan[]])
    .optional()
    .describe('The plan of your SES account; essentials, which new accounts have, when it is not said'),
  tell: z.email().optional().describe('Who is told at four fifths and when it is spent; else the reply-to of the sender'),
});

/** The part of brand.yaml that says to whom mail may go, how much of it, and when it stops by itself. */
export const mailRules = {
  consent: ConsentShape.optional().describe('Rules for agreements; see below'),
  'soft-bounces': SoftBouncesShape.optional().describe('What bounces that may pass lead to; see below'),
  'stop-the-line': StopTheLineShape.optional().describe('When a sequence pauses itself; see below'),
  cap: CapShape.optional().describe('How many e-mails a person gets from all sequences together; see below'),
  gap: z.string().optional().describe('Never two e-mails to a person closer than this, e.g. 20 hours'),
  budget: BudgetShape.optional().describe('What mail may cost in a month; then marketing mail waits; see below'),
  'warm-up': WarmUpShape.optional().describe('A daily ceiling that grows, for a new domain; see below'),
} as const;
const MailRules = z.object(mailRules);

export const readMailRules = (
  data: z.output<typeof MailRules>,
  report: Report,
): Pick<Brand, 'consent' | 'softBounces' | 'stopTheLine' | 'warmUp' | 'caps' | 'budget'> => {
  const { consent, 'soft-bounces': soft, 'stop-the-line': line, 'warm-up': warmUp } = data;
  const usual = brandDefaults;
  const seconds = (path: YamlPath, text: string | undefined, otherwise: number) => readSeconds(path, text, otherwise, report);
  const share = (key: 'bounces' | 'complaints', text: string | undefined) => readShare(key, text, usual.stopTheLine[key], report);
  checkWarmUp(warmUp, report);
  return {
    consent: {
      doubleOptIn: consent?.['double-opt-in'] ?? [],
      confirmWithinSeconds: seconds(['consent', 'confirm-within'], consent?.['confirm-within'], usual.consent.confirmWithinSeconds),
    },
    softBounces: {
      atMost: soft?.['at-most'] ?? usual.softBounces.atMost,
      perSeconds: seconds(['soft-bounces', 'per'], soft?.per, usual.softBounces.perSeconds),
      coolDownSeconds: seconds(['soft-bounces', 'cool-down'], soft?.['cool-down'], usual.softBounces.coolDownSeconds),
    },
    stopTheLine: {
      bounces: share('bounces', line?.bounces),
      complaints: share('complaints', line?.complaints),
      overDays: Math.max(1, Math.round(seconds(['stop-the-line', 'over'], line?.over, usual.stopTheLine.overDays * day) / day)),
    },
    ...readCaps(data, report),
    ...readBudget(data, report),
    ...(warmUp && { warmUp: { start: warmUp.start, perDay: warmUp['per-day'] } }),
  };
};

const readCaps = ({ cap, gap }: z.output<typeof MailRules>, report: Report): Pick<Brand, 'caps'> => {
  if (cap === undefined && gap === undefined) return {};
  const perSeconds = cap && readSeconds(['cap', 'per'], cap.per, 7 * day, report);
  const gapSeconds = gap === undefined ? undefined : readSeconds(['gap'], gap, day, report);
  return {
    caps: {
      ...(cap && perSeconds !== undefined && { cap: { emails: cap.emails, perSeconds } }),
      ...(gapSeconds !== undefined && { gapSeconds }),
    },
  };
};

const usualPlan: SesPlan = 'essentials';

const readBudget = ({ budget }: z.output<typeof MailRules>, report: Report): Pick<Brand, 'budget'> => {
  if (!budget) return {};
  const sesPlan = budget['ses-plan'] ?? usualPlan;
  const fixed = fixedUsd(sesPlan);
  if (budget.usd <= fixed)
    report(['budget', 'usd'], {
      code: 'budget-too-small',
      what: 'this does not pay for a single e-mail: the stack and the plan of SES cost more even when nothing is sent',
      got: `$${budget.usd}`,
      allowed: `more than $${fixed}`,
    });
  return { budget: { usd: budget.usd, sesPlan, ...(budget.tell !== undefined && { tell: budget.tell }) } };
};

const readSeconds = (path: YamlPath, text: string | undefined, otherwise: number, report: Report): number => {
  const duration = text === undefined ? { seconds: otherwise } : parseDuration(text);
  if (!duration) report(path, { code: 'not-understood', what: 'this is not a duration', got: text ?? '', allowed: durationRule });
  return duration?.seconds ?? otherwise;
};

const readShare = (key: 'bounces' | 'complaints', text: string | undefined, otherwise: number, report: Report): number => {
  if (text === undefined) return otherwise;
  const percent = Number(/^(\d+(?:\.\d+)?) ?%$/.exec(text)?.[1] ?? Number.NaN);
  if (percent > 0 && percent <= 100) return percent / 100;
  report(['stop-the-line', key], { code: 'not-understood', what: 'this is not a share', got: shown(text), allowed: '3 %, 0.08 %' });
  return otherwise;
};

const day = 86_400;

/** Mailbox providers trust a name that grows steadily. */
const steepest = 3;

const checkWarmUp = (warmUp: z.output<typeof WarmUpShape> | undefined, report: Report): void => {
  for (const [index, most] of (warmUp?.['per-day'] ?? []).entries()) {
    const before = warmUp?.['per-day'][index - 1] ?? most;
    const got = `${most} after ${before}`;
    const path = ['warm-up', 'per-day', index];
    if (most > before * steepest)
      report(path, {
        severity: 'warning',
        code: 'steep-warm-up',
        what: 'mailbox providers distrust a name whose mail grows this fast from one day to the next',
        got,
        allowed: `at most ${steepest} times the day before; doubling is usual`,
      });
    if (most < before)
      report(path, {
        severity: 'warning',
        code: 'shrinking-warm-up',
        what: 'a warm-up that shrinks puts off what the day before had let through',
        got,
        allowed: 'at least as many as on the day before',
      });
  }
};
