import { type Command, Option } from 'commander';
import { createIds } from '#adapters/crypto/ids';
import { loadMarketing } from '#adapters/files/load-marketing';
import { stores } from '#adapters/stores/stores';
import { compileMarketing } from '#cli/compile';
import { openTable, type TableOptions, withTableOptions } from '#cli/read-leads';
import { normaliseEmail } from '#core/address';
import type { LiveConfig } from '#core/config';
import { type Explanation, explanationOf } from '#core/explain/explanation';
import { inWords } from '#core/explain/text';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import type { Ports } from '#core/ports';
import type { Artifact } from '#core/sequences/model';
import type { Table } from '#core/table';
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
    const { live, artifacts } = await readMarketing(options.dir);
    const { table, clock, close } = await openTable(options);
    try {
      const day = options.on === undefined ? undefined : dayIn(options.on);
      const asked = {
        lead,
        now: clock.now(),
        live,
        artifacts,
        key: identityKeyOf(options),
        ...(sequence !== undefined && { sequence }),
        ...(day !== undefined && { day }),
      };
      const explanation = await explainFrom(table, asked);
      console.log(options.json ? JSON.stringify(explanation, undefined, 2) : inWords(explanation));
    } finally {
      await close();
    }
  });
};

export type Asked = {
  readonly lead: string;
  readonly sequence?: string;
  readonly day?: string;
  readonly now: Instant;
  readonly live: LiveConfig;
  readonly artifacts: readonly Artifact[];
  /** The key that makes ids of addresses. */
  readonly key: string | undefined;
};

/** Reads only. Throws, in words, when there is no such lead. */
export const explainFrom = async (table: Table, { lead: named, key, live, artifacts, ...asked }: Asked): Promise<Explanation> => {
  const ports = stores(table, async () => []);
  const leadId = await ports.aliases.resolve(idOf(named, key));
  const [history, suppressions, line] = await Promise.all([
    ports.histories.ofLead(leadId),
    ports.suppressions.ofLead(leadId),
    ports.line.state(),
  ]);
  const { lead } = history;
  if (!lead) {
    const known = suppressions.length > 0 ? ': it was erased; what keeps mail from its address is kept' : '';
    throw new Error(`there is no lead ${named}${known}`);
  }
  const tasks = key === undefined ? [] : await tasksOf(ports, lead, key);
  // Of the version that the run is on, or else of the one in the folder: what it is about seldom changes.
  const artifactOf = (sequence: string, version: string) =>
    artifacts.find((it) => it.sequence === sequence && it.version === version) ?? artifacts.find((it) => it.sequence === sequence);
  return explanationOf({ lead, history, suppressions, tasks, live, line, artifactOf, ...asked });
};

const tasksOf = async ({ salesTasks }: Pick<Ports, 'salesTasks'>, { leadId, handoffs }: Lead, key: string) => {
  const { taskId } = createIds(key);
  const found = await Promise.all(Array.from({ length: handoffs }, (_, at) => salesTasks.find(taskId(leadId, at + 1))));
  return found.filter((it) => it !== undefined);
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

const readMarketing = async (dir: string): Promise<{ readonly live: LiveConfig; readonly artifacts: readonly Artifact[] }> => {
  const marketing = await loadMarketing(dir);
  if (!marketing.live) throw new Error(`${dir} has errors: run npx baton check --dir ${dir}`);
  const { compiled } = await compileMarketing(marketing);
  return { live: marketing.live, artifacts: compiled.map((it) => it.compiled.artifact) };
};
