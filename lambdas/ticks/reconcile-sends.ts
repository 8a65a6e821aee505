import type { Use } from '#core/handlers';
import { addSeconds, type Instant } from '#core/instant';
import { shards } from '#core/keys';
import { assumeSentAfterSeconds, toAssumedSent } from '#core/send-protocol';
import type { SendRecord } from '#core/sending';
import { createCounting } from '#lambdas/counting';
import { onTick } from '#lambdas/runtime';

const pageSize = 100;

/** An UNKNOWN that no SES event settled in 24 hours counts as sent: a missing event proves nothing. */
export const reconcileSends = (use: Use<'reconcile-sends'>) => async (): Promise<void> => {
  const now = use.clock.now();
  const counting = createCounting(use);
  counting.begin();
  for (const shard of shards) {
    for (const record of await use.sends.unsettled(shard, now, pageSize)) {
      const settled = settle(record, now);
      if (!settled) continue;
      const written = await use.sends.write(settled);
      if (written === 'written') counting.sent(settled);
      use.log.info('send settled', { enrolmentId: record.enrolmentId, stepId: record.step, state: settled.state, written });
    }
  }
  await counting.flush();
};

const settle = (record: SendRecord, now: Instant): SendRecord | undefined => {
  if (record.state !== 'UNKNOWN' || record.calledAt === undefined) return undefined;
  return addSeconds(record.calledAt, assumeSentAfterSeconds) <= now ? toAssumedSent(record) : undefined;
};

export const handler = onTick(reconcileSends);
