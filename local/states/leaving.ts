import { type Instant, toEpoch } from '#core/instant';
import type { Clock } from '#core/ports';
import type { DurableMap } from '#local/durable-map';
import type { Machine, PassState, State, TaskState } from './definition.ts';
import { type ExecutionData, type ExecutionStatus, eventsFor, historyLimit, type Visit } from './execution.ts';
import { Fault, payloadLimit, runtimeFault } from './faults.ts';
import { unitOf } from './hash.ts';
import type { Integrations } from './integrations.ts';
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

/** An execution at work: what it uses, itself, the state it is in, and the moment. */
export type Work = { readonly use: AdvanceUse; readonly execution: ExecutionData; readonly visit: Visit; readonly now: Instant };

/** On to the next state; without one the execution has succeeded. */
export const leave = ({ use, execution, now }: Work, next: string | undefined, output: unknown) => {
  addEvents(execution, eventsFor.exited);
  if (next !== undefined) {
    execution.visit = { state: next, input: output };
    return;
  }
  execution.output = JSON.stringify(output);
  close(use, execution, now, 'SUCCEEDED');
};

/** ResultPath over the raw input, then OutputPath. */
export const outputOf = ({ visit }: Work, state: TaskState | PassState, result: unknown, context: Context): unknown => {
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

/** Retriers first, then catchers, then the execution fails. */
export const fail = (work: Work, state: State, fault: Fault) => {
  try {
    if (state.kind === 'Task' && fault.name !== 'States.Runtime') {
      addEvents(work.execution, eventsFor.answered);
      if (retry(work, state, fault) || handOver(work, state, fault)) return;
    }
    failExecution(work, fault);
  } catch (second) {
    if (!(second instanceof Fault)) throw second;
    failExecution(work, second);
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

export const addEvents = (execution: ExecutionData, count: number) => {
  execution.events += count;
  if (execution.events >= historyLimit) throw runtimeFault('The execution reached the maximum number of history events (25000).');
};

export const contextOf = ({ execution, visit }: Pick<Work, 'execution' | 'visit'>): Context => ({
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

const retry = ({ use, execution, visit, now }: Work, state: TaskState, fault: Fault): boolean => {
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

const handOver = (work: Work, state: TaskState, fault: Fault): boolean => {
  const catcher = state.catchers.find(({ errors }) => matchesError(errors, fault.name));
  if (!catcher) return false;
  const { input } = work.visit;
  const error = { Error: fault.name, Cause: fault.message };
  leave(work, catcher.next, catcher.resultPath ? writePath(input, catcher.resultPath, error) : input);
  return true;
};

const failExecution = ({ use, execution, now }: Work, fault: Fault) => {
  execution.error = fault.name;
  execution.cause = fault.message;
  close(use, execution, now, 'FAILED');
};
