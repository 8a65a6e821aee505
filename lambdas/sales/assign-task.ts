import type { Use } from '#core/handlers';
import { addSeconds, secondsBetween } from '#core/instant';
import { HandoffStepInput } from '#core/messages';
import { holdingOf, type SalesTask } from '#core/sales-task';
import { endOf } from '#core/sla';
import type { TaskStep } from '#core/task-steps';
import { onInvoke } from '#lambdas/runtime';
import { releaseTask } from './release-task.ts';

type Handler = Use<'assign-task'>;

/** Gives a confirmed lead to a rep, or holds it for later. The release tick may have done it: then the machine only hears so. */
export const assignTask =
  (use: Handler) =>
  async (event: unknown): Promise<TaskStep> => {
    const { taskId } = HandoffStepInput.parse(event);
    // Before the task is read: whoever changes it after that wakes.
    const wakes = await use.salesTasks.wakes(taskId);
    const task = await use.salesTasks.find(taskId);
    if (!task) return { next: 'done', seconds: 1, wakes, turn: 0 };
    const after = await releaseTask(use, task);
    const until = await waitsUntil(use, after);
    return { ...until, wakes, turn: after.turn ?? 0 };
  };

const waitsUntil = async (use: Handler, task: SalesTask): Promise<Pick<TaskStep, 'next' | 'seconds'>> => {
  const now = use.clock.now();
  const secondsTo = (until: string) => Math.max(1, secondsBetween(now, until));
  switch (task.status) {
    case 'open':
      return { next: 'assigned', seconds: secondsTo(task.acceptBy ?? endOf(task)) };
    case 'holding': {
      const { longestSeconds } = holdingOf((await use.config.live()).sales);
      const ends = addSeconds(task.heldSince ?? now, longestSeconds);
      // Held for long enough, and not even the manager is there: a look a day.
      return { next: 'held', seconds: secondsTo(ends > now ? ends : addSeconds(now, lookAgainSeconds)) };
    }
    case 'cancelled':
      // Who had it is still to hear of it.
      return { next: task.releasedAt === undefined ? 'done' : 'answered', seconds: 1 };
    default:
      return { next: 'answered', seconds: 1 };
  }
};

const lookAgainSeconds = 86_400;

export const handler = onInvoke(assignTask);
