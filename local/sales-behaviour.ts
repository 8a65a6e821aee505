import { drawsOf } from '#core/behaviour/draws';
import { dealOf, firstAnswer, habitsOf, type SalesBehaviour, type SalesHabits, usualSales } from '#core/behaviour/sales-model';
import type { Sales } from '#core/config';
import { addSeconds, type Instant } from '#core/instant';
import type { HandoffEventKind } from '#core/sales-event-kinds';
import { addWorkSeconds } from '#core/working-hours';
import type { Action } from './actions.ts';
import type { StoredMail } from './ses/mail-service.ts';

/** A rep hears of a task. `url`: of the page where they answer. */
export type Told = {
  readonly taskId: string;
  readonly rep: string;
  readonly kind: HandoffEventKind;
  readonly at: Instant;
  readonly url: string;
};

type Answering = {
  readonly seed: string;
  readonly model: SalesBehaviour;
  readonly sales: Sales;
  /** Under what a rep's draws go for a task; usual: the rep's name. */
  readonly drawnBy?: (told: Told) => string;
};

/**
 * What a rep does about a task, by the model: drawn by hashing (seed, task, what), as people are. The same is planned however often it is
 * asked; only a reminder may move whoever had not meant to answer.
 */
export const answering =
  ({ seed, model, sales, drawnBy = ({ rep }) => rep }: Answering) =>
  (told: Told): readonly Action[] => {
    const { taskId, rep, kind } = told;
    const habits = habitsOf(model, rep);
    const draws = drawsOf(seed);
    const draw = (what: string) => draws(taskId, `${drawnBy(told)} ${what}`);
    const answersNow = kind !== 'reminded' ? draw('answers') < habits.answers : draw('answers') >= habits.answers;
    if (!answersNow || (kind === 'reminded' && draw('after a reminder') >= habits.afterReminder)) return [];
    const at = answersAt(habits, sales, told, draw);
    if (at === undefined) return [];
    const press = (id: string, when: Instant, form: Action['form'] & object): Action => ({
      ...{ id: `${taskId}-${rep}-${id}`, at: when, leadId: '', do: 'press', url: told.url, form },
    });
    const reasons = { reject: sales.answers.reject.reasons, recycle: sales.answers.recycle.reasons, lost: sales.answers.lost.reasons };
    const { days, ...first } = firstAnswer(habits, reasons, draw);
    const until = days === undefined ? {} : { until: addSeconds(at, days * 86_400).slice(0, 10) };
    const answered = press('first', at, { ...first, ...until });
    const deal = first.answer === 'accept' ? dealOf(habits, reasons, draw) : undefined;
    if (!deal || (sales.outcomes && !sales.outcomes.some((it) => it === deal.answer))) return [answered];
    const { afterSeconds, amount, ...end } = deal;
    return [answered, press('end', addSeconds(at, afterSeconds), { ...end, ...(amount !== undefined && { amount: String(amount) }) })];
  };

/** Soon rather than late. undefined: this rep never works. */
const answersAt = (
  { soonestSeconds, within }: SalesHabits,
  sales: Sales,
  { rep, at }: Told,
  draw: (what: string) => number,
): Instant | undefined => {
  const seconds = Math.floor(soonestSeconds + draw('answers at') ** 2 * within.seconds);
  if (within.of === 'calendar') return addSeconds(at, seconds);
  const worker = sales.team.find((it) => it.rep === rep);
  return worker && addWorkSeconds(worker, sales, at, seconds);
};

/** What a brief tells its rep; undefined: nothing that can be answered, such as that a task was taken back. */
export const toldBy = ({ tags, html, at }: Omit<StoredMail, 'due'>): Told | undefined => {
  const { task: taskId = '', rep = '', notice = 'new' } = tags;
  const url = /href="(https:[^"?]+\/a\/[^"?]+)"/.exec(html)?.[1];
  const kind = kindOf[notice];
  return url === undefined || kind === undefined ? undefined : { taskId, rep, kind, at, url };
};
const kindOf: { readonly [notice: string]: Told['kind'] | undefined } = {
  ...{ new: 'created', remind: 'reminded', reassigned: 'reassigned', escalated: 'escalated' },
};

/** Sales in the demo: around the clock, and a reminder moves nobody. */
const demoSales: SalesBehaviour = { ...usualSales, afterReminder: 0, within: { seconds: 2 * 86_400, of: 'calendar' } };

/** A seeded model of sales, for the demo: whoever has a brief answers on the page behind its link. */
export const salesBehaviour = (seed: string, sales: Sales) => {
  const answer = answering({ seed, model: demoSales, sales });
  return (mail: Omit<StoredMail, 'due'>): readonly Action[] => {
    const told = toldBy(mail);
    return told ? answer(told) : [];
  };
};
