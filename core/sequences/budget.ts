import { type Asl, resources, type State } from './asl.ts';
import { entrance } from './start.ts';

/**
 * How many transitions an execution may have used, given the states it entered: 2 per e-mail with its wait, 1 per further
 * wait, wait-for or split, 2 per branch, 1 per enrolment (its ending; none after a last e-mail) and 1 for Enter, where there is one on the way, 1 per plan whose state sits out what it plans, 2 per
 * plan-and-hold. Counted as 1 for the
 * first time at each e-mail and 1 for every wait, so what comes back after a Defer is over by that e-mail, and a
 * failure by its Fail state. A leg that first sits out what is left of a wait pays for that, and enters again.
 */
export const budgetOf = (trace: readonly string[], asl: Asl): number => {
  const emails = new Set(trace.filter((name) => roleOf(name, asl) === 'email'));
  const rest = trace.reduce((sum, name) => sum + allowed[roleOf(name, asl)], 0);
  const entered = trace.filter((name) => name === entrance).length;
  return trace.length === 0 ? 0 : entered + (endsItself(trace, asl) ? 0 : ending) + emails.size + rest;
};

/** Transitions for each e-mail step that was entered; undefined when there was none. */
export const transitionsPerEmailStep = (trace: readonly string[], asl: Asl): number | undefined => {
  const emails = new Set(trace.filter((name) => roleOf(name, asl) === 'email'));
  return emails.size === 0 ? undefined : trace.length / emails.size;
};

const ending = 1;

/** After its last e-mail a run ends without a state of its own. */
const endsItself = (trace: readonly string[], asl: Asl): boolean => {
  const last = asl.States[trace.at(-1) ?? ''];
  return last?.Type === 'Task' && last.End === true && last.Resource === resources.sendToQueue;
};

type Role = 'email' | 'park' | 'plan' | 'branch' | 'split' | 'enrolment' | 'extra';

/** `branch` pays for its Choice too; e-mails are counted apart, `enrolment` once. */
const allowed: { readonly [role in Role]: number } = { email: 0, park: 1, plan: 1, branch: 2, split: 1, enrolment: 0, extra: 0 };

const roleOf = (name: string, asl: Asl): Role => {
  const state = asl.States[name];
  if (!state) throw new TypeError(`there is no state ${name}`);
  if (name === entrance) return 'enrolment';
  switch (state.Type) {
    case 'Task':
      return taskRole(name, state.Resource);
    case 'Choice':
      return isArmChoice(state) ? 'extra' : 'split';
    case 'Succeed':
    case 'Fail':
      return 'extra';
  }
};

const taskRole = (name: string, resource: string): Role => {
  if (resource === resources.sendToQueue) return 'email';
  if (resource === resources.park) return 'park';
  if (resource === resources.ask) return 'plan';
  if (resource === resources.invoke) return name.startsWith('Plan ') ? 'plan' : 'branch';
  return 'enrolment';
};

const isArmChoice = (state: State) => state.Type === 'Choice' && state.Choices.some((it) => it.Variable === '$.plan.arm');
