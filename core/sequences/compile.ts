import { trackedKeys } from '#core/evaluate-condition';
import { conditionsOfStep } from '#core/lists-used';
import { type Asl, reachedFrom, type State, substitute } from './asl.ts';
import { canonicalJson } from './canonical-json.ts';
import { experimentsOf } from './experiments.ts';
import { fusedOf } from './fused.ts';
import { legSeconds } from './leg.ts';
import { inLegs, longestLegOf } from './legs.ts';
import type {
  ActingStep,
  Artifact,
  Asking,
  CompiledEmail,
  CompiledSequence,
  EmailStep,
  LeadChange,
  OutlinedStep,
  PlannedWait,
  Sequence,
  Step,
  StepBase,
  Telling,
  WaitForStep,
} from './model.ts';
import { onwardOf, soonestMailOf } from './onward.ts';
import { outlineOf } from './outline.ts';
import { behindGate, everyPlace, everyStep, isGated, type Place, placeOf, waitsFrom, windowOf } from './plan.ts';
import { roundOf } from './rounds.ts';
import { beginsOf, entrance, startAtFirstStep } from './start.ts';
import { kinds } from './steps/registry.ts';
import type { Machine, Source, StepKind } from './steps/step-kind.ts';
import { askTask, endTask, failTask, nextLegTask, restTask } from './steps/task-parts.ts';

export type Emails = { readonly [step: string]: CompiledEmail };

/** Hexadecimal SHA-256 of a text: core has no cryptography of its own. */
export type Digest = (text: string) => string;

export type Compiled = CompiledSequence & { readonly asl: Asl };

/** A checked sequence as a state machine and its artifact. The version is the hash of both, with the version left blank. */
export const compileSequence = (given: Sequence, emails: Emails, digest: Digest): Compiled => {
  const { sequence } = inLegs(given);
  const outline = outlineOf(given.steps);
  const version = digest(canonicalJson(build(sequence, emails, '', outline))).slice(0, 16);
  return build(sequence, emails, version, outline);
};

const build = (sequence: Sequence, emails: Emails, version: string, outline: readonly OutlinedStep[]): Compiled => {
  const { states, plans } = statesOf(sequence, version);
  const asl = startAtFirstStep({
    Comment: `${sequence.id}, compiled by Baton: change marketing/, not this`,
    QueryLanguage: 'JSONPath',
    StartAt: entrance,
    TimeoutSeconds: legSeconds,
    States: states,
  });
  return { artifact: { ...artifactOf(sequence, emails, version, { plans, states }), outline }, asl };
};

const statesOf = (sequence: Sequence, version: string) => {
  const states = new Map<string, State>();
  const plans: Record<string, readonly PlannedWait[]> = {};
  const machine = machineInto(sequence, version, states, plans);
  const places = everyPlace(sequence.steps);
  const start = machine.enter(placeOf(sequence.steps, undefined), 'cold');
  for (const place of places) {
    if (isGated(place.step)) addGate(place, machine);
    kindOf(place).emit(isGated(place.step) ? behindGate(place) : place, machine);
  }
  const hasWaits = places.some(({ step }) => step.kind === 'wait' && !('until' in step.length));
  const Enter: State = {
    Type: 'Choice',
    Comment: 'A later leg may start at any step.',
    Choices: [
      ...(hasWaits ? [{ And: restIsLeft, Next: 'Rest' }] : []),
      ...places.map((place) => ({ Variable: '$.startAt', StringEquals: place.step.id, Next: machine.begin(place) })),
    ],
    Default: start,
  };
  const all = { Enter, Rest: restTask(machine, 'Enter'), ...Object.fromEntries(states), ...endings() };
  const reached = reachedFrom('Enter', all);
  return { states: Object.fromEntries(Object.entries(all).filter(([name]) => reached.has(name))), plans };
};

/** The leg takes over in the middle of a wait. Its time-out leaves an error behind: the second time round it is over. */
const restIsLeft = [
  { Variable: '$.rest', IsPresent: true },
  { Variable: '$.error', IsPresent: false },
];

