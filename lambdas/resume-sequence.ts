import type { Instant } from '#core/instant';
import type { Ports } from '#core/ports';
import { dayOf } from '#core/stop-the-line';

/**
 * Somebody looked into it and lets the sequence go on. What led to the pause counts no more, else the next report would pause it
 * again; that is written first, for a pause that lasts a moment longer does no harm.
 */
export const resumeSequence = async (
  use: { readonly line: Pick<Ports['line'], 'state' | 'resume'>; readonly health: Pick<Ports['health'], 'startOver'> },
  sequence: string,
  now: Instant,
): Promise<'resumed' | 'was-running'> => {
  if (!(await use.line.state()).paused[sequence]) return 'was-running';
  await use.health.startOver(sequence, dayOf(now));
  return use.line.resume(sequence);
};
