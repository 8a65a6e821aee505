import type { LiveConfig } from '#core/config';
import { retryableError } from '#core/errors';
import { matchingKeys } from '#core/event-keys';
import { type EventRow, LeadEvent, type SesEvent } from '#core/events';
import type { Use } from '#core/handlers';
import { addSeconds, type Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { qualifies } from '#core/qualification';
import { hitsOf } from '#core/scoring';
import { toSent } from '#core/send-protocol';
import type { SendRecord } from '#core/sending';
import { loadFacts } from '#lambdas/facts';
import { onQueue } from '#lambdas/runtime';
import { runningEnrolments, tellSeen, tellStop } from '#lambdas/tell-enrolments';

type Handler = Use<'process-events'>;

/** These only say how a mail travelled: they are kept, and decide nothing more. */
const travelKinds: readonly string[] = ['sent', 'delivered', 'delayed', 'subscription', 'rendering-failed', 'rejected'];
const isTravel = (event: LeadEvent) => event.source === 'ses' && travelKinds.includes(event.kind);

/**
 * One event, however often it comes: facts about the whole lead first, then the runs, the ledger, new runs, and the
 * question whether the lead qualifies. `done` is written last, so that a crash anywhere repeats all of it.
 */
export const processEvent = (use: Handler) => async (event: LeadEvent) => {
  // Of a lead that went into another the event is the other's; asked last, so that a merge meanwhile loses none.
  for (let leadId: string | undefined = event.leadId; leadId !== undefined; ) {
    await processFor(use, { ...event, leadId });
    const owner: string = await use.aliases.resolve(leadId);
    leadId = owner === leadId ? undefined : owner;
  }
};

const processFor = async (use: Handler, event: LeadEvent) => {
  const row = toRow(event);
  if (event.source === 'ses' && isTravel(event)) return noteTravel(use, event, row);
  const [lead, known] = await Promise.all([use.leads.find(event.leadId), use.events.find(event.leadId, event.eventId)]);
  if (!lead) return use.log.info('event of an unknown lead dropped', { leadId: event.leadId });
  if (known?.done) return;
  const suppressed = event.source === 'ses' && (await suppressIfDue(use, event));
  await tellRuns(use, lead, row, suppressed);
  const live = await use.config.live();
  const hits = hitsOf(row, live.scoring);
  for (const rule of hits) await use.scores.add(lead.leadId, { eventId: row.eventId, rule, at: row.at });
  await triggerSequences(use, row);
  if (hits.length > 0) await handOffIfQualified(use, lead, live);
  await use.events.put({ ...row, done: true });
};

const toRow = (event: LeadEvent): EventRow => {
  const common = { eventId: event.eventId, leadId: event.leadId, at: event.at, done: false };
  if (event.source === 'own') return { ...common, name: event.name, ...(event.path !== undefined && { path: event.path }) };
  return {
    ...common,
    name: event.kind,
    ...(event.link !== undefined && { link: event.link }),
    ...(event.sequence !== undefined && { sequence: event.sequence }),
    ...(event.enrolmentId !== undefined && { enrolmentId: event.enrolmentId }),
    ...(event.step !== undefined && { step: event.step }),
  };
};

/** Kept only for a send of ours that is still on record: nothing comes back under an erased lead. */
const noteTravel = async (use: Handler, event: SesEvent, row: EventRow) => {
  const { leadId, enrolmentId, step, round } = event;
  if (enrolmentId === undefined || step === undefined || round === undefined) return;
  const record = await use.sends.find({ leadId, enrolmentId, step, round });
  if (!record) return use.log.info('event of an unknown send dropped', { leadId, enrolmentId, stepId: step });
  if (event.kind !== 'rejected' && event.kind !== 'rendering-failed') await settleSend(use, event, record);
  await use.events.put({ ...row, done: true });
};

/** SES tells of a mail, so it took it: a call whose answer was lost, or is still on its way, becomes SENT. */
const settleSend = async (use: Handler, event: SesEvent, record: SendRecord) => {
  if (record.state !== 'CALLING' && record.state !== 'UNKNOWN' && record.state !== 'ASSUMED_SENT') return;
  if ((await use.sends.write(toSent(record, event.at, event.messageId))) === 'refused') {
    throw retryableError('somebody else wrote this send meanwhile; look again');
  }
  if (record.state !== 'CALLING') use.log.info('unknown send settled', { enrolmentId: record.enrolmentId, stepId: record.step });
};

const suppressIfDue = async (use: Handler, event: SesEvent) => {
  const permanent = event.kind === 'bounced' && event.bounceType === 'Permanent';
  if (!permanent && event.kind !== 'complained') return false;
  await use.suppressions.add(event.leadId, { scope: 'GLOBAL', reason: permanent ? 'bounced' : 'complained', at: event.at });
  return true;
};

/** Tells each run what it awaits, and ends those that this event ends. */
const tellRuns = async (use: Handler, lead: Lead, row: EventRow, suppressed: boolean) => {
  for (const enrolment of await runningEnrolments(use, lead.leadId)) {
    if (suppressed) {
      await tellStop(use, enrolment, { reason: 'suppressed', at: row.at });
      continue;
    }
    const artifact = await use.artifacts.get(enrolment.sequence, enrolment.version);
    if (row.at < enrolment.enrolledAt) continue;
    await tellSeen(use, enrolment, matchingKeys(row, artifact.tracks, enrolment.enrolmentId), row.at);
    const exit = artifact.exits.find((it) => it.event === row.name);
    if (exit) await tellStop(use, enrolment, { reason: exit.as, at: row.at });
  }
};

const triggerSequences = async (use: Handler, row: EventRow) => {
  for (const artifact of await use.artifacts.current()) {
    if (!('event' in artifact.enter.on) || artifact.enter.on.event !== row.name) continue;
    await use.enrolQueue.push({ leadId: row.leadId, sequence: artifact.sequence, trigger: row.eventId });
  }
};

/** The lead as it was read at the start: should it have changed since, the conditional mark refuses. */
const handOffIfQualified = async (use: Handler, lead: Lead, live: LiveConfig) => {
  const { leadId } = lead;
  const now = use.clock.now();
  if (lead.handoff) return startHandoff(use, leadId, lead.handoff, now);
  if (lead.stage !== 'lead') return;
  if (!qualifies(live.scoring, await loadFacts(use, lead, {}, live, now))) return;
  const taskId = use.ids.taskId(leadId, lead.handoffs + 1);
  const handoff = { taskId, since: now, until: addSeconds(now, live.scoring.qualified.holdSeconds) };
  if ((await use.leads.beginHandoff(leadId, handoff)) === 'begun') await startHandoff(use, leadId, handoff, now);
};

/** Also run for a handoff that stands already: the crash may have come between the mark and the start. */
const startHandoff = (use: Handler, leadId: string, handoff: { readonly taskId: string; readonly until: Instant }, now: Instant) => {
  const holdSeconds = Math.max(1, Math.ceil((Date.parse(handoff.until) - Date.parse(now)) / 1000));
  use.log.info('handoff held', { leadId, taskId: handoff.taskId });
  return use.machines.startHandoff({ taskId: handoff.taskId, leadId, holdSeconds });
};

export const handler = onQueue(LeadEvent, processEvent);
