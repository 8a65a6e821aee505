import type { Command } from 'commander';
import { s3ReplyMail } from '#adapters/aws/reply-mail';
import { createIds } from '#adapters/crypto/ids';
import { loadMarketing } from '#adapters/files/load-marketing';
import { silentLog } from '#adapters/memory/logs';
import { memoryReplyMail } from '#adapters/memory/memory-reply-mail';
import { stores } from '#adapters/stores/stores';
import { openLegs } from '#cli/legs/open';
import { openTable, type TableOptions, withTableOptions } from '#cli/read-leads';
import { normaliseEmail } from '#core/address';
import type { Ids, Ports } from '#core/ports';
import type { Table } from '#core/table';
import type { ErasingUse } from '#lambdas/erase-lead';
import { testKeys } from '#local/settings';

export type LeadDataOptions = TableOptions & { readonly dir: string; readonly json?: true };
/** What `export` and `erase` work on: the table of a stage, or of a stopped `baton dev`. */
export type LeadData = {
  readonly use: ErasingUse & Pick<Ports, 'ids' | 'replyMail' | 'suppressions' | 'histories'>;
  readonly table: Table;
  readonly close: () => Promise<void>;
};

export const withLeadDataOptions = (command: Command): Command =>
  withTableOptions(command).option('--dir <folder>', 'the marketing folder (for --dev)', 'marketing');

export const openLeadData = async (options: LeadDataOptions): Promise<LeadData> =>
  options.dev === undefined ? openOnAws(options) : openInDev(options);

const openOnAws = async (options: LeadDataOptions): Promise<LeadData> => {
  const { fetch, place, prefix, table, ...use } = await openLegs(options);
  const ids = createIds(await fetch.getSecret(`${prefix.slice(0, -1)}/identity`));
  const replyMail = s3ReplyMail(fetch, `${prefix}replies-${place.account}-${place.region}`);
  return { use: { ...use, ...stores(table, async () => []), ids, replyMail }, table, close: async () => undefined };
};

/** Machines sleep while `baton dev` is stopped: they find out when they wake. */
const openInDev = async (options: LeadDataOptions): Promise<LeadData> => {
  const { live } = await loadMarketing(options.dir);
  if (!live) throw new Error(`${options.dir} has errors: run npx baton check --dir ${options.dir}`);
  const { table, clock, close } = await openTable(options);
  const use = {
    ...stores(table, async () => []),
    clock,
    log: silentLog(),
    config: { live: async () => live },
    ids: createIds(testKeys.identity),
    tokens: { succeed: async () => 'gone' as const, fail: async () => 'gone' as const },
    replyMail: memoryReplyMail(new Map()),
  };
  return { use, table, close };
};

/** The id behind an address or an id. */
export const idOfNamed = (named: string, ids: Pick<Ids, 'leadId'>): string => {
  const email = normaliseEmail(named);
  return email === undefined ? named : ids.leadId(email);
};
