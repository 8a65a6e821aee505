import type { LiveConfig } from '#core/config';
import { matchingKeys } from '#core/event-keys';
import { type EventRow, LeadEvent } from '#core/events';
import type { Use } from '#core/handlers';
import { addSeconds, type Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { qualifies } from '#core/qualification';
import { hitsOf } from '#core/scoring';
import { loadFacts } from '#lambdas/facts';
import { onQueue } from '#lambdas/runtime';
import { runningEnrolments, tellSeen, tellStop } from '#lambdas/tell-enrolments';
import { countDelivered, type DeliveredCounts } from './delivered-counts.ts';
import { takeFeedback } from './mail-feedback.ts';
import { isTravel, noteTravel } from './mail-travel.ts';
import { takeReplyEvent } from './take-reply-event.ts';

type Handler = Use<'process-events'>;

/**
 * One event, however often it comes: facts about the whole lead first, then the runs, the ledger, new runs, and the
 * question whether the lead qualifies. `done` is written last, so that a crash anywhere repeats all of it. `flush`: once a batch.
 */
export const processEvent = (use: Handler) => {
  const delivered = countDelivered(use);
  return Object.assign((event: LeadEvent) => processForOwners(use, event, delivered), { flush: delivered.flush });
};

/** Of a lead that went into another the event is the other's; asked last, so that a merge meanwhile loses none. */
const processForOwners = async (use: Handler, event: LeadEvent, delivered: DeliveredCounts): Promise<void> => {
  for (let leadId: string | undefined = event.leadId; leadId !== undefined; ) {
    if ((await processFor(use, { ...event, leadId }, delivered)) === 'noted') return;
    const owner: string = await use.aliases.resolve(leadId);
    leadId = owner === leadId ? undefined : owner;
  }
};

/** `noted`: it concerns this send alone, whoever the lead is by now. */
const processFor = async (use: Handler, event: LeadEvent, delivered: DeliveredCounts): Promise<'noted' | 'done'> => {
  const row = toRow(event);
  if (event.source === 'ses' && isTravel(event)) return noteTravel(use, event, row, delivered);
  const [lead, known] = await Promise.all([use.leads.find(event.leadId), use.events.find(event.leadId, event.eventId)]);
  if (known?.done) return 'done';
  const suppressed = event.source === 'ses' && (await takeFeedback(use, event, row, lead));
  if (!lead) {
    use.log.info('event of an unknown lead dropped', { leadId: event.leadId });
    return 'done';
  }
  await tellRuns(use, lead, row, suppressed);
  await takeReplyEvent(use, lead, event);
  const live = await use.config.live();
  const hits = hitsOf(row, live.scoring);
  for (const rule of hits) await use.scores.add(lead.leadId, { eventId: row.eventId, rule, at: row.at });
  await triggerSequences(use, row);
  if (hits.length > 0) await handOffIfQualified(use, lead, live);
  await use.events.put({ ...row, done: true });
  return 'done';
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
    ...(event.bounceType !== undefined && { bounceType: event.bounceType }),
    ...(event.addressId !== undefined && againstAddress.includes(event.kind) && { addressId: event.addressId }),
  };
};

/** Of these it must be known which address they were about. */
const againstAddress: readonly string[] = ['bounced', 'complained'];

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
