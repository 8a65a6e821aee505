import { permanentError } from '#core/errors';
import { addSeconds, type Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { planWaits, toMachineWaits } from '#core/plan-waits';
import type { MachineAnswer } from '#core/sending';
import { onInvoke } from '#lambdas/runtime';
import { type LoadStep, loadStep } from './load-step.ts';

/** Plans the wait that comes next, for a lead whose last answer does not cover it (first step, after a wait-for, after Defer). */
export const planStep =
  (use: LoadStep) =>
  async (event: unknown): Promise<MachineAnswer> => {
    const { input, now, lead, artifact, live } = await loadStep(use, event);
    const waits = artifact.plans[`Plan ${input.step}`];
    if (!waits) throw permanentError(`nothing to plan for ${input.step} in ${input.sequence} ${input.version}`);
    const due = planWaits(waits, { lead, brand: live.brand, now: afterHold(lead, now) });
    return { outcome: 'planned', waits: toMachineWaits(due, now) };
  };

/** A confirmation that is late must not use up the e-mail's deferrals within seconds. */
const lateConfirmationSeconds = 15 * 60;

/** No e-mail goes while a handoff is being decided; planning for before its end would only defer again. */
const afterHold = (lead: Lead, now: Instant): Instant => {
  if (!lead.handoff) return now;
  return lead.handoff.until > now ? addSeconds(lead.handoff.until, 60) : addSeconds(now, lateConfirmationSeconds);
};

export const handler = onInvoke(planStep);
