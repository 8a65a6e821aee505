import { legSeconds } from './leg.ts';
import { longestWait } from './limits.ts';
import type { EmailStep, FusedWait, PlannedWait, Sequence, WaitStep } from './model.ts';
import { everyPlace, isGated, type Place, plannedWait, speaksNext } from './plan.ts';

/** A timer answers within a minute of its time: what is shorter than this is the machine's to wait, to the second. */
export const shortestFused = 900;
/** What the queue may be behind (its retention, and a day), and what caps may add to a wait before it is the machine's. */
const sparedSeconds = 22 * 86_400;

/** The wait that an e-mail's own state sits out: right behind it, of a length, for everybody, and not where the machine is cut. */
export const fusedWait = ({ next }: Place<EmailStep>): Place<WaitStep> | undefined =>
  next && isWait(next) && !next.step.startsLeg && !isGated(next.step) && isForTimers(next.step) ? next : undefined;

const isWait = (place: Place): place is Place<WaitStep> => place.step.kind === 'wait';
const isEmail = (place: Place): place is Place<EmailStep> => place.step.kind === 'email';
/** Of a length that a timer may end; a wait until a day is planned anew when it ends. */
export const isForTimers = ({ length }: WaitStep): boolean =>
  !('until' in length) && (!('seconds' in length) || length.seconds >= shortestFused);

/** Its end is planned with the e-mail's answer, also where its length is the same for everybody. */
export const timedWait = (place: Place<WaitStep>, sequence: Sequence): PlannedWait =>
  plannedWait(place, sequence) ?? { state: place.step.id, length: place.step.length };

export const fusedTimeOut = ({ step }: Place<WaitStep>, sequence: Sequence): number =>
  Math.min(longestWait(step, sequence) + sparedSeconds, legSeconds);

/** By e-mail, of every round. */
export const fusedOf = (sequence: Sequence): { readonly [step: string]: FusedWait } =>
  Object.fromEntries(
    everyPlace(sequence.steps)
      .filter(isEmail)
      .flatMap((place) => {
        const wait = fusedWait(place);
        if (!wait) return [];
        const speaks = speaksNext(wait.next, sequence) ? ({ speaks: true } as const) : {};
        return [[place.step.id, { wait: wait.step.id, ...speaks, timeOutSeconds: fusedTimeOut(wait, sequence) }] as const];
      }),
  );
