import { addSeconds, type Instant, toEpoch, toInstant } from '#core/instant';
import type { Clock } from '#core/ports';
import { type DurableMap, memoryMap } from '#local/durable-map';
import { advance } from './advance.ts';
import { createAgenda } from './agenda.ts';
import { executionArn, machineNameOf } from './arn.ts';
import { createCounters, type Transitions } from './counters.ts';
import {
  describeExecution,
  type ExecutionDescription,
  type ExecutionSummary,
  historyOf,
  summarise,
  type VisitedState,
} from './describe.ts';
import { type Answer, type ExecutionData, type ExecutionStatus, eventsFor } from './execution.ts';
import { apiError, payloadLimit } from './faults.ts';
import type { Integrations } from './integrations.ts';
import { close } from './leaving.ts';
import { createMachines, type DefinitionData } from './machines.ts';
import { readToken } from './token.ts';

export type StatesRunner = {
  /** Creates or updates a machine. Throws InvalidDefinition that names every state and field it does not take. */
  deploy(name: string, asl: Record<string, unknown>, substitutions: Readonly<Record<string, string>>, type?: string): void;
  /** Deletes a machine; its running executions are aborted at their next transition, as on AWS. */
  remove(name: string): void;
  startExecution(request: StartRequest): { executionArn: string; startDate: Instant };
  stopExecution(arn: string, error?: string, cause?: string): void;
  sendTaskSuccess(token: string, output: string): void;
  sendTaskFailure(token: string, error?: string, cause?: string): void;
  /** When the earliest work is due; undefined: nothing waits. */
  peek(): Instant | undefined;
  /** Runs the earliest due work until its execution waits or ends. Calls may overlap: each takes another execution. */
  runNext(): Promise<void>;
  describe(arn: string): ExecutionDescription;
  list(filter?: { stateMachine?: string; status?: ExecutionStatus }): ExecutionSummary[];
  /** The states entered, in order. */
  history(arn: string): VisitedState[];
  transitions(): Transitions;
};

/** `stateMachine`: name or ARN. `input`: JSON. */
export type StartRequest = { readonly stateMachine: string; readonly name: string; readonly input: string };

/** `definitions` must be as durable as `executions`: a running execution keeps the definition that it started with. */
export type StatesRunnerUse = Integrations & {
  readonly clock: Clock;
  readonly executions: DurableMap<ExecutionData>;
  readonly definitions?: DurableMap<DefinitionData>;
  readonly seed: string;
};

export const createStatesRunner = (use: StatesRunnerUse): StatesRunner => {
  const { clock, executions } = use;
  const machines = createMachines(use.definitions ?? memoryMap());
  const agenda = createAgenda();
  const counters = createCounters();
  let sequence = reopen(executions, agenda, counters);

  const park = (execution: ExecutionData, at: number) => {
    sequence += 1;
    execution.due = { at, sequence };
    executions.set(execution.arn, execution);
    agenda.schedule(execution.arn, execution.due);
  };
  const advanceUse = {
    clock,
    executions,
    integrations: use,
    seed: use.seed,
    machineOf: machines.of,
    park,
    countTransition: counters.count,
  };
  const mustFind = (arn: string): ExecutionData => {
    const execution = executions.get(arn);
    if (!execution) throw apiError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  };
  const answer = (token: string, given: Answer) => {
    const { execution, attempt } = openAttempt(executions, token, toEpoch(clock.now()));
    attempt.answer = given;
    // While the call is under way the answer only waits: the call's own failure would win.
    if (attempt.phase === 'parked') park(execution, toEpoch(clock.now()));
    else executions.set(execution.arn, execution);
  };
  const isDeleting = (name: string) => !machines.current(name) && running(executions, name).some((execution) => execution.isDoomed);

  return {
    deploy: (name, asl, substitutions, type = 'STANDARD') => {
      if (isDeleting(name)) throw apiError('StateMachineDeleting', `State Machine is being deleted: '${name}'`);
      machines.deploy(name, asl, substitutions, type);
    },
    remove: (name) => {
      machines.remove(name);
      for (const execution of running(executions, name)) executions.set(execution.arn, Object.assign(execution, { isDoomed: true }));
    },
    startExecution: (request) => {
      const machine = machineNameOf(request.stateMachine);
      checkStart(request);
      const current = machines.current(machine);
      if (!current && isDeleting(machine)) throw apiError('StateMachineDeleting', `State Machine is being deleted: '${machine}'`);
      if (!current) throw apiError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${machine}'`);
      const now = clock.now();
      const earlier = executions.get(executionArn(machine, request.name));
      if (earlier && isRepeat(earlier, request, now)) return { executionArn: earlier.arn, startDate: earlier.startedAt };
      const execution = newExecution(machine, request, now, earlier?.tokens ?? 0);
      execution.definition = current.hash;
      execution.deadline = toEpoch(now) + Math.min(current.machine.timeoutSeconds ?? longestRun, longestRun) * 1000;
      execution.visit = { state: current.machine.startAt, input: JSON.parse(request.input) };
      park(execution, toEpoch(now));
      return { executionArn: execution.arn, startDate: now };
    },
    stopExecution: (arn, error, cause) => {
      const execution = mustFind(arn);
      if (execution.status !== 'RUNNING') return;
      if (error !== undefined) execution.error = error;
      if (cause !== undefined) execution.cause = cause;
      agenda.cancel(arn);
      close({ executions }, execution, clock.now(), 'ABORTED');
    },
    sendTaskSuccess: (token, output) => {
      readClaims(token);
      if (!isJson(output)) throw apiError('InvalidOutput', 'Invalid Output: the output is not JSON');
      if (Buffer.byteLength(output) > payloadLimit) throw apiError('ValidationException', `output exceeds ${payloadLimit} bytes`);
      answer(token, { output });
    },
    sendTaskFailure: (token, error = '', cause = '') => answer(token, { error, cause }),
    peek: () => {
      const due = agenda.earliest();
      return due && toInstant(due.at);
    },
    runNext: async () => {
      const arn = agenda.take(toEpoch(clock.now()));
      if (arn !== undefined) await advance(advanceUse, arn);
    },
    describe: (arn) => describeExecution(mustFind(arn)),
    list: (filter = {}) => listExecutions(executions, filter),
    history: (arn) => historyOf(mustFind(arn)),
    transitions: counters.read,
  };
};

