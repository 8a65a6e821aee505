import { createHash, randomBytes } from 'node:crypto';
import { addSeconds, type Instant } from '#core/instant';
import type { ApiKeySecret, HashedKey } from './api-keys.ts';
import { linkKeyIds, stoppedSigningAt } from './link-ring.ts';
import type { LinkSecret } from './links.ts';

/** The secret of API keys after a change. `key`: the new one, to be shown once; `ended`: ids of keys that end, and when. */
export type KeyChange = {
  readonly secret: ApiKeySecret;
  readonly key?: string;
  readonly ended: readonly { readonly id: string; readonly at: Instant }[];
};
type Entry = ApiKeySecret[string];
type Limits = { readonly paths?: readonly string[] | undefined; readonly perMinute?: number | undefined };

/** Of its name only: the secret that signs links has commands of the same words. */
export const linksName = 'links';
/** Of a key that was kept as it is, before there were hashes. */
const plainId = 'plain';

/** 32 random bytes cannot be guessed, so a fast hash is enough; the prefix lets scanners of source code find a key that got there. */
const makeKey = (now: Instant): { readonly key: string; readonly hashed: HashedKey } => {
  const key = `baton_${randomBytes(32).toString('base64url')}`;
  const hashed = { id: randomBytes(4).toString('hex'), sha256: createHash('sha256').update(key).digest('hex'), since: now };
  return { key, hashed };
};

export const addSource = (secret: ApiKeySecret, source: string, { paths, perMinute }: Limits, now: Instant): KeyChange => {
  if (source === linksName) throw new Error(`"${linksName}" is the name of the keys of signed links; call the source something else`);
  if (!/^[^:\p{Cc}]{1,48}$/u.test(source)) throw new Error(`"${source}" is no name of a source: at most 48 characters, no colon`);
  if (Object.hasOwn(secret, source)) throw new Error(`there is a source ${source}; baton keys rotate ${source} gives it another key`);
  const { key, hashed } = makeKey(now);
  const entry = { keys: [hashed], ...(perMinute !== undefined && { 'per-minute': perMinute }), ...(paths && { paths: [...paths] }) };
  return { secret: { ...secret, [source]: entry as Entry }, key, ended: [] };
};

/** A second key beside the first, which ends after `keepSeconds`. Of two that live already the older one ends at once. */
export const rotateSource = (secret: ApiKeySecret, source: string, keepSeconds: number, now: Instant): KeyChange => {
  const entry = entryOf(secret, source);
  if (typeof entry === 'object' && 'webhook' in entry)
    throw new Error(`${source} signs webhooks with a secret of its own: make a new one there, and put it into the secret beside this one`);
  const living = keysOf(entry, now);
  const { key, hashed } = makeKey(now);
  const until = addSeconds(now, keepSeconds);
  const last = living.at(-1);
  const kept = last && keepSeconds > 0 ? [{ ...last, until: last.until !== undefined && last.until < until ? last.until : until }] : [];
  const ended = living.map(({ id }) => ({ id, at: kept.find((it) => it.id === id)?.until ?? now }));
  return { secret: { ...secret, [source]: { ...limitsOf(entry), keys: [...kept, hashed] } }, key, ended };
};

/** One of its keys at once, or the source with all that it may do. */
export const revokeSource = (secret: ApiKeySecret, source: string, id: string | undefined, now: Instant): KeyChange => {
  const entry = entryOf(secret, source);
  const living = typeof entry === 'object' && 'webhook' in entry ? [] : keysOf(entry, now);
  const left = living.filter((it) => it.id !== id);
  if (id !== undefined && left.length === living.length)
    throw new Error(`${source} has no key ${id}; there are: ${living.map((it) => it.id).join(', ') || 'none'}`);
  const ended = living.filter((it) => id === undefined || it.id === id).map((it) => ({ id: it.id, at: now }));
  const { [source]: _gone, ...rest } = secret;
  if (id === undefined || left.length === 0) return { secret: rest, ended };
  return { secret: { ...rest, [source]: { ...limitsOf(entry), keys: [...left] } }, ended };
};

const entryOf = (secret: ApiKeySecret, source: string): Entry => {
  const entry = Object.hasOwn(secret, source) ? secret[source] : undefined;
  if (entry === undefined) throw new Error(`there is no source ${source}; there are: ${Object.keys(secret).join(', ') || 'none'}`);
  return entry;
};

/** Those that still open something, the oldest first; a key that is kept as it is becomes a hash. */
export const keysOf = (entry: Entry, now: Instant): readonly HashedKey[] => {
  if (typeof entry === 'object' && 'keys' in entry) return entry.keys.filter((it) => it.until === undefined || now < it.until);
  if (typeof entry === 'object' && 'webhook' in entry) return [];
  const text = typeof entry === 'string' ? entry : entry.key;
  return [{ id: plainId, sha256: createHash('sha256').update(text).digest('hex'), since: new Date(0).toISOString() }];
};

const limitsOf = (entry: Entry) => {
  if (typeof entry === 'string') return {};
  const { 'per-minute': perMinute } = entry;
  const paths = 'paths' in entry ? entry.paths : undefined;
  return { ...(perMinute !== undefined && { 'per-minute': perMinute }), ...(paths && { paths }) };
};

/** Mail with an unsubscribe link lives for 13 months; a key that signed none since then opens nothing that anybody needs. */
export const linkDays = 400;

/** A new key that signs from soon on (links.ts says when); all others go on verifying. */
export const rotateLinks = (secret: LinkSecret, now: Instant): { readonly secret: LinkSecret; readonly keyId: string } => {
  const keyId = `k${now.slice(0, 16).replaceAll(/[^0-9]/g, '')}`;
  if (Object.hasOwn(secret, keyId)) throw new Error('the keys of links were rotated this very minute');
  return { secret: { ...secret, current: keyId, [keyId]: randomBytes(48).toString('base64url') } as LinkSecret, keyId };
};

/** Links that it signed open nothing any more. Refused for the one that signs, and while mail with its links may live. */
export const revokeLinkKey = (secret: LinkSecret, keyId: string, now: Instant, hasLeaked: boolean): LinkSecret => {
  if (keyId === 'current' || !Object.hasOwn(secret, keyId))
    throw new Error(`there is no link key ${keyId}; there are: ${linkKeyIds(secret).join(', ')}`);
  if (keyId === secret.current) throw new Error(`${keyId} signs links now: baton keys rotate links first`);
  const endedAt = stoppedSigningAt(secret, keyId);
  const isDue = endedAt !== undefined && addSeconds(endedAt, linkDays * 86_400) <= now;
  if (!isDue && !hasLeaked)
    throw new Error(
      `mail with links of ${keyId} may still be in mailboxes: it stopped signing ${endedAt ?? 'at a time unknown'}, and must verify for ${linkDays} days. Should somebody know it: --leaked`,
    );
  const { [keyId]: _gone, ...rest } = secret;
  return rest as LinkSecret;
};
