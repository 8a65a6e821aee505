import type { Ports } from '#core/ports';
import type { Counting } from '#lambdas/counting';

/** Deliveries of one batch, by sequence and UTC day. */
export type DeliveredCounts = { readonly counting: Counting; count(sequence: string, day: string): void; flush(): Promise<void> };

/**
 * Nearly all events are deliveries, so they are written once a batch and not once each. Should that fail they are not counted
 * again: a sequence then seems to have delivered less than it did, and pauses itself a little sooner.
 */
export const countDelivered = (use: { readonly health: Pick<Ports['health'], 'addDelivered'> }, counting: Counting): DeliveredCounts => {
  let counts = new Map<string, { readonly sequence: string; readonly day: string; delivered: number }>();
  return {
    counting,
    count: (sequence, day) => {
      const key = `${day} ${sequence}`;
      const known = counts.get(key) ?? { sequence, day, delivered: 0 };
      known.delivered++;
      counts.set(key, known);
    },
    flush: async () => {
      const all = [...counts.values()];
      counts = new Map();
      try {
        for (const { sequence, day, delivered } of all) await use.health.addDelivered(sequence, day, delivered);
      } finally {
        await counting.flush();
      }
    },
  };
};
