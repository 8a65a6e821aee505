import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Machines } from '#core/ports';
import type { MachineVersions } from './machine-versions.ts';

type ArnOf = { readonly sequence: MachineVersions; readonly handoff: string };

export const sfnMachines = (client: SFNClient, arnOf: ArnOf): Machines =>
  machinesBy(async (request) => {
    try {
      await client.send(new StartExecutionCommand(request));
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }, arnOf);

export type StartRequest = { readonly stateMachineArn: string; readonly name: string; readonly input: string };

/** `arnOf`: the machine of a version of a sequence, or of the handoff. `start`: a name that ran already is a repeat, and success. */
export const machinesBy = (start: (request: StartRequest) => Promise<void>, arnOf: ArnOf): Machines => ({
  startLeg: async (sequence, version, input) =>
    start({
      stateMachineArn: await arnOf.sequence(sequence, version, input.leg),
      name: `${input.enrolmentId}-${input.leg}`,
      input: JSON.stringify(input),
    }),
  startHandoff: (input) => start({ stateMachineArn: arnOf.handoff, name: input.taskId, input: JSON.stringify(input) }),
});
