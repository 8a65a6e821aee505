import { addSeconds, type Instant } from '#core/instant';
import type { Clock } from '#core/ports';

/** What a function knows of a secret is never older than this: a key that was rotated or revoked reaches those at work. */
export const secretSeconds = 10 * 60;
/** Secrets Manager does not answer: what is known serves on, and is asked for anew so often; past an hour calls fail. */
const retrySeconds = 30;
const longestSeconds = 3600;

const refreshers = new Map<string, () => Promise<void>>();

/** A port made from a secret; its methods are always those of what was read last. */
export const fromSecret = async <Port extends object>(name: string, clock: Clock, make: () => Promise<Port>): Promise<Port> => {
  let port = await make();
  let readAt: Instant = clock.now();
  let triedAt: Instant = readAt;
  refreshers.set(name, async () => {
    const now = clock.now();
    const age = (seconds: number) => addSeconds(readAt, seconds) <= now;
    if (!age(secretSeconds) || (triedAt !== readAt && addSeconds(triedAt, retrySeconds) > now)) return;
    triedAt = now;
    try {
      port = await make();
      readAt = now;
    } catch (error) {
      if (age(longestSeconds)) throw error;
    }
  });
  return new Proxy({} as Port, { get: (_, method) => Reflect.get(port, method) });
};

/** Before each call of the function. */
export const refreshSecrets = async (): Promise<void> => {
  for (const refresh of refreshers.values()) await refresh();
};
