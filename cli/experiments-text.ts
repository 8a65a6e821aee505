import type { ArmView, ExperimentView } from '#core/experiments/view';
import { armInWords, experimentTitle } from '#core/experiments/words';
import { utcMinute } from '#core/instant';

/** Each experiment: its arms, what came of them, and where it stands. */
export const experimentsInWords = (views: readonly ExperimentView[]): readonly string[] => views.flatMap(experimentInWords);

export const experimentInWords = (view: ExperimentView): readonly string[] => {
  const { arms, after, arm, since, asOf, words } = view;
  const when = [
    ...(since === undefined ? [] : [`since ${since.slice(0, 10)}`]),
    ...(asOf === undefined ? [] : [`as of ${utcMinute(asOf)} UTC`]),
  ];
  return [
    `  ${[experimentTitle(view), ...when].join('; ')}`,
    ...armLines(arms),
    ...(after ? [`    since ${arm ?? 'it'} won:`, ...armLines(after)] : []),
    `    ${words}`,
  ];
};

const armLines = (arms: readonly ArmView[]): readonly string[] => {
  const width = Math.max(...arms.map((it) => it.arm.length));
  return arms.map((it) => `    ${it.arm.padEnd(width)}  ${armInWords(it)}`);
};
