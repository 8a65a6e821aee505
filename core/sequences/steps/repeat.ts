import * as z from 'zod';
import { ConditionLater, parseCondition } from '#core/condition-schema';
import type { RepeatStep, Step } from '#core/sequences/model';
import { armsOf, placeOf } from '#core/sequences/plan';
import { AnySteps, common, readWith, type StepKind } from './step-kind.ts';

const mostTimes = 24;
/** Written out, repeats in repeats included. */
const mostSteps = 400;

const schema = (steps: z.ZodType) =>
  z.strictObject({
    repeat: z
      .strictObject({
        times: z.int().min(2).max(mostTimes).describe('How often at most, 2 to 24.'),
        until: ConditionLater.optional().describe('Asked before every time but the first: when it holds, it was enough.'),
        steps: steps.describe('What happens each time.'),
      })
      .describe('The same steps several times.'),
    ...common,
  });

export const repeat: StepKind<RepeatStep> = {
  kind: 'repeat',
  help: 'Does the same steps several times; each time sends its e-mails anew.',
  schema,

  read(raw, named, path, { report, readSteps }) {
    const read = readWith(schema(AnySteps), raw, path, report);
    if (!read) return undefined;
    const at = [...path, 'repeat'];
    const { times, until: asked } = read.repeat;
    const steps = readSteps(read.repeat.steps, [...at, 'steps']);
    const until = asked === undefined ? undefined : parseCondition(asked, [...at, 'until'], report);
    const written = times * writtenOut(steps);
    if (written > mostSteps)
      report([...at, 'times'], {
        code: 'too-many-rounds',
        what: 'written out, this is more than a sequence may have',
        got: `${written} steps`,
        allowed: `${mostSteps}`,
      });
    return { ...named, kind: 'repeat', times, ...(until && { until }), steps };
  },

  /** It takes no time and no state: the rounds are written out (rounds.ts), and one is straight in the first of them. */
  enter: ({ step, next }, source, machine) => machine.enter(placeOf(step.steps, next), source),
  emit() {},
};

const writtenOut = (steps: readonly Step[]): number =>
  steps.reduce((sum, step) => sum + (step.kind === 'repeat' ? step.times : 1) * (1 + writtenOut(armsOf(step).flat())), 0);
