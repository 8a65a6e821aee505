import * as z from 'zod';
import type { SplitArm, SplitStep } from '#core/sequences/model';
import { placeOf } from '#core/sequences/plan';
import { stepOf } from '#core/sequences/rounds';
import { readWinner, WinnerShape } from '#core/sequences/winner-rule';
import { readArms } from './arms.ts';
import { AnySteps, common, type Reading, readWith, type Source, type StepKind } from './step-kind.ts';

const armSchema = (steps: z.ZodType) =>
  z.strictObject({
    share: z.int().min(1).max(99).describe('Percent of the leads; all arms together are 100.'),
    holdout: z.literal(true).optional().describe('These leads get nothing here; the other arms are compared with them.'),
    steps: steps.optional().describe('What happens in this arm.'),
  });

const schema = (steps: z.ZodType) =>
  z.strictObject({
    split: z.record(z.string(), armSchema(steps)).describe('Arms by name. Each lead has a fixed arm, decided when it enters.'),
    winner: WinnerShape.optional().describe('When an arm has won, so that new leads get it (docs/experiments.md)'),
    ...common,
  });
const Outer = z.strictObject({ split: z.unknown(), winner: z.unknown().optional(), ...common });

export const split: StepKind<SplitStep> = {
  kind: 'split',
  help: 'Compares: each arm gets its share of the leads, by chance and for good.',
  schema,

  read(raw, named, path, reading) {
    const read = readWith(Outer, raw, path, reading.report);
    const at = [...path, 'split'];
    const namedArms = read && readArms(read.split, at, reading.report);
    if (!namedArms) return undefined;
    const arms = namedArms.map((arm) => readArm(arm, reading)).filter((arm) => arm !== undefined);
    if (arms.length < namedArms.length) return undefined;
    const total = arms.reduce((sum, arm) => sum + arm.share, 0);
    if (total !== 100) {
      reading.report(at, { code: 'shares-total', what: 'the shares of a split must total 100', got: String(total), allowed: '100' });
    }
    if (arms.every((arm) => arm.holdout)) {
      reading.report(at, {
        code: 'only-holdouts',
        what: 'every arm is a holdout: there is nothing to compare',
        allowed: 'at least one arm without holdout',
      });
    }
    const winner = read.winner === undefined ? undefined : readWinner(read.winner, [...path, 'winner'], reading.report);
    return { ...named, kind: 'split', arms, ...(winner && { winner }) };
  },

  /** A split takes no time, so how one came to it counts for what follows: one Choice for each way that makes a difference. */
  enter({ step, next }, source, machine) {
    const Variable = `$.arms['${stepOf(step.id)}']`;
    const choices = step.arms.map((arm) => ({
      And: [
        { Variable, IsPresent: true },
        { Variable, StringEquals: arm.name },
      ],
      Next: machine.enter(placeOf(arm.steps, next), source),
    }));
    const fallback = choices[step.arms.findIndex((arm) => !arm.holdout)] ?? choices[0];
    if (!fallback) throw new TypeError(`split ${step.id} has no arms`);
    return machine.addVariant(step.id, hints[source], { Type: 'Choice', Choices: choices, Default: fallback.Next });
  },

  /** Its states come into being when something leads to it. */
  emit() {},
};

const hints: { readonly [source in Source]: string } = { cold: 'unplanned', answered: 'planned', ready: 'in time' };

type RawArm = { readonly name: string; readonly raw: unknown; readonly path: readonly (string | number)[] };

const readArm = ({ name, raw, path }: RawArm, { report, readSteps }: Reading): SplitArm | undefined => {
  const read = readWith(armSchema(AnySteps), raw, path, report);
  if (!read) return undefined;
  const steps = read.steps === undefined ? [] : readSteps(read.steps, [...path, 'steps']);
  if (read.holdout && read.steps !== undefined) {
    report([...path, 'steps'], {
      code: 'holdout-with-steps',
      what: 'a holdout gets nothing, so it has no steps',
      allowed: 'holdout or steps, not both',
      at: 'key',
    });
  }
  return { name, share: read.share, holdout: read.holdout === true, steps };
};
