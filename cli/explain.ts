import { type Command, Option } from 'commander';
import { createIds } from '#adapters/crypto/ids';
import { loadMarketing } from '#adapters/files/load-marketing';
import { stores } from '#adapters/stores/stores';
import { compileMarketing } from '#cli/compile';
import { openTable, type TableOptions, withTableOptions } from '#cli/read-leads';
import { normaliseEmail } from '#core/address';
import type { LiveConfig } from '#core/config';
import type { Explanation } from '#core/explain/explanation';
import { inWords } from '#core/explain/text';
import type { Instant } from '#core/instant';
import type { Table } from '#core/table';
import { explainLead, type KnownVersion, mustBeFound } from '#lambdas/explain-lead';
import { testKeys } from '#local/settings';

type Options = TableOptions & { readonly on?: string; readonly dir: string; readonly identityKey?: string; readonly json?: true };

export const register = (program: Command): void => {
  withTableOptions(
    program
      .command('explain')
      .argument('<lead>', 'its id, or its e-mail address')
      .argument('[sequence]', 'only what concerns this sequence')
      .description('why a lead did or did not get a mail: what happened, what was decided by which rule, what comes next, the score')
      .option('--on <day>', 'why no e-mail went on this day (YYYY-MM-DD, where the lead is)')
      .option('--dir <folder>', 'the marketing folder', 'marketing')
      .addOption(new Option('--identity-key <key>').env('BATON_IDENTITY_KEY').hideHelp())
      .option('--json', 'everything, as JSON'),
  ).action(async (lead: string, sequence: string | undefined, options: Options) => {
    const day = options.on === undefined ? undefined : dayIn(options.on);
    const what = { ...(sequence !== undefined && { sequence }), ...(day !== undefined && { day }) };
    const explanation = isUrl(options.dev) ? await askDev(options.dev, lead, what) : await readAndExplain(options, lead, what);
    console.log(options.json ? JSON.stringify(explanation, undefined, 2) : inWords(explanation));
  });
};

type What = { readonly sequence?: string; readonly day?: string };

const readAndExplain = async (options: Options, lead: string, what: What): Promise<Explanation> => {
  const { live, versions } = await readMarketing(options.dir);
  const { table, clock, close } = await openTable(options);
  try {
    return await explainFrom(table, { lead, now: clock.now(), live, versions, key: identityKeyOf(options), ...what });
  } finally {
    await close();
  }
};

const isUrl = (dev: Options['dev']): dev is string => typeof dev === 'string' && /^https?:/.test(dev);

/** A running `baton dev` answers for itself. */
const askDev = async (url: string, lead: string, what: What): Promise<Explanation> => {
  const response = await fetch(new URL(`/api/explain?${new URLSearchParams({ lead, ...what })}`, url)).catch((cause: unknown) => {
    throw new Error(`there is no baton dev at ${url}`, { cause });
  });
  const answer = (await response.json()) as Explanation | { readonly error: string };
  if ('error' in answer) throw new Error(answer.error);
  return answer;
};

export type Asked = What & {
  readonly lead: string;
  readonly now: Instant;
  readonly live: LiveConfig;
  readonly versions: readonly KnownVersion[];
  /** The key that makes ids of addresses. */
  readonly key: string | undefined;
};

/** Reads only. Throws, in words, when there is nothing to explain. */
export const explainFrom = async (table: Table, { lead, key, ...asked }: Asked): Promise<Explanation> => {
  const taskId = key === undefined ? undefined : createIds(key).taskId;
  const ports = stores(table, async () => []);
  return mustBeFound(lead, await explainLead(ports, { ...asked, leadId: idOf(lead, key), ...(taskId && { taskId }) }));
};

const idOf = (named: string, key: string | undefined): string => {
  const email = normaliseEmail(named);
  if (email === undefined) return named;
  if (key !== undefined) return createIds(key).leadId(email);
  throw new Error(
    'for an e-mail address the key of identities is needed: set BATON_IDENTITY_KEY (the secret "identity"), or name the lead by its id',
  );
};

const identityKeyOf = ({ dev, identityKey }: Options): string | undefined => (dev === undefined ? identityKey : testKeys.identity);

const dayIn = (text: string): string => {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new Error(`--on ${text}: a day is written like 2026-11-20`);
};

const readMarketing = async (dir: string): Promise<{ readonly live: LiveConfig; readonly versions: readonly KnownVersion[] }> => {
  const marketing = await loadMarketing(dir);
  const { compiled, live } = await compileMarketing(marketing);
  if (!live) throw new Error(`${dir} has errors: run npx baton check --dir ${dir}`);
  return { live, versions: compiled.map(({ sequence, compiled: { artifact } }) => ({ sequence, artifact })) };
};
