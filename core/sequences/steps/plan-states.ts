import { substitute } from '#core/sequences/asl';
import type { PlannedWait } from '#core/sequences/model';
import type { Machine } from './step-kind.ts';
import { askTask, parkTask, sitOutTask } from './task-parts.ts';

/** `Plan <step>`: for whoever comes without a fresh answer. It leads to the wait that it plans. */
export const planState = (machine: Machine, step: string, wait: PlannedWait) => {
  const name = `Plan ${step}`;
  machine.add(name, askTask(machine, { functionArn: substitute('PlanStepArn'), step, keep: ['waits'], next: wait.state }));
  machine.answers(name, [wait]);
};

/** The same, and it sits out the wait that it plans: a state less (docs/decisions/0100). */
export const planAndSitOut = (
  machine: Machine,
  wait: PlannedWait,
  sits: { readonly step: string; readonly speaks: boolean; readonly next: string },
) => {
  const name = `Plan ${sits.step}`;
  machine.add(name, sitOutTask(machine, sits));
  machine.answers(name, [wait]);
};

/** Before an e-mail that may not go now: a wait that a stop can end, planned by whoever answered last, or here. Defer comes here as well. */
export const planAndHold = (machine: Machine, step: string, hold: PlannedWait) => {
  const speaks = !hold.uncapped;
  planAndSitOut(machine, hold, { step, speaks, next: step });
  const park = { state: hold.state, step, length: 'planned', speaks } as const;
  machine.add(hold.state, parkTask(machine, park, { onTimeout: step, onWoken: 'Route', onRefused: 'Route' }));
};
