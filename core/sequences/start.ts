import type { Enrolment } from '#core/enrolment';
import type { Instant } from '#core/instant';
import { type Asl, catching, resources, type State, type Task } from './asl.ts';
import type { Artifact } from './model.ts';

export const entrance = 'Enter';

/**
 * A new lead begins at the first step, so a machine that begins with a handler of ours needs no state that looks where to begin:
 * a transition less for every lead. That handler looks, and sends a later leg to `Enter` (docs/decisions/0024).
 */
export const startAtFirstStep = (asl: Asl): Asl => {
  const { [entrance]: enter, ...others } = asl.States;
  const first = enter?.Type === 'Choice' ? enter.Default : entrance;
  const state = others[first];
  const asked = state && whereToBegin(state);
  if (enter?.Type !== 'Choice' || !asked) return asl;
  // Of a single step there is no other to begin at.
  if (enter.Choices.length === 1) return { ...asl, StartAt: first, States: others };
  return { ...asl, StartAt: first, States: { ...asl.States, [first]: asked } };
};

/** undefined: there is no handler of ours behind it that could answer. */
const whereToBegin = (state: State): Task | undefined => {
  if (state.Type !== 'Task') return undefined;
  const field = fieldOf(state);
  const asked = field === undefined ? undefined : (state.Parameters[field] as { readonly [name: string]: unknown } | undefined);
  if (field === undefined || !asked) return undefined;
  return {
    ...state,
    Parameters: { ...state.Parameters, [field]: { ...asked, 'startAt.$': '$.startAt' } },
    Catch: [catching(['Elsewhere'], entrance), ...state.Catch],
  };
};

const fieldOf = ({ Resource, Parameters }: Task): 'MessageBody' | 'Payload' | undefined => {
  if (Resource === resources.sendToQueue) return 'MessageBody';
  return (Resource === resources.invoke || Resource === resources.ask) && String(Parameters.FunctionName).includes('PlanStepArn')
    ? 'Payload'
    : undefined;
};

/**
 * Whether who asks for its first step is a leg that begins at another, or that first sits out what is left of an earlier wait. A step
 * that this version does not know is none.
 */
export const beginsElsewhere = (
  { startAt = '', step }: { readonly startAt?: string | undefined; readonly step: string },
  { stepIds, begins = [step] }: Pick<Artifact, 'stepIds' | 'begins'>,
  rest?: Enrolment['rest'],
  now: Instant = '',
): boolean => stepIds.includes(startAt) && (!begins.includes(startAt) || (rest !== undefined && rest.until > now));

/** The steps that are entered by the same state as the first; undefined: no other is. */
export const beginsOf = (enter: State | undefined): readonly string[] | undefined => {
  if (enter?.Type !== 'Choice') return undefined;
  const same = enter.Choices.filter((it) => it.Variable === '$.startAt' && it.Next === enter.Default);
  return same.length > 1 ? same.flatMap((it) => it.StringEquals ?? []) : undefined;
};
