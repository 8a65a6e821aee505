import type { LiveConfig } from '#core/config';
import type { ErasedEvent } from '#core/erased-event';
import { addSeconds } from '#core/instant';
import type { HandoffEvent } from '#core/sales-events-schema';
import { longestTaskSeconds } from '#core/sales-task';
import type { Action } from '#local/actions';
import { answering } from '#local/sales-behaviour';
import type { World } from '#local/world';
import type { Plan } from './plan.ts';

/** The task is news to who is named in the event. */
const told: readonly string[] = ['created', 'reminded', 'reassigned', 'escalated'];

/**
 * Reps who answer whatever tells them of a task, be it mail or Slack: on the page, as the link of the brief has it. A lead's answers do
 * not go by who has the task, but by whether it changed hands: what other leads do to the shares of reps changes nothing.
 */
export const simulatedSales = ({ seed, behaviour }: Pick<Plan, 'seed' | 'behaviour'>, { brand, sales }: LiveConfig) => {
  const hands = new Map<string, string>();
  const answer = answering({ seed, model: behaviour.sales, sales, drawnBy: ({ taskId }) => hands.get(taskId) ?? '' });
  return (event: HandoffEvent | ErasedEvent, { clock, ports }: Pick<World, 'clock' | 'ports'>): readonly Action[] => {
    if (!('taskId' in event) || !told.includes(event.kind)) return [];
    const { taskId, rep, kind } = event;
    if (kind !== 'reminded') hands.set(taskId, kind);
    const at = clock.now();
    // Who comes back to a deal after months has had a new link meanwhile.
    const token = ports.links.signAnswer({ taskId, rep, expiresAt: addSeconds(at, longestTaskSeconds) });
    return answer({ taskId, rep, kind, at, url: `${brand.links}/a/${token}` });
  };
};
