import { toEpoch } from '#core/instant';
import { longestTimeout, type TaskState } from './definition.ts';
import { type Answer, type Attempt, eventsFor } from './execution.ts';
import { Fault, runtimeFault } from './faults.ts';
import { callService, type Integrations, toFault } from './integrations.ts';
import { addEvents, close, contextOf, leave, outputOf, type Work } from './leaving.ts';

export type Call = { readonly state: TaskState; readonly parameters: unknown };
export type Outcome = { readonly result: unknown } | { readonly fault: Fault };

/** A call to make, 'waits' when it cannot go on now, undefined when the state was left. */
export const runTask = (work: Work, state: TaskState): Call | 'waits' | undefined => {
  const { attempt } = work.visit;
  if (!attempt) return beginAttempt(work, state, { retriersUsed: [], retryCount: 0 });
  switch (attempt.phase) {
    case 'calling':
      return callAgain(work, state, attempt);
    case 'parked':
      if (attempt.answer) return takeAnswer(work, state, attempt.answer);
      if (toEpoch(work.now) >= attempt.deadline) throw timedOut;
      return waitUntil(work, attempt.deadline);
    case 'backing off':
      if (toEpoch(work.now) < attempt.deadline) return waitUntil(work, attempt.deadline);
      return beginRetry(work, state, attempt);
  }
};

export const makeCall = async (use: Integrations, { state, parameters }: Call): Promise<Outcome> => {
  try {
    return { result: await callService(use, state.resource.service, parameters) };
  } catch (error) {
    return { fault: toFault(state.resource.service, error) };
  }
};

/** What a call brought: its fault, the result, or for a callback the wait for the token's answer. */
export const takeOutcome = (work: Work, state: TaskState, attempt: Attempt, outcome: Outcome) => {
  // A callback's time-out is looked at once it is parked: an answer that came in time outlives a slow call.
  if (!state.resource.isCallback && toEpoch(work.now) >= attempt.deadline) throw timedOut;
  if ('fault' in outcome) throw outcome.fault;
  if (!state.resource.isCallback) return succeed(work, state, outcome.result);
  attempt.phase = 'parked';
  addEvents(work.execution, eventsFor.submitted);
};

const beginAttempt = (work: Work, state: TaskState, before: Pick<Attempt, 'retriersUsed' | 'retryCount'>): Call => {
  const { execution, visit } = work;
  execution.tokens += 1;
  visit.attempt = { phase: 'calling', token: execution.tokens, deadline: toEpoch(work.now), ...before };
  visit.attempt.deadline += timeoutSecondsOf(work, state) * 1000;
  const call = callOf(work, state);
  addEvents(execution, eventsFor.scheduledAndStarted);
  return call;
};

const beginRetry = (work: Work, state: TaskState, failed: Attempt): Call | undefined => {
  const { use, execution, visit, now } = work;
  if (execution.isDoomed) {
    close(use, execution, now, 'ABORTED');
    return undefined;
  }
  use.countTransition(execution.machine, visit.state);
  execution.retried.push(execution.entered.length - 1);
  return beginAttempt(work, state, { retriersUsed: failed.retriersUsed, retryCount: failed.retryCount + 1 });
};

/** After a restart in mid-call: the same token. A callback keeps its deadline too, the token may be known outside already. */
const callAgain = (work: Work, state: TaskState, attempt: Attempt): Call => {
  if (!state.resource.isCallback) attempt.deadline = toEpoch(work.now) + timeoutSecondsOf(work, state) * 1000;
  return callOf(work, state);
};

const callOf = (work: Work, state: TaskState): Call => {
  const context = contextOf(work);
  return { state, parameters: state.parameters(state.input(work.visit.input, context), context) };
};

const timeoutSecondsOf = (work: Work, state: TaskState): number => {
  if ('seconds' in state.timeout) return state.timeout.seconds;
  const seconds = state.timeout.read(work.visit.input, contextOf(work));
  if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 1 && seconds <= longestTimeout) return seconds;
  throw runtimeFault(`TimeoutSecondsPath of '${state.name}' gave ${JSON.stringify(seconds)}, not a whole number of at least 1`);
};

const waitUntil = ({ use, execution }: Work, at: number): 'waits' => {
  use.park(execution, Math.min(at, execution.deadline));
  return 'waits';
};

const takeAnswer = (work: Work, state: TaskState, answer: Answer): undefined => {
  if ('error' in answer) throw new Fault(answer.error, answer.cause);
  succeed(work, state, JSON.parse(answer.output));
};

const succeed = (work: Work, state: TaskState, result: unknown) => {
  addEvents(work.execution, eventsFor.answered);
  const context = contextOf(work);
  leave(work, state.next, outputOf(work, state, state.selector ? state.selector(result, context) : result, context));
};

/** The usual end of a wait: one for all of them, for making an error means to look where it comes from. */
const timedOut = new Fault('States.Timeout', '');
