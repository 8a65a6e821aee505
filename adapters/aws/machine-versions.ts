import { DescribeStateMachineCommand, PublishStateMachineVersionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { permanentError } from '#core/errors';
import { machineVersionKey } from '#core/keys';
import type { Table } from '#core/table';

/** The ARN that runs exactly this version of a sequence, for this leg of a run. */
export type MachineVersions = (sequence: string, version: string, leg: number) => Promise<string>;

/**
 * The first run that needs a version publishes it, while the machine still holds it, and writes down its number; every later leg
 * of that version runs by that, whatever was deployed since (docs/decisions/0021). A machine that holds another version already
 * may only begin a first leg, which then says on the row what it runs: no lead on a version may ever be moved by a deployment.
 */
export const machineVersions = (client: SFNClient, table: Table, machineOf: (sequence: string) => string): MachineVersions =>
  machineVersionsBy(
    {
      describe: (stateMachineArn) => client.send(new DescribeStateMachineCommand({ stateMachineArn })),
      publish: async (request) => (await client.send(new PublishStateMachineVersionCommand(request))).stateMachineVersionArn,
    },
    table,
    machineOf,
  );

export type MachineCalls = {
  describe(stateMachineArn: string): Promise<{ readonly definition?: string | undefined; readonly revisionId?: string | undefined }>;
  publish(request: {
    readonly stateMachineArn: string;
    readonly revisionId: string;
    readonly description: string;
  }): Promise<string | undefined>;
};

export const machineVersionsBy = (calls: MachineCalls, table: Table, machineOf: (sequence: string) => string): MachineVersions => {
  const known = new Map<string, string>();
  const publish = async (sequence: string, version: string): Promise<string | undefined> => {
    const stateMachineArn = machineOf(sequence);
    const { definition, revisionId = 'INITIAL' } = await calls.describe(stateMachineArn);
    if (!definition?.includes(`"${version}"`)) return undefined;
    // Refused when somebody deployed since; published twice, it keeps its number.
    return calls.publish({ stateMachineArn, revisionId, description: version });
  };
  return async (sequence, version, leg) => {
    const key = machineVersionKey(sequence, version);
    const remembered = known.get(`${sequence}@${version}`);
    if (remembered !== undefined) return remembered;
    const written = (await table.get(key))?.machineArn;
    const machineArn = typeof written === 'string' ? written : await publish(sequence, version);
    if (machineArn === undefined && leg === 1) return machineOf(sequence);
    if (machineArn === undefined)
      throw permanentError(`version ${version} of ${sequence} was never published: its leads wait where they are`);
    if (written === undefined) await table.put({ ...key, machineArn });
    known.set(`${sequence}@${version}`, machineArn);
    return machineArn;
  };
};
