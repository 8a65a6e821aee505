import type { LiveConfig } from '#core/config';
import type { Facts } from '#core/evaluate-condition';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import type { Ports } from '#core/ports';
import { engagementAt, fitOf } from '#core/scoring';

/** What conditions are evaluated on. Reads the score ledger only when there is a score to know. */
export const loadFacts = async (
  use: { readonly scores: Pick<Ports['scores'], 'ofLead'> },
  lead: Lead,
  seen: { readonly [eventKey: string]: Instant },
  live: LiveConfig,
  now: Instant,
): Promise<Facts> => {
  const lines = await use.scores.ofLead(lead.leadId);
  return {
    lead,
    seen,
    fit: fitOf(lead, live.scoring).points,
    engagement: engagementAt(lines, live.scoring, live.brand.timeZone, now).points,
    now,
  };
};
