import { type Diagram, diagramOf } from '#core/sequences/diagram';
import { listsOf } from '#core/sequences/located';
import type { Artifact, OutlinedStep, SendWindow, Sequence, Step } from '#core/sequences/model';
import { mapArms } from '#core/sequences/plan';

/**
 * The steps of a version as the marketer wrote them, made again from the outline in its artifact: what is deployed has no marketing
 * folder beside it. undefined: compiled before there was an outline.
 */
export const stepsOf = ({ outline }: Pick<Artifact, 'outline'>): readonly Step[] | undefined => {
  if (!outline) return undefined;
  const known = made.get(outline);
  if (known) return known;
  const lists = new Map<string, OutlinedStep[]>();
  for (const it of outline) lists.set(it.in, [...(lists.get(it.in) ?? []), it]);
  const steps = listAt(lists, '');
  made.set(outline, steps);
  return steps;
};
const made = new WeakMap<readonly OutlinedStep[], readonly Step[]>();

const listAt = (lists: ReadonlyMap<string, readonly OutlinedStep[]>, at: string): readonly Step[] =>
  (lists.get(at) ?? []).map(({ id, kind, was, content }) => {
    const bare = { id, kind, ...(was !== undefined && { was }), ...(JSON.parse(content) as object) } as unknown as Step;
    // Lists are asked for in the order in which they are filled.
    const inner = listsOf(bare).map(({ name }) => listAt(lists, `${at}/${id}/${name}`));
    let next = 0;
    return mapArms(bare, () => inner[next++] ?? []);
  });

/** undefined: nothing is known but the names of its steps. */
export const diagramOfVersion = (artifact: Pick<Artifact, 'outline' | 'sequence' | 'enter'>): Diagram | undefined => {
  const steps = stepsOf(artifact);
  return steps && diagramOf({ id: artifact.sequence, enter: artifact.enter, steps });
};

/**
 * The sequence as far as one must know it to say what comes next. A window that stood at its top is in the plans of its e-mails; each has
 * it as its own here.
 */
export const sequenceOf = (artifact: Artifact): Sequence | undefined => {
  const steps = stepsOf(artifact);
  if (!steps) return undefined;
  const { sequence: id, owner, topic, lawfulBasis, priority, group, whenCapped, enter, exits, ownExitsOnly, giveUpAfter, late } = artifact;
  const windows = new Map(Object.values(artifact.plans).flatMap((waits) => waits.map((it) => [it.state, it.window] as const)));
  return {
    ...{ id, owner, topic, lawfulBasis, priority, enter, exits, giveUpAfter },
    ...(group !== undefined && { group }),
    ...(whenCapped && { whenCapped }),
    ...(ownExitsOnly && { ownExitsOnly }),
    ...(late && { late }),
    steps: steps.map((it) => withWindow(it, windows)),
  };
};

const withWindow = (step: Step, windows: ReadonlyMap<string, SendWindow | undefined>): Step => {
  if (step.kind !== 'email') return mapArms(step, (arm) => arm.map((it) => withWindow(it, windows)));
  const window = step.atOnce ? undefined : (step.window ?? windows.get(`Hold ${step.id}`));
  return window ? { ...step, window } : step;
};
