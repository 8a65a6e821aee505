import * as z from 'zod';
import type { EventKey } from '#core/condition';
import { durationRule, parseDuration } from '#core/duration';
import type { Report, YamlPath } from '#core/problems';
import type { WaitForStep } from '#core/sequences/model';
import { placeOf } from '#core/sequences/plan';
import { AnySteps, isStepId, readWith, type StepKind, Was } from './step-kind.ts';
import { parkTask } from './task-parts.ts';

const Awaited = z.strictObject({
  did: z.string().optional().describe('A product event, e.g. project.created.'),
  opened: z.string().optional().describe('An e-mail step of this sequence.'),
  clicked: z.string().optional().describe('An e-mail step of this sequence.'),
  visited: z.string().optional().describe('A page, e.g. /pricing*; the star stands for anything.'),
  'at-most': z.string().optional().describe('The time-out, e.g. 5 days.'),
  since: z.literal('here').optional().describe('Counts only what happens from here on; otherwise anything since the lead came in.'),
});

const schema = (steps: z.ZodType) =>
  z.strictObject({
    'wait-for': Awaited.describe('What to wait for (one of did, opened, clicked, visited) and for how long at most.'),
    happened: steps.optional().describe('Steps when it happened.'),
    'timed-out': steps.optional().describe('Steps when the time is over and it did not happen.'),
    was: Was,
  });

export const waitFor: StepKind<WaitForStep> = {
  kind: 'wait-for',
  help: 'Waits until the lead does something, or the time is over.',
  schema,

  read(raw, named, path, { report, readSteps }) {
    const read = readWith(schema(AnySteps), raw, path, report);
    if (!read) return undefined;
    const at = [...path, 'wait-for'];
    const awaits = readAwaited(read['wait-for'], at, report);
    const atMostSeconds = readAtMost(read['wait-for']['at-most'], at, report);
    const happened = read.happened === undefined ? [] : readSteps(read.happened, [...path, 'happened']);
    const timedOut = read['timed-out'] === undefined ? [] : readSteps(read['timed-out'], [...path, 'timed-out']);
    if (awaits === undefined || atMostSeconds === undefined) return undefined;
    return { ...named, kind: 'wait-for', awaits, atMostSeconds, since: read['wait-for'].since ?? 'enrolment', happened, timedOut };
  },

  enter: ({ step }) => step.id,

  /** Refused means that the event came before us; a stop that refused is found by the next write. With `since: here` only a stop can refuse. */
  emit({ step, next }, machine) {
    const onHappened = machine.enter(placeOf(step.happened, next), 'cold');
    machine.add(
      step.id,
      parkTask(
        machine,
        { state: step.id, step: step.id, length: { seconds: step.atMostSeconds }, awaits: { key: step.awaits, since: step.since } },
        {
          onTimeout: machine.enter(placeOf(step.timedOut, next), 'cold'),
          onWoken: onHappened,
          onRefused: step.since === 'here' ? 'Route' : onHappened,
        },
      ),
    );
  },
};

/** Each way to name an event, with the form of its value. */
const verbs = {
  did: { fits: (value: string) => /^[a-z][a-z0-9._-]{0,63}$/.test(value), form: 'an event name, e.g. project.created' },
  opened: { fits: isStepId, form: 'the name of an e-mail step' },
  clicked: { fits: isStepId, form: 'the name of an e-mail step' },
  visited: { fits: (value: string) => /^\/\S{0,199}$/.test(value), form: 'a path that begins with /, e.g. /pricing*' },
} as const;
const verbNames = ['did', 'opened', 'clicked', 'visited'] as const;

const readAwaited = (awaited: z.output<typeof Awaited>, path: YamlPath, report: Report): EventKey | undefined => {
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
