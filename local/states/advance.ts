import { toEpoch } from '#core/instant';
import type { ChoiceState, Machine, State, TaskState } from './definition.ts';
import { type ExecutionData, eventsFor } from './execution.ts';
import { Fault } from './faults.ts';
import { type AdvanceUse, addEvents, close, contextOf, fail, leave, outputOf, type Work } from './leaving.ts';
import type { Context } from './path.ts';
import { type Call, makeCall, runTask, takeOutcome } from './task.ts';

/**
 * Runs one execution until it waits or ends. Between two awaits nothing else can happen to it; across an await only the
 * store counts, so it is read again afterwards.
 */
export const advance = async (use: AdvanceUse, arn: string): Promise<void> => {
  let execution = use.executions.get(arn);
  while (execution) {
    const call = runUntilCall(use, execution);
    if (!call) return;
    use.executions.set(arn, execution);
    const outcome = await makeCall(use.integrations, call);
    execution = use.executions.get(arn);
    const { visit } = execution ?? {};
    if (!execution || !visit?.attempt) return;
    const { attempt } = visit;
    const work = { use, execution, visit, now: use.clock.now() };
    faultless(work, call.state, () => takeOutcome(work, call.state, attempt, outcome));
  }
};

/** Everything up to the next call of a service; undefined: the execution waits or has ended. */
const runUntilCall = (use: AdvanceUse, execution: ExecutionData): Call | undefined => {
  const machine = use.machineOf(execution);
  while (execution.visit) {
    const work = { use, execution, visit: execution.visit, now: use.clock.now() };
    if (toEpoch(work.now) >= execution.deadline) {
      close(use, execution, work.now, 'TIMED_OUT');
      return undefined;
    }
    const state = stateOf(machine, work);
    const step = faultless(work, state, () => runState(work, state));
    if (step === 'waits') return undefined;
    if (step) return step;
  }
  return undefined;
};

/** Does it; what it throws as a Fault goes to the state's retriers and catchers. */
const faultless = <T>(work: Work, state: State, act: () => T): T | undefined => {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fail(work, state, error);
    return undefined;
  }
};

const stateOf = (machine: Machine, { execution, visit }: Work): State => {
  const state = machine.states.get(visit.state);
  if (!state) throw new Error(`execution ${execution.arn} is in ${visit.state}, which its definition does not have`);
  return state;
};

const runState = (work: Work, state: State): Call | 'waits' | undefined => {
  if (work.visit.enteredAt === undefined) {
    if (work.execution.isDoomed) return void close(work.use, work.execution, work.now, 'ABORTED');
    enter(work);
  }
  return state.kind === 'Task' ? runTask(work, state) : void runPlainState(work, state);
};

const enter = ({ use, execution, visit, now }: Work) => {
  addEvents(execution, eventsFor.entered);
  visit.enteredAt = now;
  execution.entered.push(visit.state);
  execution.enteredAt.push(toEpoch(now));
  use.countTransition(execution.machine, visit.state);
};

const runPlainState = (work: Work, state: Exclude<State, TaskState>) => {
  const { use, execution, visit, now } = work;
  if (state.kind === 'Fail') {
    if (state.error !== undefined) execution.error = state.error;
    if (state.cause !== undefined) execution.cause = state.cause;
    return close(use, execution, now, 'FAILED');
  }
  const context = contextOf(work);
  const input = state.input(visit.input, context);
  if (state.kind === 'Choice') return leave(work, chooseNext(state, input, context), state.output(input, context));
  if (state.kind === 'Succeed') return leave(work, undefined, state.output(input, context));
  leave(work, state.next, outputOf(work, state, state.result(input, context), context));
};

const chooseNext = (state: ChoiceState, input: unknown, context: Context): string => {
  const next = state.rules.find((rule) => rule.test(input, context))?.next ?? state.otherwise;
  if (next === undefined) throw new Fault('States.NoChoiceMatched', `No choice of the state '${state.name}' matched`);
  return next;
};
