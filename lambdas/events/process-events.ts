import type { LiveConfig } from '#core/config';
import { matchingKeys } from '#core/event-keys';
import { type EventRow, LeadEvent, type SesEvent } from '#core/events';
import { addSeconds, type Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import type { Ports } from '#core/ports';
import { qualifies } from '#core/qualification';
import { hitsOf } from '#core/scoring';
import { toSent } from '#core/send-protocol';
import { loadFacts } from '#lambdas/facts';
import { onQueue } from '#lambdas/runtime';
import { runningEnrolments, tellSeen, tellStop } from '#lambdas/tell-enrolments';

type Use = Pick<
  Ports,
  | 'leads'
  | 'enrolments'
  | 'sends'
  | 'events'
  | 'scores'
  | 'suppressions'
  | 'artifacts'
  | 'config'
  | 'ids'
  | 'enrolQueue'
  | 'machines'
  | 'tokens'
  | 'clock'
  | 'log'
>;

/** These only say how a mail travelled: they are kept, and decide nothing more. */
const travelKinds: readonly string[] = ['sent', 'delivered', 'delayed', 'subscription', 'rendering-failed', 'rejected'];
const isTravel = (event: LeadEvent) => event.source === 'ses' && travelKinds.includes(event.kind);

/**
 * One event, however often it comes: facts about the whole lead first, then the runs, the ledger, new runs, and the
 * question whether the lead qualifies. `done` is written last, so that a crash anywhere repeats all of it.
 */
export const processEvent = (use: Use) => async (event: LeadEvent) => {
  const row = toRow(event);
  const [lead, known] = await Promise.all([
    use.leads.find(event.leadId),
    isTravel(event) ? undefined : use.events.find(event.leadId, event.eventId),
  ]);
  if (!lead) return use.log.info('event of an unknown lead dropped', { leadId: event.leadId });
  if (known?.done) return;
  if (event.source === 'ses' && event.kind === 'sent') await settleSend(use, event);
  if (isTravel(event)) return use.events.put({ ...row, done: true });

  if (!known) await use.events.put(row);
  if (event.source === 'ses') await suppressIfDue(use, event);
  await tellRuns(use, lead, row);
  const live = await use.config.live();
  const hits = hitsOf(row, live.scoring);
  for (const rule of hits) await use.scores.add(lead.leadId, { eventId: row.eventId, rule, at: row.at });
  await triggerSequences(use, row);
  if (hits.length > 0) await handOffIfQualified(use, row.leadId, live);
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

/** SES says it took the mail: an UNKNOWN, or a call whose answer was lost, becomes SENT. */
const settleSend = async (use: Use, event: SesEvent) => {
  if (event.enrolmentId === undefined || event.step === undefined || event.round === undefined) return;
  const record = await use.sends.find({ leadId: event.leadId, enrolmentId: event.enrolmentId, step: event.step, round: event.round });
  if (record?.state !== 'UNKNOWN' && record?.state !== 'ASSUMED_SENT') return;
  const written = await use.sends.write(toSent(record, event.at, event.messageId));
  use.log.info('unknown send settled', { enrolmentId: event.enrolmentId, stepId: event.step, written });
};

const suppressIfDue = async (use: Use, event: SesEvent) => {
  const permanent = event.kind === 'bounced' && event.bounceType === 'Permanent';
  if (!permanent && event.kind !== 'complained') return;
  await use.suppressions.add(event.leadId, { scope: 'GLOBAL', reason: permanent ? 'bounced' : 'complained', at: event.at });
};

/** Tells each run what it awaits, and ends those that this event ends. */
const tellRuns = async (use: Use, lead: Lead, row: EventRow) => {
  const [suppressions, running] = await Promise.all([use.suppressions.ofLead(lead.leadId), runningEnrolments(use, lead.leadId)]);
  const suppressed = suppressions.find((it) => it.scope === 'GLOBAL');
  for (const enrolment of running) {
    if (suppressed) {
      await tellStop(use, enrolment, { reason: 'suppressed', at: suppressed.at });
      continue;
    }
    const artifact = await use.artifacts.get(enrolment.sequence, enrolment.version);
    if (row.at < enrolment.enrolledAt) continue;
    await tellSeen(use, enrolment, matchingKeys(row, artifact.tracks, enrolment.enrolmentId), row.at);
    const exit = artifact.exits.find((it) => it.event === row.name);
    if (exit) await tellStop(use, enrolment, { reason: exit.as, at: row.at });
  }
};

const triggerSequences = async (use: Use, row: EventRow) => {
  for (const artifact of await use.artifacts.current()) {
    if (!('event' in artifact.enter.on) || artifact.enter.on.event !== row.name) continue;
    await use.enrolQueue.push({ leadId: row.leadId, sequence: artifact.sequence, trigger: row.eventId });
  }
};

const handOffIfQualified = async (use: Use, leadId: string, live: LiveConfig) => {
  const lead = await use.leads.find(leadId);
  const now = use.clock.now();
  if (!lead) return;
  if (lead.handoff) return startHandoff(use, leadId, lead.handoff, now);
  if (lead.stage !== 'lead') return;
  if (!qualifies(live.scoring, await loadFacts(use, lead, {}, live, now))) return;
  const taskId = use.ids.taskId(leadId, lead.handoffs + 1);
  const handoff = { taskId, since: now, until: addSeconds(now, live.scoring.qualified.holdSeconds) };
  if ((await use.leads.beginHandoff(leadId, handoff)) === 'begun') await startHandoff(use, leadId, handoff, now);
};

/** Also run for a handoff that stands already: the crash may have come between the mark and the start. */
const startHandoff = (use: Use, leadId: string, handoff: { readonly taskId: string; readonly until: Instant }, now: Instant) => {
  const holdSeconds = Math.max(1, Math.ceil((Date.parse(handoff.until) - Date.parse(now)) / 1000));
  use.log.info('handoff held', { leadId, taskId: handoff.taskId });
  return use.machines.startHandoff({ taskId: handoff.taskId, leadId, holdSeconds });
};

export const handler = onQueue(LeadEvent, processEvent);
