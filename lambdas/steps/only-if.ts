import { standingOf } from '#core/decision-inputs';
import { evaluate } from '#core/evaluate-condition';
import { ruleOf } from '#core/explain-condition';
import type { Decision, Ports } from '#core/ports';
import { roundOf, stepOf } from '#core/sequences/rounds';
import { loadFacts } from '#lambdas/facts';
import type { LoadedStep } from './load-step.ts';

type Asking = { readonly histories: Pick<Ports['histories'], 'ofLead'>; readonly decisions: Pick<Ports['decisions'], 'record'> };

/** What every decision of a step says. */
export const decisionAt = ({ input, now, live }: LoadedStep): Omit<Decision, 'outcome'> => {
  const { leadId, enrolmentId, step, leg } = input;
  return { leadId, enrolmentId, step: stepOf(step), round: roundOf(step), attempt: leg, at: now, configHash: live.hash };
};

/** Whether the lead goes past this step, because its `only-if` does not hold; that is on record then. */
export const goesPast = async (use: Asking, loaded: LoadedStep): Promise<boolean> => {
  const { input, artifact, lead, enrolment, live, now } = loaded;
  const condition = artifact.conditions?.[stepOf(input.step)];
  if (!condition) return false;
  const facts = await loadFacts(use, { lead, seen: enrolment.seen, answers: enrolment.answers, live, now }, [condition]);
  if (evaluate(condition, facts)) return false;
  await use.decisions.record({
    ...decisionAt(loaded),
    outcome: 'skipped',
    reason: 'only-if-false',
    rule: ruleOf(condition, facts),
    inputs: standingOf([condition], facts),
  });
  return true;
};
