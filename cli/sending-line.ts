import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { documents, dynamoClient } from '#adapters/aws/clients';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { healthStore } from '#adapters/stores/health';
import { lineStore } from '#adapters/stores/line';
import { findTable } from '#cli/table-name';
import { type Instant, toInstant } from '#core/instant';
import type { Ports } from '#core/ports';
import { Lock } from '#core/sequences/lock';

/** What `pause` and `resume` work on: the state of the line in the table of a stage. */
export type SendingLine = Pick<Ports, 'line' | 'health'> & { readonly now: Instant };

export type LineOptions = { readonly dir: string; readonly stage: string; readonly table?: string; readonly json?: true };

export const withLineOptions = (command: Command): Command =>
  command
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--stage <name>', 'the stage it was deployed to', 'prod')
    .option('--table <name>', 'the table (output TableName); else the one of the stage, looked up by name')
    .option('--json', 'what was done, as JSON');

/** With the credentials and the Region of the shell. */
export const openSendingLine = async ({ stage, table }: LineOptions): Promise<SendingLine> => {
  const client = dynamoClient();
  const tableName = table ?? (await findTable(stage, client));
  const opened = dynamoTable(documents(client), tableName);
  return { line: lineStore(opened, { tableName }), health: healthStore(opened), now: toInstant(Date.now()) };
};

/** Throws when no such sequence was compiled, with those that were: also retired ones, which may have leads in them still. */
export const mustBeKnown = async (sequence: string, dir: string): Promise<void> => {
  const path = join(dir, 'baton.lock.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) throw new Error(`there is no ${path}; run this where your marketing folder is, or name it with --dir`);
  const { sequences, retired } = Lock.parse(JSON.parse(text));
  const known = [...Object.keys(sequences), ...Object.keys(retired)];
  if (!known.includes(sequence)) throw new Error(`${path} knows no sequence "${sequence}"; there are: ${known.join(', ') || 'none'}`);
};
