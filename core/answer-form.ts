import { Temporal } from 'temporal-polyfill';
import type { SalesAnswers } from './config.ts';
import { isCurrency, parseAmount } from './currencies.ts';
import { addSeconds, type Instant, toInstant } from './instant.ts';
import type { GivenAnswer } from './sales-answers.ts';
import { type AnswerKind, answerKinds, longestTaskSeconds } from './sales-task.ts';

export const answerFields = ['answer', 'reason', 'until', 'amount', 'currency'] as const;
export type AnswerField = (typeof answerFields)[number];
/** As a form or a request holds it. */
export type AnswerForm = { readonly [field in AnswerField]?: string };
/** `allowed`: for who cannot see the page. */
export type FormProblem = { readonly field: AnswerField; readonly what: string; readonly allowed?: readonly string[] };
export type ReadAnswer = { readonly given: GivenAnswer } | { readonly problems: readonly FormProblem[] };

/** `madeAt`: when the task was made, for its machine waits no longer than it may last. `zone`: of the rep, for days. */
export type AnswerTimes = { readonly now: Instant; readonly madeAt: Instant; readonly zone: string };

/** The first and the last day that a lead may be given back until, as `2026-09-01`. */
export const untilBounds = ({ now, madeAt, zone }: AnswerTimes): { readonly first: string; readonly last: string } => {
  const dayOf = (at: Instant) => Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate();
  return { first: dayOf(now).add({ days: 1 }).toString(), last: dayOf(addSeconds(madeAt, longestTaskSeconds)).toString() };
};

/** What somebody said, or all that is wrong with it, by field. */
export const readAnswerForm = (form: AnswerForm, rules: SalesAnswers, times: AnswerTimes): ReadAnswer => {
  const answer = answerKinds.find((it) => it === form.answer);
  if (!answer) return { problems: [{ field: 'answer', what: `choose one of ${answerKinds.join(', ')}` }] };
  const problems: FormProblem[] = [];
  const given = {
    answer,
    ...(answer in reasonsFor && readReason(form, reasonsOf(rules, answer), problems)),
    ...(answer === 'recycle' && readUntil(form, times, problems)),
    ...(answer === 'won' && readWorth(form, problems)),
  };
  return problems.length > 0 ? { problems } : { given };
};

const reasonsFor = { reject: true, recycle: true, lost: true };
export const reasonsOf = (rules: SalesAnswers, answer: AnswerKind): readonly string[] =>
  answer === 'reject' || answer === 'recycle' || answer === 'lost' ? rules[answer].reasons : [];

const readReason = ({ reason = '' }: AnswerForm, reasons: readonly string[], problems: FormProblem[]): { readonly reason?: string } => {
  if (reasons.includes(reason.trim())) return { reason: reason.trim() };
  problems.push({ field: 'reason', what: 'choose a reason', allowed: reasons });
  return {};
};

const readUntil = ({ until = '' }: AnswerForm, times: AnswerTimes, problems: FormProblem[]): { readonly until?: Instant } => {
  const { first, last } = untilBounds(times);
  const day = dayOf(until.trim());
  if (day === undefined) problems.push({ field: 'until', what: `give the day to come back on, as in ${first}` });
  else if (day < first) problems.push({ field: 'until', what: `the earliest day is tomorrow, ${first}` });
  else if (day > last) problems.push({ field: 'until', what: `the latest day is ${last}` });
  else return { until: toInstant(Temporal.PlainDate.from(day).toZonedDateTime(times.zone).epochMilliseconds) };
  return {};
};

const dayOf = (text: string): string | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString();
  } catch {
    return undefined;
  }
};

const readWorth = (
  { amount = '', currency = '' }: AnswerForm,
  problems: FormProblem[],
): { readonly amount?: number; readonly currency?: string } => {
  const worth = parseAmount(amount);
  const code = currency.trim().toUpperCase();
  if (worth === undefined) problems.push({ field: 'amount', what: 'give the amount in digits, such as 12500 or 12,500.00' });
  if (!isCurrency(code)) problems.push({ field: 'currency', what: 'choose a currency: three letters, such as EUR' });
  return worth === undefined ? {} : { amount: worth, currency: code };
};
