import type { Condition } from './condition.ts';
import type { Scoring } from './config.ts';
import type { Sequence, Step } from './sequences/model.ts';
import { everyStep } from './sequences/plan.ts';

/** Names of lists that a condition goes by. */
export const listsIn = (condition: Condition): readonly string[] => {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(listsIn);
    case 'not':
      return listsIn(condition.of);
    case 'field':
    case 'answer':
      return 'inList' in condition.test ? [condition.test.inList] : 'notInList' in condition.test ? [condition.test.notInList] : [];
    case 'fit':
    case 'engagement':
    case 'stage':
    case 'grade':
    case 'topic':
    case 'event':
      return [];
  }
};

/** Every list that rules and sequences go by. */
export const listsUsed = (scoring: Scoring, sequences: readonly Sequence[]): readonly string[] => {
  const stages = scoring.stages.flatMap((it) => ('when' in it ? [it.when] : []));
  const rules = [...scoring.fit, ...scoring.disqualify].map((it) => it.if);
  const conditions = [...rules, ...stages, scoring.qualified.if, ...sequences.flatMap(conditionsOf)];
  return [...new Set(conditions.flatMap(listsIn))];
};

/** Every condition of a sequence. */
export const conditionsOf = ({ enter, steps }: Sequence): readonly Condition[] => [
  ...(enter.if ? [enter.if] : []),
  ...everyStep(steps).flatMap(conditionsOfStep),
];

export const conditionsOfStep = (step: Step): readonly Condition[] => [
  ...(step.onlyIf ? [step.onlyIf] : []),
  ...(step.kind === 'branch' ? step.arms.flatMap((arm) => (arm.if ? [arm.if] : [])) : []),
  ...(step.kind === 'repeat' && step.until ? [step.until] : []),
];
