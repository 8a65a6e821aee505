import { addSeconds, type Instant } from '#core/instant';
import type { Clock } from '#core/ports';

/** What was read this long ago is read again: a change shows within a minute, a busy function reads twice a minute. */
const freshSeconds = 30;

export const remembered = <T>(clock: Clock, read: () => Promise<T>): (() => Promise<T>) => {
  let known: { readonly until: Instant; readonly value: T } | undefined;
  return async () => {
    const now = clock.now();
    if (!known || known.until <= now) known = { until: addSeconds(now, freshSeconds), value: await read() };
    return known.value;
  };
};
