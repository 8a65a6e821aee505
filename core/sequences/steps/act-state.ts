import { substitute } from '#core/sequences/asl';
import type { ActingStep } from '#core/sequences/model';
import { type Place, waitsFrom } from '#core/sequences/plan';
import type { Machine } from './step-kind.ts';
import { askTask } from './task-parts.ts';

/** One call to a handler, which does what the artifact says of this step and plans what follows. */
export const actState = ({ step, next }: Place<ActingStep>, machine: Machine): void => {
  const ask = { functionArn: substitute('ActOnLeadArn'), step: step.id, keep: ['waits'], next: machine.enter(next, 'answered') };
  machine.add(step.id, askTask(machine, ask));
  machine.answers(step.id, waitsFrom(next, machine.sequence));
};
