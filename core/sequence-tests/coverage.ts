import { listsOf } from '#core/sequences/located';
import type { Sequence, Step } from '#core/sequences/model';
import { everyStep } from '#core/sequences/plan';

/** What tests of a sequence came by: steps, and `<step>/<arm>`. */
export type Reached = { readonly steps: readonly string[]; readonly arms: { readonly [step: string]: string } };
export type Coverage = {
  readonly sequence: string;
  readonly steps: number;
  readonly reachedSteps: number;
  readonly arms: number;
  readonly reachedArms: number;
  /** Steps and arms that no test comes by, in the order of the file. */
  readonly missing: readonly string[];
};

export const coverageOf = (sequence: Sequence, reached: readonly Reached[]): Coverage => {
  const steps = new Set(reached.flatMap((it) => it.steps));
  const taken = new Set(reached.flatMap((it) => Object.entries(it.arms).map(([step, arm]) => `${step}/${arm}`)));
  const every = everyStep(sequence.steps);
  const arms = every.flatMap((step) => armsOf(step, { steps, taken }));
  const isReached = (step: Step) => steps.has(step.id);
  return {
    sequence: sequence.id,
    steps: every.length,
    reachedSteps: every.filter(isReached).length,
    arms: arms.length,
    reachedArms: arms.filter((it) => it.isReached).length,
    missing: every.flatMap((step) => [
      ...(isReached(step) ? [] : [step.id]),
      // Where the first step of an arm is missing, that says it.
      ...arms.filter((it) => it.step === step.id && !it.isReached && it.first === undefined).map((it) => it.name),
    ]),
  };
};

type Arm = { readonly step: string; readonly name: string; readonly first?: string; readonly isReached: boolean };
type Seen = { readonly steps: ReadonlySet<string>; readonly taken: ReadonlySet<string> };

/** Of a wait-for an arm without steps leaves nothing that tells whether it was taken, unless it is one of several. */
const armsOf = (step: Step, { steps, taken }: Seen): readonly Arm[] => {
  if (step.kind !== 'branch' && step.kind !== 'split' && step.kind !== 'wait-for') return [];
  return listsOf(step).flatMap(({ name, steps: [first] }): readonly Arm[] => {
    const isTold = step.kind !== 'wait-for' || (step.arms.length > 1 && step.arms.some((it) => it.name === name));
    if (!first && !isTold) return [];
    const arm = `${step.id}/${name}`;
    const isReached = steps.has(step.id) && (first ? steps.has(first.id) : taken.has(arm));
    return [{ step: step.id, name: arm, ...(first && { first: first.id }), isReached }];
  });
};
