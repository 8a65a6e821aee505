import type { EventKey } from '#core/condition';
import type { Instant } from '#core/instant';

/** Of several awaited things the one that happened first; of the same moment the one that stands first. undefined: none has. */
export const firstSeen = <A extends { readonly awaits: EventKey }>(
  arms: readonly A[],
  seen: { readonly [key: EventKey]: Instant },
): A | undefined =>
  arms.reduce<A | undefined>((first, arm) => {
    const [at, before] = [seen[arm.awaits], first && seen[first.awaits]];
    return at !== undefined && (before === undefined || at < before) ? arm : first;
  }, undefined);
