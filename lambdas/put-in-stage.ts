import type { LiveConfig } from '#core/config';
import { retryableError } from '#core/errors';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { lifecycleOf } from '#core/lifecycle';
import type { History, Ports } from '#core/ports';

type Putting = {
  readonly leads: Pick<Ports['leads'], 'moveStage'>;
  readonly stages: Pick<Ports['stages'], 'record'>;
} & Pick<Ports, 'clock' | 'log'>;

const lifecycleIn = (history: History, lead: Lead, live: LiveConfig, now: Instant) =>
  lifecycleOf({ lead, ledger: history, moves: history.moves, live, now });

/** Whether the rules say that the lead is elsewhere than its profile says. */
export const isElsewhere = (history: History, lead: Lead, live: LiveConfig, now: Instant): boolean =>
  live.scoring.stages.length > 0 && lifecycleIn(history, lead, live, now).stage !== lead.stage;

/** Puts the lead where the rules say that it is; the move is on record before the profile says it. */
export const putInStage = async (use: Putting, history: History, lead: Lead, live: LiveConfig): Promise<Lead> => {
  if (live.scoring.stages.length === 0) return lead;
  const { leadId, stage: from } = lead;
  const { stage, moves } = lifecycleIn(history, lead, live, use.clock.now());
  if (stage === from) return lead;
  const last = moves.findLast((it) => it.to === stage);
  if (last?.by === 'rule') await use.stages.record(leadId, { ...last, from });
  if ((await use.leads.moveStage(leadId, from, stage)) === 'refused')
    throw retryableError('the lead was moved by somebody else; look again');
  use.log.info('lead moved', { leadId, from, to: stage });
  return { ...lead, stage };
};
