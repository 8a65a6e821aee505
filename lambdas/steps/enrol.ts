import { armsFor, trialsFor } from '#core/arms';
import { isHeldBack } from '#core/backpressure';
import type { LiveConfig } from '#core/config';
import { decideEntry } from '#core/decide-entry';
import { type Grounds, groundsOfEntry } from '#core/decision-inputs';
import type { Enrolment } from '#core/enrolment';
import { isBecame } from '#core/entry-marks';
import { retryableError } from '#core/errors';
import type { Use } from '#core/handlers';
import type { Instant } from '#core/instant';
import { duePk, heldPk, shardOf } from '#core/keys';
import type { Lead } from '#core/lead';
import { effectiveStop, stopForLead } from '#core/lead-stops';
import { EnrolMessage } from '#core/messages';
import { mayBegin } from '#core/pauses';
import type { Reason } from '#core/reasons';
import { whenOf } from '#core/sequences/enter';
import type { Artifact } from '#core/sequences/model';
import { zoneOf } from '#core/time-zone';
import { isExemptFromWarmUp } from '#core/warm-up';
import { loadEntryFacts } from '#lambdas/entry-facts';
import { onQueue } from '#lambdas/runtime';
import { tellStop } from '#lambdas/tell-enrolments';
import { legInputOf, recordLeg, recycleRunning, whyNotRecycled } from './next-leg.ts';

type Handler = Use<'enrol'>;

type Enrolled = { readonly enrolled: boolean; readonly enrolmentId: string } | { readonly enrolled: false; readonly reason: Reason };
type Enrol = (use: Handler) => (message: EnrolMessage) => Promise<Enrolled>;

/**
 * One lead into one sequence. Every effect repeats safely, in this order: mark, row, profile read again, execution.
 * The mark keeps a second run of the same sequence out; the second look at the lead finds a stop written meanwhile.
 */
export const enrol: Enrol = (use) => async (message) => {
  const now = use.clock.now();
  const { leadId } = message;
  const lead = await use.leads.find(leadId);
  if (!lead) {
    const owner = await use.aliases.resolve(leadId);
    return owner === leadId ? { enrolled: false, reason: 'lead-gone' } : enrol(use)({ ...message, leadId: owner });
  }

  const enrolmentId = use.ids.enrolmentId(leadId, message.sequence, message.trigger);
  const key = { leadId, sequence: message.sequence, enrolmentId };
  const live = await use.config.live();
  const enrolments = await use.enrolments.ofLead(leadId);
  const mine = enrolments.find((it) => it.sequence === key.sequence && it.enrolmentId === enrolmentId);
  // A run that began goes on in its own version, also of a sequence that takes no new leads.
  const artifact = mine
    ? await use.artifacts.get(key.sequence, mine.version)
    : (await use.artifacts.current()).find((it) => it.sequence === message.sequence);
  if (!artifact) return { enrolled: false, reason: 'unknown-sequence' };

  if (!mine) {
    const moved = await recycleRunning(use, message, enrolments, now);
    if (moved) return enrol(use)({ leadId, sequence: moved.sequence, trigger: moved.trigger });
    const refusal = await whyNot(use, {
      lead,
      artifact,
      enrolments,
      enrolmentId,
      live,
      now,
      trigger: message.trigger,
      startAt: message.startAt,
    });
    if (refusal) {
      const { reason, ...grounds } = refusal;
      // Confirmation may come; wake then enrols the lead under the same trigger.
      if (reason === 'consent-unconfirmed') await use.leads.awaitConfirmation(leadId, key.sequence, message.trigger);
      await use.decisions.record({
        ...key,
        step: 'enter',
        round: 1,
        attempt: 1,
        at: now,
        outcome: 'not-enrolled',
        reason,
        ...grounds,
        configHash: live.hash,
      });
      use.log.info('lead not enrolled', { ...key, reason });
      use.metrics.add('leads-not-enrolled');
      return { enrolled: false, reason } as const;
    }
    const marked = await use.leads.markActive(leadId, key.sequence, enrolmentId, lead.active[key.sequence]);
    if (marked === 'refused') throw retryableError('another run of this sequence was marked meanwhile');
    const begins = mayBegin(await use.line.state());
    const winners = artifact.experiments ? await use.experiments.winners(key.sequence) : {};
    await use.enrolments.create({
      leg: 1,
      ...key,
      version: artifact.version,
      enrolledAt: now,
      trigger: message.trigger,
      ...(message.startAt !== undefined && { startAt: message.startAt, legBecause: { why: 'recycled', id: message.trigger } }),
      arms: armsFor(artifact, leadId, winners),
      // Who begins further on is not among those that are compared.
      ...(message.startAt === undefined && trialsFor(artifact, winners)),
      ...zoneIfGuessed(lead, live),
      priority: artifact.priority,
      ...(artifact.group !== undefined && { group: artifact.group }),
      seen: {},
      // Due at once, until the machine parks: should this process die now, the watchdog finds a row that nobody started.
      // While everything is paused: not due, until the watchdog finds that it goes on.
      gsi1pk: begins ? duePk(shardOf(leadId), 0) : heldPk(shardOf(leadId)),
      gsi1sk: now,
      waitSeconds: 0,
    });
  }

  const row = await use.enrolments.find(key);
  if (!row || row.endedAt) return { enrolled: row !== undefined, enrolmentId } as const;
  if (row.gsi1pk === heldPk(shardOf(leadId))) {
    if (!mayBegin(await use.line.state())) return { enrolled: true, enrolmentId } as const;
    await use.enrolments.release(key, now);
  }
  const [leadNow, suppressions] = await Promise.all([use.leads.find(leadId), use.suppressions.ofLead(leadId)]);
  const demanded = stopForLead(leadNow, suppressions, artifact, live.brand, now);
  const stop = effectiveStop(row, demanded);
  if (stop && stop !== row.stop) await tellStop(use, row, stop);
  await recordLeg(use, row, live.hash);
  if (row.formerToken !== undefined) await use.tokens.fail(row.formerToken, 'Halt', 'superseded');
  await use.machines.startLeg(key.sequence, row.version, legInputOf(row, now));
  use.log.info('lead enrolled', { ...key, leg: row.leg });
  use.metrics.add('leads-enrolled');
  return { enrolled: true, enrolmentId } as const;
};

