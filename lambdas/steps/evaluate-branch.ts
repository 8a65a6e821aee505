import { halt, permanentError } from '#core/errors';
import { evaluate } from '#core/evaluate-condition';
import { effectiveStop, stopForLead } from '#core/lead-stops';
import { StepInput } from '#core/messages';
import { planWaits, toMachineWaits } from '#core/plan-waits';
import type { Ports } from '#core/ports';
import type { MachineAnswer } from '#core/sending';
import { loadFacts } from '#lambdas/facts';
import { onInvoke } from '#lambdas/runtime';

type Use = Pick<Ports, 'leads' | 'enrolments' | 'suppressions' | 'scores' | 'artifacts' | 'config' | 'decisions' | 'clock'>;

/** The first arm whose condition holds for the lead as it is now; the last arm has none. */
export const evaluateBranch =
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
    const facts = await loadFacts(use, lead, enrolment.seen, live, now);
    const arm = artifact.branches[input.step]?.find((it) => !it.if || evaluate(it.if, facts))?.name;
    if (arm === undefined) throw permanentError(`no branch ${input.step} in ${input.sequence} ${input.version}`);
    await use.decisions.record({
      leadId: input.leadId,
      enrolmentId: input.enrolmentId,
      step: input.step,
      round: 1,
      attempt: input.leg,
      at: now,
      outcome: `arm:${arm}`,
      configHash: live.hash,
    });
    const due = planWaits(artifact.plans[`${input.step}/${arm}`] ?? [], { lead, brand: live.brand, now });
    return { outcome: 'branched', arm, waits: toMachineWaits(due, now) };
  };

export const handler = onInvoke(evaluateBranch);