/** One year, the longest that AWS lets an execution run, in seconds. */
const longestRun = 365 * 86_400;
const namesReusableAfter = 90 * 86_400;

/** Fills agenda and counters from what is stored; gives the last sequence used. */
const reopen = (
  executions: DurableMap<ExecutionData>,
  agenda: ReturnType<typeof createAgenda>,
  counters: ReturnType<typeof createCounters>,
): number => {
  let sequence = 0;
  for (const [arn, execution] of executions.entries()) {
    const { machine, due, entered, retried } = execution;
    for (const state of entered) counters.count(machine, state);
    for (const place of retried) counters.count(machine, entered[place] ?? '');
    if (!due) continue;
    agenda.schedule(arn, due);
    sequence = Math.max(sequence, due.sequence);
  }
  return sequence;
};

const checkStart = ({ name, input }: StartRequest) => {
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) throw apiError('InvalidName', `Invalid Name: '${name}' (1 to 80 of A-Z a-z 0-9 - _)`);
  if (!isJson(input)) throw apiError('InvalidExecutionInput', 'Invalid State Machine Execution Input: the input is not JSON');
  if (Buffer.byteLength(input) > payloadLimit) throw apiError('ValidationException', `input exceeds ${payloadLimit} bytes`);
};

/** true: the same execution runs already. Throws when the name is taken. */
const isRepeat = (earlier: ExecutionData, { input }: StartRequest, now: Instant): boolean => {
  if (earlier.status === 'RUNNING' && earlier.input === input) return true;
  if (earlier.stoppedAt !== undefined && now >= addSeconds(earlier.stoppedAt, namesReusableAfter)) return false;
  throw apiError('ExecutionAlreadyExists', `Execution Already Exists: '${earlier.arn}'`);
};

/** `tokens` goes on counting where an earlier execution of the name stopped, so that its tokens stay dead. */
const newExecution = (machine: string, { name, input }: StartRequest, now: Instant, tokens: number): ExecutionData => ({
  arn: executionArn(machine, name),
  machine,
  definition: '',
  name,
  input,
  startedAt: now,
  deadline: 0,
  status: 'RUNNING',
  tokens,
  events: eventsFor.started,
  entered: [],
  enteredAt: [],
  retried: [],
});

const readClaims = (token: string) => {
  const claims = readToken(token);
  if (!claims) throw apiError('InvalidToken', `Invalid Token: '${token.slice(0, 20)}'`);
  return claims;
};

/** The attempt that this token may still answer, or AWS's error. */
const openAttempt = (executions: DurableMap<ExecutionData>, token: string, now: number) => {
  const { executionArn: arn, number } = readClaims(token);
  const execution = executions.get(arn);
  if (!execution) throw apiError('TaskDoesNotExist', 'Task Does Not Exist: the execution of this token is unknown');
  const attempt = execution.visit?.attempt;
  const isOpen = attempt?.token === number && attempt.phase !== 'backing off' && !attempt.answer;
  if (!isOpen || now >= attempt.deadline || now >= execution.deadline) {
    throw apiError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }
  return { execution, attempt };
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const running = (executions: DurableMap<ExecutionData>, machine: string): ExecutionData[] =>
  [...executions.entries()].map(([, execution]) => execution).filter((it) => it.status === 'RUNNING' && it.machine === machine);

const listExecutions = (executions: DurableMap<ExecutionData>, filter: { stateMachine?: string; status?: ExecutionStatus }) => {
  const machine = filter.stateMachine === undefined ? undefined : machineNameOf(filter.stateMachine);
  const found: ExecutionSummary[] = [];
  for (const [, execution] of executions.entries()) {
    if (machine !== undefined && execution.machine !== machine) continue;
    if (filter.status !== undefined && execution.status !== filter.status) continue;
    found.push(summarise(execution));
  }
  return found;
};
