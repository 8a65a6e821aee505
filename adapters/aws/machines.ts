import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Machines } from '#core/ports';
import type { MachineVersions } from './machine-versions.ts';

/** `arnOf`: the machine of a version of a sequence, or of the handoff. A name that ran already is a repeat, and success. */
export const sfnMachines = (client: SFNClient, arnOf: { readonly sequence: MachineVersions; readonly handoff: string }): Machines => {
  const start = async (stateMachineArn: string, name: string, input: unknown) => {
    try {
      await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  };
  return {
    startLeg: async (sequence, version, input) =>
      start(await arnOf.sequence(sequence, version, input.leg), `${input.enrolmentId}-${input.leg}`, input),
    startHandoff: (input) => start(arnOf.handoff, input.taskId, input),
  };
};
