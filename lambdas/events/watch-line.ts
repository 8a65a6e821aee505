import { alarmMessages } from '#core/alarm-messages';
import type { SesEvent } from '#core/events';
import type { Use } from '#core/handlers';
import type { Trouble } from '#core/ports';
import { dayOf, daysWatched, decideLine } from '#core/stop-the-line';

type Handler = Use<'process-events'>;

/**
 * Counts what went wrong with a mail of this sequence, and pauses the sequence when that is too much. A pause bears the time of
 * the event that led to it: the event told again finds its own pause, and tells of it should it have died before.
 */
export const watchLine = async (use: Handler, { sequence, eventId, at }: SesEvent, trouble: Trouble): Promise<void> => {
  if (sequence === undefined) return;
  await use.health.addTrouble(sequence, dayOf(at), trouble, eventId);
  use.metrics.add(trouble === 'bounced' ? 'mails-bounced' : 'mails-complained');
  const { stopTheLine } = (await use.config.live()).brand;
  const sums = await use.health.sums(sequence, daysWatched(use.clock.now(), stopTheLine));
  const why = decideLine(sums, stopTheLine);
  if (why === undefined) return;
  if ((await use.line.pause(sequence, { at, by: 'stop-the-line', why })) === 'was-paused') return;
  use.log.error(alarmMessages['sequence-paused'], { sequence, ...sums });
  await use.noticeQueue.push({ kind: 'sequence-paused', sequence, why, at });
};
