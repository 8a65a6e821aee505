import type { Report } from '#core/problems';
import { legSeconds } from './leg.ts';
import { frameOfLeg, maxEvents, plus, slackSeconds, type WorstCase, worstOfStep } from './limits.ts';
import { located } from './located.ts';
import type { Sequence, Step } from './model.ts';
import { mapArms } from './plan.ts';
import { inRounds, isGuard, stepOf } from './rounds.ts';

const day = 86_400;
/** A longer wait becomes two halves, so that the machine can be cut inside it; no wait is longer than a year. */
const longestPartSeconds = 190 * day;
/** Where it must be cut at all, a leg is kept well under a year: the rest is for pauses. */
const wantedLegSeconds = 200 * day;

/** A sequence as its machine runs it: rounds written out, long waits in two, `startsLeg` on the steps before which it is cut. */
export type Legs = { readonly sequence: Sequence; readonly worst: readonly WorstCase[] };

/**
 * An execution lasts a year at most and keeps 25,000 events. What fits stays whole; what does not is cut between steps of the
 * sequence's own list, and between those of a repeat in that list. Never inside another step: that must fit by itself.
 */
export const inLegs = (given: Sequence): Legs => {
  const sequence = { ...given, steps: inRounds(given.steps) };
  const whole = sequence.steps.reduce((sum, step) => plus(sum, worstOfStep(step, sequence)), frameOfLeg);
  if (fits(whole)) return { sequence, worst: [whole] };
  const parts = { ...sequence, steps: partsOf(sequence.steps) };
  const starts = new Set<string>();
  const worst: WorstCase[] = [];
  let leg = frameOfLeg;
  for (const [index, segment] of segmentsOf(parts.steps, parts).entries()) {
    const longer = plus(leg, segment.worst);
    if (index > 0 && (longer.seconds + slackSeconds > wantedLegSeconds || longer.events > maxEvents)) {
      worst.push(leg);
      starts.add(segment.id);
      leg = plus(frameOfLeg, segment.worst);
    } else leg = longer;
  }
  return { sequence: { ...parts, steps: withStarts(parts.steps, starts) }, worst: [...worst, leg] };
};

/** Of the slowest leg, with slack for queues that are behind. */
export const longestLegOf = (sequence: Sequence): number => Math.max(...inLegs(sequence).worst.map((it) => it.seconds)) + slackSeconds;

/** Ids of both parts of a wait that was parted. */
export const secondPartOf = (id: string): string => `${id}~2`;

const fits = ({ seconds, events }: WorstCase): boolean => seconds + slackSeconds < legSeconds && events <= maxEvents;

/** What a cut may come before: steps of the list one by one, of a repeat too. A repeat with its condition asked first is one. */
type Segment = { readonly id: string; readonly step: Step; readonly worst: WorstCase };
const segmentsOf = (steps: readonly Step[], sequence: Sequence): readonly Segment[] =>
  steps.flatMap((step): readonly Segment[] => {
    if (step.kind === 'repeat' && !step.onlyIf) return segmentsOf(step.steps, sequence);
    const later = isGuard(step) ? step.arms.flatMap((arm) => arm.steps) : [];
    const own = isGuard(step) ? mapArms(step, () => []) : step;
    return [{ id: step.id, step, worst: worstOfStep(own, sequence) }, ...segmentsOf(later, sequence)];
  });

const withStarts = (steps: readonly Step[], starts: ReadonlySet<string>): readonly Step[] =>
  steps.map((step) => ({ ...mapArms(step, (list) => withStarts(list, starts)), ...(starts.has(step.id) && { startsLeg: true }) }));

const partsOf = (steps: readonly Step[]): readonly Step[] =>
  steps.flatMap((step) => {
    if ((step.kind === 'repeat' && !step.onlyIf) || isGuard(step)) return [mapArms(step, partsOf)];
    if (step.kind !== 'wait' || !('seconds' in step.length) || step.length.seconds <= longestPartSeconds) return [step];
    const { was: _was, onlyIf, ...rest } = step;
    if (onlyIf) return [step];
    const half = Math.floor(step.length.seconds / 2);
    return [
      { ...step, length: { seconds: half } },
      { ...rest, id: secondPartOf(step.id), length: { seconds: step.length.seconds - half } },
    ];
  });

/** One step that no cut makes short enough. */
export const checkLegs = (sequence: Sequence, report: Report): void => {
  const { sequence: cut } = inLegs(sequence);
  const reported = new Set<string>();
  for (const { step, worst: own } of segmentsOf(cut.steps, cut)) {
    const worst = plus(frameOfLeg, own);
    const found = located(sequence.steps).find((it) => it.step.id === stepOf(step.id));
    if (fits(worst) || !found || reported.has(found.step.id)) continue;
    reported.add(found.step.id);
    const isTime = worst.seconds + slackSeconds >= legSeconds;
    report(found.path, {
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
