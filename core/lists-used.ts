import { type Condition, leavesOf } from './condition.ts';
import type { Scoring } from './config.ts';
import { entryConditionsOf } from './sequences/enter.ts';
import type { Sequence, Step } from './sequences/model.ts';
import { everyStep } from './sequences/plan.ts';

/** Names of lists that a condition goes by. */
export const listsIn = (condition: Condition): readonly string[] =>
  leavesOf(condition).flatMap((it) => {
    if (it.kind !== 'field' && it.kind !== 'answer') return [];
    return 'inList' in it.test ? [it.test.inList] : 'notInList' in it.test ? [it.test.notInList] : [];
  });

/** Every list that rules and sequences go by. */
export const listsUsed = (scoring: Scoring, sequences: readonly Sequence[]): readonly string[] => {
  const stages = scoring.stages.flatMap((it) => ('when' in it ? [it.when] : []));
  const rules = [...scoring.fit, ...scoring.disqualify].map((it) => it.if);
  const conditions = [...rules, ...stages, scoring.qualified.if, ...sequences.flatMap(conditionsOf)];
  return [...new Set(conditions.flatMap(listsIn))];
};

/** Every condition of a sequence. */
const conditionsOf = ({ enter, steps }: Sequence): readonly Condition[] => [
  ...entryConditionsOf(enter).map((it) => it.condition),
  ...everyStep(steps).flatMap(conditionsOfStep),
];

export const conditionsOfStep = (step: Step): readonly Condition[] => [
  ...(step.onlyIf ? [step.onlyIf] : []),
  ...(step.kind === 'branch' ? step.arms.flatMap((arm) => (arm.if ? [arm.if] : [])) : []),
  ...(step.kind === 'repeat' && step.until ? [step.until] : []),
];
