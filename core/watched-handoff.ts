import { addSeconds, type Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import type { ExecutionState, Watched } from './ports.ts';
import type { SalesTask } from './sales-task.ts';
import { isEndUntold, isUntold } from './sla.ts';

/** A machine that was to go on has this long before it is asked after; as for runs (docs/reliability.md). */
export const lookAfterSeconds = 15 * 60;
const quietSeconds = 6 * 3600;
const longestSeconds = 86_400;

export type WatchStep =
  /** It is over: nobody looks again. */
  | { readonly do: 'leave' }
  | { readonly do: 'look-again'; readonly at: Instant }
  /** Its rep has not heard of it: the machine is to look. */
  | { readonly do: 'wake'; readonly at: Instant }
  /** It has no machine: one is started, the same again or the next. */
  | { readonly do: 'start' | 'start-next'; readonly at: Instant };

/** What is to be done about a handoff that is to be looked after. Pure. `lead`: whoever it is by now. */
export const watchStep = (
  { taskId, leg }: Watched,
  {
    lead,
    task,
    machine,
    now,
  }: { readonly lead: Lead | undefined; readonly task: SalesTask | undefined; readonly machine: ExecutionState; readonly now: Instant },
): WatchStep => {
  const isToEnd = task !== undefined && lead !== undefined && isEndUntold(task, now);
  const isHeld = lead?.handoff?.taskId === taskId || task?.status === 'open' || task?.status === 'holding' || isToEnd;
  // Whoever was erased leaves a task behind that is cancelled, which the machine hears of when it looks.
  if (!isHeld && task?.status !== 'recycled') return { do: 'leave' };
  if (machine === 'running') {
    const soon = addSeconds(now, lookAfterSeconds);
    return task && isUntold(task, now)
      ? { do: 'wake', at: soon }
      : { do: 'look-again', at: addSeconds(now, task ? quietSeconds : lookAfterSeconds) };
  }
  if (machine === 'ended' && !isHeld) return { do: 'leave' };
  // What fails each time is tried more and more rarely, and an alarm tells of it.
  const at = addSeconds(now, Math.min(longestSeconds, lookAfterSeconds * 2 ** Math.min(leg, 10)));
  return { do: machine === 'none' && leg === 1 ? 'start' : 'start-next', at };
};
