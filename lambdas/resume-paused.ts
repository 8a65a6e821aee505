import type { Instant } from '#core/instant';
import { wholePauses } from '#core/pauses';
import type { Ports } from '#core/ports';
import { dayOf } from '#core/stop-the-line';

/**
 * Somebody looked into it and lets it go on. What led a sequence to its pause counts no more, else the next report would pause it
 * again; that is written first, for a pause that lasts a moment longer does no harm. `key`: of core/pauses.ts.
 */
export const resumePaused = async (
  use: { readonly line: Pick<Ports['line'], 'state' | 'resume'>; readonly health: Pick<Ports['health'], 'startOver'> },
  key: string,
  now: Instant,
): Promise<'resumed' | 'was-running'> => {
  if (!(await use.line.state()).paused[key]) return 'was-running';
  if (!wholes.includes(key)) await use.health.startOver(key, dayOf(now));
  return use.line.resume(key);
};

const wholes: readonly string[] = Object.values(wholePauses);
