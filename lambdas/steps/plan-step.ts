import { halt, permanentError } from '#core/errors';
import { addSeconds, type Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { effectiveStop, stopForLead } from '#core/lead-stops';
import { StepInput } from '#core/messages';
import { planWaits, toMachineWaits } from '#core/plan-waits';
import type { Ports } from '#core/ports';
import type { MachineAnswer } from '#core/sending';
import { onInvoke } from '#lambdas/runtime';

type Use = Pick<Ports, 'leads' | 'enrolments' | 'suppressions' | 'artifacts' | 'config' | 'clock'>;

/** Plans the wait that comes next, for a lead whose last answer does not cover it (first step, after a wait-for, after Defer). */
export const planStep =
  (use: Use) =>
  async (event: unknown): Promise<MachineAnswer> => {
    const input = StepInput.parse(event);
    const now = use.clock.now();
    const [lead, enrolment, suppressions, artifact, live] = await Promise.all([
      use.leads.find(input.leadId),
      use.enrolments.find(input),
      use.suppressions.ofLead(input.leadId),
      use.artifacts.get(input.sequence, input.version),
      use.config.live(),
    ]);
    if (!lead || !enrolment || enrolment.leg !== input.leg) throw halt('the row is gone or on another leg');
    const stop = effectiveStop(enrolment, stopForLead(lead, suppressions, artifact.topic, now));
    if (stop) {
      await use.enrolments.stop(enrolment, stop);
      throw halt(stop.reason);
    }
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
