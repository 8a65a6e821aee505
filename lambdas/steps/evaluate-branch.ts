import type { Condition } from '#core/condition';
import { standingOf } from '#core/decision-inputs';
import { permanentError } from '#core/errors';
import { evaluate, type Facts } from '#core/evaluate-condition';
import { explain, ruleOf, shortened } from '#core/explain-condition';
import type { Use } from '#core/handlers';
import type { Decision } from '#core/ports';
import type { MachineAnswer } from '#core/sending';
import { firstSeen } from '#core/sequences/first-seen';
import { pastArm } from '#core/sequences/model';
import { isGuardId, stepOf } from '#core/sequences/rounds';
import { loadFacts } from '#lambdas/facts';
import { onInvoke } from '#lambdas/runtime';
import { type LoadedStep, loadStep } from './load-step.ts';
import { decisionAt } from './only-if.ts';
import { planAhead } from './plan-ahead.ts';

type Handler = Use<'evaluate-branch'>;
/** `because`: goes on record. */
type Answered = { readonly arm: string; readonly plans: string; readonly because?: Pick<Decision, 'rule' | 'inputs'> };

/** Which way a lead goes, by what is known of it now: at a branch, at a step with `only-if`, or after a wait for the first of several things. */
export const evaluateBranch =
  (use: Handler) =>
  async (event: unknown): Promise<MachineAnswer> => {
    const loaded = await loadStep(use, event);
    const { input, artifact } = loaded;
    const answering = answersTo[input.ask ?? 'branch'];
    if (!answering) throw permanentError(`${input.ask} is nothing that ${input.step} can be asked`);
    const { arm, plans, because } = await answering(use, loaded);
    if (because) await use.decisions.record(decisionOn(loaded, arm, because));
    return { outcome: 'branched', arm, waits: await planAhead(use, loaded, artifact.plans[plans] ?? []) };
  };

const decisionOn = (loaded: LoadedStep, arm: string, because: NonNullable<Answered['because']>): Decision => {
  const isPast = arm === pastArm || loaded.input.ask === 'only-if';
  return { ...decisionAt(loaded), ...(isPast ? { outcome: 'skipped', reason: 'only-if-false' } : { outcome: `arm:${arm}` }), ...because };
};

type Answering = (use: Handler, loaded: LoadedStep) => Promise<Answered>;

/** The first arm whose condition holds; the last arm has none. */
const branch: Answering = async (use, loaded) => {
  const { input, artifact } = loaded;
  const onlyIf = isGuardId(input.step) ? undefined : artifact.conditions?.[stepOf(input.step)];
  const arms = artifact.branches[input.step] ?? [];
  const conditions = [onlyIf, ...arms.map((it) => it.if)];
  const facts = await factsFor(use, loaded, conditions);
  const isPast = onlyIf !== undefined && !evaluate(onlyIf, facts);
  const arm = isPast ? pastArm : arms.find((it) => !it.if || evaluate(it.if, facts))?.name;
  if (arm === undefined) throw permanentError(`no branch ${input.step} in ${input.sequence} ${input.version}`);
  const tried = arms.slice(0, arms.findIndex((it) => it.name === arm) + 1);
  const rule = isPast ? ruleOf(onlyIf, facts) : ruleOfArms(tried, facts);
  return { arm, plans: `${input.step}/${arm}`, because: { rule, inputs: standingOf(conditions, facts) } };
};

/** That it does not hold goes on record; that it does shows in what the step then does. */
const onlyIf: Answering = async (use, loaded) => {
  const { input, artifact } = loaded;
  const condition = artifact.conditions?.[stepOf(input.step)];
  if (!condition) throw permanentError(`no condition of ${input.step} in ${input.sequence} ${input.version}`);
  const facts = await factsFor(use, loaded, [condition]);
  if (evaluate(condition, facts)) return { arm: 'yes', plans: `If ${input.step}/yes` };
  const because = { rule: ruleOf(condition, facts), inputs: standingOf([condition], facts) };
  return { arm: 'no', plans: `If ${input.step}/no`, because };
};

/** With `since: here` the row may know of earlier times; then what woke the machine counts. */
const first: Answering = async (_use, { input, artifact, enrolment }) => {
  const asked = artifact.firsts?.[stepOf(input.step)];
  const arm = input.woken ? asked?.arms.find((it) => input.woken?.includes(it.awaits)) : firstSeen(asked?.arms ?? [], enrolment.seen);
  if (!arm) throw permanentError(`nothing that ${input.step} waits for has happened`);
  return { arm: arm.name, plans: `First of ${input.step}/${arm.name}`, because: { rule: arm.awaits.replace(':', ' ') } };
};

const answersTo: { readonly [asked: string]: Answering | undefined } = { branch, 'only-if': onlyIf, first };

const factsFor = (use: Handler, { lead, enrolment, live, now }: LoadedStep, conditions: readonly (Condition | undefined)[]) =>
  loadFacts(use, { lead, seen: enrolment.seen, answers: enrolment.answers, live, now }, conditions);

/** Of the arms that were tried, the one that was taken last. */
const ruleOfArms = (tried: readonly { readonly name: string; readonly if?: Condition }[], facts: Facts): string =>
  shortened(tried.flatMap((it) => (it.if ? [`${it.name}: ${explain(it.if, facts)}`] : [])).join('; '));

export const handler = onInvoke(evaluateBranch);
