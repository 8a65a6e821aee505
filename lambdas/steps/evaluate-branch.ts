import type { Condition } from '#core/condition';
import { standingOf } from '#core/decision-inputs';
import { permanentError } from '#core/errors';
import { evaluate, type Facts } from '#core/evaluate-condition';
import { explain, shortened } from '#core/explain-condition';
import type { Use } from '#core/handlers';
import type { MachineAnswer } from '#core/sending';
import { loadFacts } from '#lambdas/facts';
import { onInvoke } from '#lambdas/runtime';
import { loadStep } from './load-step.ts';
import { planAhead } from './plan-ahead.ts';

type Handler = Use<'evaluate-branch'>;

/** The first arm whose condition holds for the lead as it is now; the last arm has none. */
export const evaluateBranch =
  (use: Handler) =>
  async (event: unknown): Promise<MachineAnswer> => {
    const loaded = await loadStep(use, event);
    const { input, now, lead, enrolment, artifact, live } = loaded;
    const arms = artifact.branches[input.step] ?? [];
    const conditions = arms.map((it) => it.if);
    const facts = await loadFacts(use, { lead, seen: enrolment.seen, live, now }, conditions);
    const arm = arms.find((it) => !it.if || evaluate(it.if, facts))?.name;
    if (arm === undefined) throw permanentError(`no branch ${input.step} in ${input.sequence} ${input.version}`);
    await use.decisions.record({
      leadId: input.leadId,
      enrolmentId: input.enrolmentId,
      step: input.step,
      round: 1,
      attempt: input.leg,
      at: now,
      outcome: `arm:${arm}`,
      rule: ruleOfArms(arms.slice(0, arms.findIndex((it) => it.name === arm) + 1), facts),
      inputs: standingOf(conditions, facts),
      configHash: live.hash,
    });
    return { outcome: 'branched', arm, waits: await planAhead(use, loaded, artifact.plans[`${input.step}/${arm}`] ?? []) };
  };

/** Of the arms that were tried, the one that was taken last. */
const ruleOfArms = (tried: readonly { readonly name: string; readonly if?: Condition }[], facts: Facts): string =>
  shortened(tried.flatMap((it) => (it.if ? [`${it.name}: ${explain(it.if, facts)}`] : [])).join('; '));

export const handler = onInvoke(evaluateBranch);
