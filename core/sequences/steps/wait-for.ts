import * as z from 'zod';
import type { EventKey } from '#core/condition';
import { durationRule, parseDuration } from '#core/duration';
import type { Report, YamlPath } from '#core/problems';
import { substitute } from '#core/sequences/asl';
import type { AwaitedArm, WaitForStep } from '#core/sequences/model';
import { type Place, placeOf, waitsFrom } from '#core/sequences/plan';
import { readArms } from './arms.ts';
import { AnySteps, common, isStepId, type Machine, type Reading, readWith, type StepKind } from './step-kind.ts';
import { askTask, parkTask } from './task-parts.ts';

const events = {
  did: z.string().optional().describe('A product event, e.g. project.created.'),
  opened: z.string().optional().describe('An e-mail step of this sequence.'),
  clicked: z.string().optional().describe('An e-mail step of this sequence.'),
  visited: z.string().optional().describe('A page, e.g. /pricing*; the star stands for anything.'),
};
const armSchema = (steps: z.ZodType) => z.strictObject({ ...events, steps: steps.optional().describe('Steps when this came first.') });

const schema = (steps: z.ZodType) =>
  z.strictObject({
    'wait-for': z
      .strictObject({
        ...events,
        'first-of': z
          .record(z.string(), armSchema(steps))
          .optional()
          .describe('Several things by name, each with its event and its steps.'),
        'at-most': z.string().optional().describe('The time-out, e.g. 5 days.'),
        since: z.literal('here').optional().describe('Counts only what happens from here on; otherwise anything since the lead came in.'),
      })
      .describe('What to wait for (one of did, opened, clicked, visited; or first-of) and for how long at most.'),
    happened: steps.optional().describe('Steps when it happened; those of first-of stand with each.'),
    'timed-out': steps.optional().describe('Steps when the time is over and it did not happen.'),
    ...common,
  });
const Outer = z.strictObject({
  'wait-for': z.strictObject({
    ...events,
    'first-of': z.unknown().optional(),
    'at-most': z.string().optional(),
    since: z.literal('here').optional(),
  }),
  happened: AnySteps.optional(),
  'timed-out': AnySteps.optional(),
  ...common,
});

export const waitFor: StepKind<WaitForStep> = {
  kind: 'wait-for',
  help: 'Waits until the lead does something, or the first of several things, or the time is over.',
  schema,

  read(raw, named, path, reading) {
    const { report, readSteps } = reading;
    const read = readWith(Outer, raw, path, report);
    if (!read) return undefined;
    const at = [...path, 'wait-for'];
    const awaited = read['wait-for'];
    const arms = awaited['first-of'] === undefined ? readOne(read, path, reading) : readSeveral(read, path, reading);
    const atMostSeconds = readAtMost(awaited['at-most'], at, report);
    const timedOut = read['timed-out'] === undefined ? [] : readSteps(read['timed-out'], [...path, 'timed-out']);
    if (!arms || atMostSeconds === undefined) return undefined;
    return { ...named, kind: 'wait-for', arms, atMostSeconds, since: awaited.since ?? 'enrolment', timedOut };
  },

  enter: ({ step }) => step.id,

  /** Refused means that the event came before us; a stop that refused is found by the next write. With `since: here` only a stop can refuse. */
  emit(place, machine) {
    const { step, next } = place;
    const onHappened = step.arms.length > 1 ? askFirst(place, machine) : machine.enter(placeOf(step.arms[0]?.steps ?? [], next), 'cold');
    const awaits = { keys: step.arms.map((it) => it.awaits), since: step.since };
    machine.add(
      step.id,
      parkTask(
        machine,
        {
          state: step.id,
          step: step.id,
          length: { seconds: step.atMostSeconds },
          awaits,
          ...(step.arms.length > 1 && step.since === 'here' && { keepsWoken: true }),
        },
        {
          onTimeout: machine.enter(placeOf(step.timedOut, next), 'cold'),
          onWoken: onHappened,
          onRefused: step.since === 'here' ? 'Route' : onHappened,
        },
      ),
    );
  },
};

/** Of several things a handler says which came first: the row has the times, the wake need not come in their order. */
const askFirst = ({ step, next }: Place<WaitForStep>, machine: Machine): string => {
  const [name, choice] = [`First of ${step.id}`, `${step.id}?`];
  const tell = step.since === 'here' ? { tell: { 'woken.$': '$.woken.keys' } } : {};
  const about = { functionArn: substitute('EvaluateBranchArn'), step: step.id, ask: 'first', ...tell } as const;
  machine.add(name, askTask(machine, { ...about, keep: ['arm', 'waits'], next: choice }));
  const targets = step.arms.map((arm) => {
    const place = placeOf(arm.steps, next);
    machine.answers(`${name}/${arm.name}`, waitsFrom(place, machine.sequence));
    return { Variable: '$.plan.arm', StringEquals: arm.name, Next: machine.enter(place, 'answered') };
  });
  machine.add(choice, { Type: 'Choice', Choices: targets, Default: targets.at(-1)?.Next ?? 'Failed' });
  return name;
};

