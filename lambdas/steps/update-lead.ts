import { permanentError, retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import type { MachineAnswer } from '#core/sending';
import { onInvoke } from '#lambdas/runtime';
import { loadStep } from './load-step.ts';
import { planAhead } from './plan-ahead.ts';

/** Moves the lead to the stage that a step names; the move is on record, under the step's own id, before the profile says it. */
export const updateLead =
  (use: Use<'update-lead'>) =>
  async (event: unknown): Promise<MachineAnswer> => {
    const loaded = await loadStep(use, event);
    const { input, now, lead, artifact } = loaded;
    const { leadId, enrolmentId, sequence, step, leg } = input;
    const to = artifact.updates?.[step]?.stage;
    if (to === undefined) throw permanentError(`no update ${step} in ${sequence} ${input.version}`);
    const from = lead.stage;
    if (from !== to) {
      const because = `the step “${step}” of ${sequence}`;
      await use.stages.record(leadId, { id: `${enrolmentId}:${step}:${leg}`, at: now, from, to, by: 'sequence', because });
      if ((await use.leads.moveStage(leadId, from, to)) === 'refused')
        throw retryableError('the lead was moved by somebody else; look again');
      use.log.info('lead moved', { leadId, from, to });
    }
    return { outcome: 'planned', waits: await planAhead(use, loaded, artifact.plans[step] ?? []) };
  };

export const handler = onInvoke(updateLead);
