import { userInfo } from 'node:os';
import { askCaller, type Caller } from '#adapters/aws/caller';
import { documents, dynamoClient } from '#adapters/aws/clients';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { actStore } from '#adapters/stores/acts';
import { findTable } from '#cli/table-name';
import type { HandActName } from '#core/console/access';
import { type Instant, toInstant } from '#core/instant';
import type { Acts } from '#core/ports';
import type { Table } from '#core/table';

export type Recording = { readonly acts: Pick<Acts, 'note'>; readonly at: Instant; readonly who: Caller };
type About = { readonly what?: string; readonly leadId?: string };

/**
 * Puts what was done on the command line among “Who did what” of the console: ids, and the name of who did it. What was done is done:
 * where this fails a line says so, and the command goes on.
 */
export const onRecord = async (open: () => Promise<Recording>, act: HandActName, about: About, warn = console.error): Promise<void> => {
  try {
    const { acts, at, who } = await open();
    await acts.note({ at, by: who.id, who: who.name, act, via: 'command-line', ...about });
  } catch (error) {
    warn(`note: this stands not among “Who did what” of the console (${error instanceof Error ? error.message : error})`);
  }
};

/** Of a stage: whoever AWS knows by the credentials of the shell; else whoever is logged in here. */
export const recordingOn =
  ({ stage, table }: { readonly stage: string; readonly table?: string }) =>
  async (): Promise<Recording> => {
    const client = dynamoClient();
    const opened = dynamoTable(documents(client), table ?? (await findTable(stage, client)));
    const who = await askCaller(client.config).catch(whoIsLoggedIn);
    return { acts: actStore(opened), at: toInstant(Date.now()), who };
  };

/** Of a `baton dev` that is stopped. */
export const recordingIn = (table: Table, at: Instant) => async (): Promise<Recording> => ({
  acts: actStore(table),
  at,
  who: whoIsLoggedIn(),
});

const whoIsLoggedIn = (): Caller => {
  const name = userInfo().username;
  return { id: `os:${name}`, name };
};
