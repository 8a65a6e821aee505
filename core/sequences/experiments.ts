import { fractionOf } from '#core/hash';
import { canonicalJson } from './canonical-json.ts';
import { listsOf } from './located.ts';
import type { Experiment, Sequence, SplitArm, SplitStep, Step } from './model.ts';
import { everyStep } from './plan.ts';
import { roundOf, stepOf } from './rounds.ts';

/** Every split that has a rule for its winner. */
export const experimentsOf = (sequence: Sequence): { readonly [split: string]: Experiment } =>
  Object.fromEntries(
    splitsIn(sequence.steps, {}).flatMap(({ step, under }) => {
      const { winner } = step;
      if (!winner || roundOf(step.id) > 1) return [];
      const given = { rule: winner, under, mails: mailsOf(step), events: winner.by === 'goal' ? goalsOf(sequence) : [] };
      return [[step.id, { design: designOf(step, given), ...given }]];
    }),
  );

export const goalsOf = ({ exits }: Pick<Sequence, 'exits'>): readonly string[] =>
  exits.filter((it) => it.as === 'goal').map((it) => it.event);

/** E-mail steps whose clicks or replies count. */
export const mailsOf = ({ winner, arms }: SplitStep): readonly string[] => {
  if (!winner || winner.by === 'goal') return [];
  return (
    winner.mails ??
    namesIn(
      arms.flatMap((it) => it.steps),
      ({ kind }) => kind === 'email',
    )
  );
};

/**
 * What is compared: arms by name, share and steps, and what counts as success. A text that is corrected, a wait that is longer or a
 * rule that asks for more leads are not among it: the experiment goes on.
 */
const designOf = ({ arms }: SplitStep, { rule, under, mails, events }: Omit<Experiment, 'design'>): string => {
  const compared = arms.map(({ name, share, holdout, steps }: SplitArm) => ({ name, share, holdout, steps: namesIn(steps) }));
  const { by, withinSeconds } = rule;
  const design = { compared, by, withinSeconds, under, mails: [...mails].sort(), events: [...events].sort() };
  return Math.floor(fractionOf(canonicalJson(design)) * 36 ** 8)
    .toString(36)
    .padStart(8, '0');
};

/** As the marketer named them, each once, whatever rounds or legs they were written out into. */
const namesIn = (steps: readonly Step[], is: (step: Step) => boolean = () => true): readonly string[] => [
  ...new Set(
    everyStep(steps)
      .filter(is)
      .map((it) => stepOf(it.id)),
  ),
];

type Found = { readonly step: SplitStep; readonly under: { readonly [split: string]: string } };

const splitsIn = (steps: readonly Step[], under: Found['under']): readonly Found[] =>
  steps.flatMap((step) => [
    ...(step.kind === 'split' ? [{ step, under }] : []),
    ...listsOf(step).flatMap((it) => splitsIn(it.steps, step.kind === 'split' ? { ...under, [stepOf(step.id)]: it.name } : under)),
  ]);
