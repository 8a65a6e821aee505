import { permanentError } from '#core/errors';
import type { Use } from '#core/handlers';
import { nurtureStages } from '#core/lead';
import { HandoffStepInput } from '#core/messages';
import { findPresentLead } from '#lambdas/aliases';
import { recycleLead } from '#lambdas/recycle-lead';
import { onInvoke } from '#lambdas/runtime';

/**
 * The day has come that sales gave a lead back until: it goes on in the sequence that sales.yaml names, at the step named there.
 * Nothing for a lead that is gone, has bought, or is with sales again; whether it may be mailed is asked as it enters.
 */
export const returnLead = (use: Use<'return-lead'>) => async (event: unknown) => {
  const { taskId, leadId } = HandoffStepInput.parse(event);
  const [task, lead, live] = await Promise.all([use.salesTasks.find(taskId), findPresentLead(use, leadId), use.config.live()]);
  const { into, at = '' } = live.sales.answers.recycle;
  if (task?.status !== 'recycled' || into === undefined) return { returned: false, reason: 'nothing-to-do' } as const;
  if (!lead) return { returned: false, reason: 'lead-gone' } as const;
  if (!nurtureStages.includes(lead.stage) || lead.handoff) return { returned: false, reason: 'elsewhere-by-now' } as const;
  try {
    await recycleLead(use)({ leadId: lead.leadId, sequence: into, step: at, recycleId: `recycle:${taskId}` });
  } catch (error) {
    const current = await use.artifacts.current();
    if (current.some((it) => it.sequence === into && (at === '' || it.stepIds.includes(at)))) throw error;
    throw permanentError(`sales.yaml, answers.recycle: ${into}${at === '' ? '' : ` at ${at}`} is not deployed`, error);
  }
  use.log.info('lead returned', { taskId, leadId: lead.leadId, sequence: into });
  return { returned: true } as const;
};

export const handler = onInvoke(returnLead);
