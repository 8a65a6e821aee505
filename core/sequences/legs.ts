import type { Report } from '#core/problems';
import { legSeconds } from './leg.ts';
import { frameOfLeg, maxEvents, plus, slackSeconds, type WorstCase, worstOfStep } from './limits.ts';
import type { Sequence, Step } from './model.ts';

const day = 86_400;
/** A longer wait becomes two halves, so that the machine can be cut inside it; no wait is longer than a year. */
const longestPartSeconds = 190 * day;
/** Where it must be cut at all, a leg is kept well under a year: the rest is for pauses. */
const wantedLegSeconds = 200 * day;

/** A sequence as its machine runs it: `starts` are the steps of its own list before which a leg ends and the next begins. */
export type Legs = { readonly sequence: Sequence; readonly starts: ReadonlySet<string>; readonly worst: readonly WorstCase[] };

/**
 * An execution lasts a year at most and keeps 25,000 events. What fits stays whole; what does not is cut between steps of the
 * sequence's own list. Never inside a branch or an arm: one such step must fit by itself.
 */
export const inLegs = (sequence: Sequence): Legs => {
  const whole = sequence.steps.reduce((sum, step) => plus(sum, worstOfStep(step, sequence)), frameOfLeg);
  if (fits(whole)) return { sequence, starts: new Set(), worst: [whole] };
  const cut = { ...sequence, steps: sequence.steps.flatMap(partsOf) };
  const starts = new Set<string>();
  const worst: WorstCase[] = [];
  let leg = frameOfLeg;
  for (const [index, step] of cut.steps.entries()) {
    const one = worstOfStep(step, cut);
    const longer = plus(leg, one);
    if (index > 0 && (longer.seconds + slackSeconds > wantedLegSeconds || longer.events > maxEvents)) {
      worst.push(leg);
      starts.add(step.id);
      leg = plus(frameOfLeg, one);
    } else leg = longer;
  }
  return { sequence: cut, starts, worst: [...worst, leg] };
};

/** Of the slowest leg, with slack for queues that are behind. */
export const longestLegOf = (sequence: Sequence): number => Math.max(...inLegs(sequence).worst.map((it) => it.seconds)) + slackSeconds;

/** Ids of both parts of a wait that was parted; marketers cannot write `~`. */
export const secondPartOf = (id: string): string => `${id}~2`;
export const wholeStepOf = (id: string): string => id.replace(/~2$/, '');

const fits = ({ seconds, events }: WorstCase): boolean => seconds + slackSeconds < legSeconds && events <= maxEvents;

const partsOf = (step: Step): readonly Step[] => {
  if (step.kind !== 'wait' || !('seconds' in step.length) || step.length.seconds <= longestPartSeconds) return [step];
  const { was: _was, ...rest } = step;
  const half = Math.floor(step.length.seconds / 2);
  return [
    { ...step, length: { seconds: half } },
    { ...rest, id: secondPartOf(step.id), length: { seconds: step.length.seconds - half } },
  ];
};

/** One step that no cut makes short enough. */
export const checkLegs = (sequence: Sequence, report: Report): void => {
  const { sequence: cut } = inLegs(sequence);
  for (const step of cut.steps) {
    const worst = plus(frameOfLeg, worstOfStep(step, cut));
    if (fits(worst)) continue;
    const index = sequence.steps.findIndex((it) => it.id === wholeStepOf(step.id));
    const isTime = worst.seconds + slackSeconds >= legSeconds;
    report(['steps', index, wholeStepOf(step.id)], {
      code: isTime ? 'step-too-long' : 'too-many-events',
      what: isTime
        ? 'a lead may still be inside this one step after a year, which is as long as one step can last'
        : 'this one step may need more history than Step Functions keeps',
      got: isTime
        ? `${Math.ceil((worst.seconds + slackSeconds) / day)} days at worst, each e-mail put off for as long as give-up-after allows`
        : `${worst.events} events at worst`,
      allowed: isTime ? `under ${legSeconds / day} days for one step with all inside it` : `${maxEvents}`,
      hint: 'move what comes later out of it, to the end of the sequence’s own list; the sequence as a whole may last for years',
      at: 'key',
    });
  }
};
