import type { Artifact } from '#core/sequences/model';
import type { StepChange } from './sequence-changes.ts';

export const startsAnew = 'its experiment starts anew: it counts from nothing, and new leads are split again even if an arm had won';

/** The changes, with the word that what a split compares is not what it was (docs/experiments.md). */
export const withExperiments = (changes: readonly StepChange[], before: Artifact, after: Artifact): readonly StepChange[] => {
  const anew = anewOf(before, after);
  const told = changes.map((it) => (isToldWith(it, anew) ? { ...it, lines: [...it.lines, startsAnew] } : it));
  const rest = anew.filter((split) => !changes.some((it) => isToldWith(it, [split])));
  return [...told, ...rest.map((step) => ({ step, do: 'changed' as const, lines: [startsAnew] }))];
};

const isToldWith = (change: StepChange, anew: readonly string[]): boolean => change.do === 'changed' && anew.includes(change.step);

/** Splits that had an experiment, under this name or the one before, and compare something else now. */
const anewOf = (before: Artifact, after: Artifact): readonly string[] =>
  Object.entries(after.experiments ?? {}).flatMap(([split, { design }]) => {
    const was = after.outline?.find((it) => it.id === split)?.was;
    const renamed = was !== undefined && before.experiments?.[was] !== undefined && before.experiments[split] === undefined;
    const former = before.experiments?.[split];
    return renamed || (former && former.design !== design) ? [split] : [];
  });
