import type { SequenceFigures } from '#local/report/figures';
import type { Version } from './plan.ts';

/** A step that nobody came to, or a way that nobody took (`to`, with the arm in `label`). */
export type NeverReached = { readonly sequence: string; readonly step: string; readonly to?: string; readonly label?: string };

/** Steps and arms of the sequences that anybody was in. A step behind such an arm is named once, by the arm. */
export const neverReached = ({ diagrams }: Version, sequences: readonly SequenceFigures[]): readonly NeverReached[] =>
  sequences.flatMap(({ sequence, steps, ways, enrolments }) => {
    if (enrolments === 0) return [{ sequence, step: '(start)' }];
    const edges = diagrams.find((it) => it.title === sequence)?.edges ?? [];
    const entered = new Set(['(start)', ...steps.filter((it) => it.entered > 0).map((it) => it.step)]);
    const taken = new Set(ways.filter((it) => it.count > 0).map((it) => `${it.from} ${it.to} ${it.label}`));
    const untaken = edges.filter((it) => entered.has(it.from) && !taken.has(`${it.from} ${it.to} ${it.label}`));
    const byArm = untaken.filter((it) => it.label !== '' || !entered.has(it.to));
    const named = new Set(byArm.map((it) => it.to));
    return [
      ...byArm.map((it) => ({ sequence, step: it.from, to: it.to, label: it.label })),
      ...steps.filter((it) => it.entered === 0 && !named.has(it.step)).map((it) => ({ sequence, step: it.step })),
    ];
  });
