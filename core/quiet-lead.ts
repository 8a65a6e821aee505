import { byIdentity } from './by-identity.ts';
import type { LiveConfig } from './config.ts';
import { lastOf } from './counts-of.ts';
import { type Instant, toEpoch } from './instant.ts';
import type { Lead } from './lead.ts';
import { staysUntil } from './lifecycle.ts';
import type { History } from './ports.ts';
import type { LeadFacts } from './report/facts.ts';
import { taskIdsOf } from './report/facts-of.ts';
import { weekCellsUntil } from './report/week-cells.ts';
import { overdueFrom } from './retention.ts';
import { isSameRules, type Rules } from './same-rules.ts';

type Given = { readonly history: History; readonly live: Pick<LiveConfig, 'scoring' | 'brand'>; readonly now: Instant };

/**
 * Until when (in milliseconds) one night finds of a lead what the other found: it counts the same, stands where it stands and is kept, if
 * nothing happens to it. What became of a task may be a matter of time, and so is what is yet to come: of such a lead nothing is sure.
 */
export const quietUntil = ({ history, live, now }: Given, lead: Lead, facts: LeadFacts): number => {
  if (taskIdsOf(history).length > 0 || lastOf(history) > toEpoch(now)) return Number.NEGATIVE_INFINITY;
  const stays = staysUntil({ lead, ledger: history, moves: history.moves, live, now });
  const { retention } = live.brand;
  return Math.min(stays, weekCellsUntil(facts), retention ? overdueFrom(lead, history, retention) : Number.POSITIVE_INFINITY);
};

/** What was found of a lead, for the nights until something happens to it. By history: nobody changes one in place. */
export const quietNights = <Found>() => {
  const nights = byIdentity<History, { readonly live: Rules; readonly from: number; readonly until: number; readonly found: Found }>();
  return {
    of: ({ history, live, now }: Given): Found | undefined => {
      const known = nights.of(history);
      if (!known || !isSameRules(known.live, live)) return undefined;
      const at = toEpoch(now);
      return known.from <= at && at < known.until ? known.found : undefined;
    },
    keep: (given: Given, lead: Lead, facts: LeadFacts, found: Found): void => {
      const { history, live, now } = given;
      const from = toEpoch(now);
      const until = quietUntil(given, lead, facts);
      if (until > from) nights.keep(history, { live, from, until, found });
    },
  };
};
