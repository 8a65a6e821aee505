import type { LiveConfig } from '#core/config';
import { type CountChange, changesBetween } from '#core/counters';
import { changesAround, countsOf } from '#core/counts-of';
import type { Instant } from '#core/instant';
import type { History, Ports } from '#core/ports';
import type { UsingCounters } from '#lambdas/counting';

/** What one event changed: the same lead without it, and with it. */
export const changesBy = (eventId: string, history: History, live: LiveConfig, now: Instant): readonly CountChange[] =>
  changesAround(eventId, { history, live, now });

type CountingNow = UsingCounters &
  Pick<Ports, 'log'> & {
    readonly histories: Pick<Ports['histories'], 'ofLead'>;
    readonly config: Ports['config'];
  };

/**
 * Counts what changed of a lead just now, beside all events. `without`: the lead as it was. Never in the way of what it counts:
 * should it fail, the night counts.
 */
export const countNow = async (use: CountingNow, leadId: string, since: Instant, without: (history: History) => History): Promise<void> => {
  try {
    const [history, live] = await Promise.all([use.histories.ofLead(leadId), use.config.live()]);
    const now = use.clock.now();
    const [before, after] = [without(history), history].map((it) => countsOf({ history: it, live, now }));
    await use.counters.add(changesBetween(before ?? [], after ?? []), since, now);
  } catch (error) {
    use.log.warn('not counted yet', { leadId, error: error instanceof Error ? error.name : 'unknown' });
  }
};
