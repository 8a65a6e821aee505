import * as z from 'zod';
import type { ExitStep } from '#core/sequences/model';
import { common, readWith, type StepKind } from './step-kind.ts';
import { endTask } from './task-parts.ts';

const schema = () =>
  z.strictObject({
    exit: z.literal([true, 'goal']).describe('true, or goal when the lead has done what the sequence is for.'),
    ...common,
  });

export const exit: StepKind<ExitStep> = {
  kind: 'exit',
  help: 'Ends the sequence for this lead, here.',
  schema,

  read(raw, named, path, { report }) {
    const read = readWith(schema(), raw, path, report);
    return read && { ...named, kind: 'exit', as: read.exit === 'goal' ? 'goal' : 'exit' };
  },

  enter: ({ step }) => step.id,

  emit({ step }, machine) {
    machine.add(step.id, endTask({ ending: 'exited', endedBy: step.id, endedAs: step.as }, 'Route'));
  },
};
