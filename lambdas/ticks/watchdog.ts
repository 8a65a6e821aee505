import { addSeconds } from '#core/instant';
import { shards } from '#core/keys';
import { effectiveStop, stopForLead } from '#core/lead-stops';
import type { Ports } from '#core/ports';
import { onTick } from '#lambdas/runtime';
import { tellStop } from '#lambdas/tell-enrolments';

const pageSize = 100;
/** A machine that has not moved on this long after its wait ended needs a look. */
export const overdueAfterSeconds = 15 * 60;

/** Finds runs that should have moved on, wakes those that a stop concerns, and says how many are left to look at. */
export const watchdog =
  (use: Pick<Ports, 'leads' | 'enrolments' | 'suppressions' | 'artifacts' | 'tokens' | 'clock' | 'log'>) => async (): Promise<void> => {
    const now = use.clock.now();
    for (const shard of shards) {
      for (const enrolment of await use.enrolments.overdue(shard, addSeconds(now, -overdueAfterSeconds), pageSize)) {
        if (enrolment.endedAt) continue;
        const { topic } = await use.artifacts.get(enrolment.sequence, enrolment.version);
        const [lead, suppressions] = await Promise.all([use.leads.find(enrolment.leadId), use.suppressions.ofLead(enrolment.leadId)]);
        const stop = effectiveStop(enrolment, stopForLead(lead, suppressions, topic, now));
        if (stop) await tellStop(use, enrolment, stop);
        else use.log.warn('enrolment overdue', { enrolmentId: enrolment.enrolmentId, step: enrolment.step ?? '' });
      }
    }
  };

export const handler = onTick(watchdog);
