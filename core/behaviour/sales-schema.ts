import * as z from 'zod';
import type { Sales } from '#core/config';
import { isCurrency } from '#core/currencies';
import { meantHint } from '#core/did-you-mean';
import { durationRule, parseDuration } from '#core/duration';
import type { Report, YamlPath } from '#core/problems';
import { parseWorkTime, workTimeRule } from '#core/sales-words';
import { type Deals, type SalesBehaviour, type SalesHabits, type SalesTime, usualSales, type Weights } from './sales-model.ts';

const Chance = z.number().min(0).max(1);
const Weight = z.number().min(0).max(1_000_000);
const Reasons = z
  .record(z.string().min(1), Weight)
  .optional()
  .describe('Reasons of sales.yaml with weights, e.g. { price: 2, no-decision: 1 }; evenly when not given');

export const DealsShape = z.strictObject({
  won: Chance.optional().describe('Of the accepted leads, those that buy; 0.3 when not given'),
  lost: Chance.optional().describe('Those that do not; of the others nobody knows yet; 0.35 when not given'),
  reasons: Reasons,
  after: z.string().optional().describe('Not sooner than so long after they were accepted; 3 days when not given'),
  within: z.string().optional().describe('Some time within so long after that; 20 days when not given'),
  amount: z
    .strictObject({
      from: z.number().int().min(0).max(1_000_000_000),
      to: z.number().int().min(0).max(1_000_000_000),
      by: z.number().int().min(1).max(1_000_000_000).optional().describe('Amounts are this far apart; 1 when not given'),
    })
    .optional()
    .describe('What a won deal is worth, e.g. { from: 2000, to: 20000, by: 500 }'),
  currency: z.string().optional().describe('Three letters, e.g. USD; EUR when not given'),
});

const habits = {
  answers: Chance.optional().describe('Of the tasks that a rep gets, how many are answered; 0.88 when not given'),
  'after-reminder': Chance.optional().describe('Of the others, how many are answered once the rep is reminded; 0.5 when not given'),
  within: z
    .string()
    .optional()
    .describe(
      'Answered some time within so long, rather soon than late: of their working time, e.g. 6 business hours (when not given), or 2 days',
    ),
  accept: Weight.optional().describe('How often they take a lead on: a weight beside those of reject and recycle'),
  reject: z
    .strictObject({ share: Weight.optional(), reasons: Reasons })
    .optional()
    .describe('How often it is no lead for them: { share: 22, reasons: { wrong-size: 2, student: 1 } }'),
  recycle: z
    .strictObject({
      share: Weight.optional(),
      reasons: Reasons,
      after: z.string().optional().describe('It may come back not sooner than this; 30 days when not given'),
      within: z.string().optional().describe('And within so long after that; 90 days when not given'),
    })
    .optional()
    .describe('How often it is a lead for later: { share: 16, after: 30 days, within: 90 days }'),
  deals: DealsShape.optional().describe('What becomes of those that they took on; see below'),
};

const SalesHabitsShape = z.strictObject(habits);
export const SalesBehaviourShape = z.strictObject({
  ...habits,
  reps: z
    .record(z.string().min(1), SalesHabitsShape)
    .optional()
    .describe('Reps of sales.yaml who do otherwise, by their names, with the same keys'),
});
type Given = z.output<typeof SalesHabitsShape>;

/** `sales`: of the same folder, so that reps and reasons that it does not have are said. */
export const readSalesBehaviour = (
  { reps = {}, ...given }: z.output<typeof SalesBehaviourShape>,
  report: Report,
  sales: Pick<Sales, 'team' | 'answers'> | undefined,
): SalesBehaviour => {
  const { reps: _none, ...usual } = usualSales;
  const all = readHabits(given, usual, ['sales'], report, sales);
  const names = sales?.team.map((it) => it.rep);
  for (const rep of Object.keys(reps)) {
    if (names && !names.includes(rep))
      report(['sales', 'reps', rep], {
        code: 'unknown-rep',
        what: 'nobody in the team of sales.yaml has this name',
        got: rep,
        allowed: names.join(', '),
        at: 'key',
        ...meantHint(rep, names),
      });
  }
  return {
    ...all,
    reps: Object.fromEntries(Object.entries(reps).map(([rep, own]) => [rep, readHabits(own, all, ['sales', 'reps', rep], report, sales)])),
  };
};

