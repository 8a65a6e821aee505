import type { LiveConfig } from '#core/config';
import { type CountChange, changesBetween, deliveredOf, sentOf } from '#core/counters';
import { countsOf } from '#core/counts-of';
import type { Instant } from '#core/instant';
import type { History, Ports } from '#core/ports';
import type { SendRecord } from '#core/sending';

type Using = { readonly counters: Pick<Ports['counters'], 'add'> } & Pick<Ports, 'clock'>;

/** What a batch comes to. `begin` is called before anything of it is read or written, `take` after what it tells of is on record. */
export type Counting = {
  begin(): void;
  take(changes: readonly CountChange[]): void;
  sent(send: SendRecord): void;
  delivered(send: SendRecord, at: Instant): void;
  flush(): Promise<void>;
};

/** One write for each item of the counters that a batch touches. Dying before it counts too few, until the night. */
export const createCounting = ({ counters, clock }: Using): Counting => {
  let since: Instant | undefined;
  let taken: CountChange[] = [];
  const take = (changes: readonly CountChange[]) => void taken.push(...changes);
  return {
    begin: () => {
      since ??= clock.now();
    },
    take,
    sent: (send) => take([sentOf(send)]),
    delivered: (send, at) => take([deliveredOf(send, at)]),
    flush: async () => {
      const [all, from] = [taken, since];
      taken = [];
      since = undefined;
      if (all.length > 0 && from !== undefined) await counters.add(all, from, clock.now());
    },
  };
};

type Sending = { readonly sends: Pick<Ports['sends'], 'write'> };

/** The same ports; whatever they write as sent is counted. Only for who never writes a mail as sent that counted as sent before. */
export const countingSends = <Use extends Sending>(use: Use, counting: Counting): Use => ({
  ...use,
  sends: {
    ...use.sends,
    write: async (record: SendRecord) => {
      const written = await use.sends.write(record);
      if (written === 'written' && record.state === 'SENT') counting.sent(record);
      return written;
    },
  },
});

/** What one event changed: the same lead without it, and with it. */
export const changesBy = (eventId: string, history: History, live: LiveConfig, now: Instant): readonly CountChange[] => {
  const ended = history.events.map((it) => (it.eventId === eventId ? { ...it, done: true } : it));
  const open = history.events.map((it) => (it.eventId === eventId ? { ...it, done: false } : it));
  const at = (events: History['events']) => countsOf({ history: { ...history, events }, live, now });
  return changesBetween(at(open), at(ended));
};

type CountingNow = Using &
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
