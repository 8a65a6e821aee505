import type { GivenAnswer } from '#core/sales-answers';
import { byWeight } from './draws.ts';

/** How sales behaves: `sales:` of marketing/behaviour.yaml, read. Chances are from 0 to 1; weights stand beside one another. */
export type SalesHabits = {
  /** Of the tasks that a rep gets, how many are answered without a reminder. */
  readonly answers: number;
  /** Of the others, how many are answered once the rep was reminded. */
  readonly afterReminder: number;
  readonly soonestSeconds: number;
  readonly within: SalesTime;
  readonly accept: number;
  readonly recycle: Recycles;
  readonly reject: { readonly share: number; readonly reasons?: Weights };
  readonly deals: Deals;
};
export type SalesBehaviour = SalesHabits & { readonly reps: { readonly [rep: string]: Partial<SalesHabits> } };

export type Weights = { readonly [reason: string]: number };
/** Seconds that a rep works, or seconds by the calendar. */
export type SalesTime = { readonly seconds: number; readonly of: 'work' | 'calendar' };
type Recycles = { readonly share: number; readonly reasons?: Weights; readonly afterDays: number; readonly withinDays: number };
/** What becomes of accepted leads. `by`: amounts are this far apart. */
export type Deals = {
  readonly won: number;
  readonly lost: number;
  readonly reasons?: Weights;
  readonly afterSeconds: number;
  readonly withinSeconds: number;
  readonly amount: { readonly from: number; readonly to: number; readonly by: number };
  readonly currency: string;
};

const hour = 3600;
const day = 24 * hour;

/** Without `sales:` in a behaviour.yaml: a team that means well. */
export const usualSales: SalesBehaviour = {
  answers: 0.88,
  afterReminder: 0.5,
  soonestSeconds: hour / 4,
  within: { seconds: 6 * hour, of: 'work' },
  accept: 62,
  recycle: { share: 16, afterDays: 30, withinDays: 90 },
  reject: { share: 22 },
  deals: {
    won: 0.3,
    lost: 0.35,
    afterSeconds: 3 * day,
    withinSeconds: 20 * day,
    amount: { from: 2000, to: 20_500, by: 500 },
    currency: 'EUR',
  },
  reps: {},
};

export const habitsOf = ({ reps, ...all }: SalesBehaviour, rep: string): SalesHabits => ({ ...all, ...reps[rep] });

export type Reasons = { readonly reject: readonly string[]; readonly recycle: readonly string[]; readonly lost: readonly string[] };
type Chance = (what: string) => number;

/** What is said of a task first; of a recycled one, in how many days it may come back. Pure: all chance is in `draw`. */
export const firstAnswer = (
  { accept, recycle, reject }: SalesHabits,
  reasons: Reasons,
  draw: Chance,
): Pick<GivenAnswer, 'answer' | 'reason'> & { readonly days?: number } => {
  const said = draw('says') * (accept + recycle.share + reject.share);
  if (said < accept) return { answer: 'accept' };
  if (said >= accept + recycle.share) return { answer: 'reject', reason: oneOf(reasons.reject, reject.reasons, draw('why not')) };
  return {
    answer: 'recycle',
    reason: oneOf(reasons.recycle, recycle.reasons, draw('why later')),
    days: recycle.afterDays + Math.floor(draw('until') * recycle.withinDays),
  };
};

/** How an accepted lead ends, so long after it was accepted; undefined: nobody knows yet. */
export const dealOf = (
  { deals }: SalesHabits,
  { lost: reasons }: Reasons,
  draw: Chance,
): (Pick<GivenAnswer, 'answer' | 'reason' | 'amount' | 'currency'> & { readonly afterSeconds: number }) | undefined => {
  const { won, lost, amount, currency } = deals;
  const afterSeconds = Math.floor(deals.afterSeconds + draw('ends at') * deals.withinSeconds);
  const ends = draw('ends');
  if (ends < won) {
    const worth = amount.from + Math.floor(draw('worth') * (Math.floor((amount.to - amount.from) / amount.by) + 1)) * amount.by;
    return { answer: 'won', amount: worth, currency, afterSeconds };
  }
  return ends < won + lost ? { answer: 'lost', reason: oneOf(reasons, deals.reasons, draw('why lost')), afterSeconds } : undefined;
};

/** By weight; evenly where none of these reasons has one. */
const oneOf = (reasons: readonly string[], weights: Weights = {}, fraction: number): string =>
  byWeight(reasons, (it) => weights[it] ?? 0, fraction) ?? reasons[Math.floor(fraction * reasons.length)] ?? '';
