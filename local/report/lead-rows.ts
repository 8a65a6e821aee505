import type { Enrolment } from '#core/enrolment';
import type { EventRow } from '#core/events';
import type { Lead } from '#core/lead';
import type { StageMove } from '#core/lifecycle';
import type { Decision, Suppression } from '#core/ports';
import { judgedInOrder } from '#core/scoring';
import type { SendRecord } from '#core/sending';
import type { World } from '#local/world';

/** Everything that the table says of one lead. */
export type LeadRows = {
  readonly lead: Lead;
  readonly enrolments: readonly Enrolment[];
  readonly suppressions: readonly Suppression[];
  readonly events: readonly EventRow[];
  /** Of these, what people did: no machine's opens and clicks. */
  readonly human: readonly EventRow[];
  readonly sends: readonly SendRecord[];
  readonly decisions: readonly Decision[];
  readonly moves: readonly StageMove[];
};

export const readLeads = async ({ ports }: World, leadIds: readonly string[]): Promise<readonly LeadRows[]> => {
  const { scoring } = await ports.config.live();
  return Promise.all(
    [...leadIds].sort().map(async (leadId) => {
      const [history, suppressions] = await Promise.all([ports.histories.ofLead(leadId), ports.suppressions.ofLead(leadId)]);
      const { lead, enrolments, events, sends, decisions, moves } = history;
      if (!lead) throw new Error(`the lead ${leadId} was lost`);
      const human = judgedInOrder({ events, sends }, scoring).filter((it) => it.verdict.by === 'human');
      return { lead, enrolments, suppressions, events, human, sends, decisions, moves };
    }),
  );
};
