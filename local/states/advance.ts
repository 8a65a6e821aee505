import { type Instant, toEpoch } from '#core/instant';
import type { Clock } from '#core/ports';
import type { DurableMap } from '#local/durable-map';
import { type ChoiceState, longestTimeout, type Machine, type PassState, type State, type TaskState } from './definition.ts';
import { type Attempt, type ExecutionData, type ExecutionStatus, eventsFor, historyLimit, type Visit } from './execution.ts';
import { Fault, payloadLimit, runtimeFault } from './faults.ts';
import { unitOf } from './hash.ts';
import { callService, type Integrations, toFault } from './integrations.ts';
import { type Context, writePath } from './path.ts';
import { decideRetry, matchesError } from './retry.ts';

export type AdvanceUse = {
  readonly clock: Clock;
  readonly executions: DurableMap<ExecutionData>;
  readonly integrations: Integrations;
  readonly seed: string;
  machineOf(execution: ExecutionData): Machine;
  /** Stores the execution and puts it on the agenda. */
  park(execution: ExecutionData, at: number): void;
  countTransition(machine: string, state: string): void;
};

/**
 * Runs one execution until it waits or ends. Between two awaits nothing else can happen to it; across an await only the
 * store counts, so it is read again afterwards.
 */
export const advance = async (use: AdvanceUse, arn: string): Promise<void> => {
  let execution = use.executions.get(arn);
  while (execution?.visit) {
    const call = runUntilCall(use, execution, execution.visit);
    if (!call) return;
    use.executions.set(arn, execution);
    const outcome = await makeCall(use, call);
    execution = use.executions.get(arn);
    if (!execution?.visit?.attempt) return;
    takeOutcome(use, execution, call.state, execution.visit, execution.visit.attempt, outcome);
  }
};

export const close = (use: Pick<AdvanceUse, 'executions'>, execution: ExecutionData, now: Instant, status: ExecutionStatus) => {
  execution.status = status;
  execution.stoppedAt = now;
  execution.events = Math.min(execution.events + eventsFor.closed, historyLimit);
  delete execution.visit;
  delete execution.due;
  use.executions.set(execution.arn, execution);
};

type Call = { readonly state: TaskState; readonly parameters: unknown };
type Outcome = { readonly result: unknown } | { readonly fault: Fault };

