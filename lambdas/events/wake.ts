import type { Use } from '#core/handlers';
import { stopForLead } from '#core/lead-stops';
import { WakeMessage } from '#core/messages';
import { onQueue } from '#lambdas/runtime';
import { runningEnrolments, tellStop } from '#lambdas/tell-enrolments';

type Handler = Use<'wake'>;

/** A page, API call or tick wrote a fact about the whole lead: tell each of its runs that the fact concerns. */
export const wake =
  (use: Handler) =>
  async ({ leadId }: WakeMessage) => {
    const [lead, suppressions] = await Promise.all([use.leads.find(leadId), use.suppressions.ofLead(leadId)]);
    for (const enrolment of await runningEnrolments(use, leadId)) {
      const { topic } = await use.artifacts.get(enrolment.sequence, enrolment.version);
      const stop = stopForLead(lead, suppressions, topic, use.clock.now()) ?? enrolment.stop;
      if (stop) await tellStop(use, enrolment, stop);
    }
  };

export const handler = onQueue(WakeMessage, wake);
