import type { LiveConfig } from '#core/config';
import { addSeconds, type Instant, toEpoch } from '#core/instant';
import type { Lead, Stage } from '#core/lead';
import type { StageMove } from '#core/lifecycle';
import type { History } from '#core/ports';
import { engagementAt, fitOf } from '#core/scoring';
import { rowOfLead, scoreColumns } from './blend.ts';
import type { Row } from './cells.ts';
import type { TrainingTable } from './train.ts';

export const outcomeLabel = 'outcome of sales';
const good: readonly Stage[] = ['sal', 'sql', 'won'];
const bad: readonly Stage[] = ['lost', 'recycled'];

type Rules = Pick<LiveConfig, 'scoring' | 'brand'>;

/** A table of what became of leads; leads without an outcome are not in it. Pure. */
export const outcomesOf = (histories: readonly History[], live: Rules): TrainingTable => {
  const rows = histories.map((it) => rowOf(it, live)).filter((it) => it !== undefined);
  const columns = new Set(rows.flatMap((it) => Object.keys(it)));
  return { columns: [...columns].sort(), rows };
};

/** One row a lead, of its last outcome: sales must not count twice whom it took back. */
export const rowOf = ({ lead, ...history }: History, live: Rules): Row | undefined => {
  const outcome = lead && lastOutcome(history.moves);
  if (!outcome) return undefined;
  // Just before sales had it: what the lead did then or later may be the outcome itself.
  const before = addSeconds(outcome.since, -1);
  const engagement = engagementAt(history, live.scoring, live.brand.timeZone, before).points;
  const fit = fitOf(lead as Lead, live.scoring).points;
  return { ...rowOfLead({ lead, fit, engagement }), [outcomeLabel]: outcome.isGood ? 'good' : 'bad' };
};

type Outcome = { readonly isGood: boolean; readonly since: Instant };

/** `since`: when the lead went to sales, or straight to its outcome. Sales giving it back ends a round. */
const lastOutcome = (moves: readonly StageMove[]): Outcome | undefined => {
  const ordered = moves.toSorted((one, other) => toEpoch(one.at) - toEpoch(other.at) || (one.id < other.id ? -1 : 1));
  let since: Instant | undefined;
  let last: Outcome | undefined;
  for (const { at, to } of ordered) {
    if (to === 'mql') since ??= at;
    if (good.includes(to) || bad.includes(to)) {
      since ??= at;
      last = { isGood: good.includes(to), since };
    }
    if (to !== 'mql' && !good.includes(to)) since = undefined;
  }
  return last;
};

export const rulesColumn = scoreColumns.rules;
