import { type Instant, toInstant } from '#core/instant';
import { machineArn } from './arn.ts';
import type { ExecutionData, ExecutionStatus } from './execution.ts';

export type ExecutionSummary = {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly machine: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startDate: Instant;
  readonly stopDate?: Instant;
};

/** `state`: where a running execution is. `historyEvents`: how many AWS would have written. */
export type ExecutionDescription = ExecutionSummary & {
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly state?: string;
  readonly historyEvents: number;
};

export type VisitedState = { readonly state: string; readonly enteredAt: Instant; readonly retries: number };

export const summarise = (execution: ExecutionData): ExecutionSummary => ({
  executionArn: execution.arn,
  stateMachineArn: machineArn(execution.machine),
  machine: execution.machine,
  name: execution.name,
  status: execution.status,
  startDate: execution.startedAt,
  ...(execution.stoppedAt !== undefined && { stopDate: execution.stoppedAt }),
});

export const describeExecution = (execution: ExecutionData): ExecutionDescription => ({
  ...summarise(execution),
  input: execution.input,
  ...(execution.output !== undefined && { output: execution.output }),
  ...(execution.error !== undefined && { error: execution.error }),
  ...(execution.cause !== undefined && { cause: execution.cause }),
  ...(execution.visit && { state: execution.visit.state }),
  historyEvents: execution.events,
});

export const historyOf = ({ entered, enteredAt, retried }: ExecutionData): VisitedState[] =>
  entered.map((state, index) => ({
    state,
    enteredAt: toInstant(enteredAt[index] ?? 0),
    retries: retried.filter((place) => place === index).length,
  }));
