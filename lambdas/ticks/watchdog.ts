import type { Enrolment } from '#core/enrolment';
import type { Use } from '#core/handlers';
import { addSeconds } from '#core/instant';
import { shards } from '#core/keys';
import { effectiveStop, stopForLead } from '#core/lead-stops';
import { onTick } from '#lambdas/runtime';
import { tellStop } from '#lambdas/tell-enrolments';

const pageSize = 100;
/** A machine that has not moved on this long after its wait ended needs a look. */
export const overdueAfterSeconds = 15 * 60;

type Handler = Use<'watchdog'>;

/** Finds runs that should have moved on, and sets each going again as far as it can. */
export const watchdog = (use: Handler) => async (): Promise<void> => {
  const upTo = addSeconds(use.clock.now(), -overdueAfterSeconds);
  for (const shard of shards) {
    for (const enrolment of await use.enrolments.overdue(shard, upTo, pageSize)) {
      if (enrolment.endedAt === undefined) await setGoing(use, enrolment);
    }
  }
};

/** Never parked: perhaps never started, so it is started again (a repeat is harmless). Parked: a stop may have gone untold. */
const setGoing = async (use: Handler, enrolment: Enrolment): Promise<void> => {
  const { leadId, sequence, trigger, enrolmentId, step, timed, token } = enrolment;
  if (step === undefined) return use.enrolQueue.push({ leadId, sequence, trigger });
  const [lead, suppressions, artifact, live] = await Promise.all([
    use.leads.find(leadId),
    use.suppressions.ofLead(leadId),
    use.artifacts.get(sequence, enrolment.version),
    use.config.live(),
  ]);
  const stop = effectiveStop(enrolment, stopForLead(lead, suppressions, artifact, live.brand, use.clock.now()));
  if (stop) await tellStop(use, enrolment, stop);
  // The timer that was to end the wait did not come; of a machine that has gone on the token is dead.
  else if (timed && token !== undefined && (await use.tokens.succeed(token, { waited: true })) === 'told')
    use.log.warn('wait ended late', { enrolmentId, step });
  else use.log.warn('enrolment overdue', { enrolmentId, step });
};

export const handler = onTick(watchdog);
