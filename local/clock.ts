import type { Instant } from '#core/instant';
import type { Clock } from '#core/ports';
import type { DurableMap } from './durable-map.ts';

export type SettableClock = Clock & {
  set(at: Instant): void;
  /** Moves on without writing it down: nothing happened. After a kill the clock is back at the last thing that did. */
  pass(at: Instant): void;
};

/** Stands still until it is set, and never goes back. `kept` carries the time over a restart. */
export const virtualClock = (startAt: Instant, kept?: DurableMap<Instant>): SettableClock => {
  let now = kept?.get('now') ?? startAt;
  return {
    now: () => now,
    set: (at) => {
      if (at <= now && kept?.get('now') === now) return;
      if (at > now) now = at;
      kept?.set('now', now);
    },
    pass: (at) => {
      if (at > now) now = at;
    },
  };
};
