import type { Command } from 'commander';
import { documents, dynamoClient } from '#adapters/aws/clients';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { ApiKeySecret, apiPaths } from '#adapters/crypto/api-keys';
import { addSource, type KeyChange, linksName, revokeLinkKey, revokeSource, rotateLinks, rotateSource } from '#adapters/crypto/key-book';
import { settleSeconds } from '#adapters/crypto/link-ring';
import { LinkSecret } from '#adapters/crypto/links';
import { type KeySecrets, openKeySecrets } from '#cli/keys/open';
import { keysInWords, keysShown, type LastUsed } from '#cli/keys/show';
import { onRecord, recordingOn } from '#cli/on-record';
import { findTable } from '#cli/table-name';
import type { CommandActName } from '#core/console/access';
import { parseDuration } from '#core/duration';
import { toInstant } from '#core/instant';
import { limitKey } from '#core/keys';

type Options = { readonly stage: string; readonly region?: string; readonly json?: true };

export const register = (program: Command): void => {
  const keys = program.command('keys').description('keys of systems that send leads and events, and of signed links');
  const command = (name: string, about: string) =>
    keys
      .command(name)
      .description(about)
      .option('--stage <name>', 'the stage that was deployed', 'prod')
      .option('--json', 'the same, as JSON');
  command('list', 'which keys there are, how old each is, and what it opens; never the keys themselves')
    .option('--table <name>', 'the table, for when each source was last heard of; else looked up by name')
    .action(async (options: Options & { readonly table?: string }) => {
      const secrets = openKeySecrets(options.stage);
      const shown = keysShown(await read(secrets), toInstant(Date.now()));
      const used = await lastUsed(
        shown.sources.map((it) => it.source),
        options,
      ).catch(() => undefined);
      console.log(options.json ? JSON.stringify({ ...shown, lastUsed: used }, undefined, 2) : keysInWords(shown, used));
    });
  command('add', 'a key for a system that is to send leads or events; it is shown once')
    .argument('<source>', 'a name for that system, such as product or crm')
    .option('--may <paths>', `what it opens, with commas in between (${apiPaths.map((it) => it.slice(1)).join(', ')}); else everything`)
    .option('--per-minute <n>', 'requests a minute', Number)
    .action(async (source: string, options: Options & { readonly may?: string; readonly perMinute?: number }) => {
      const limits = { paths: pathsOf(options.may), perMinute: options.perMinute };
      await change(options, 'add-key', source, (secret, now) => addSource(secret, source, limits, now));
    });
  command('rotate', 'another key for a source, or for signed links; the one before goes on working for a while')
    .argument('<source>', `a source, or ${linksName}`)
    .option('--keep <duration>', 'how long the key before goes on working, for example 7 days, or 0 days', '7 days')
    .action(async (source: string, options: Options & { readonly keep: string }) => {
      if (source === linksName) return rotateTheLinks(options);
      const keep = parseDuration(options.keep)?.seconds ?? (options.keep.startsWith('0') ? 0 : undefined);
      if (keep === undefined) throw new Error(`--keep ${options.keep}: a duration is wanted, for example 7 days`);
      await change(options, 'rotate-key', source, (secret, now) => rotateSource(secret, source, keep, now));
    });
  command('revoke', 'end a key at once, or a source with all its keys')
    .argument('<source>', `a source, or ${linksName}`)
    .option('--key <id>', 'only this one; `baton keys list` names them')
    .option('--leaked', 'of signed links: somebody else may know the key, so mail in mailboxes matters less')
    .action(async (source: string, options: Options & { readonly key?: string; readonly leaked?: true }) => {
      if (source === linksName) return revokeTheLink(options);
      const what = options.key === undefined ? source : `${source}, ${options.key}`;
      await change(options, 'revoke-key', source, (secret, now) => revokeSource(secret, source, options.key, now), what);
    });
};

