import { alarmMessages } from '#core/alarm-messages';
import { retryableError } from '#core/errors';
import type { EventRow, SesEvent } from '#core/events';
import type { Use } from '#core/handlers';
import { toSent } from '#core/send-protocol';
import type { SendKey, SendRecord } from '#core/sending';
import { dayOf } from '#core/stop-the-line';
import type { DeliveredCounts } from './delivered-counts.ts';

type Handler = Use<'process-events'>;

/** These only say how a mail travelled: they are kept, and decide nothing about the lead. */
const travelKinds: readonly string[] = ['sent', 'delivered', 'delayed', 'subscription', 'rendering-failed', 'rejected'];
export const isTravel = ({ kind }: SesEvent): boolean => travelKinds.includes(kind);

/** Kept only for a send of ours that is still on record: nothing comes back under an erased lead. `done`: it is not, under this id. */
export const noteTravel = async (use: Handler, event: SesEvent, row: EventRow, delivered: DeliveredCounts): Promise<'noted' | 'done'> => {
  const { leadId, enrolmentId, step, round } = event;
  if (enrolmentId === undefined || step === undefined || round === undefined) return 'noted';
  const key = { leadId, enrolmentId, step, round };
  const record = event.kind === 'delivered' ? await noteDelivery(use, event, key, delivered) : await use.sends.find(key);
  if (!record) {
    use.log.info('event of an unknown send dropped', { leadId, enrolmentId, stepId: step });
    return 'done';
  }
  if (event.kind === 'rejected' || event.kind === 'rendering-failed') await tellOfFailure(use, event, event.kind);
  else await settleSend(use, event, record, delivered);
  if (event.kind !== 'delivered') await use.events.add({ ...row, done: true });
  return 'noted';
};

/** On the send itself, which costs one write and no read: nearly all that SES tells is this. */
const noteDelivery = async (use: Handler, event: SesEvent, key: SendKey, delivered: DeliveredCounts): Promise<SendRecord | undefined> => {
  const noted = await use.sends.noteDelivered(key, event.at);
  if (noted?.isNews) {
    delivered.count(event.sequence ?? noted.record.sequence, dayOf(event.at));
    delivered.counting.delivered(noted.record, event.at);
  }
  return noted?.record;
};

/** SES tells of a mail, so it took it: a call whose answer was lost, or is still on its way, becomes SENT. */
const settleSend = async (use: Handler, event: SesEvent, record: SendRecord, { counting }: DeliveredCounts) => {
  if (record.state !== 'CALLING' && record.state !== 'UNKNOWN' && record.state !== 'ASSUMED_SENT') return;
  const sent = toSent(record, event.at, event.messageId);
  if ((await use.sends.write(sent)) === 'refused') throw retryableError('somebody else wrote this send meanwhile; look again');
  if (record.state !== 'ASSUMED_SENT') counting.sent(sent);
  if (record.state !== 'CALLING') use.log.info('unknown send settled', { enrolmentId: record.enrolmentId, stepId: record.step });
};

/** Told before the row is written: dying in between tells it twice, which is better than never. */
const tellOfFailure = async (use: Handler, event: SesEvent, kind: 'rejected' | 'rendering-failed') => {
  const { leadId, eventId, sequence, step, at } = event;
  if (await use.events.find(leadId, eventId)) return;
  const message = kind === 'rejected' ? alarmMessages['mail-rejected'] : alarmMessages['rendering-failed'];
  use.log.error(message, { leadId, ...(sequence !== undefined && { sequence }), ...(step !== undefined && { stepId: step }) });
  if (sequence === undefined) return;
  await use.noticeQueue.push({ kind, sequence, leadId, at, ...(step !== undefined && { step }) });
};
