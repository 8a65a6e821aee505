import { type Instant, toInstant } from '#core/instant';
import type { Clock } from '#core/ports';
import type { DurableMap } from './durable-map.ts';

export type SettableClock = Clock & { set(at: Instant): void };

/** Stands still until it is set, and never goes back. `kept` carries the time over a restart. */
export const virtualClock = (startAt: Instant, kept?: DurableMap<Instant>): SettableClock => {
  let now = kept?.get('now') ?? startAt;
  return {
    now: () => now,
    set: (at) => {
      if (at <= now) return;
      now = at;
      kept?.set('now', at);
    },
  };
};

export const realClock = (): Clock => ({ now: () => toInstant(Date.now()) });
