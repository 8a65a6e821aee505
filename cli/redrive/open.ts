import { documents, dynamoClient, logsClient, sqsClient } from '#adapters/aws/clients';
import { loggedFailures } from '#adapters/aws/dead-letter-failures';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { type Discards, discardStore } from '#adapters/stores/discards';
import { type Recording, recordingIn, recordingOn } from '#cli/on-record';
import { devFolder, openDevTable, type TableOptions } from '#cli/read-leads';
import { findTable } from '#cli/table-name';
import type { Clock } from '#core/ports';
import { devDeadLetters } from './dev.ts';
import type { DeadLetters } from './letters.ts';
import { sqsDeadLetters } from './sqs.ts';

export type Redriving = {
  readonly dead: DeadLetters;
  /** Only who throws away, or looks what was, needs the table. */
  readonly discards: () => Promise<Discards>;
  readonly clock: Clock;
  readonly record: () => Promise<Recording>;
  readonly close: () => Promise<void>;
};

/** With the credentials and the Region of the shell, or what a stopped `baton dev` left behind. */
export const openRedriving = async ({ stage, table, dev }: TableOptions): Promise<Redriving> => {
  if (dev !== undefined) {
    const { table: opened, journal, clock, close } = await openDevTable(devFolder(dev));
    return {
      dead: devDeadLetters(journal, clock),
      discards: async () => discardStore(opened),
      clock,
      record: recordingIn(opened, clock.now()),
      close,
    };
  }
  const prefix = `baton-${stage}-`;
  return {
    dead: await sqsDeadLetters(sqsClient(), prefix, loggedFailures(logsClient(), prefix)),
    discards: async () => {
      const client = dynamoClient();
      return discardStore(dynamoTable(documents(client), table ?? (await findTable(stage, client))));
    },
    clock: { now: () => new Date().toISOString() },
    record: recordingOn({ stage, ...(table !== undefined && { table }) }),
    close: async () => undefined,
  };
};
