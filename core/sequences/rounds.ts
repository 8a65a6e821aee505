import type { BranchStep, RepeatStep, Step } from './model.ts';
import { mapArms } from './plan.ts';

/**
 * A machine has no counter: what repeats is written out, round after round. A step of the first round keeps its name, later ones are
 * `<step>@<round>`, counted through where repeats are nested; marketers cannot write `@` or `~`.
 */
export const atRound = (step: string, round: number): string => (round === 1 ? step : `${step}@${round}`);
export const roundOf = (id: string): number => Number(/@(\d+)/.exec(id)?.[1] ?? 1);
/** The step as the marketer named it: of any round, of either half of a long wait, of the question whether a repeat goes on. */
export const stepOf = (id: string): string => id.replace(/(@\d+)?(~\w+)?$/, '');
/** Each step once, as the marketer wrote them. */
export const ownSteps = (ids: readonly string[]): readonly string[] => ids.filter((it) => stepOf(it) === it);
/** For people: `reminder`, or `reminder (round 2)`. */
export const stepInWords = (id: string): string => (roundOf(id) === 1 ? stepOf(id) : `${stepOf(id)} (round ${roundOf(id)})`);

/** The question whether a repeat goes on. */
export const isGuardId = (id: string): boolean => id.endsWith(guardMark);
export const isGuard = (step: Step): step is BranchStep => step.kind === 'branch' && isGuardId(step.id);
const guardMark = '~until';

export const inRounds = (steps: readonly Step[], round = 1): readonly Step[] =>
  steps.map((step) =>
    step.kind === 'repeat'
      ? writtenOut(step, round)
      : named(
          mapArms(step, (arm) => inRounds(arm, round)),
          round,
        ),
  );

const writtenOut = (step: RepeatStep, round: number): RepeatStep => {
  const { until: _asked, ...rest } = step;
  return named({ ...rest, times: 1, steps: roundsFrom(step, (round - 1) * step.times + 1, step.times) }, round);
};

const roundsFrom = (step: RepeatStep, round: number, left: number): readonly Step[] => {
  const now = inRounds(step.steps, round);
  if (left === 1) return now;
  const later = roundsFrom(step, round + 1, left - 1);
  return step.until ? [...now, guardOf(step, round + 1, later)] : [...now, ...later];
};

const guardOf = ({ id, until }: RepeatStep, round: number, later: readonly Step[]): BranchStep => ({
  kind: 'branch',
  id: `${atRound(id, round)}${guardMark}`,
  arms: [
    { name: 'enough', ...(until && { if: until }), steps: [] },
    { name: 'again', steps: later },
  ],
});

/** Of a later round nothing was renamed: its leads are told by the first one's name. */
const named = <S extends Step>(step: S, round: number): S => {
  if (round === 1) return step;
  const { was: _was, ...rest } = step;
  return { ...(rest as S), id: atRound(step.id, round) };
};