type Read = z.output<typeof Outer>;

const readOne = (read: Read, path: YamlPath, { report, readSteps }: Reading): readonly AwaitedArm[] | undefined => {
  const awaits = readAwaited(read['wait-for'], [...path, 'wait-for'], report);
  const steps = read.happened === undefined ? [] : readSteps(read.happened, [...path, 'happened']);
  return awaits === undefined ? undefined : [{ name: 'happened', awaits, steps }];
};

const readSeveral = (read: Read, path: YamlPath, reading: Reading): readonly AwaitedArm[] | undefined => {
  const { report, readSteps } = reading;
  const at = [...path, 'wait-for', 'first-of'];
  const stray = verbNames.find((it) => read['wait-for'][it] !== undefined);
  if (stray !== undefined || read.happened !== undefined) {
    report(stray === undefined ? [...path, 'happened'] : [...path, 'wait-for', stray], {
      code: 'two-awaited-events',
      what: 'with first-of, every event and its steps stand under it',
      allowed: 'first-of: { tried: { did: project.created, steps: [ … ] }, looked: { visited: /pricing*, steps: [ … ] } }',
      at: 'key',
    });
  }
  const named = readArms(read['wait-for']['first-of'], at, report);
  const arms = named?.map(({ name, raw, path: armPath }): AwaitedArm | undefined => {
    const arm = readWith(armSchema(AnySteps), raw, armPath, report);
    const awaits = arm && readAwaited(arm, armPath, report);
    const steps = arm?.steps === undefined ? [] : readSteps(arm.steps, [...armPath, 'steps']);
    return awaits === undefined ? undefined : { name, awaits, steps };
  });
  const whole = arms?.filter((it) => it !== undefined) ?? [];
  const twice = whole.find((it, index) => whole.findIndex((other) => other.awaits === it.awaits) < index);
  if (twice)
    report([...at, twice.name], {
      code: 'same-event-twice',
      what: 'another arm waits for the same',
      got: twice.awaits.replace(':', ' '),
      at: 'key',
    });
  return arms && whole.length === arms.length ? whole : undefined;
};

/** Each way to name an event, with the form of its value. */
const verbs = {
  did: { fits: (value: string) => /^[a-z][a-z0-9._-]{0,63}$/.test(value), form: 'an event name, e.g. project.created' },
  opened: { fits: isStepId, form: 'the name of an e-mail step' },
  clicked: { fits: isStepId, form: 'the name of an e-mail step' },
  visited: { fits: (value: string) => /^\/\S{0,199}$/.test(value), form: 'a path that begins with /, e.g. /pricing*' },
} as const;
const verbNames = ['did', 'opened', 'clicked', 'visited'] as const;

const readAwaited = (
  awaited: Partial<Record<(typeof verbNames)[number], string | undefined>>,
  path: YamlPath,
  report: Report,
): EventKey | undefined => {
  const given = verbNames.filter((it) => awaited[it] !== undefined);
  const [verb] = given;
  if (!verb || given.length > 1) {
    report(path, {
      code: verb ? 'two-awaited-events' : 'no-awaited-event',
      what: verb ? 'a wait-for waits for one thing' : 'this wait-for does not say what to wait for',
      ...(verb && { got: given.join(', ') }),
      allowed: `one of ${verbNames.join(', ')}`,
    });
    return undefined;
  }
  const value = awaited[verb] ?? '';
  if (verbs[verb].fits(value)) return `${verb}:${value}`;
  report([...path, verb], { code: 'bad-awaited-event', what: `"${verb}" cannot mean this`, got: value, allowed: verbs[verb].form });
  return undefined;
};

const readAtMost = (atMost: string | undefined, path: YamlPath, report: Report): number | undefined => {
  const seconds = atMost === undefined ? undefined : parseDuration(atMost)?.seconds;
  if (seconds !== undefined) return seconds;
  if (atMost === undefined) {
    report(path, { code: 'no-time-out', what: 'this wait-for has no time-out: it could wait for ever', allowed: 'at-most: 5 days' });
  } else {
    report([...path, 'at-most'], {
      code: 'bad-duration',
      what: 'this is not a length of time',
      got: atMost,
      allowed: durationRule,
    });
  }
  return undefined;
};
