import { readFile, stat } from 'node:fs/promises';
import { Presets, SingleBar } from 'cli-progress';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { loadMarketing } from '#adapters/files/load-marketing';
import { createPost, type Post } from '#cli/import/api';
import { type FileReport, type ImportResult, importFiles, type Mode, modeOf, settleByHand } from '#cli/import/modes';
import { meantHint } from '#core/did-you-mean';
import { type Mapping, mappingNamed } from '#core/imports/mapping';

export type Options = {
  readonly list?: string;
  /** A file of marketing/imports. */
  readonly map?: string;
  readonly consents?: true;
  /** true: they are in the files; a text: there are none, and why. */
  readonly suppressions?: true | string;
  readonly topic?: string;
  readonly type: Readonly<Record<string, string>>;
  readonly source?: string;
  readonly to?: string;
  readonly key?: string;
  readonly keyFile?: string;
  readonly dir: string;
  readonly json?: true;
};

export const register = (program: Command): void => {
  program
    .command('import')
    .argument('[files...]', 'CSV of Mailchimp, HubSpot or a spreadsheet; JSON of SES')
    .description('bring leads, consents and suppressions over from another tool; needs a key of the API, no AWS credentials')
    .option('--list <name>', 'the files are leads; the sequences that this list opens begin')
    .option('--map <name>', 'what the columns mean: imports/<name>.yaml of the marketing folder, as it is deployed')
    .option('--suppressions', 'the files say who must get no mail; all of them in one go')
    .option('--no-suppressions <why>', 'there is nobody who must get no mail: say why, it is put on record')
    .option('--consents', 'the files say who agreed to --topic; a row without time and source is rejected')
    .option('--topic <id>', 'the topic that people agreed to; with --suppressions: they left this topic only')
    .option('--type <name=topic>', 'what a HubSpot subscription type is here: a topic, all or none; may be repeated', subscriptionType, {})
    .option('--source <text>', 'with --consents: where people agreed, for rows that do not say')
    .option('--to <url>', 'address of the API; else "links" of brand.yaml')
    .addOption(new Option('--key <key>').env('BATON_API_KEY').hideHelp())
    .option('--key-file <file>', 'file with the key of the API; else the environment variable BATON_API_KEY')
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--json', 'what came of it, as JSON')
    .action(async (files: readonly string[], options: Options) => {
      const result = await run(files, options);
      console.log(options.json ? JSON.stringify(result, undefined, 2) : inWords(result));
      process.exitCode = isGood(result) ? 0 : 1;
    });
};

/** Throws, in words, when it cannot begin or go on; what was taken in until then stays, and the same again goes on from there. */
export const run = async (files: readonly string[], options: Options, makePost: typeof createPost = createPost): Promise<ImportResult> => {
  const mode = modeOf(options, options.map === undefined ? undefined : await mappingOf(options.map, options.dir));
  if (mode.kind === 'declined' && files.length > 0) throw new Error('--no-suppressions takes no file');
  if (mode.kind !== 'declined' && files.length === 0) throw new Error('name the file to import');
  const to = options.to ?? (await linksOf(options.dir));
  const post = makePost({ to, key: await keyOf(options) });
  return mode.kind === 'declined' ? settleByHand(post, mode.why) : importWithBars(files, mode, { ...options, to }, post);
};

const importWithBars = async (files: readonly string[], mode: Mode, options: Options & { readonly to: string }, post: Post) => {
  if (options.json || !process.stderr.isTTY) return importFiles(files, mode, options, post, () => undefined);
  const sizes = await Promise.all(files.map(async (it) => (await stat(it)).size));
  const bar = new SingleBar({ format: '{bar} {percentage} %', clearOnComplete: true }, Presets.shades_classic);
  bar.start(
    Math.max(
      1,
      sizes.reduce((sum, it) => sum + it, 0),
    ),
    0,
  );
  try {
    return await importFiles(files, mode, options, post, (bytes) => bar.increment(bytes));
  } finally {
    bar.stop();
  }
};

const subscriptionType = (text: string, known: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const at = text.lastIndexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('such as "Marketing Information=product-tips"');
  return { ...known, [text.slice(0, at).toLowerCase()]: text.slice(at + 1) };
};

const mappingOf = async (name: string, dir: string): Promise<Mapping> => {
  const { live } = await loadMarketing(dir);
  if (!live) throw new Error(`${dir} has errors: npx baton check says which`);
  const mapping = mappingNamed(live, name);
  const { hint = '' } = meantHint(name, Object.keys(live.imports ?? {}));
  if (!mapping) throw new Error(`there is no ${dir}/imports/${name}.yaml${hint === '' ? '' : `; ${hint}`}`);
  return mapping;
};

const linksOf = async (dir: string): Promise<string> => {
  const { live } = await loadMarketing(dir);
  if (!live) throw new Error(`${dir}/brand.yaml cannot be read: name the address of the API with --to`);
  return live.brand.links;
};

const keyOf = async ({ key, keyFile }: Options): Promise<string> => {
  const found = keyFile === undefined ? key : (await readFile(keyFile, 'utf8')).trim();
  if (!found) throw new Error('the API wants a key: set BATON_API_KEY, or name a file with --key-file');
  return found;
};

const isGood = ({ files, settled }: ImportResult): boolean => files.every((it) => it.rejected === 0) && settled !== false;

const inWords = ({ files, settled }: ImportResult): string => [...files.map(fileInWords), ...gateInWords(settled)].join('\n');

const fileInWords = ({ file, format, rows, counts, rejected, warnings, report }: FileReport): string => {
  const numbers = Object.entries(counts).map(([name, count]) => `${words[name] ?? name} ${count}`);
  const said = report === undefined ? [] : [`  which and why: ${report}`];
  return [`${file} (${format}): ${[`rows ${rows}`, ...numbers, `rejected ${rejected}`, `warnings ${warnings}`].join(', ')}`, ...said].join(
    '\n',
  );
};

const words: { readonly [count: string]: string } = {
  askedToConfirm: 'asked to confirm',
  tooOldToConfirm: 'too old to be asked',
  accepted: 'taken in',
};

const gateInWords = (settled: boolean | undefined): readonly string[] => {
  if (settled === undefined) return [];
  return settled
    ? ['Suppressions are settled: production may send.']
    : [
        'Production still sends nothing: correct the rejected rows and run the same again. There is nobody to bring? --no-suppressions "<why>"',
      ];
};
