import { type CountChange, deliveredOf, sentOf } from '#core/counters';
import type { Instant } from '#core/instant';
import type { Ports } from '#core/ports';
import type { SendRecord } from '#core/sending';

export type UsingCounters = { readonly counters: Pick<Ports['counters'], 'add'> } & Pick<Ports, 'clock'>;

/** What a batch comes to. `begin` is called before anything of it is read or written, `take` after what it tells of is on record. */
export type Counting = {
  begin(): void;
  take(changes: readonly CountChange[]): void;
  sent(send: SendRecord): void;
  delivered(send: SendRecord, at: Instant): void;
  flush(): Promise<void>;
};

/** One write for each item of the counters that a batch touches. Dying before it counts too few, until the night. */
export const createCounting = ({ counters, clock }: UsingCounters): Counting => {
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
