import { isTransactional } from '#core/caps';
import { canonicalJson } from './canonical-json.ts';
import type { EmailStep, PlannedWait, SendWindow, Sequence, Step, WaitStep } from './model.ts';

/** A step and what comes after it; undefined is the end. Arms lead on to what follows the step that holds them. */
export type Place<S extends Step = Step> = { readonly step: S; readonly next: Place | undefined };

export const placeOf = (steps: readonly Step[], after: Place | undefined): Place | undefined =>
  steps.reduceRight<Place | undefined>((next, step) => ({ step, next }), after);

/** The lists of steps inside a step. */
export const armsOf = (step: Step): readonly (readonly Step[])[] => {
  switch (step.kind) {
    case 'wait-for':
      return [...step.arms.map((arm) => arm.steps), step.timedOut];
    case 'branch':
    case 'split':
      return step.arms.map((arm) => arm.steps);
    case 'repeat':
      return [step.steps];
    case 'email':
    case 'wait':
    case 'update':
    case 'notify':
    case 'enrol-in':
    case 'webhook':
    case 'exit':
      return [];
  }
};

/** The same step with its lists changed. */
export const mapArms = (step: Step, change: (steps: readonly Step[]) => readonly Step[]): Step => {
  switch (step.kind) {
    case 'wait-for':
      return { ...step, arms: step.arms.map((arm) => ({ ...arm, steps: change(arm.steps) })), timedOut: change(step.timedOut) };
    case 'branch':
      return { ...step, arms: step.arms.map((arm) => ({ ...arm, steps: change(arm.steps) })) };
    case 'split':
      return { ...step, arms: step.arms.map((arm) => ({ ...arm, steps: change(arm.steps) })) };
    case 'repeat':
      return { ...step, steps: change(step.steps) };
    case 'email':
    case 'wait':
    case 'update':
    case 'notify':
    case 'enrol-in':
    case 'webhook':
    case 'exit':
      return step;
  }
};

/** A condition that a state of its own asks about; of the other steps the handler does. */
export const isGated = (step: Step): boolean => step.onlyIf !== undefined && gatedKinds.has(step.kind);
const gatedKinds: ReadonlySet<Step['kind']> = new Set(['wait', 'wait-for', 'split', 'repeat', 'exit'] as const);

/** The place behind its gate. */
export const behindGate = <S extends Step>({ step, next }: Place<S>): Place<S> => {
  const { onlyIf: _asked, startsLeg: _cut, ...rest } = step;
  return { step: rest as S, next };
};

/** Every step with its place, in the order of the file. */
export const everyPlace = (steps: readonly Step[], after?: Place): readonly Place[] => {
  const found: Place[] = [];
  for (let place = placeOf(steps, after), left = steps.length; place && left > 0; place = place.next, left -= 1) {
    found.push(place);
    for (const arm of armsOf(place.step)) found.push(...everyPlace(arm, place.next));
  }
  return found;
};

export const everyStep = (steps: readonly Step[]): readonly Step[] =>
  steps.flatMap((step) => [step, ...armsOf(step).flatMap((arm) => everyStep(arm))]);

/** The window an e-mail must go in; brand.yaml's quiet hours concern an e-mail without one, so it is planned as well. */
export const windowOf = (step: EmailStep, sequence: Sequence): SendWindow | undefined =>
  step.atOnce ? undefined : (step.window ?? sequence.window);

export const holdOf = (step: EmailStep, sequence: Sequence): PlannedWait => {
  const window = windowOf(step, sequence);
  return {
    state: `Hold ${step.id}`,
    forEmail: true,
    ...(window && { window }),
    ...(isTransactional(sequence, step) && { uncapped: true }),
  };
};

/** How a Lambda must plan this wait; undefined when its length is the same for everyone. */
export const plannedWait = ({ step, next }: Place<WaitStep>, sequence: Sequence): PlannedWait | undefined => {
  // Planned by itself alone: the day may be none, and the field may change.
  if ('until' in step.length) return undefined;
  const shared = sharedWindow(next, sequence);
  if (shared)
    return { state: step.id, length: step.length, forEmail: true, ...shared, ...(!speaksNext(next, sequence) && { uncapped: true }) };
  return 'businessDays' in step.length ? { state: step.id, length: step.length } : undefined;
};

/** The planned waits that an answer given just before `place` must cover. */
export const waitsFrom = (place: Place | undefined, sequence: Sequence): readonly PlannedWait[] =>
  landingsOf(place).flatMap((landing) => {
    if (isEmail(landing)) return landing.step.atOnce ? [] : [holdOf(landing.step, sequence)];
    return (isWait(landing) && plannedWait(landing, sequence)) || [];
  });

/** Does an e-mail that counts follow here, without anything that takes time before it? */
export const speaksNext = (place: Place | undefined, sequence: Sequence): boolean =>
  landingsOf(place).some((it) => isEmail(it) && !isTransactional(sequence, it.step));

/** The one window of all planned e-mails right behind `place`; undefined when there are none or their windows differ. */
const sharedWindow = (place: Place | undefined, sequence: Sequence): { readonly window?: SendWindow } | undefined => {
  const emails = landingsOf(place)
    .filter(isEmail)
    .filter((it) => !it.step.atOnce);
  const windows = new Map(emails.map((it) => [canonicalJson(windowOf(it.step, sequence) ?? {}), windowOf(it.step, sequence)]));
  if (windows.size !== 1) return undefined;
  const [window] = windows.values();
  return window ? { window } : {};
};

/** Where a lead may land from here when splits and repeats take no time. Each step once, so that chains of splits stay cheap. */
const landingsOf = (place: Place | undefined): readonly Place[] => {
  const landings: Place[] = [];
  const known = new Set<string>();
  const open = place ? [place] : [];
  for (let at = open.pop(); at; at = open.pop()) {
    if (known.has(at.step.id) || at.step.startsLeg || isGated(at.step)) continue;
    known.add(at.step.id);
    if (at.step.kind === 'split' || at.step.kind === 'repeat') open.push(...listStarts(at.step, at.next));
    else landings.push(at);
  }
  return landings;
};

/** Last arm first: the list is worked off from its end. */
const listStarts = (step: Step, next: Place | undefined): readonly Place[] =>
  armsOf(step)
    .toReversed()
    .flatMap((list) => placeOf(list, next) ?? []);

const isEmail = (place: Place): place is Place<EmailStep> => place.step.kind === 'email';
const isWait = (place: Place): place is Place<WaitStep> => place.step.kind === 'wait';