const pathsOf = (may: string | undefined): readonly string[] | undefined => {
  if (may === undefined) return undefined;
  const paths = may.split(',').map((it) => `/${it.trim().replace(/^\//, '')}`);
  const unknown = paths.filter((it) => !apiPaths.some((known) => known === it));
  if (unknown.length > 0) throw new Error(`--may ${unknown.join(', ')}: there is ${apiPaths.map((it) => it.slice(1)).join(', ')}`);
  return paths;
};

const read = async (secrets: KeySecrets) => ({
  api: ApiKeySecret.parse(JSON.parse(await secrets.read('api-keys'))),
  links: LinkSecret.parse(JSON.parse(await secrets.read('links'))),
});

const change = async (
  { stage, json }: Options,
  act: CommandActName,
  source: string,
  make: (secret: ApiKeySecret, now: string) => KeyChange,
  what = source,
): Promise<void> => {
  const secrets = openKeySecrets(stage);
  const { secret, key, ended } = make(ApiKeySecret.parse(JSON.parse(await secrets.read('api-keys'))), toInstant(Date.now()));
  await secrets.write('api-keys', JSON.stringify(ApiKeySecret.parse(secret)));
  console.log(json ? JSON.stringify({ source, key, ended }, undefined, 2) : changeInWords(source, { key, ended }));
  await onRecord(recordingOn({ stage }), act, { what });
};

export const changeInWords = (source: string, { key, ended }: Pick<KeyChange, 'ended'> & { readonly key: string | undefined }): string =>
  [
    ...(key === undefined
      ? []
      : [`The key of ${source}. It is shown this once and kept as a hash: nobody can read it again.`, '', `  ${key}`, '']),
    ...ended.map(({ id, at }) => `Key ${id} of ${source} ends at ${at}.`),
    'Functions at work know it within ten minutes.',
  ].join('\n');

const rotateTheLinks = async ({ stage, json }: Options): Promise<void> => {
  const secrets = openKeySecrets(stage);
  const { secret, keyId } = rotateLinks(LinkSecret.parse(JSON.parse(await secrets.read('links'))), toInstant(Date.now()));
  await secrets.write('links', JSON.stringify(secret));
  console.log(
    json
      ? JSON.stringify({ keyId, signsAfterSeconds: settleSeconds }, undefined, 2)
      : `Links are signed by ${keyId} from ${settleSeconds / 60} minutes on, when every function knows it. All others go on verifying: mail that was sent keeps its links.`,
  );
  await onRecord(recordingOn({ stage }), 'rotate-key', { what: linksName });
};

const revokeTheLink = async ({ stage, key, leaked, json }: Options & { readonly key?: string; readonly leaked?: true }): Promise<void> => {
  if (key === undefined) throw new Error('say which: baton keys revoke links --key <id>; baton keys list names them');
  const secrets = openKeySecrets(stage);
  const left = revokeLinkKey(LinkSecret.parse(JSON.parse(await secrets.read('links'))), key, toInstant(Date.now()), leaked === true);
  await secrets.write('links', JSON.stringify(left));
  console.log(
    json
      ? JSON.stringify({ revoked: key }, undefined, 2)
      : `Links that ${key} signed open nothing any more, within ten minutes everywhere.`,
  );
  await onRecord(recordingOn({ stage }), 'revoke-key', { what: `${linksName}, ${key}` });
};

/** The limit of requests keeps the last minute in which a source asked for anything. */
const lastUsed = async (sources: readonly string[], { stage, table }: Options & { readonly table?: string }): Promise<LastUsed> => {
  const client = dynamoClient();
  const opened = dynamoTable(documents(client), table ?? (await findTable(stage, client)));
  const found = await Promise.all(sources.map(async (it) => [it, await opened.get(limitKey(it))] as const));
  return Object.fromEntries(found.flatMap(([source, item]) => (item ? [[source, toInstant(Number(item.minute) * 60_000)]] : [])));
};
