import type { Onward, Step, WaitForStep, WaitLength } from './model.ts';
import { armsOf, everyPlace, type Place, placeOf } from './plan.ts';

/** Where a lead goes once a wait is over, by step: for a leg that begins where another one was parked. */
export const onwardOf = (steps: readonly Step[]): { readonly [step: string]: Onward } =>
  Object.fromEntries(
    everyPlace(steps).flatMap((place): [string, Onward][] => {
      const { step, next } = place;
      // A wait until a day is planned anew, by the day.
      if (step.kind === 'wait') return 'until' in step.length ? [] : [[step.id, idOf('next', next)]];
      if (step.kind === 'wait-for') return [[step.id, { ...happenedOf(step, next), ...idOf('timedOut', placeOf(step.timedOut, next)) }]];
      return [];
    }),
  );

/** Of several things the step itself is asked which came first. */
const happenedOf = ({ arms: [first, ...others] }: WaitForStep, next: Place | undefined): Onward =>
  first && others.length === 0 ? idOf('happened', placeOf(first.steps, next)) : {};

const idOf = <K extends keyof Onward>(as: K, place: Place | undefined): Onward => (place ? { [as]: place.step.id } : {});

/**
 * Seconds from the beginning of a step until an e-mail may go at the earliest, whatever the lead does; absent: no e-mail comes
 * any more. Windows are not looked at, so it is never too late.
 */
export const soonestMailOf = (steps: readonly Step[]): { readonly [step: string]: number } => {
  const known = new Map<string, number>();
  const from = (place: Place | undefined): number => {
    if (!place) return Number.POSITIVE_INFINITY;
    const found = known.get(place.step.id) ?? fromStep(place);
    known.set(place.step.id, found);
    return found;
  };
  const fromStep = ({ step, next }: Place): number => {
    if (step.kind === 'email') return 0;
    const past = step.onlyIf ? from(next) : Number.POSITIVE_INFINITY;
    if (step.kind === 'exit') return past;
    if (step.kind === 'wait') return Math.min(past, leastOf(step.length) + from(next));
    if (step.kind === 'wait-for') {
      const happened = step.arms.map((arm) => from(placeOf(arm.steps, next)));
      return Math.min(past, ...happened, step.atMostSeconds + from(placeOf(step.timedOut, next)));
    }
    const arms = armsOf(step).map((arm) => from(placeOf(arm, next)));
    return arms.length > 0 ? Math.min(past, ...arms) : from(next);
  };
  // From the end, so that no chain is walked twice and none is deep.
  for (const place of everyPlace(steps).toReversed()) from(place);
  return Object.fromEntries([...known].filter(([, seconds]) => Number.isFinite(seconds)));
};

const leastOf = (length: WaitLength): number => {
  if ('until' in length) return 0;
  return 'seconds' in length ? length.seconds : (length.businessDays - 1) * 86_400;
};