const readHabits = (
  given: Given,
  usual: SalesHabits,
  path: YamlPath,
  report: Report,
  sales: Pick<Sales, 'answers'> | undefined,
): SalesHabits => {
  const { reject = {}, recycle = {} } = given;
  const reasons = (answer: 'reject' | 'recycle' | 'lost', own: Weights | undefined, otherwise: Weights | undefined, at: YamlPath) => {
    checkReasons(own, sales?.answers[answer].reasons, [...path, ...at], report);
    const weights = own ?? otherwise;
    return weights && { reasons: weights };
  };
  const at = (...keys: readonly string[]): YamlPath => [...path, ...keys];
  const read: SalesHabits = {
    answers: given.answers ?? usual.answers,
    afterReminder: given['after-reminder'] ?? usual.afterReminder,
    soonestSeconds: usual.soonestSeconds,
    within: readTime(given.within, usual.within, at('within'), report),
    accept: given.accept ?? usual.accept,
    reject: {
      share: reject.share ?? usual.reject.share,
      ...reasons('reject', reject.reasons, usual.reject.reasons, ['reject', 'reasons']),
    },
    recycle: {
      share: recycle.share ?? usual.recycle.share,
      ...reasons('recycle', recycle.reasons, usual.recycle.reasons, ['recycle', 'reasons']),
      afterDays: days(recycle.after, usual.recycle.afterDays, at('recycle', 'after'), report),
      withinDays: days(recycle.within, usual.recycle.withinDays, at('recycle', 'within'), report),
    },
    deals: {
      ...(given.deals ? readDeals(given.deals, usual.deals, at('deals'), report) : usual.deals),
      ...reasons('lost', given.deals?.reasons, usual.deals.reasons, ['deals', 'reasons']),
    },
  };
  checkShares(given, read, path, report);
  return read;
};

/** Only of what is written here: what a rep has from the team is said there. */
const checkShares = (given: Given, { accept, reject, recycle }: SalesHabits, path: YamlPath, report: Report): void => {
  const isWritten = given.accept !== undefined || given.reject !== undefined || given.recycle !== undefined;
  if (isWritten && accept + reject.share + recycle.share === 0)
    report(path, { code: 'no-answer', what: 'accept, reject and recycle all weigh 0, so sales says nothing', at: 'key' });
  if (given.recycle && recycle.afterDays + recycle.withinDays > longestRecycleDays)
    report([...path, 'recycle'], {
      code: 'not-allowed',
      what: `sales gives no lead back for longer than ${longestRecycleDays} days in all`,
      got: `${recycle.afterDays} and ${recycle.withinDays} days`,
      at: 'key',
    });
};

/** A task is over after 345 days (core/sales-task.ts), and an answer may come some days after it was made. */
const longestRecycleDays = 300;

const readDeals = (given: z.output<typeof DealsShape>, usual: Deals, path: YamlPath, report: Report): Omit<Deals, 'reasons'> => {
  const { won = usual.won, lost = usual.lost, currency = usual.currency } = given;
  if (won + lost > 1) {
    report(path, {
      code: 'too-many',
      what: '`won` and `lost` are more than all together',
      got: String(Math.round((won + lost) * 1000) / 1000),
      allowed: 'at most 1',
      at: 'key',
    });
  }
  if (!isCurrency(currency))
    report([...path, 'currency'], {
      code: 'no-currency',
      what: 'this is no currency',
      got: currency,
      allowed: 'three letters, such as EUR',
    });
  const amount = given.amount ? { ...given.amount, by: given.amount.by ?? 1 } : usual.amount;
  if (amount.to < amount.from)
    report([...path, 'amount'], {
      code: 'not-allowed',
      what: '`to` is less than `from`',
      got: `${amount.from} to ${amount.to}`,
      at: 'key',
    });
  return {
    won,
    lost,
    afterSeconds: seconds(given.after, usual.afterSeconds, [...path, 'after'], report),
    withinSeconds: seconds(given.within, usual.withinSeconds, [...path, 'within'], report),
    amount,
    currency,
  };
};

const checkReasons = (weights: Weights | undefined, known: readonly string[] | undefined, path: YamlPath, report: Report): void => {
  for (const reason of Object.keys(weights ?? {})) {
    if (known && !known.includes(reason))
      report([...path, reason], {
        code: 'unknown-reason',
        what: 'sales.yaml has no such reason for this answer',
        got: reason,
        allowed: known.join(', '),
        at: 'key',
        ...meantHint(reason, known),
      });
  }
};

const readTime = (text: string | undefined, otherwise: SalesTime, path: YamlPath, report: Report): SalesTime => {
  if (text === undefined) return otherwise;
  const work = parseWorkTime(text);
  if (work !== undefined) return { seconds: work, of: 'work' };
  const found = parseDuration(text);
  if (!found)
    report(path, { code: 'no-duration', what: 'this is not a length of time', got: text, allowed: `${workTimeRule}; or ${durationRule}` });
  return found ? { seconds: found.seconds, of: 'calendar' } : otherwise;
};

const seconds = (text: string | undefined, otherwise: number, path: YamlPath, report: Report): number => {
  if (text === undefined) return otherwise;
  const found = parseDuration(text);
  if (!found) report(path, { code: 'no-duration', what: 'this is not a length of time', got: text, allowed: durationRule });
  return found?.seconds ?? otherwise;
};
const days = (text: string | undefined, otherwise: number, path: YamlPath, report: Report): number =>
  Math.max(1, Math.round(seconds(text, otherwise * 86_400, path, report) / 86_400));
