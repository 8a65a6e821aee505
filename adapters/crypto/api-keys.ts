import { createHash, timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';
import { type Instant, toEpoch } from '#core/instant';
import type { ApiKeys, Caller } from '#core/ports';

/** What a key may be kept to: paths of the API, the first word of each. */
export const apiPaths = ['/leads', '/events', '/suppressions', '/addresses', '/replies', '/tasks', '/enrol'] as const;

const Rate = z.number().int().min(1).max(100_000).optional();
const Paths = z.array(z.enum(apiPaths)).min(1).optional();
/** A key as `baton keys` keeps it: nobody can read it again. `until`: it ends by itself then. */
export const HashedKey = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{1,16}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  since: z.iso.datetime(),
  until: z.iso.datetime().optional(),
});
export type HashedKey = z.output<typeof HashedKey>;
/**
 * By the name of the system that has it: its keys by their hashes, or a key as it is (as it was kept before there were hashes), or
 * the secret with which it signs webhooks (`whsec_…`). Ids of events begin with the name and a colon, so that no name may have one.
 */
export const ApiKeySecret = z.record(
  z.string().regex(/^[^:\p{Cc}]{1,48}$/u),
  z.union([
    z.string().min(1),
    z.strictObject({ keys: z.array(HashedKey).min(1).max(2), 'per-minute': Rate, paths: Paths }),
    z.strictObject({ key: z.string().min(16), 'per-minute': Rate, paths: Paths }),
    z.strictObject({ webhook: z.string().startsWith('whsec_'), 'per-minute': Rate }),
  ]),
);
export type ApiKeySecret = z.output<typeof ApiKeySecret>;

/** A signature is good for so long (Standard Webhooks: some minutes, against replays). */
const toleranceSeconds = 300;

type Known = { readonly caller: Caller; readonly digest: Buffer; readonly until?: Instant | undefined };

/** Every key is compared, by digest, in constant time. */
export const createApiKeys = (secret: z.input<typeof ApiKeySecret>): ApiKeys => {
  const systems = Object.entries(ApiKeySecret.parse(secret)).map(([source, given]) => ({
    source,
    ...(typeof given === 'string' ? { key: given } : given),
  }));
  const keys: readonly Known[] = systems.flatMap((it): readonly Known[] => {
    const caller = callerOf(it);
    if ('keys' in it) return it.keys.map(({ sha256, until }) => ({ caller, digest: Buffer.from(sha256, 'hex'), until }));
    return 'key' in it ? [{ caller, digest: digest(it.key) }] : [];
  });
  const hooks = systems.flatMap((it) => ('webhook' in it ? [{ caller: callerOf(it), webhook: new Webhook(it.webhook) }] : []));
  return {
    identify: (key, now) => {
      const given = digest(key);
      const found = keys.filter((it) => timingSafeEqual(it.digest, given))[0];
      return found && (found.until === undefined || now < found.until) ? found.caller : undefined;
    },
    verifyWebhook: ({ id, timestamp, signatures, body }, now) => {
      const at = Number(timestamp) * 1000;
      if (!Number.isFinite(at) || Math.abs(toEpoch(now) - at) > toleranceSeconds * 1000) return undefined;
      const given = signatures.split(' ').map(digest);
      return hooks.filter(({ webhook }) => {
        const expected = digest(webhook.sign(id, new Date(at), body));
        return given.filter((it) => timingSafeEqual(it, expected)).length > 0;
      })[0]?.caller;
    },
  };
};

type System = { readonly source: string; readonly 'per-minute'?: number | undefined; readonly paths?: readonly string[] | undefined };

const callerOf = ({ source, 'per-minute': perMinute, paths }: System): Caller => ({
  source,
  ...(perMinute !== undefined && { perMinute }),
  ...(paths && { paths }),
});

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
