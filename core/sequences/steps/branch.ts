import * as z from 'zod';
import { parseCondition } from '#core/condition-schema';
import { substitute } from '#core/sequences/asl';
import { type BranchArm, type BranchStep, pastArm } from '#core/sequences/model';
import { placeOf, waitsFrom } from '#core/sequences/plan';
import { readArms } from './arms.ts';
import { AnySteps, common, type Reading, readWith, type StepKind } from './step-kind.ts';
import { askTask } from './task-parts.ts';

const armSchema = (steps: z.ZodType) =>
  z.strictObject({
    if: z.unknown().optional().describe('The condition of this arm. The last arm has none: it takes everyone else.'),
    steps: steps.optional().describe('What happens in this arm; nothing, if left out.'),
  });

const schema = (steps: z.ZodType) =>
  z.strictObject({
    branch: z.record(z.string(), armSchema(steps)).describe('Arms by name, tried from the top: the first whose condition holds is taken.'),
    ...common,
  });
const Outer = z.strictObject({ branch: z.unknown(), ...common });

export const branch: StepKind<BranchStep> = {
  kind: 'branch',
  help: 'Chooses an arm by what is known of the lead at that moment.',
  schema,

  read(raw, named, path, reading) {
    const read = readWith(Outer, raw, path, reading.report);
    const namedArms = read && readArms(read.branch, [...path, 'branch'], reading.report);
    if (!namedArms) return undefined;
    const arms = namedArms.map((arm, index) => readArm(arm, index === namedArms.length - 1, reading));
    const whole = arms.filter((arm) => arm !== undefined);
    return whole.length === arms.length ? { ...named, kind: 'branch', arms: whole } : undefined;
  },

  enter: ({ step }) => step.id,

  emit({ step, next }, machine) {
    const choice = `${step.id}?`;
    machine.add(
      step.id,
      askTask(machine, { functionArn: substitute('EvaluateBranchArn'), step: step.id, keep: ['arm', 'waits'], next: choice }),
    );
    const targets = step.arms.map((arm) => {
      const place = placeOf(arm.steps, next);
      machine.answers(`${step.id}/${arm.name}`, waitsFrom(place, machine.sequence));
      return { Variable: '$.plan.arm', StringEquals: arm.name, Next: machine.enter(place, 'answered') };
    });
    const last = targets.at(-1);
    if (!last) throw new TypeError(`branch ${step.id} has no arms`);
    if (step.onlyIf) machine.answers(`${step.id}/${pastArm}`, waitsFrom(next, machine.sequence));
    const goPast = { Variable: '$.plan.arm', StringEquals: pastArm, Next: machine.enter(next, 'answered') };
    machine.add(choice, { Type: 'Choice', Choices: [...(step.onlyIf ? [goPast] : []), ...targets], Default: last.Next });
  },
};

type RawArm = { readonly name: string; readonly raw: unknown; readonly path: readonly (string | number)[] };

const readArm = ({ name, raw, path }: RawArm, isLast: boolean, { report, readSteps }: Reading): BranchArm | undefined => {
  const read = readWith(armSchema(AnySteps), raw ?? {}, path, report);
  if (!read) return undefined;
  const steps = read.steps === undefined ? [] : readSteps(read.steps, [...path, 'steps']);
  if (isLast) {
    if (read.if === undefined) return { name, steps };
    report([...path, 'if'], {
      code: 'no-rest-arm',
      what: 'the last arm takes everyone else, so it has no condition',
      allowed: 'one more arm at the end without if, e.g. rest: {}',
    });
    return undefined;
  }
  if (read.if === undefined) {
    report(path, {
      code: 'arm-without-condition',
      what: `the arms after "${name}" can never be reached`,
      allowed: 'an if for every arm but the last',
    });
    return undefined;
  }
  const condition = parseCondition(read.if, [...path, 'if'], report);
  return condition && { name, if: condition, steps };
};
