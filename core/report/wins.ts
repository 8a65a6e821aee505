import type { LiveConfig } from '#core/config';
import { isCauseOf, noCurrency } from '#core/counts-of';
import { type Instant, toEpoch } from '#core/instant';
import type { StageMove } from '#core/lifecycle';
import type { SalesTask } from '#core/sales-task';
import type { JudgedEvent } from '#core/scoring';
import { compare, type WinFacts } from './facts.ts';
import type { LeadTouch } from './touches.ts';

type Given = {
  readonly moves: readonly StageMove[];
  readonly inOrder: readonly JudgedEvent[];
  readonly tasks: readonly SalesTask[];
  readonly touches: readonly LeadTouch[];
  readonly live: Pick<LiveConfig, 'scoring'>;
};

type Worth = { readonly amount?: number | undefined; readonly currency?: string | undefined };
type Turn = { readonly at: Instant; readonly isWon: boolean } & Worth;

/**
 * Each time that a lead was won: by a rule, by sales or by another system. Who is told of a win twice, such as by sales and by the first
 * payment, won once: until the lead leaves that stage. What it was worth is what the first that knew said.
 */
export const winsOf = ({ moves, inOrder, tasks, touches, live }: Given): readonly WinFacts[] => {
  const wins: { readonly at: Instant; worth: Worth }[] = [];
  let isWon = false;
  for (const turn of turnsOf(moves, inOrder, tasks, live)) {
    const last = wins.at(-1);
    if (turn.isWon && isWon && last) {
      if (last.worth.amount === undefined) last.worth = turn;
    } else if (turn.isWon) wins.push({ at: turn.at, worth: turn });
    isWon = turn.isWon;
  }
  return wins.map(({ at, worth: { amount = 0, currency = noCurrency } }) => ({
    at,
    cents: Math.round(amount * 100),
    currency: amount === 0 ? noCurrency : currency,
    touches: touches.filter((it) => it.epoch < toEpoch(at)),
  }));
};

const turnsOf = (
  moves: readonly StageMove[],
  inOrder: readonly JudgedEvent[],
  tasks: readonly SalesTask[],
  live: Given['live'],
): readonly Turn[] => {
  const moved = moves.map((move): Turn => {
    const { amount, currency } = (move.to === 'won' && inOrder.find(isCauseOf(move, live))) || {};
    return { at: move.at, isWon: move.to === 'won', amount, currency };
  });
  const told = tasks.flatMap(({ answers }) => answers.filter((it) => it.answer === 'won').map((it): Turn => ({ ...it, isWon: true })));
  // An answer stands before the move that it led to, so that what it says of the worth is taken.
  return [...told, ...moved].sort(
    (one, other) => compare(one.at, other.at) || Number(other.isWon) - Number(one.isWon) || (other.amount ?? -1) - (one.amount ?? -1),
  );
};