/** Everything up to the next call of a service; undefined: the execution waits or has ended. */
const runUntilCall = (use: AdvanceUse, execution: ExecutionData, first: Visit): Call | undefined => {
  const machine = use.machineOf(execution);
  for (let visit: Visit | undefined = first; visit; visit = execution.visit) {
    const now = use.clock.now();
    if (toEpoch(now) >= execution.deadline) {
      close(use, execution, now, 'TIMED_OUT');
      return undefined;
    }
    const state = machine.states.get(visit.state);
    if (!state) throw new Error(`execution ${execution.arn} is in ${visit.state}, which its definition does not have`);
    try {
      if (visit.enteredAt === undefined && !enter(use, execution, visit, now)) return undefined;
      if (state.kind !== 'Task') runPlainState(use, execution, visit, state, now);
      else {
        const step = runTask(use, execution, visit, state, now);
        if (step === 'waits') return undefined;
        if (step) return step;
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      fail(use, execution, visit, state, error, now);
    }
  }
  return undefined;
};

const enter = (use: AdvanceUse, execution: ExecutionData, visit: Visit, now: Instant): boolean => {
  if (execution.isDoomed) {
    close(use, execution, now, 'ABORTED');
    return false;
  }
  visit.enteredAt = now;
  execution.entered.push(visit.state);
  execution.enteredAt.push(toEpoch(now));
  use.countTransition(execution.machine, visit.state);
  addEvents(execution, eventsFor.entered);
  return true;
};

const runPlainState = (use: AdvanceUse, execution: ExecutionData, visit: Visit, state: Exclude<State, TaskState>, now: Instant) => {
  if (state.kind === 'Fail') {
    if (state.error !== undefined) execution.error = state.error;
    if (state.cause !== undefined) execution.cause = state.cause;
    return close(use, execution, now, 'FAILED');
  }
  const context = contextOf(execution, visit);
  const input = state.input(visit.input, context);
  if (state.kind === 'Choice') return leave(use, execution, chooseNext(state, input, context), state.output(input, context), now);
  if (state.kind === 'Succeed') return leave(use, execution, undefined, state.output(input, context), now);
  leave(use, execution, state.next, outputOf(visit, state, state.result(input, context), context), now);
};

const chooseNext = (state: ChoiceState, input: unknown, context: Context): string => {
  const next = state.rules.find((rule) => rule.test(input, context))?.next ?? state.otherwise;
  if (next === undefined) throw new Fault('States.NoChoiceMatched', `No choice of the state '${state.name}' matched`);
  return next;
};

/** A Call to make, 'waits' when parked, undefined when the state was left. */
const runTask = (use: AdvanceUse, execution: ExecutionData, visit: Visit, state: TaskState, now: Instant): Call | 'waits' | undefined => {
  const nowMilliseconds = toEpoch(now);
  const { attempt } = visit;
  if (!attempt) return beginAttempt(execution, visit, state, nowMilliseconds, { retriersUsed: [], retryCount: 0 });
  if (attempt.phase === 'backing off') {
    if (nowMilliseconds < attempt.deadline) return wait(use, execution, attempt.deadline);
    return beginRetry(use, execution, visit, state, nowMilliseconds, attempt);
  }
  if (attempt.phase === 'calling') {
    // Only a restart finds it so. A callback keeps its clock, because its token may already be known outside.
    if (!state.resource.isCallback) attempt.deadline = nowMilliseconds + timeoutSecondsOf(state, visit, contextOf(execution, visit)) * 1000;
    return callOf(execution, visit, state);
  }
  if (attempt.answer) return takeAnswer(use, execution, visit, state, attempt.answer, now);
  if (nowMilliseconds < attempt.deadline) return wait(use, execution, attempt.deadline);
  throw timedOut();
};

const wait = (use: AdvanceUse, execution: ExecutionData, at: number): 'waits' => {
  use.park(execution, Math.min(at, execution.deadline));
  return 'waits';
};

const beginAttempt = (
  execution: ExecutionData,
  visit: Visit,
  state: TaskState,
  now: number,
  before: Pick<Attempt, 'retriersUsed' | 'retryCount'>,
): Call => {
  execution.tokens += 1;
  visit.attempt = { phase: 'calling', token: execution.tokens, deadline: 0, ...before };
  visit.attempt.deadline = now + timeoutSecondsOf(state, visit, contextOf(execution, visit)) * 1000;
  const call = callOf(execution, visit, state);
  addEvents(execution, eventsFor.scheduledAndStarted);
  return call;
};

const beginRetry = (
  use: AdvanceUse,
  execution: ExecutionData,
  visit: Visit,
  state: TaskState,
  now: number,
  failed: Attempt,
): Call | undefined => {
  if (execution.isDoomed) {
    close(use, execution, use.clock.now(), 'ABORTED');
    return undefined;
  }
  use.countTransition(execution.machine, visit.state);
  execution.retried.push(execution.entered.length - 1);
  return beginAttempt(execution, visit, state, now, { retriersUsed: failed.retriersUsed, retryCount: failed.retryCount + 1 });
};

const callOf = (execution: ExecutionData, visit: Visit, state: TaskState): Call => {
  const context = contextOf(execution, visit);
  return { state, parameters: state.parameters(state.input(visit.input, context), context) };
};

const timeoutSecondsOf = (state: TaskState, visit: Visit, context: Context): number => {
  if ('seconds' in state.timeout) return state.timeout.seconds;
  const seconds = state.timeout.read(visit.input, context);
  if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 1 && seconds <= longestTimeout) return seconds;
  throw runtimeFault(`TimeoutSecondsPath of '${state.name}' gave ${JSON.stringify(seconds)}, not a whole number of at least 1`);
};

const makeCall = async (use: AdvanceUse, { state, parameters }: Call): Promise<Outcome> => {
  try {
    return { result: await callService(use.integrations, state.resource.service, parameters) };
  } catch (error) {
    return { fault: toFault(state.resource.service, error) };
  }
};

/** Applies what a call brought; the state is left, parked (the loop sees to an early answer), or retried. */
const takeOutcome = (use: AdvanceUse, execution: ExecutionData, state: TaskState, visit: Visit, attempt: Attempt, outcome: Outcome) => {
  const now = use.clock.now();
  try {
    // A callback's time-out is looked at once it is parked: an answer that came in time outlives a slow call.
    if (!state.resource.isCallback && toEpoch(now) >= attempt.deadline) throw timedOut();
    if ('fault' in outcome) throw outcome.fault;
    if (!state.resource.isCallback) return succeed(use, execution, visit, state, outcome.result, now);
    attempt.phase = 'parked';
    addEvents(execution, eventsFor.submitted);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fail(use, execution, visit, state, error, now);
  }
};

