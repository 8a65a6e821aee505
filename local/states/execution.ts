import type { Instant } from '#core/instant';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** When the runner has to look at an execution next; of two at the same moment the lower sequence goes first. */
export type Due = { at: number; sequence: number };

export type Answer = { output: string } | { error: string; cause: string };

/**
 * One attempt at a task. `calling`: the service may or may not have been called, a restart calls again with the same
 * token. `parked`: called, the token awaits its answer. `backing off`: the attempt failed, a retry is due.
 */
export type Attempt = {
  phase: 'calling' | 'parked' | 'backing off';
  token: number;
  /** When the attempt times out; while backing off, when the next one begins. */
  deadline: number;
  /** How often each retrier of the state was used. */
  retriersUsed: number[];
  retryCount: number;
  answer?: Answer;
};

/** The state that an execution is in; `enteredAt` undefined: about to enter it. */
export type Visit = { state: string; input: unknown; enteredAt?: Instant; attempt?: Attempt };

/** A whole execution as plain data. Times in epoch milliseconds where only the runner reads them. */
export type ExecutionData = {
  arn: string;
  machine: string;
  /** Hash of the definition that it started with and keeps. */
  definition: string;
  name: string;
  input: string;
  startedAt: Instant;
  deadline: number;
  status: ExecutionStatus;
  /** Its machine was deleted: the next transition aborts. */
  isDoomed?: true;
  due?: Due;
  visit?: Visit;
  /** Minted so far, over all executions of this name. */
  tokens: number;
  /** History events so far, counted as AWS does. */
  events: number;
  /** The states entered, when (epoch milliseconds), and the retries by their place in `entered`. */
  entered: string[];
  enteredAt: number[];
  retried: number[];
  stoppedAt?: Instant;
  output?: string;
  error?: string;
  cause?: string;
};

/** AWS ends an execution when its 25,000th history event would be anything but its end. */
export const historyLimit = 25_000;

/** Events that AWS writes: see the table in docs/states-runner.md. */
export const eventsFor = {
  started: 1,
  entered: 1,
  exited: 1,
  scheduledAndStarted: 2,
  submitted: 1,
  answered: 1,
  closed: 1,
} as const;
