import type { Use } from '#core/handlers';
import type { Instant } from '#core/instant';
import { secondsBetween } from '#core/instant';
import { shards } from '#core/keys';
import type { Watched } from '#core/ports';
import { watchStep } from '#core/watched-handoff';
import { findPresentLead } from '#lambdas/aliases';

type Handler = Use<'watchdog'>;

const pageSize = 25;

/** Handoffs whose machine failed, was stopped or never began get one; a rep who has not heard of a task is told. */
export const watchHandoffs = async (use: Handler, until: Instant): Promise<void> => {
  for (const shard of shards) {
    for (const watched of await use.salesTasks.toWatch(shard, use.clock.now(), pageSize)) {
      if (use.clock.now() > until) return;
      await lookAt(use, watched);
    }
  }
};

const lookAt = async (use: Handler, watched: Watched): Promise<void> => {
  const { taskId, leadId, leg } = watched;
  const now = use.clock.now();
  const [lead, task, machine] = await Promise.all([
    findPresentLead(use, leadId),
    use.salesTasks.find(taskId),
    use.machines.handoffState(taskId, leg),
  ]);
  const step = watchStep(watched, { lead, task, machine, now });
  switch (step.do) {
    case 'leave':
      return use.salesTasks.lookAgain(watched, undefined);
    case 'look-again':
      return use.salesTasks.lookAgain(watched, step.at);
    case 'wake': {
      const token = await use.salesTasks.wake(taskId);
      if (token !== undefined) await use.tokens.fail(token, 'Halt', 'untold');
      use.log.warn('task untold', { taskId });
      return use.salesTasks.lookAgain(watched, step.at);
    }
    case 'start':
    case 'start-next': {
      const next = step.do === 'start' ? leg : await use.salesTasks.nextMachine(watched, step.at);
      if (next === 'refused') return;
      const left = lead?.handoff?.taskId === taskId ? secondsBetween(now, lead.handoff.until) : 0;
      await use.machines.startHandoff({ taskId, leadId, holdSeconds: Math.max(1, Math.ceil(left)) }, next);
      if (step.do === 'start') await use.salesTasks.lookAgain(watched, step.at);
      use.log.warn('handoff had no machine', { taskId, leg: next, was: machine });
    }
  }
};
