import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { addSeconds, type Instant, toInstant } from '#core/instant';
import type { ExecutionState, Machines } from '#core/ports';
import type { MachineVersions } from './machine-versions.ts';

/** `machineOf`: of a sequence, whatever version it holds. */
type ArnOf = { readonly sequence: MachineVersions; readonly machineOf: (sequence: string) => string; readonly handoff: string };

export const sfnMachines = (client: SFNClient, arnOf: ArnOf): Machines =>
  machinesBy(
    {
      start: async (request) => {
        try {
          await client.send(new StartExecutionCommand(request));
        } catch (error) {
          if (!(error instanceof ExecutionAlreadyExists)) throw error;
        }
      },
      statusOf: async (executionArn) => {
        try {
          const { status, startDate } = await client.send(new DescribeExecutionCommand({ executionArn }));
          return { status, ...(startDate && { startedAt: toInstant(startDate.getTime()) }) };
        } catch (error) {
          if (error instanceof ExecutionDoesNotExist) return undefined;
          throw error;
        }
      },
    },
    arnOf,
  );

export type StartRequest = { readonly stateMachineArn: string; readonly name: string; readonly input: string };

export type ExecutionCalls = {
  readonly start: (request: StartRequest) => Promise<void>;
  /** undefined: there is none of that name; 90 days after it ended there is none any more. */
  readonly statusOf: (executionArn: string) => Promise<Execution | undefined>;
};
type Execution = { readonly status: string | undefined; readonly startedAt?: Instant };

/** `arnOf`: the machine of a version of a sequence, or of the handoff. `start`: a name that ran already is a repeat, and success. */
export const machinesBy = ({ start, statusOf }: ExecutionCalls, arnOf: ArnOf): Machines => ({
  startLeg: async (sequence, version, input) =>
    start({
      stateMachineArn: await arnOf.sequence(sequence, version, input.leg),
      name: `${input.enrolmentId}-${input.leg}`,
      input: JSON.stringify(input),
    }),
  startHandoff: (input, leg = 1) =>
    start({ stateMachineArn: arnOf.handoff, name: handoffName(input.taskId, leg), input: JSON.stringify(input) }),
  legState: async (sequence, enrolmentId, leg, since) => {
    const found = await statusOf(executionOf(arnOf.machineOf(sequence), `${enrolmentId}-${leg}`));
    const isOfBefore = found?.startedAt !== undefined && found.startedAt < addSeconds(since, -skewSeconds);
    return isOfBefore && stateOf(found) !== 'running' ? 'broken' : stateOf(found);
  },
  handoffState: async (taskId, leg) => stateOf(await statusOf(executionOf(arnOf.handoff, handoffName(taskId, leg)))),
});

const handoffName = (taskId: string, leg: number): string => (leg === 1 ? taskId : `${taskId}-${leg}`);
const executionOf = (machineArn: string, name: string): string => `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;

/** A leg is on record before it is started; clocks differ. */
const skewSeconds = 60;

const stateOf = ({ status }: Partial<Execution> = {}): ExecutionState => {
  if (status === undefined) return 'none';
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return 'running';
  return status === 'SUCCEEDED' ? 'ended' : 'broken';
};
