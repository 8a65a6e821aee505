import type { Condition } from '#core/condition';
import type { LiveConfig } from '#core/config';
import type { Answers } from '#core/enrolment';
import { type Facts, needsLedger } from '#core/evaluate-condition';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { emptyLedger, type Ledger } from '#core/ledger';
import type { Ports } from '#core/ports';
import { engagementPointsAt, fitOf, gradeOf } from '#core/scoring';

export type Asking = {
  readonly lead: Lead;
  readonly seen: { readonly [eventKey: string]: Instant };
  /** Of webhooks, in this run. */
  readonly answers?: Answers | undefined;
  readonly live: LiveConfig;
  readonly now: Instant;
};

/** What these conditions are evaluated on. Reads the ledger only when one of them takes it. */
export const loadFacts = async (
  use: { readonly histories: Pick<Ports['histories'], 'ofLead'> },
  asking: Asking,
  conditions: readonly (Condition | undefined)[],
): Promise<Facts> => {
  const isNeeded = conditions.some((it) => it !== undefined && needsLedger(it));
  return factsOn(isNeeded ? await use.histories.ofLead(asking.lead.leadId) : emptyLedger, asking);
};

export const factsOn = (ledger: Ledger, { lead, seen, answers, live, now }: Asking): Facts => {
  const { scoring, brand } = live;
  const fit = fitOf(lead, scoring).points;
  const engagement = engagementPointsAt(ledger, scoring, brand.timeZone, now);
  return { lead, seen, fit, engagement, grade: gradeOf(scoring, fit, engagement), now, answers, lists: scoring.lists };
};
