import { trackedKeys } from '#core/evaluate-condition';
import { type Asl, reachedFrom, type State } from './asl.ts';
import { canonicalJson } from './canonical-json.ts';
import { legSeconds } from './leg.ts';
import { longestSecondsOf } from './limits.ts';
import type { Artifact, CompiledEmail, CompiledSequence, EmailStep, PlannedWait, Sequence } from './model.ts';
import { everyPlace, everyStep, type Place, placeOf, windowOf } from './plan.ts';
import { entrance, startAtFirstStep } from './start.ts';
import { kinds } from './steps/registry.ts';
import type { Machine, StepKind } from './steps/step-kind.ts';
import { endTask, failTask } from './steps/task-parts.ts';

export type Emails = { readonly [step: string]: CompiledEmail };

/** Hexadecimal SHA-256 of a text: core has no cryptography of its own. */
export type Digest = (text: string) => string;

export type Compiled = CompiledSequence & { readonly asl: Asl };

/** A checked sequence as a state machine and its artifact. The version is the hash of both, with the version left blank. */
export const compileSequence = (sequence: Sequence, emails: Emails, digest: Digest): Compiled => {
  const version = digest(canonicalJson(build(sequence, emails, ''))).slice(0, 16);
  return build(sequence, emails, version);
};

const build = (sequence: Sequence, emails: Emails, version: string): Compiled => {
  const { states, plans } = statesOf(sequence, version);
  const asl = startAtFirstStep({
    Comment: `${sequence.id}, compiled by Baton: change marketing/, not this`,
    QueryLanguage: 'JSONPath',
    StartAt: entrance,
    TimeoutSeconds: legSeconds,
    States: states,
  });
  return { artifact: artifactOf(sequence, emails, version, plans, states), asl };
};

const statesOf = (sequence: Sequence, version: string) => {
  const states = new Map<string, State>();
  const plans: Record<string, readonly PlannedWait[]> = {};
  const machine = machineInto(sequence, version, states, plans);
  const places = everyPlace(sequence.steps);
  const start = machine.enter(placeOf(sequence.steps, undefined), 'cold');
  for (const place of places) kindOf(place).emit(place, machine);
  const Enter: State = {
    Type: 'Choice',
    Comment: 'A later leg may start at any step.',
    Choices: places.map((place) => ({ Variable: '$.startAt', StringEquals: place.step.id, Next: machine.enter(place, 'cold') })),
    Default: start,
  };
  const all = { Enter, ...Object.fromEntries(states), ...endings() };
  const reached = reachedFrom('Enter', all);
  return { states: Object.fromEntries(Object.entries(all).filter(([name]) => reached.has(name))), plans };
};

const machineInto = (
  sequence: Sequence,
  version: string,
  states: Map<string, State>,
  plans: Record<string, readonly PlannedWait[]>,
): Machine => {
  const entrances = new Map<string, string>();
  const variants = new Map<string, string[]>();
  const add = (name: string, state: State) => {
    if (states.has(name)) throw new TypeError(`two states are called ${name}`);
    states.set(name, state);
  };
  const machine: Machine = {
    sequence,
    version,
    add,
    enter: (place, source) => {
      if (!place) return 'End';
      const key = `${place.step.id} ${source}`;
      const known = entrances.get(key);
      if (known !== undefined) return known;
      const name = kindOf(place).enter(place, source, machine);
      entrances.set(key, name);
      return name;
    },
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

const artifactOf = (sequence: Sequence, emails: Emails, version: string, plans: Artifact['plans'], states: Asl['States']): Artifact => {
  const { id, topic, lawfulBasis, owner, priority, group, whenCapped, giveUpAfter, late, enter, exits } = sequence;
  const steps = everyStep(sequence.steps);
  const updates = steps.flatMap((step) => (step.kind === 'update' ? [[step.id, { stage: step.stage }] as const] : []));
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
    longestSeconds: longestSecondsOf(sequence),
    enter,
    exits,
    tracks: tracksOf(sequence),
    waitLengths: waitLengthsOf(sequence),
    stepIds: steps.map((step) => step.id),
    lastEmails: steps.flatMap((step) => (step.kind === 'email' && isLast(states[step.id]) ? [step.id] : [])),
    emails: Object.fromEntries(
      steps.flatMap((step) =>
        step.kind === 'email' ? [[step.id, { step: readyToSend(step, sequence), content: contentOf(step, emails) }]] : [],
      ),
    ),
    branches: Object.fromEntries(
      steps.flatMap((step) =>
        step.kind === 'branch' ? [[step.id, step.arms.map((arm) => ({ name: arm.name, ...(arm.if && { if: arm.if }) }))]] : [],
      ),
    ),
    splits: Object.fromEntries(
      steps.flatMap((step) =>
        step.kind === 'split' ? [[step.id, step.arms.map(({ name, share, holdout }) => ({ name, share, holdout }))]] : [],
      ),
    ),
    ...(updates.length > 0 && { updates: Object.fromEntries(updates) }),
    plans,
  };
};

/** With the window that counts for it. */
const readyToSend = (step: EmailStep, sequence: Sequence): EmailStep => {
  const { window: _own, ...rest } = step;
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
  const keys = everyStep(sequence.steps).flatMap((step) => {
    if (step.kind === 'wait-for') return [step.awaits];
    if (step.kind === 'email') return step.onlyIf ? trackedKeys(step.onlyIf) : [];
    return step.kind === 'branch' ? step.arms.flatMap((arm) => (arm.if ? trackedKeys(arm.if) : [])) : [];
  });
  return [...new Set(keys)];
};