const machineInto = (
  sequence: Sequence,
  version: string,
  states: Map<string, State>,
  plans: Record<string, readonly PlannedWait[]>,
): Machine & { readonly begin: (place: Place) => string } => {
  const entrances = new Map<string, string>();
  const variants = new Map<string, string[]>();
  const add = (name: string, state: State) => {
    if (states.has(name)) throw new TypeError(`two states are called ${name}`);
    states.set(name, state);
  };
  const enter = (place: Place, source: Source): string => {
    const key = `${place.step.id} ${source}`;
    const known = entrances.get(key);
    if (known !== undefined) return known;
    const name = isGated(place.step) ? gateOf(place.step) : kindOf(place).enter(place, source, machine);
    entrances.set(key, name);
    return name;
  };
  const cutBefore = ({ step }: Place): string => {
    const name = `Next leg ${step.id}`;
    if (!states.has(name)) add(name, nextLegTask(step.id));
    return name;
  };
  const machine: Machine & { readonly begin: (place: Place) => string } = {
    sequence,
    version,
    add,
    begin: (place) => enter(place, 'cold'),
    enter: (place, source) => (!place ? 'End' : place.step.startsLeg ? cutBefore(place) : enter(place, source)),
    addVariant: (step, hint, state) => {
      const names = variants.get(step) ?? [];
      const same = names.find((name) => canonicalJson(states.get(name)) === canonicalJson(state));
      if (same !== undefined) return same;
      const name = names.length === 0 ? step : `${step} (${hint})`;
      add(name, state);
      variants.set(step, [...names, name]);
      return name;
    },
    answers: (state, waits) => {
      if (waits.length > 0) plans[state] = waits;
    },
  };
  return machine;
};

const gateOf = ({ id }: Step): string => `If ${id}`;

/** Only for those for whom `only-if` holds; the others go past the step. */
const addGate = (place: Place, machine: Machine) => {
  const { step, next } = place;
  const [gate, choice] = [gateOf(step), `${gateOf(step)}?`];
  const inside = behindGate(place);
  const about = { functionArn: substitute('EvaluateBranchArn'), step: step.id, ask: 'only-if' } as const;
  machine.add(gate, askTask(machine, { ...about, keep: ['arm', 'waits'], next: choice }));
  machine.answers(`${gate}/yes`, waitsFrom(inside, machine.sequence));
  machine.answers(`${gate}/no`, waitsFrom(next, machine.sequence));
  machine.add(choice, {
    Type: 'Choice',
    Choices: [
      { Variable: '$.plan.arm', StringEquals: 'yes', Next: kindOf(inside).enter(inside, 'answered', machine) },
      { Variable: '$.plan.arm', StringEquals: 'no', Next: machine.enter(next, 'answered') },
    ],
    Default: machine.enter(next, 'answered'),
  });
};

const kindOf = (place: Place): StepKind => kinds[place.step.kind];

/** Shared by all steps; `End` is left out when every path exits. `Route` is entered only on a stop; its write's own condition says whether this leg still counts. */
const endings = (): { readonly [name: string]: State } => ({
  End: endTask({ ending: 'completed' }, 'Route'),
  Route: { ...endTask({ ending: 'stopped' }, 'Superseded'), Comment: 'Entered only on a stop.' },
  Superseded: { Type: 'Succeed', Comment: 'The row is gone, or a newer leg has it: nothing is ours to write.' },
  Failed: { ...failTask(), Comment: 'Ours to repair: the row says so.' },
  Fail: { Type: 'Fail', Error: 'SequenceFailed' },
});

const isLast = (state: State | undefined): boolean => state?.Type === 'Task' && state.End === true;

type Built = { readonly plans: Artifact['plans']; readonly states: Asl['States'] };

