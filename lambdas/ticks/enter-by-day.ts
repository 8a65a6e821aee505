import type { Use } from '#core/handlers';
import { addSeconds } from '#core/instant';
import { shards } from '#core/keys';
import { dateOf } from '#core/sequences/enter';
import { onTick } from '#lambdas/runtime';

const pageSize = 100;
/** A call does what it can; the next one goes on with whoever is still due. */
const secondsPerCall = 20;

/**
 * Finds the leads whose day has come, by the due index and page by page, and has each looked at. Whoever is found twice is looked
 * at twice, and enters once.
 */
export const enterByDay = (use: Use<'enter-by-day'>) => async (): Promise<void> => {
  if (!(await use.artifacts.current()).some((it) => dateOf(it.enter))) return;
  const now = use.clock.now();
  const until = addSeconds(now, secondsPerCall);
  for (const shard of shards) {
    for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
      const page = await use.leads.entriesDue(shard, now, pageSize, after);
      await Promise.all(page.leadIds.map((leadId) => use.wakeQueue.push({ leadId, changed: ['due'] })));
      after = page.next;
      if (use.clock.now() > until) return use.log.warn('days left for the next call', { shard });
    }
  }
};

export const handler = onTick(enterByDay);
