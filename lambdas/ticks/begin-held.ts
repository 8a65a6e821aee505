import type { Use } from '#core/handlers';
import { shards } from '#core/keys';

/** Runs of a shard that begin after a pause of everything, each time: some 8,000 in a quarter of an hour, well within the function's time. */
const heldAtOnce = 1000;
const pushedTogether = 25;

/** Who entered while everything was paused begins now. Asking twice is harmless. */
export const beginHeld = async (use: Use<'watchdog'>): Promise<void> => {
  let count = 0;
  for (const shard of shards) {
    const held = await use.enrolments.held(shard, heldAtOnce);
    for (let from = 0; from < held.length; from += pushedTogether) {
      const together = held.slice(from, from + pushedTogether);
      await Promise.all(together.map(({ leadId, sequence, trigger }) => use.enrolQueue.push({ leadId, sequence, trigger })));
    }
    count += held.length;
  }
  if (count > 0) use.log.info('held enrolments begin', { count });
};
