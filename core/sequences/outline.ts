import { canonicalJson } from './canonical-json.ts';
import { located } from './located.ts';
import type { OutlinedStep, Step } from './model.ts';
import { mapArms } from './plan.ts';

/** Every step in the order of the file, with its place and its settings. */
export const outlineOf = (steps: readonly Step[]): readonly OutlinedStep[] =>
  located(steps).map(({ step, list }) => ({
    id: step.id,
    kind: step.kind,
    ...(step.was !== undefined && { was: step.was }),
    in: list,
    content: settingsOf(step),
  }));

/** The settings of a step as text: no name, no nested steps. */
export const settingsOf = (step: Step): string => {
  const { id: _id, was: _was, kind: _kind, ...settings } = mapArms(step, () => []);
  return canonicalJson(settings);
};