const artifactOf = (sequence: Sequence, emails: Emails, version: string, { plans, states }: Built): Artifact => {
  const { id, topic, lawfulBasis, owner, priority, group, whenCapped, giveUpAfter, late, enter, exits, ownExitsOnly } = sequence;
  const steps = everyStep(sequence.steps);
  const begins = beginsOf(states[entrance]);
  const ofFirstRound = steps.filter((step) => roundOf(step.id) === 1);
  return {
    format: 1,
    sequence: id,
    version,
    topic,
    lawfulBasis,
    owner,
    priority,
    ...(group !== undefined && { group }),
    ...(whenCapped !== undefined && { whenCapped }),
    giveUpAfter,
    ...(late && { late }),
    longestSeconds: longestLegOf(sequence),
    enter,
    exits,
    ...(ownExitsOnly && { ownExitsOnly }),
    tracks: tracksOf(sequence),
    waitLengths: waitLengthsOf(sequence),
    stepIds: steps.map((step) => step.id),
    ...(begins && { begins }),
    onward: onwardOf(sequence.steps),
    soonestMail: soonestMailOf(sequence.steps),
    lastEmails: steps.flatMap((step) => (step.kind === 'email' && isLast(states[step.id]) ? [step.id] : [])),
    ...unlessEmpty('fused', fusedOf(sequence)),
    emails: byStep(ofFirstRound, (step) =>
      step.kind === 'email' ? { step: readyToSend(step, sequence), content: contentOf(step, emails) } : undefined,
    ),
    branches: byStep(steps, (step) =>
      step.kind === 'branch' ? step.arms.map((arm) => ({ name: arm.name, ...(arm.if && { if: arm.if }) })) : undefined,
    ),
    ...unlessEmpty(
      'conditions',
      byStep(ofFirstRound, (step) => (step.kind === 'email' ? undefined : step.onlyIf)),
    ),
    ...unlessEmpty(
      'firsts',
      byStep(ofFirstRound, (step) => (step.kind === 'wait-for' && step.arms.length > 1 ? firstOf(step) : undefined)),
    ),
    splits: byStep(ofFirstRound, (step) =>
      step.kind === 'split' ? step.arms.map(({ name, share, holdout }) => ({ name, share, holdout })) : undefined,
    ),
    ...unlessEmpty('experiments', experimentsOf(sequence)),
    ...unlessEmpty(
      'repeats',
      byStep(ofFirstRound, (step) => (step.kind === 'repeat' ? step.steps[0]?.id : undefined)),
    ),
    ...unlessEmpty(
      'updates',
      byStep<LeadChange>(ofFirstRound, (step) => (step.kind === 'update' ? settingsOf(step) : undefined)),
    ),
    ...unlessEmpty(
      'tellings',
      byStep<Telling>(ofFirstRound, (step) => (step.kind === 'notify' ? settingsOf(step) : undefined)),
    ),
    ...unlessEmpty(
      'enrolsIn',
      byStep(ofFirstRound, (step) => (step.kind === 'enrol-in' ? step.sequence : undefined)),
    ),
    ...unlessEmpty(
      'webhooks',
      byStep<Asking>(ofFirstRound, (step) => (step.kind === 'webhook' ? settingsOf(step) : undefined)),
    ),
    plans,
  };
};

const byStep = <T>(steps: readonly Step[], make: (step: Step) => T | undefined): { readonly [step: string]: T } =>
  Object.fromEntries(
    steps.flatMap((step) => {
      const made = make(step);
      return made === undefined ? [] : [[step.id, made]];
    }),
  );

const unlessEmpty = <K extends string, T extends object>(name: K, entries: T): { readonly [key in K]?: T } =>
  (Object.keys(entries).length > 0 ? { [name]: entries } : {}) as { readonly [key in K]?: T };

/** What the marketer set, without what every step has. */
const settingsOf = <S extends ActingStep>(step: S): Omit<S, keyof StepBase | 'kind'> => {
  const { kind: _kind, id: _id, was: _was, onlyIf: _onlyIf, startsLeg: _cut, ...settings } = step;
  return settings;
};

const firstOf = ({ since, arms }: WaitForStep) => ({ since, arms: arms.map(({ name, awaits }) => ({ name, awaits })) });

/** With the window that counts for it. */
const readyToSend = (step: EmailStep, sequence: Sequence): EmailStep => {
  const { window: _own, startsLeg: _cut, ...rest } = step;
  const window = windowOf(step, sequence);
  return { ...rest, ...(window && { window }) };
};

const contentOf = (step: EmailStep, emails: Emails): CompiledEmail => {
  const content = emails[step.id];
  if (!content) throw new TypeError(`no compiled e-mail for step ${step.id}`);
  return content;
};

const waitLengthsOf = (sequence: Sequence): readonly number[] => {
  const lengths = everyStep(sequence.steps).flatMap((step) => {
    if (step.kind === 'wait-for') return [step.atMostSeconds];
    return step.kind === 'wait' && 'seconds' in step.length ? [step.length.seconds] : [];
  });
  return [...new Set(lengths)].sort((one, other) => one - other);
};

/** Every event key that decides something in this sequence, in the order of the file. */
const tracksOf = (sequence: Sequence): readonly string[] => {
  const keys = everyStep(sequence.steps).flatMap((step) => [
    ...conditionsOfStep(step).flatMap(trackedKeys),
    ...(step.kind === 'wait-for' ? step.arms.map((arm) => arm.awaits) : []),
  ]);
  return [...new Set(keys)];
};
