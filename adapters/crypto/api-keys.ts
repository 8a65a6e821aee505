import { createHash, timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';
import { toEpoch } from '#core/instant';
import type { ApiKeys, Caller } from '#core/ports';

const Rate = z.number().int().min(1).max(100_000).optional();
const Paths = z
  .array(z.enum(['/leads', '/events', '/suppressions', '/addresses', '/replies', '/tasks']))
  .min(1)
  .optional();
/**
 * By the name of the system that has it: its key, or the secret with which it signs webhooks (`whsec_…`). Ids of events begin with
 * the name and a colon, so that no name may have one.
 */
export const ApiKeySecret = z.record(
  z.string().regex(/^[^:\p{Cc}]{1,48}$/u),
  z.union([
    z.string().min(1),
    z.strictObject({ key: z.string().min(16), 'per-minute': Rate, paths: Paths }),
    z.strictObject({ webhook: z.string().startsWith('whsec_'), 'per-minute': Rate }),
  ]),
);

/** A signature is good for so long (Standard Webhooks: some minutes, against replays). */
const toleranceSeconds = 300;

/** Every key is compared, by digest, in constant time. */
export const createApiKeys = (secret: z.input<typeof ApiKeySecret>): ApiKeys => {
  const systems = Object.entries(ApiKeySecret.parse(secret)).map(([source, given]) => ({
    source,
    ...(typeof given === 'string' ? { key: given } : given),
  }));
  const keys = systems.flatMap((it) => ('key' in it ? [{ caller: callerOf(it), digest: digest(it.key) }] : []));
  const hooks = systems.flatMap((it) => ('webhook' in it ? [{ caller: callerOf(it), webhook: new Webhook(it.webhook) }] : []));
  return {
    identify: (key) => {
      const given = digest(key);
      return keys.filter((it) => timingSafeEqual(it.digest, given))[0]?.caller;
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
