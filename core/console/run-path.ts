import type { Enrolment } from '#core/enrolment';
import { endingOf } from '#core/explain/endings';
import type { Decision, History } from '#core/ports';
import { listsOf } from '#core/sequences/located';
import type { Artifact, Step } from '#core/sequences/model';
import { stepOf } from '#core/sequences/rounds';
import { stepsOf } from './steps-of.ts';

export type Visit = {
  readonly from: string;
  readonly to: string;
  /** The arm that led there; '' where there is one way only. */
  readonly arm: string;
};
/** `visits`: ways in order, the first from `(start)`. `at`: the step it is at now; absent: it has ended. */
export type RunPath = { readonly visits: readonly Visit[]; readonly at?: string; readonly ending: string };

export type RunRows = { readonly run: Enrolment } & Pick<History, 'sends' | 'decisions'>;

/**
 * The way that a run took, from its own rows: which arms were taken is on the row or in its decisions, and of everything else there is
 * one way only. Where it is now is the step that it is parked at; of a run that was stopped, the last thing on record. What comes round
 * again counts once. Pure. undefined: the version has no outline.
 */
export const pathOf = ({ run, sends, decisions }: RunRows, artifact: Pick<Artifact, 'outline'>): RunPath | undefined => {
  const steps = stepsOf(artifact);
  if (!steps) return undefined;
  const ending = endingOf(run);
  const known: Known = { run, arms: armsOf(run, decisions), reached: reachedBy(run, sends, decisions) };
  const walked = walk(steps, known, { visits: [], last: '(start)', arm: '' });
  const isThrough = ending === 'completed' || (ending === 'exited' && walked.isOver !== true);
  const visits =
    isThrough && walked.isOver !== true ? [...walked.visits, { from: walked.last, to: '(end)', arm: walked.arm }] : walked.visits;
  const at = run.endedAt === undefined ? stepOf(run.step ?? '') || visits.at(-1)?.to : undefined;
  return { visits, ending, ...(at !== undefined && { at }) };
};

type Known = { readonly run: Enrolment; readonly arms: ReadonlyMap<string, string>; readonly reached: ReadonlySet<string> };
type Walked = { readonly visits: readonly Visit[]; readonly last: string; readonly arm: string; readonly isOver?: boolean };

/** A run that ended by itself went on to the end of what its arms led to; another one up to the last step that it is known to have been at. */
const walk = (steps: readonly Step[], known: Known, from: Walked): Walked => {
  let at = from;
  for (const step of steps) {
    if (at.isOver || !goesOnTo(step, steps, known)) return { ...at, isOver: true };
    at = through(step, known, { ...at, visits: [...at.visits, { from: at.last, to: step.id, arm: at.arm }], last: step.id, arm: '' });
  }
  return at;
};

const through = (step: Step, known: Known, at: Walked): Walked => {
  if (step.kind === 'exit') return { ...at, isOver: isExit(known, step.id) };
  const lists = listsOf(step);
  if (lists.length === 0) return at;
  if (step.kind === 'repeat') return walk(step.steps, known, at);
  const arm = armAt(step, known);
  const list = lists.find((it) => it.name === arm);
  if (!list) return isPast(step, known) ? { ...at, arm: 'else' } : { ...at, isOver: true };
  return walk(list.steps, known, { ...at, arm: arm ?? '' });
};

const isExit = ({ run }: Known, step: string): boolean =>
  run.endedAt === undefined || run.endedBy === undefined || stepOf(run.endedBy) === step;

/** Whether it came as far as this step: it, or anything after it, is on record, or the run went through to the end. */
const goesOnTo = (step: Step, steps: readonly Step[], { run, reached }: Known): boolean => {
  const ending = endingOf(run);
  if (ending === 'completed' || ending === 'exited') return true;
  return steps.slice(steps.indexOf(step)).some((it) => holds(it, reached));
};
const holds = (step: Step, reached: ReadonlySet<string>): boolean =>
  reached.has(step.id) || listsOf(step).some((it) => it.steps.some((one) => holds(one, reached)));

/** Of a wait the event that it saw; else what is on record inside an arm, and of those that ended, the time-out. */
const armAt = (step: Step, { run, arms, reached }: Known): string | undefined => {
  const taken = arms.get(step.id);
  if (taken !== undefined) return taken;
  const inside = listsOf(step).find((it) => it.steps.some((one) => holds(one, reached)));
  if (inside) return inside.name;
  if (step.kind !== 'wait-for' || stepOf(run.step ?? '') === step.id) return undefined;
  return step.arms.find((it) => run.seen[it.awaits] !== undefined)?.name ?? 'timed-out';
};

/** Went past a step whose condition did not hold. */
const isPast = (step: Step, { arms }: Known): boolean => step.onlyIf !== undefined && arms.get(step.id) === undefined;

const armsOf = ({ arms, enrolmentId }: Enrolment, decisions: readonly Decision[]): ReadonlyMap<string, string> =>
  new Map([
    ...Object.entries(arms).map(([split, arm]) => [split, arm] as const),
    ...decisions
      .filter((it) => it.enrolmentId === enrolmentId && it.outcome.startsWith('arm:'))
      .map((it) => [stepOf(it.step), it.outcome.slice('arm:'.length)] as const),
  ]);

const reachedBy = (run: Enrolment, sends: RunRows['sends'], decisions: readonly Decision[]): ReadonlySet<string> =>
  new Set(
    [
      run.step ?? '',
      run.endedBy ?? '',
      ...sends.filter((it) => it.enrolmentId === run.enrolmentId).map((it) => it.step),
      ...decisions.filter((it) => it.enrolmentId === run.enrolmentId).map((it) => it.step),
    ]
      .map(stepOf)
      .filter((it) => it !== ''),
  );