const takeAnswer = (
  use: AdvanceUse,
  execution: ExecutionData,
  visit: Visit,
  state: TaskState,
  answer: NonNullable<Attempt['answer']>,
  now: Instant,
) => {
  if ('error' in answer) throw new Fault(answer.error, answer.cause);
  succeed(use, execution, visit, state, JSON.parse(answer.output), now);
  return undefined;
};

const succeed = (use: AdvanceUse, execution: ExecutionData, visit: Visit, state: TaskState, result: unknown, now: Instant) => {
  addEvents(execution, eventsFor.answered);
  const context = contextOf(execution, visit);
  leave(use, execution, state.next, outputOf(visit, state, state.selector ? state.selector(result, context) : result, context), now);
};

const outputOf = (visit: Visit, state: TaskState | PassState, result: unknown, context: Context): unknown => {
  if (state.resultPath === undefined) return state.output(visit.input, context);
  const output = state.output(writePath(visit.input, state.resultPath, result), context);
  const text = JSON.stringify(output);
  // No character is more than three bytes of UTF-8, so short texts need no counting.
  if (text.length * 3 > payloadLimit && Buffer.byteLength(text) > payloadLimit) {
    throw new Fault(
      'States.DataLimitExceeded',
      `The state '${state.name}' returned a result with a size exceeding the maximum number of bytes.`,
    );
  }
  return output;
};

const leave = (use: AdvanceUse, execution: ExecutionData, next: string | undefined, output: unknown, now: Instant) => {
  addEvents(execution, eventsFor.exited);
  if (next !== undefined) {
    execution.visit = { state: next, input: output };
    return;
  }
  execution.output = JSON.stringify(output);
  close(use, execution, now, 'SUCCEEDED');
};

/** Retriers first, then catchers, then the execution fails. */
const fail = (use: AdvanceUse, execution: ExecutionData, visit: Visit, state: State, fault: Fault, now: Instant) => {
  try {
    if (state.kind === 'Task' && fault.name !== 'States.Runtime') {
      addEvents(execution, eventsFor.answered);
      if (retry(use, execution, visit, state, fault, now) || caught(use, execution, visit, state, fault, now)) return;
    }
  } catch (second) {
    if (!(second instanceof Fault)) throw second;
    return failExecution(use, execution, second, now);
  }
  failExecution(use, execution, fault, now);
};

const failExecution = (use: AdvanceUse, execution: ExecutionData, fault: Fault, now: Instant) => {
  execution.error = fault.name;
  execution.cause = fault.message;
  close(use, execution, now, 'FAILED');
};

const retry = (use: AdvanceUse, execution: ExecutionData, visit: Visit, state: TaskState, fault: Fault, now: Instant): boolean => {
  const { attempt } = visit;
  if (!attempt) return false;
  const chance = unitOf(`${use.seed} ${execution.arn} ${attempt.token}`);
  const decision = decideRetry(state.retriers, attempt.retriersUsed, fault.name, chance);
  if (!decision) return false;
  const retriersUsed = state.retriers.map((_, index) => (attempt.retriersUsed[index] ?? 0) + (index === decision.index ? 1 : 0));
  const deadline = toEpoch(now) + decision.delayMilliseconds;
  visit.attempt = { phase: 'backing off', token: attempt.token, deadline, retriersUsed, retryCount: attempt.retryCount };
  return true;
};

const caught = (use: AdvanceUse, execution: ExecutionData, visit: Visit, state: TaskState, fault: Fault, now: Instant): boolean => {
  const catcher = state.catchers.find(({ errors }) => matchesError(errors, fault.name));
  if (!catcher) return false;
  const error = { Error: fault.name, Cause: fault.message };
  leave(use, execution, catcher.next, catcher.resultPath ? writePath(visit.input, catcher.resultPath, error) : visit.input, now);
  return true;
};

const timedOut = () => new Fault('States.Timeout', '');

const addEvents = (execution: ExecutionData, count: number) => {
  execution.events += count;
  if (execution.events >= historyLimit) throw runtimeFault('The execution reached the maximum number of history events (25000).');
};

const contextOf = (execution: ExecutionData, visit: Visit): Context => ({
  executionArn: execution.arn,
  executionName: execution.name,
  input: execution.input,
  startedAt: execution.startedAt,
  state: visit.state,
  enteredAt: visit.enteredAt ?? execution.startedAt,
  retryCount: visit.attempt?.retryCount ?? 0,
  machine: execution.machine,
  tokenNumber: visit.attempt?.token ?? 0,
});
