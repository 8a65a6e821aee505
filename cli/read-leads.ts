import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { documents, dynamoClient } from '#adapters/aws/clients';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { historyStore } from '#adapters/stores/histories';
import { stagePk } from '#adapters/stores/items';
import { findTable } from '#cli/table-name';
import { leadPk, shards } from '#core/keys';
import { type Stage, stages } from '#core/lead';
import type { Clock, History } from '#core/ports';
import type { Item, Reading, Table } from '#core/table';
import { lockFolder } from '#local/dev/lock';
import { type Journal, openJournal } from '#local/journal';
import { openStorage } from '#local/storage';

export type TableOptions = { readonly stage: string; readonly table?: string; readonly dev?: string | true };

export const withTableOptions = (command: Command): Command =>
  command
    .option('--stage <name>', 'the stage that was deployed', 'prod')
    .option('--table <name>', 'its table (output TableName); else looked up by name')
    .option('--dev [folder]', 'the leads of `baton dev`, while it is stopped, instead of those on AWS');

export type OpenedTable = { readonly table: Table; readonly clock: Clock; readonly close: () => Promise<void> };

/** Only reads. With the credentials and the Region of the shell, or what `baton dev` left behind, at the time that it had come to. */
export const openTable = async ({ stage, table, dev }: TableOptions): Promise<OpenedTable> => {
  if (dev !== undefined) return openDevTable(devFolder(dev));
  const client = dynamoClient();
  const name = table ?? (await findTable(stage, client));
  const clock = { now: () => new Date().toISOString() };
  return { table: dynamoTable(documents(client), name), clock, close: async () => client.destroy() };
};

export const devFolder = (dev: string | true): string => (dev === true ? '.baton/dev' : dev);

/** With what else `baton dev` keeps there. */
export const openDevTable = async (folder: string): Promise<OpenedTable & { readonly journal: Journal }> => {
  if (!existsSync(folder)) throw new Error(`there is no ${folder}: run npx baton dev first, or name its folder with --dev <folder>`);
  const unlock = lockFolder(folder);
  if (!unlock) throw new Error(`baton dev is running on ${folder}: stop it first`);
  const journal = openJournal(`${folder}/journal`);
  const now = journal.map<string>('clock').get('now') ?? new Date().toISOString();
  const storage = await openStorage({ stack: 'embedded', folder });
  const close = async () => {
    await storage.stop();
    journal.close();
    unlock();
  };
  return { table: storage.table, clock: { now: () => now }, journal, close };
};

/** Every lead there is, by stage: pages of an index, then one read a lead. No scan. */
export async function* everyHistory(
  table: Table,
  of: readonly Stage[] = stages,
  reading?: Reading,
): AsyncGenerator<History & { readonly leadId: string }> {
  const histories = historyStore(table);
  for (const pk of of.flatMap((stage) => shards.map((shard) => partition(stage, shard)))) {
    for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
      const page = await table.queryIndex('gsi2', pk, { limit: 200, ...(after !== undefined && { after }) });
      for (const leadIds of inPieces(page.items.map(leadIdOf))) {
        const found = await Promise.all(leadIds.map(async (leadId) => ({ ...(await histories.ofLead(leadId, reading)), leadId })));
        yield* found;
      }
      after = page.next;
    }
  }
}

const partition = (stage: Stage, shard: string): string => stagePk(stage, '').replace(/[^#]*$/, shard);
const leadIdOf = ({ pk }: Item): string => String(pk).slice(leadPk('').length);

const atOnce = 16;
function* inPieces(leadIds: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < leadIds.length; from += atOnce) yield leadIds.slice(from, from + atOnce);
}
