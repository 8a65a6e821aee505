import type { ApiKeySecret } from '#adapters/crypto/api-keys';
import { keysOf, linkDays } from '#adapters/crypto/key-book';
import { linkKeyIds, linkKeyMadeAt, signingKeyId, stoppedSigningAt } from '#adapters/crypto/link-ring';
import type { LinkSecret } from '#adapters/crypto/links';
import { addSeconds, type Instant } from '#core/instant';

export type SourceShown = {
  readonly source: string;
  /** plain: kept as it is, from before there were hashes. webhook: signs by a secret that must be known. */
  readonly kept: 'hashed' | 'plain' | 'webhook';
  readonly keys: readonly { readonly id: string; readonly since?: Instant; readonly until?: Instant }[];
  readonly paths?: readonly string[];
  readonly perMinute?: number;
};
export type LinkKeyShown = {
  readonly id: string;
  readonly signs: boolean;
  readonly madeAt?: Instant;
  /** From when on nothing that anybody needs is signed by it. */
  readonly needlessFrom?: Instant;
};
export type KeysShown = { readonly sources: readonly SourceShown[]; readonly links: readonly LinkKeyShown[] };
export type LastUsed = { readonly [source: string]: Instant };

/** All but the keys themselves. */
export const keysShown = ({ api, links }: { readonly api: ApiKeySecret; readonly links: LinkSecret }, now: Instant): KeysShown => ({
  sources: Object.entries(api).map(([source, entry]) => sourceShown(source, entry, now)),
  links: linkKeyIds(links).map((id) => {
    const [madeAt, stopped] = [linkKeyMadeAt(id), stoppedSigningAt(links, id)];
    return {
      id,
      signs: id === signingKeyId(links, now),
      ...(madeAt !== undefined && { madeAt }),
      ...(stopped !== undefined && { needlessFrom: addSeconds(stopped, linkDays * 86_400) }),
    };
  }),
});

const sourceShown = (source: string, entry: ApiKeySecret[string], now: Instant): SourceShown => {
  const isText = typeof entry === 'string';
  const kept = !isText && 'keys' in entry ? 'hashed' : !isText && 'webhook' in entry ? 'webhook' : 'plain';
  const paths = !isText && 'paths' in entry ? entry.paths : undefined;
  const perMinute = isText ? undefined : entry['per-minute'];
  const keys = keysOf(entry, now).map(({ id, since, until }) => ({
    id,
    ...(kept === 'hashed' && { since }),
    ...(until !== undefined && { until }),
  }));
  return { source, kept, keys, ...(paths && { paths }), ...(perMinute !== undefined && { perMinute }) };
};

const notes = {
  hashed: '',
  plain: '; its key is kept as it is: baton keys rotate makes a hash of it',
  webhook: '; signs webhooks by a secret',
} as const;

export const keysInWords = ({ sources, links }: KeysShown, used: LastUsed | undefined): string =>
  [
    sources.length === 0 ? 'No source has a key.' : 'Sources',
    ...sources.flatMap(({ source, kept, keys, paths, perMinute = 600 }) => [
      `  ${source}: may use ${kept === 'webhook' ? '/events' : (paths?.join(', ') ?? 'everything')}, ${perMinute} requests a minute${lastWords(used, source)}${notes[kept]}`,
      ...keys.map(({ id, since, until }) => `    key ${id}${day(' since', since)}${day(', ends', until)}`),
    ]),
    'Signed links',
    ...links.map(
      ({ id, signs, madeAt, needlessFrom }) =>
        `  key ${id}${day(' since', madeAt)}${signs ? ', signs' : ', verifies'}${day(', needed until', needlessFrom)}`,
    ),
  ].join('\n');

const day = (words: string, at: Instant | undefined): string => (at === undefined ? '' : `${words} ${at.slice(0, 10)}`);

const lastWords = (used: LastUsed | undefined, source: string): string =>
  used === undefined ? '' : used[source] === undefined ? ', never heard of' : `, last heard of ${used[source].slice(0, 10)}`;
