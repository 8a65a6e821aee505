import type { Report } from '#core/problems';
import { type Asl, reachedFrom, webhookPatienceSeconds } from './asl.ts';
import type { Compiled } from './compile.ts';
import type { EmailStep, SendWindow, Sequence, Step, WaitLength, WaitStep } from './model.ts';
import { armsOf, isGated, windowOf } from './plan.ts';
import { provePlans } from './prove-plans.ts';

const day = 86_400;
/** For queues that are behind and for repairs by hand. */
export const slackSeconds = 7 * day;
/** Step Functions ends an execution at 25,000 events; a tenth is left for retries, which no one can count ahead. */
export const maxEvents = 22_500;
const maxDefinitionBytes = 1_000_000;
const maxStateName = 80;

/** What the unluckiest lead may use: time, and events in the history of its execution. */
export type WorstCase = { readonly seconds: number; readonly events: number };

/** Everything about a compiled machine that Step Functions would refuse, or that could strand a lead. Length: core/sequences/legs.ts. */
export const checkCompiled = (compiled: Compiled, report: Report): void => {
  for (const what of machineFaults(compiled)) report(['steps'], { code: 'machine-fault', what });
};

/** Faults of the compiler, not of the marketer: none is expected, each would strand leads. */
export const machineFaults = ({ asl, artifact }: Compiled): readonly string[] => {
  const reached = reachedFrom(asl.StartAt, asl.States);
  const names = Object.keys(asl.States);
  const bytes = new TextEncoder().encode(JSON.stringify(asl)).length;
  return [
    ...names.filter((name) => !reached.has(name)).map((name) => `state ${name} cannot be reached`),
    ...names.filter((name) => name.length > maxStateName).map((name) => `state name ${name} is longer than ${maxStateName}`),
    ...(bytes >= maxDefinitionBytes ? [`the definition has ${bytes} bytes, ${maxDefinitionBytes} are allowed`] : []),
    ...unknownInputs(asl).map((path) => `${path} is read and nothing provides it`),
    ...provePlans(asl, artifact.plans, artifact.fused),
  ];
};

/** The slowest and the longest path, taken apart: one lead need not be on both. */
export const worstCaseOf = (sequence: Sequence): WorstCase => {
  return plus(frameOfLeg, ofSteps(sequence.steps, sequence));
};

/** One step with all that is inside it. */
export const worstOfStep = (step: Step, sequence: Sequence): WorstCase => ofSteps([step], sequence);

// Events of one state entered: entered, scheduled, started, submitted, ended, exited; a choice is only entered and exited.
const taskEvents = 6;
const choiceEvents = 2;
/** Started and ended, the question where to begin with its Choice, the write at the end, and one for a stop. */
export const frameOfLeg: WorstCase = { seconds: 0, events: 2 + choiceEvents + 3 * taskEvents };

const question: WorstCase = { seconds: 0, events: taskEvents + choiceEvents };

const ofSteps = (steps: readonly Step[], sequence: Sequence): WorstCase =>
  steps.reduce((sum, step) => {
    const own = plus(isGated(step) ? question : none, ofStep(step, sequence));
    return plus(sum, plus(own, worstOf(armsOf(step).map((arm) => ofSteps(arm, sequence)))));
  }, none);

const ofStep = (step: Step, sequence: Sequence): WorstCase => {
  switch (step.kind) {
    case 'email':
      return ofEmail(step, sequence);
    case 'wait':
      return {
        seconds: longestWait(step, sequence),
        events: 'until' in step.length ? 2 * (2 * taskEvents + choiceEvents) : 2 * taskEvents,
      };
    case 'wait-for':
      return { seconds: step.atMostSeconds, events: taskEvents + (step.arms.length > 1 ? question.events : 0) };
    case 'branch':
      return question;
    case 'split':
      return { seconds: 0, events: choiceEvents };
    case 'update':
    case 'notify':
    case 'enrol-in':
      return { seconds: 0, events: taskEvents };
    case 'webhook':
      return { seconds: webhookPatienceSeconds, events: 2 * taskEvents };
    case 'repeat':
    case 'exit':
      return none;
  }
};

/** Planned, held and sent; and again for every time that it is put off. */
const ofEmail = (step: EmailStep, { giveUpAfter, ...sequence }: Sequence): WorstCase => {
  const gap = windowGap(windowOf(step, { giveUpAfter, ...sequence }));
  return { seconds: gap + giveUpAfter.seconds + gap, events: 3 * taskEvents * (1 + giveUpAfter.deferrals) };
};

/** Until it is over and a window has opened. */
export const longestWait = ({ length }: WaitStep, { window }: Sequence): number =>
  'until' in length ? length.until.atMostSeconds : longest(length) + windowGap(window);

const longest = (length: Exclude<WaitLength, { readonly until: unknown }>): number =>
  'seconds' in length
    ? length.seconds
    : (length.businessDays + 2 * Math.ceil(length.businessDays / 5) + 1 + mostHolidays(length.businessDays)) * day;

/** A week of holidays at the worst place, and no country has more than one in ten days over a year. */
const mostHolidays = (businessDays: number): number => 7 + Math.ceil(businessDays / 10);

/** The longest time until the window opens; without one, a night. */
const windowGap = (window: SendWindow | undefined): number => {
  if (!window) return day;
  const days = [...window.days].sort((a, b) => a - b);
  const gaps = days.map((it, index) => (days[index + 1] ?? (days[0] ?? it) + 7) - it);
  return Math.max(1, ...gaps) * day;
};

const none: WorstCase = { seconds: 0, events: 0 };
export const plus = (a: WorstCase, b: WorstCase): WorstCase => ({ seconds: a.seconds + b.seconds, events: a.events + b.events });
const worstOf = (cases: readonly WorstCase[]): WorstCase => ({
  seconds: Math.max(0, ...cases.map((it) => it.seconds)),
  events: Math.max(0, ...cases.map((it) => it.events)),
});

/** core/messages.ts LegInput, and what the machine adds to it. */
const provided = new Set([
  'leadId',
  'enrolmentId',
  'leg',
  'pk',
  'sk',
  'shard',
  'startAt',
  'arms',
  'rest',
  'plan',
  'woken',
  'error',
  'Payload',
]);

const unknownInputs = (asl: Asl): readonly string[] => {
  const read = [...JSON.stringify(asl).matchAll(/(?<!\$)\$\.([A-Za-z]+)/g)].flatMap((match) => match[1] ?? []);
  return [...new Set(read)].filter((field) => !provided.has(field)).map((field) => `$.${field}`);
};
