import { permanentError, retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import { planWaits, toMachineWaits } from '#core/plan-waits';
import type { MachineAnswer } from '#core/sending';
import { onInvoke } from '#lambdas/runtime';
import { loadStep } from './load-step.ts';

/** Moves the lead to the stage that a step names; the move is on record, under the step's own id, before the profile says it. */
export const updateLead =
  (use: Use<'update-lead'>) =>
  async (event: unknown): Promise<MachineAnswer> => {
    const { input, now, lead, artifact, live } = await loadStep(use, event);
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
    const due = planWaits(artifact.plans[step] ?? [], { lead, brand: live.brand, now });
    return { outcome: 'planned', waits: toMachineWaits(due, now) };
  };

export const handler = onInvoke(updateLead);
