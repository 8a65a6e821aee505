import type { Sequence } from '#core/sequences/model';
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

/** The arms of a wait for one thing are told by the steps inside them. */
export const coverageOf = (sequence: Sequence, reached: readonly Reached[]): Coverage => {
  const steps = new Set(reached.flatMap((it) => it.steps));
  const arms = new Set(reached.flatMap((it) => Object.entries(it.arms).map(([step, arm]) => `${step}/${arm}`)));
  const every = everyStep(sequence.steps);
  const wanted = every.flatMap((step) => [
    { name: step.id, isArm: false, isReached: steps.has(step.id) },
    ...(step.kind === 'branch' || step.kind === 'split' || (step.kind === 'wait-for' && step.arms.length > 1)
      ? step.arms.map(({ name }) => ({
          name: `${step.id}/${name}`,
          isArm: true,
          isReached: steps.has(step.id) && arms.has(`${step.id}/${name}`),
        }))
      : []),
  ]);
  const count = (isArm: boolean, only: (it: (typeof wanted)[number]) => boolean) =>
    wanted.filter((it) => it.isArm === isArm && only(it)).length;
  return {
    sequence: sequence.id,
    steps: count(false, () => true),
    reachedSteps: count(false, (it) => it.isReached),
    arms: count(true, () => true),
    reachedArms: count(true, (it) => it.isReached),
    missing: wanted.filter((it) => !it.isReached).map((it) => it.name),
  };
};
