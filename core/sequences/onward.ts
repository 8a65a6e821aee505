import type { Onward, Step, WaitLength } from './model.ts';
import { armsOf, everyPlace, type LegStarts, type Place, placeOf } from './plan.ts';

/** Where a lead goes once a wait is over, by step: for a leg that begins where another one was parked. */
export const onwardOf = (steps: readonly Step[], legStarts: LegStarts): { readonly [step: string]: Onward } =>
  Object.fromEntries(
    everyPlace(steps, undefined, legStarts).flatMap((place): [string, Onward][] => {
      const { step, next } = place;
      // A wait until a day is planned anew, by the day.
      if (step.kind === 'wait') return 'until' in step.length ? [] : [[step.id, idOf('next', next)]];
      if (step.kind === 'wait-for')
        return [[step.id, { ...idOf('happened', placeOf(step.happened, next)), ...idOf('timedOut', placeOf(step.timedOut, next)) }]];
      return [];
    }),
  );

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
    if (step.kind === 'exit') return Number.POSITIVE_INFINITY;
    if (step.kind === 'wait') return leastOf(step.length) + from(next);
    if (step.kind === 'wait-for')
      return Math.min(from(placeOf(step.happened, next)), step.atMostSeconds + from(placeOf(step.timedOut, next)));
    const arms = armsOf(step).map((arm) => from(placeOf(arm, next)));
    return arms.length > 0 ? Math.min(...arms) : from(next);
  };
  // From the end, so that no chain is walked twice and none is deep.
  for (const place of everyPlace(steps).toReversed()) from(place);
  return Object.fromEntries([...known].filter(([, seconds]) => Number.isFinite(seconds)));
};

const leastOf = (length: WaitLength): number => {
  if ('until' in length) return 0;
  return 'seconds' in length ? length.seconds : (length.businessDays - 1) * 86_400;
};
