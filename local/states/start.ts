import { addSeconds, type Instant, toEpoch } from '#core/instant';
import { executionArn } from './arn.ts';
import type { Machine } from './definition.ts';
import { type ExecutionData, eventsFor } from './execution.ts';
import { apiError, parsedJson, payloadLimit } from './faults.ts';

/** `stateMachine`: name or ARN. `input`: JSON. */
export type StartRequest = { readonly stateMachine: string; readonly name: string; readonly input: string };

/** The input as the first state gets it. */
export const checkStart = ({ name, input }: StartRequest): unknown => {
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) throw apiError('InvalidName', `Invalid Name: '${name}' (1 to 80 of A-Z a-z 0-9 - _)`);
  const parsed = parsedJson(input);
  if (parsed === undefined) throw apiError('InvalidExecutionInput', 'Invalid State Machine Execution Input: the input is not JSON');
  if (input.length * 3 > payloadLimit && Buffer.byteLength(input) > payloadLimit)
    throw apiError('ValidationException', `input exceeds ${payloadLimit} bytes`);
  return parsed;
};

/** true: the same execution runs already. Throws when the name is taken. */
export const isRepeat = (earlier: ExecutionData, { input }: StartRequest, now: Instant): boolean => {
  if (earlier.status === 'RUNNING' && earlier.input === input) return true;
  if (earlier.stoppedAt !== undefined && now >= addSeconds(earlier.stoppedAt, namesReusableAfter)) return false;
  throw apiError('ExecutionAlreadyExists', `Execution Already Exists: '${earlier.arn}'`);
};

/** Tokens go on counting where an earlier execution of the name stopped, so that its tokens stay dead. */
export const newExecution = (
  machine: string,
  current: { readonly hash: string; readonly machine: Machine },
  { name, input }: StartRequest,
  parsed: unknown,
  now: Instant,
  earlier: ExecutionData | undefined,
): ExecutionData => ({
  arn: executionArn(machine, name),
  machine,
  definition: current.hash,
  name,
  input,
  startedAt: now,
  deadline: toEpoch(now) + Math.min(current.machine.timeoutSeconds ?? longestRun, longestRun) * 1000,
  status: 'RUNNING',
  visit: { state: current.machine.startAt, input: parsed },
  tokens: earlier?.tokens ?? 0,
  events: eventsFor.started,
  entered: [],
  enteredAt: [],
  retried: [],
});

/** One year, the longest that AWS lets an execution run, in seconds. */
const longestRun = 365 * 86_400;
const namesReusableAfter = 90 * 86_400;
