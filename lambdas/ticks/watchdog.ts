import type { Enrolment } from '#core/enrolment';
import type { Use } from '#core/handlers';
import { fractionOf } from '#core/hash';
import { addSeconds, type Instant, secondsBetween, toEpoch } from '#core/instant';
import { shards } from '#core/keys';
import { effectiveStop, stopForLead } from '#core/lead-stops';
import { mayBegin, pausesOf } from '#core/pauses';
import type { LineState, OverdueFrom } from '#core/ports';
import { recoverRun } from '#lambdas/legs/recover';
import { onTick } from '#lambdas/runtime';
import { tellStop } from '#lambdas/tell-enrolments';
import { beginHeld } from './begin-held.ts';
import { endSwitchedOff } from './end-switched-off.ts';
import { watchHandoffs } from './watch-handoffs.ts';

const pageSize = 100;
/** A machine that has not moved on this long after its wait ended needs a look. */
export const overdueAfterSeconds = 15 * 60;
/** A function has 30 seconds; whoever is not reached by then has their turn at the next tick. */
const secondsPerTick = 20;
/** Of these, so many are left for what comes last. */
const secondsForLast = 4;
/** So many runs are asked after at every tick; where more are overdue (their mail is held, say), each of the others once in so many. */
const asksPerTick = 150;
const ticksApart = 24;

type Handler = Use<'watchdog'>;

/** Finds runs and handoffs that should have moved on, and sets each going again as far as it can. */
export const watchdog = (use: Handler) => async (): Promise<void> => {
  const now = use.clock.now();
  const until = addSeconds(now, secondsPerTick);
  const failures: unknown[] = [];
  await watchHandoffs(use, until).catch((error: unknown) => failures.push(error));
  const tick = Math.floor(toEpoch(now) / 900_000);
  const look: Look = { until, tick, failures, asked: 0, oldest: 0 };
  // Should time run out, the next tick begins with another shard.
  for (const at of shards.keys()) await lookThrough(use, shards[(tick + at) % shards.length] ?? '0', look);
  await othersTurn(use, look).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
};

/** What nobody else looks at: who was held by a pause, how long something has been paused, how near SES's daily limit is, and who is to leave. */
const othersTurn = async (use: Handler, { oldest }: Look): Promise<void> => {
  use.metrics.set('oldest-due-seconds', oldest);
  const line = await use.line.state();
  if (mayBegin(line)) await beginHeld(use);
  await measure(use, line);
  await endSwitchedOff(use, addSeconds(use.clock.now(), secondsForLast));
};

type Look = { readonly until: Instant; readonly tick: number; readonly failures: unknown[]; asked: number; oldest: number };

/** One that fails is in nobody else's way. */
const lookThrough = async (use: Handler, shard: string, look: Look): Promise<void> => {
  const upTo = addSeconds(use.clock.now(), -overdueAfterSeconds);
  for (let after: OverdueFrom | undefined, isFirst = true; isFirst || after; isFirst = false) {
    const { runs, next } = await use.enrolments.overdue(shard, upTo, pageSize, after);
    for (const run of runs) {
      if (use.clock.now() > look.until) return;
      if (run.endedAt !== undefined) continue;
      look.oldest = Math.max(look.oldest, secondsBetween(dueOf(run) ?? upTo, use.clock.now()));
      if (!isItsTurn(run, look)) continue;
      look.asked++;
      await setGoing(use, run).catch((error: unknown) => look.failures.push(error));
    }
    after = next;
  }
};

const measure = async (use: Handler, line: LineState): Promise<void> => {
  const [longest] = pausesOf(line);
  use.metrics.set('paused-seconds', longest ? secondsBetween(longest.at, use.clock.now()) : 0);
  const quota = await use.mailQuota.read().catch((error: Error) => void use.log.warn('mail quota unknown', { error: error.name }));
  if (quota) use.metrics.set('send-quota-percent', quota.most === undefined ? 0 : Math.round((100 * quota.sent) / quota.most));
};

/** When its wait was over; of one that never parked, when it should have begun. */
const dueOf = ({ gsi1sk, waitSeconds = 0 }: Enrolment): Instant | undefined =>
  gsi1sk === undefined ? undefined : addSeconds(gsi1sk, waitSeconds);

const isItsTurn = ({ enrolmentId }: Enrolment, { asked, tick }: Look): boolean =>
  asked < asksPerTick || Math.floor(fractionOf(enrolmentId) * ticksApart) === tick % ticksApart;

/**
 * Never parked and never started: it is started again. A stop may have gone untold. And where its machine is gone, however that
 * came, the run takes its next leg; one whose machine came to its end properly is over, whatever a restored row says.
 */
const setGoing = async (use: Handler, run: Enrolment): Promise<void> => {
  const { leadId, sequence, trigger, enrolmentId, leg, step = '', enrolledAt, legStartedAt = enrolledAt } = run;
  const state = await use.machines.legState(sequence, enrolmentId, leg, legStartedAt);
  if (run.step === undefined && state === 'none') return use.enrolQueue.push({ leadId, sequence, trigger });
  if (state === 'ended') return close(use, run, run.stop ? 'stopped' : 'completed');
  if (state !== 'running') return recoverLost(use, run);
  const [lead, suppressions, artifact, live] = await Promise.all([
    use.leads.find(leadId),
    use.suppressions.ofLead(leadId),
    use.artifacts.get(sequence, run.version),
    use.config.live(),
  ]);
  const stop = effectiveStop(run, stopForLead(lead, suppressions, artifact, live.brand, use.clock.now()));
  if (stop) await tellStop(use, run, stop);
  // The timer that was to end the wait did not come; once the machine has gone on the token is dead.
  else if (run.timed && run.token !== undefined && (await use.tokens.succeed(run.token, { waited: true })) === 'told')
    use.log.warn('wait ended late', { enrolmentId, step });
  else use.log.warn('enrolment overdue', { enrolmentId, step });
};

/** Nothing is sent twice by it: what went has its record. */
const recoverLost = async (use: Handler, run: Enrolment): Promise<void> => {
  const { outcome } = await recoverRun(use, run, 'lost', false);
  use.log.warn('run had no machine', { enrolmentId: run.enrolmentId, leg: run.leg, outcome });
  if (outcome === 'has-a-stop' || outcome === 'another-run') await close(use, run, 'stopped');
  if (outcome === 'too-often') await close(use, run, 'failed');
};

const close = async (use: Handler, run: Enrolment, ending: 'completed' | 'stopped' | 'failed'): Promise<void> => {
  const closed = await use.enrolments.close(run, run.leg, { at: use.clock.now(), ending });
  use.log.warn('run without a machine closed', { enrolmentId: run.enrolmentId, leg: run.leg, ending, closed });
};

export const handler = onTick(watchdog);
