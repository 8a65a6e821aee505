import { alarmMessages } from '#core/alarm-messages';
import type { SesEvent } from '#core/events';
import type { Use } from '#core/handlers';
import { addSeconds, type Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { addressOf, arrivedOf, feedbackOf, isPresentAddress, softBouncesOf, tooManyAt } from '#core/mail-feedback';
import type { History } from '#core/ports';
import { watchLine } from './watch-line.ts';

type Handler = Use<'process-events'>;

/**
 * What a bounce or a complaint leads to; true: the lead's present address takes no more mail. All of it may be repeated, and
 * comes to the same in any order. The history has this event among others. Of an erased lead what protects its address is kept: suppressions outlive their lead.
 */
export const takeFeedback = async (
  use: Handler,
  event: SesEvent,
  lead: Lead | undefined,
  { events, sends }: Pick<History, 'events' | 'sends'>,
): Promise<boolean> => {
  const feedback = feedbackOf(event);
  if (!feedback) return false;
  const concernsNow = lead !== undefined && isPresentAddress(event, lead);
  switch (feedback.is) {
    case 'complaint':
      await use.suppressions.add(event.leadId, { scope: 'GLOBAL', reason: 'complained', at: event.at });
      await tellOfComplaint(use, event);
      await watchLine(use, event, feedback.trouble);
      return lead !== undefined;
    case 'dead':
      await use.suppressions.add(event.leadId, { scope: `ADDRESS#${addressOf(event)}`, reason: feedback.reason, at: event.at });
      if (feedback.trouble) await watchLine(use, event, feedback.trouble);
      return concernsNow;
    case 'soft':
      return (
        lead !== undefined && (await takeSoftBounce(use, event, softBouncesOf(events, addressOf(event), arrivedOf(sends)), concernsNow))
      );
  }
};

/** Each was noted before the ledger was read: of two bounces at the same time at least one sees both. */
const takeSoftBounce = async (use: Handler, event: SesEvent, bounces: readonly Instant[], concernsNow: boolean): Promise<boolean> => {
  const { leadId } = event;
  const { softBounces } = (await use.config.live()).brand;
  // Also where the address is closed below: what comes first must not matter.
  if (concernsNow) await use.leads.coolDown(leadId, addSeconds(event.at, softBounces.coolDownSeconds));
  const at = tooManyAt(bounces, softBounces);
  use.log.info('soft bounce counted', { leadId, bounces: bounces.length, suppressed: at !== undefined });
  if (at === undefined) return false;
  await use.suppressions.add(leadId, { scope: `ADDRESS#${addressOf(event)}`, reason: 'soft-bounces', at });
  return concernsNow;
};

const tellOfComplaint = async (use: Handler, { leadId, sequence, step, at }: SesEvent): Promise<void> => {
  use.log.warn(alarmMessages.complaints, { leadId, ...(sequence !== undefined && { sequence }) });
  if (sequence === undefined) return;
  await use.noticeQueue.push({ kind: 'complained', sequence, leadId, at, ...(step !== undefined && { step }) });
};