/** On record, as a lead without a zone of its own is mailed at a time that may not be its own. */
const zoneIfGuessed = (lead: Lead, { brand }: LiveConfig): Pick<Enrolment, 'zone'> => {
  const zone = zoneOf(lead, brand);
  return zone.because === 'own' ? {} : { zone };
};

type Entering = {
  readonly lead: Lead;
  readonly artifact: Artifact;
  readonly enrolments: readonly Enrolment[];
  readonly enrolmentId: string;
  readonly live: LiveConfig;
  readonly now: Instant;
  readonly trigger: string;
  /** Recycled: begins at this step, whatever `again` and the entry's condition say. */
  readonly startAt: string | undefined;
};

/** A mark whose row is missing belongs to an enrolment being made right now: it runs. */
const whyNot = async (use: Handler, entering: Entering): Promise<({ readonly reason: Reason } & Grounds) | undefined> => {
  const { lead, artifact, enrolments, enrolmentId, live, now, trigger, startAt } = entering;
  const marked = lead.active[artifact.sequence];
  if (marked !== undefined && marked !== enrolmentId) {
    const other = enrolments.find((it) => it.sequence === artifact.sequence && it.enrolmentId === marked);
    if (!other?.endedAt) return { reason: 'already-running', ...(other && { inputs: { since: other.enrolledAt } }) };
  }
  if (startAt !== undefined) {
    const { off } = live.brand;
    if (off?.[artifact.sequence] !== undefined) return { reason: 'sequence-off', inputs: { inside: off[artifact.sequence] ?? '' } };
    const reason = whyNotRecycled(
      { lead, artifact, suppressions: await use.suppressions.ofLead(lead.leadId), brand: live.brand, now },
      startAt,
    );
    return reason && { reason };
  }
  const when = isBecame(trigger) ? whenOf(artifact.enter)?.when : undefined;
  const [suppressions, { facts }] = await Promise.all([
    use.suppressions.ofLead(lead.leadId),
    loadEntryFacts(use, { lead, live, now }, [artifact.enter.if, when]),
  ]);
  const situation = { lead, artifact, enrolments, suppressions, facts, trigger, brand: live.brand, now };
  const entry = decideEntry(situation);
  return entry.enter ? undefined : { reason: entry.reason, ...groundsOfEntry(situation, entry.reason) };
};

/**
 * While the send queue is behind, some wait in their own: nobody is in a run whose mails come late, and SES's rate is all there is.
 * What somebody asked for (a confirmation, a contract) waits for nothing.
 */
export const enrolInTurn =
  (use: Handler) =>
  async (message: EnrolMessage): Promise<Enrolled | 'later'> => {
    const { lag } = await use.line.state();
    if (!lag || !isHeldBack(message, lag, use.clock.now())) return enrol(use)(message);
    const artifact = (await use.artifacts.current()).find((it) => it.sequence === message.sequence);
    return artifact && isExemptFromWarmUp(artifact) ? enrol(use)(message) : 'later';
  };

export const handler = onQueue(EnrolMessage, enrolInTurn);
