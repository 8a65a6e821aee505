import { type Instant, toEpoch, toInstant } from '#core/instant';
import type { Clock } from '#core/ports';
import { type DurableMap, memoryMap } from '#local/durable-map';
import { advance } from './advance.ts';
import { createAgenda } from './agenda.ts';
import { checkOutput, openAttempt, readClaims } from './answers.ts';
import { executionArn, machineNameOf, machineOf, versionArn } from './arn.ts';
import { createCounters, type Transitions } from './counters.ts';
import {
  describeExecution,
  type ExecutionDescription,
  type ExecutionSummary,
  historyOf,
  summarise,
  type VisitedState,
} from './describe.ts';
import type { Answer, ExecutionData, ExecutionStatus } from './execution.ts';
import { apiError } from './faults.ts';
import type { Integrations } from './integrations.ts';
import { close } from './leaving.ts';
import { createMachines, type DefinitionData, type PublishedVersions } from './machines.ts';
import { checkStart, isRepeat, newExecution, type StartRequest } from './start.ts';
import type { TokenClaims } from './token.ts';

export type StatesRunner = {
  /** Creates or updates a machine. Throws InvalidDefinition that names every state and field it does not take. */
  deploy(name: string, asl: Record<string, unknown>, substitutions: Readonly<Record<string, string>>, type?: string): void;
  /** What is deployed, as text, and what stands for it. */
  describeMachine(nameOrArn: string): { definition: string; revisionId: string };
  /** Publishes what is deployed as a version that stays whatever is deployed later, and gives its ARN. Throws Conflict when it is another revision. */
  publish(nameOrArn: string, revisionId?: string): string;
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

/** `definitions` and `published` must be as durable as `executions`: a running execution keeps the definition that it started with. */
export type StatesRunnerUse = Integrations & {
  readonly clock: Clock;
  readonly executions: DurableMap<ExecutionData>;
  readonly definitions?: DurableMap<DefinitionData>;
  readonly published?: PublishedVersions;
  readonly seed: string;
};

export const createStatesRunner = (use: StatesRunnerUse): StatesRunner => {
  const { clock, executions } = use;
  const published = use.published ?? memoryMap();
  const machines = createMachines(use.definitions ?? memoryMap(), published);
  const agenda = createAgenda();
  const counters = createCounters();
  const deleting = new Set<string>();
  let shown = { at: Number.NaN, instant: '' };
  let sequence = reopen({ ...use, published }, agenda, counters, deleting);

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
  const answer = (claims: TokenClaims, given: Answer) => {
    const { execution, attempt } = openAttempt(executions, claims, toEpoch(clock.now()));
    attempt.answer = given;
    // While the call is under way the answer only waits: the call's own failure would win.
    if (attempt.phase === 'parked') park(execution, toEpoch(clock.now()));
    else executions.set(execution.arn, execution);
  };
  const isDeleting = (name: string) => deleting.has(name) && running(executions, name).some((execution) => execution.isDoomed);

  return {
    deploy: (name, asl, substitutions, type = 'STANDARD') => {
      if (isDeleting(name)) throw apiError('StateMachineDeleting', `State Machine is being deleted: '${name}'`);
      machines.deploy(name, asl, substitutions, type);
      deleting.delete(name);
    },
    describeMachine: (nameOrArn) => machines.describe(machineOf(nameOrArn).machine),
    publish: (nameOrArn, revisionId) => {
      const { machine } = machineOf(nameOrArn);
      if (revisionId !== undefined && machines.describe(machine).revisionId !== revisionId)
        throw apiError('ConflictException', `Machine ${machine} is at another revision`);
      return versionArn(machine, machines.publish(machine));
    },
    remove: (name) => {
      machines.remove(name);
      deleting.add(name);
      for (const execution of running(executions, name)) executions.set(execution.arn, Object.assign(execution, { isDoomed: true }));
    },
    startExecution: (request) => {
      const { machine, version } = machineOf(request.stateMachine);
      const input = checkStart(request);
      const current = machines.current(machine, version);
      if (!current && isDeleting(machine)) throw apiError('StateMachineDeleting', `State Machine is being deleted: '${machine}'`);
      if (!current) throw apiError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${machine}'`);
      const now = clock.now();
      const earlier = executions.get(executionArn(machine, request.name));
      if (earlier && isRepeat(earlier, request, now)) return { executionArn: earlier.arn, startDate: earlier.startedAt };
      const execution = newExecution(machine, current, request, input, now, earlier);
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
      answer(checkOutput(token, output), { output });
    },
    sendTaskFailure: (token, error = '', cause = '') => answer(readClaims(token), { error, cause }),
    peek: () => {
      const due = agenda.earliest();
      if (!due) return undefined;
      // Asked before every piece of any work, and mostly the same.
      if (shown.at !== due.at) shown = { at: due.at, instant: toInstant(due.at) };
      return shown.instant;
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

/** Fills agenda and counters from what is stored, drops definitions that nothing runs or may run; gives the last sequence used. */
const reopen = (
  { executions, definitions = memoryMap(), published }: StatesRunnerUse & { readonly published: PublishedVersions },
  agenda: ReturnType<typeof createAgenda>,
  counters: ReturnType<typeof createCounters>,
  deleting: Set<string>,
): number => {
  let sequence = 0;
  const inUse = new Set<string>([...published.entries()].map(([, hash]) => hash));
  for (const [arn, { machine, definition, due, isDoomed, entered, retried }] of executions.entries()) {
    for (const state of entered) counters.count(machine, state);
    for (const place of retried) counters.count(machine, entered[place] ?? '');
    if (!due) continue;
    agenda.schedule(arn, due);
    sequence = Math.max(sequence, due.sequence);
    inUse.add(definition);
    if (isDoomed) deleting.add(machine);
  }
  for (const [hash] of [...definitions.entries()]) if (!inUse.has(hash)) definitions.delete(hash);
  return sequence;
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
