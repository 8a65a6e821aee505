import type { YamlPath } from '#core/problems';
import type { Step } from './model.ts';

/** `list`: the names of the steps and arms that it stands in, e.g. `/first-project/happened`; '' is the sequence's own list. */
export type Located = { readonly step: Step; readonly path: YamlPath; readonly list: string };

/** Every step with its place in the YAML file, in the order of the file. */
export const located = (steps: readonly Step[], path: YamlPath = ['steps'], list = ''): readonly Located[] =>
  steps.flatMap((step, index) => {
    const at = [...path, index, step.id];
    return [
      { step, path: at, list },
      ...listsOf(step).flatMap((it) => located(it.steps, [...at, ...it.path], `${list}/${step.id}/${it.name}`)),
    ];
  });

export type StepList = { readonly name: string; readonly path: YamlPath; readonly steps: readonly Step[] };

/** The lists of steps inside a step, as the file names them. */
export const listsOf = (step: Step): readonly StepList[] => {
  switch (step.kind) {
    case 'wait-for':
      return [
        ...step.arms.map((arm) => ({
          name: arm.name,
          path: isForOne(step) ? ['happened'] : ['wait-for', 'first-of', arm.name, 'steps'],
          steps: arm.steps,
        })),
        { name: 'timed-out', path: ['timed-out'], steps: step.timedOut },
      ];
    case 'branch':
    case 'split':
      return step.arms.map((arm) => ({ name: arm.name, path: [step.kind, arm.name, 'steps'], steps: arm.steps }));
    case 'repeat':
      return [{ name: 'steps', path: ['repeat', 'steps'], steps: step.steps }];
    case 'email':
    case 'wait':
    case 'update':
    case 'notify':
    case 'enrol-in':
    case 'webhook':
    case 'exit':
      return [];
  }
};

const isForOne = ({ arms }: Extract<Step, { kind: 'wait-for' }>): boolean => arms.length === 1 && arms[0]?.name === 'happened';
