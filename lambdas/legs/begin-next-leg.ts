import type { Enrolment } from '#core/enrolment';
import type { NextLegOf, Ports } from '#core/ports';

export type LegUse = {
  readonly enrolments: Pick<Ports['enrolments'], 'nextLeg'>;
  readonly tokens: Pick<Ports['tokens'], 'fail'>;
  readonly enrolQueue: Ports['enrolQueue'];
} & Pick<Ports, 'clock' | 'log'>;

/**
 * One write gives the run to its next leg; then its old machine is woken, so that it ends, and the new one is asked for. A crash
 * after the write loses nothing: the watchdog asks again, and whoever starts the leg wakes the old machine again.
 */
export const beginNextLeg = async (use: LegUse, run: Enrolment, next: Omit<NextLegOf, 'leg' | 'at'>): Promise<Enrolment | 'refused'> => {
  const written = await use.enrolments.nextLeg(run, { ...next, leg: run.leg, at: use.clock.now() });
  if (written === 'refused') return 'refused';
  const { leadId, sequence, trigger, enrolmentId, leg } = written;
  if (run.token !== undefined) await use.tokens.fail(run.token, 'Halt', 'superseded');
  await use.enrolQueue.push({ leadId, sequence, trigger });
  use.log.info('next leg began', { enrolmentId, leg, reason: next.because?.why ?? 'cut' });
  return written;
};
