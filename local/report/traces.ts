import { endingOf } from '#core/explain/endings';
import type { SendRecord, SendState } from '#core/sending';
import type { Diagram } from '#core/sequences/diagram';
import type { Artifact } from '#core/sequences/model';
import { atRound, stepOf } from '#core/sequences/rounds';
import type { World } from '#local/world';
import { withFusedWaits } from './fused-waits.ts';
import type { LeadRows } from './lead-rows.ts';
import { tally } from './tally.ts';

/** The states that one execution entered; its name is `<enrolmentId>-<leg>`. */
export type Trace = { readonly machine: string; readonly name: string; readonly states: readonly string[] };

export const tracesOf = ({ runner }: World): readonly Trace[] =>
  runner.list().map((it) => ({ machine: it.machine, name: it.name, states: runner.history(it.executionArn).map((visit) => visit.state) }));

/** One run as steps, over all its legs. An e-mail is come to when the wait for its window begins. */
export type Path = {
  readonly steps: readonly string[];
  readonly ending: string;
  /** The arm taken at a branch or split. */
  readonly arms: { readonly [step: string]: string };
};

export const pathsOf = (
  { sequence, stepIds, repeats = {}, fused }: Pick<Artifact, 'sequence' | 'stepIds' | 'repeats' | 'fused'>,
  leads: readonly LeadRows[],
  traces: readonly Trace[],
): readonly Path[] => {
  const known = new Set(stepIds);
  /** All leads come by the same states. */
  const stepsBy = new Map<string, readonly string[]>();
  const stepsOf = (state: string): readonly string[] => {
    const steps = stepsBy.get(state) ?? stepsOfState(state, repeats).filter((it) => known.has(it));
    stepsBy.set(state, steps);
    return steps;
  };
  const visits = new Map<string, string[]>();
  const settled = new Set(
    leads.flatMap((it) => it.sends.filter(isSettled).map((send) => `${send.enrolmentId} ${atRound(send.step, send.round)}`)),
  );
  for (const trace of traces.filter((it) => it.machine === sequence)) {
    const enrolmentId = trace.name.slice(0, trace.name.lastIndexOf('-'));
    const states = withFusedWaits(trace.states, fused, (step) => settled.has(`${enrolmentId} ${step}`));
    const steps = visits.get(enrolmentId) ?? [];
    for (const state of states) steps.push(...stepsOf(state));
    visits.set(enrolmentId, steps);
  }
  return leads.flatMap(({ enrolments, decisions }) =>
    enrolments
      .filter((it) => it.sequence === sequence)
      .map((run) => {
        const taken = decisions.filter((it) => it.enrolmentId === run.enrolmentId && it.outcome.startsWith('arm:'));
        const steps = visits.get(run.enrolmentId) ?? [];
        return {
          steps: steps.filter((step, at) => step !== steps[at - 1]),
          ending: endingOf(run),
          arms: { ...run.arms, ...Object.fromEntries(taken.map((it) => [it.step, it.outcome.slice('arm:'.length)])) },
        };
      }),
  );
};

/** The machine was told what became of it. */
const isSettled = ({ state }: SendRecord): boolean => answered.includes(state);
const answered: readonly SendState[] = ['SENT', 'ASSUMED_SENT', 'UNKNOWN', 'FAILED', 'SKIPPED'];

/** `Hold x`, `Plan x`, `x (unplanned)` and `x@2` are the step x to people; a repeat, which has no state, is come to with its first step. */
export const stepsOfState = (state: string, repeats: NonNullable<Artifact['repeats']>): readonly string[] => {
  const name = state.replace(/^(Plan|Hold|First of) /, '').replace(/ \(.*\)$/, '');
  const step = stepOf(name);
  if (name !== step) return [step];
  const inside = Object.entries(repeats).flatMap(([repeat, first]) => (first === step ? [repeat] : []));
  return [...inside.flatMap((repeat) => stepsOfState(repeat, repeats)), step];
};

/** A way between two steps of the diagram; `share`: of all who left the step it begins at by any way. */
export type WayFigures = {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly count: number;
  readonly share: number;
};

/** How many took each edge. Of edges between the same two steps, the arm tells which. */
export const waysOf = ({ edges }: Diagram, paths: readonly Path[]): readonly WayFigures[] => {
  const taken = tally(
    paths.flatMap(({ steps, ending, arms }) => {
      const way = ['(start)', ...steps, ...(ending === 'completed' ? ['(end)'] : [])];
      return way.slice(1).flatMap((to, at) => {
        const from = way[at] ?? '';
        const between = edges.filter((it) => it.from === from && it.to === to);
        const edge = between.find((it) => it.label === arms[from] || it.label.startsWith(`${arms[from]} `)) ?? between[0];
        return edge ? [keyOf(edge)] : [];
      });
    }),
  );
  return edges.map((edge) => {
    const count = taken[keyOf(edge)] ?? 0;
    const all = edges.filter((it) => it.from === edge.from).reduce((sum, it) => sum + (taken[keyOf(it)] ?? 0), 0);
    return { ...edge, count, share: all === 0 ? 0 : Math.round((count / all) * 1000) / 1000 };
  });
};

const keyOf = ({ from, to, label }: Diagram['edges'][number]) => `${from} ${to} ${label}`;
