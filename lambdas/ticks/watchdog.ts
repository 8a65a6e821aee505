import type { Enrolment } from '#core/enrolment';
import type { Use } from '#core/handlers';
import { addSeconds, type Instant, secondsBetween } from '#core/instant';
import { shards } from '#core/keys';
import { effectiveStop, stopForLead } from '#core/lead-stops';
import { mayBegin, pausesOf } from '#core/pauses';
import type { LineState } from '#core/ports';
import { onTick } from '#lambdas/runtime';
import { tellStop } from '#lambdas/tell-enrolments';

const pageSize = 100;
/** A machine that has not moved on this long after its wait ended needs a look. */
export const overdueAfterSeconds = 15 * 60;
/** Runs of a shard that begin after a pause of everything, each time: some 8,000 in a quarter of an hour, well within the function's time. */
const heldAtOnce = 1000;
const pushedTogether = 25;

type Handler = Use<'watchdog'>;

/** Finds runs that should have moved on, and sets each going again as far as it can. */
export const watchdog = (use: Handler) => async (): Promise<void> => {
  const upTo = addSeconds(use.clock.now(), -overdueAfterSeconds);
  let oldest = 0;
  for (const shard of shards) {
    for (const enrolment of await use.enrolments.overdue(shard, upTo, pageSize)) {
      if (enrolment.endedAt !== undefined) continue;
      oldest = Math.max(oldest, secondsBetween(dueOf(enrolment) ?? upTo, use.clock.now()));
      await setGoing(use, enrolment);
    }
  }
  use.metrics.set('oldest-due-seconds', oldest);
  const line = await use.line.state();
  if (mayBegin(line)) await beginHeld(use);
  await measure(use, line);
};

/** What nobody else looks at: how long something has been paused, and how near SES's daily limit is. */
const measure = async (use: Handler, line: LineState): Promise<void> => {
  const [longest] = pausesOf(line);
  use.metrics.set('paused-seconds', longest ? secondsBetween(longest.at, use.clock.now()) : 0);
  const quota = await use.mailQuota.read().catch((error: Error) => void use.log.warn('mail quota unknown', { error: error.name }));
  if (quota) use.metrics.set('send-quota-percent', quota.most === undefined ? 0 : Math.round((100 * quota.sent) / quota.most));
};

/** When its wait was over; of one that never parked, when it should have begun. */
const dueOf = ({ gsi1sk, waitSeconds = 0 }: Enrolment): Instant | undefined =>
  gsi1sk === undefined ? undefined : addSeconds(gsi1sk, waitSeconds);

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

/** Who entered while everything was paused begins now. Asking twice is harmless. */
const beginHeld = async (use: Handler): Promise<void> => {
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

export const handler = onTick(watchdog);
