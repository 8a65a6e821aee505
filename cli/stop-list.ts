import { userInfo } from 'node:os';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import { documents } from '#adapters/aws/clients';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { stopListStore } from '#adapters/stores/stop-list';
import { type Instant, toInstant } from '#core/instant';
import type { StopList } from '#core/ports';
import { readDomain, type StoppedCompany } from '#core/stop-list';
import { onRecord, recordingOn } from './on-record.ts';
import { findTable } from './table-name.ts';

type Options = { readonly stage: string; readonly add?: string; readonly remove?: string; readonly because: string; readonly json?: true };

export const register = (program: Command): void => {
  program
    .command('stop-list')
    .description('companies of whose people none reaches sales: which there are, and who put them there; take one off, or add one')
    .option('--add <domain>', 'a company, by the domain of its addresses')
    .option('--remove <domain>', 'take it off: its people may reach sales again')
    .option('--because <words>', 'why it is added', 'added by hand')
    .option('--stage <name>', 'the stage it was deployed to', 'prod')
    .option('--json', 'as JSON')
    .action(async (options: Options) => {
      const client = new DynamoDBClient({});
      const list = stopListStore(dynamoTable(documents(client), await findTable(options.stage, client)));
      const done = await changeStopList(list, options, { by: userInfo().username, at: toInstant(Date.now()) });
      const act = done.outcome === 'added' ? 'keep-off-sales' : done.outcome === 'removed' ? 'let-to-sales' : undefined;
      if (act && done.domain !== undefined) await onRecord(recordingOn(options), act, { what: done.domain });
      console.log(options.json ? JSON.stringify(done, undefined, 2) : inWords(done));
    });
};

export type StopListDone = {
  readonly domain?: string;
  readonly outcome: 'added' | 'known' | 'removed' | 'unknown' | 'listed';
  readonly companies: readonly StoppedCompany[];
};

/** Throws when what is named is no domain, or two things are asked for at once. */
export const changeStopList = async (
  list: StopList,
  { add, remove, because }: Pick<Options, 'add' | 'remove' | 'because'>,
  who: { readonly by: string; readonly at: Instant },
): Promise<StopListDone> => {
  if (add !== undefined && remove !== undefined) throw new Error('say --add or --remove, not both');
  const given = add ?? remove;
  if (given === undefined) return { outcome: 'listed', companies: await list.all() };
  const domain = readDomain(given);
  if (domain === undefined) throw new Error(`"${given}" is no domain, such as rival.example`);
  const outcome = add === undefined ? await list.remove(domain) : await list.add({ domain, reason: because, ...who });
  return { domain, outcome, companies: await list.all() };
};

const inWords = ({ domain, outcome, companies }: StopListDone): string => {
  const done = {
    added: `${domain} is on the stop list: none of its people reaches sales.`,
    known: `${domain} was on the stop list already.`,
    removed: `${domain} is off the stop list: its people may reach sales again, by what they do from now on.`,
    unknown: `${domain} was not on the stop list. Nothing was changed.`,
    listed: companies.length === 0 ? 'The stop list is empty.' : `${companies.length} on the stop list:`,
  }[outcome];
  const rows = companies.map(
    (it) => `  ${it.domain}  since ${it.at.slice(0, 10)}, by ${it.by}: ${it.reason}${it.taskId ? ` (task ${it.taskId})` : ''}`,
  );
  return [done, ...rows].join('\n');
};
