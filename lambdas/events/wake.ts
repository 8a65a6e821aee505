import { isConfirmed } from '#core/consent';
import type { Use } from '#core/handlers';
import type { Lead } from '#core/lead';
import { stopForLead } from '#core/lead-stops';
import { WakeMessage } from '#core/messages';
import type { TaskStatus } from '#core/sales-task';
import { lookAtEntries } from '#lambdas/look-at-entries';
import { onQueue } from '#lambdas/runtime';
import { mostForgotten, tasksOf, tasksOfFormer } from '#lambdas/sales/tasks-of-person';
import { runningEnrolments, tellStop } from '#lambdas/tell-enrolments';

type Handler = Use<'wake'>;

/**
 * A page, API call or tick wrote a fact about the whole lead: tell each of its runs that the fact concerns, and let it into the
 * sequences that only waited for its confirmation (a repeat is the same enrolment), or that it comes to by what changed.
 */
export const wake =
  (use: Handler) =>
  async ({ leadId, changed }: WakeMessage): Promise<void> => {
    const [lead, suppressions, running] = await Promise.all([
      use.leads.find(leadId),
      use.suppressions.ofLead(leadId),
      runningEnrolments(use, leadId),
    ]);
    const owner = lead ? leadId : await use.aliases.resolve(leadId);
    if (owner !== leadId) return leaveTo(use, leadId, owner, changed);
    await wakeTasks(use, leadId, lead);
    for (const enrolment of running) {
      const { brand } = await use.config.live();
      const artifact = await use.artifacts.get(enrolment.sequence, enrolment.version);
      const stop = stopForLead(lead, suppressions, artifact, brand, use.clock.now()) ?? enrolment.stop;
      if (stop) await tellStop(use, enrolment, stop);
    }
    if (!lead) return;
    await lookAtEntries(use, leadId, changed ?? ['stage', 'topics']);
    if (!lead.waiting) return;
    for (const artifact of await use.artifacts.current()) {
      const trigger = lead.waiting[artifact.sequence];
      if (trigger === undefined || !isConfirmed(lead, suppressions, artifact.topic)) continue;
      await use.enrolQueue.push({ leadId, sequence: artifact.sequence, trigger });
    }
  };

/** A machine may be waiting. Of an erased lead the task is cancelled already. */
const awaited: readonly TaskStatus[] = ['open', 'holding', 'recycled'];

/** Its handoffs look what the news means for them: sales is told, or they end. So do open ones of leads that went into it. */
const wakeTasks = async (use: Handler, leadId: string, lead: Lead | undefined): Promise<void> => {
  const own = await tasksOf(use, leadId, lead ? lead.handoffs + (lead.handoff ? 1 : 0) : mostForgotten);
  const former = lead ? await tasksOfFormer(use, lead) : [];
  const due = [
    ...own.filter(({ status }) => awaited.includes(status) || (!lead && status === 'cancelled')),
    ...former.filter(({ status }) => status === 'open'),
  ];
  for (const { taskId } of due) {
    const token = await use.salesTasks.wake(taskId);
    if (token !== undefined) await use.tokens.fail(token, 'Halt', 'the lead changed');
  }
};

/** The lead went into another: its tasks look whether sales has that one, its runs end, and what else the fact means is asked there. */
const leaveTo = async (use: Handler, leadId: string, owner: string, changed: WakeMessage['changed']): Promise<void> => {
  await wakeTasks(use, leadId, undefined);
  const stop = { reason: 'merged' as const, at: use.clock.now() };
  for (const enrolment of await runningEnrolments(use, leadId)) await tellStop(use, enrolment, stop);
  await wake(use)({ leadId: owner, ...(changed && { changed }) });
};

export const handler = onQueue(WakeMessage, wake);
