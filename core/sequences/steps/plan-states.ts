import { substitute } from '#core/sequences/asl';
import type { PlannedWait } from '#core/sequences/model';
import type { Machine } from './step-kind.ts';
import { askTask, parkTask } from './task-parts.ts';

/** `Plan <step>`: for whoever comes without a fresh answer. It leads to the wait that it plans. */
export const planState = (machine: Machine, step: string, wait: PlannedWait) => {
  const name = `Plan ${step}`;
  machine.add(name, askTask(machine, { functionArn: substitute('PlanStepArn'), step, keep: ['waits'], next: wait.state }));
  machine.answers(name, [wait]);
};

/** Before an e-mail that may not go now: plan, then a hold that a stop can end. Defer comes here as well. */
export const planAndHold = (machine: Machine, step: string, hold: PlannedWait) => {
  planState(machine, step, hold);
  const park = { state: hold.state, step, length: 'planned', speaks: !hold.uncapped } as const;
  machine.add(hold.state, parkTask(machine, park, { onTimeout: step, onWoken: 'Route', onRefused: 'Route' }));
};
