import type { LiveConfig } from '#core/config';
import { type Change, changesByEvent } from '#core/entry-facts';
import { matchingKeys } from '#core/event-keys';
import { type EventRow, type LeadEvent, QueuedEvent } from '#core/events';
import type { Use } from '#core/handlers';
import { addSeconds, type Instant } from '#core/instant';
import { type Lead, nurtureStages } from '#core/lead';
import { globalExitOn } from '#core/lead-stops';
import type { History } from '#core/ports';
import { qualifies } from '#core/qualification';
import { hitsOf, judgedInOrder } from '#core/scoring';
import { eventsOf, whenOf } from '#core/sequences/enter';
import { domainOf } from '#core/stop-list';
import { lookAfterSeconds } from '#core/watched-handoff';
import { changesBy } from '#lambdas/count-changes';
import { type Counting, createCounting } from '#lambdas/counting';
import { factsOn } from '#lambdas/facts';
import { lookAtEntries } from '#lambdas/look-at-entries';
import { putInStage } from '#lambdas/put-in-stage';
import { type MessageHandler, onQueue } from '#lambdas/runtime';
import { running, tellSeen, tellStop } from '#lambdas/tell-enrolments';
import { countDelivered } from './delivered-counts.ts';
import { toRow } from './event-row.ts';
import { takeFeedback } from './mail-feedback.ts';
import { isTravel, noteTravel } from './mail-travel.ts';
import { takeReply } from './take-reply-event.ts';

type Handler = Use<'process-events'>;

/**
 * One event, however often it comes. First it is noted, for all of a batch before any is worked on: what many events at once
 * say of each other (a scanner follows every link of a mail) is then seen. Then facts about the whole lead, the runs, new runs,
 * the stage, and the question whether the lead qualifies. `done` is written last, so that a crash anywhere repeats all of it.
 */
export const processEvent = (use: Handler): MessageHandler<QueuedEvent> => {
  const counting = createCounting(use);
  const delivered = countDelivered(use, counting);
  const noted = new WeakSet<QueuedEvent>();
  const first = async (event: QueuedEvent): Promise<void> => {
    counting.begin();
    if (event.source === 'again' || (event.source === 'ses' && isTravel(event))) return;
    if (await note(use, event, event.leadId)) noted.add(event);
  };
  const handle = async (event: QueuedEvent): Promise<void> => {
    counting.begin();
    if (event.source === 'ses' && isTravel(event)) return void (await noteTravel(use, event, toRow(event, use.clock.now()), delivered));
    await processForOwner(use, event, noted.has(event), counting);
  };
  return Object.assign(handle, { first, flush: delivered.flush });
};

/** Under a lead that is there: nothing revives an erased one. Written once, however often it is told. */
const note = async (use: Handler, event: LeadEvent, leadId: string): Promise<boolean> => {
  if (!(await use.leads.find(leadId))) return false;
  await use.events.add(toRow({ ...event, leadId }, use.clock.now()));
  return true;
};

/** Of a lead that went into another the event is the other's. What is in work while that happens comes again (`again`). */
const processForOwner = async (use: Handler, event: QueuedEvent, isNoted: boolean, counting: Counting): Promise<void> => {
  let { leadId } = event;
  let isThere = isNoted || event.source === 'again' || (await note(use, event, leadId));
  for (;;) {
    const history: History | undefined = isThere ? await use.histories.ofLead(leadId) : undefined;
    if (history?.lead) return processRow(use, { ...event, leadId }, history, history.lead, counting);
    // Suppressions outlive their lead, and are kept under every id that it had.
    if (event.source === 'ses') await takeFeedback(use, { ...event, leadId }, undefined, { events: [], sends: [] });
    const owner: string = history?.mergedInto ?? (await use.aliases.resolve(leadId));
    if (owner === leadId) return use.log.info('event of an unknown lead dropped', { leadId });
    leadId = owner;
    isThere = event.source === 'again' || (await note(use, event, leadId));
  }
};

const processRow = async (use: Handler, event: QueuedEvent, history: History, lead: Lead, counting: Counting): Promise<void> => {
  const live = await use.config.live();
  const row = judgedInOrder(history, live.scoring).find((it) => it.eventId === event.eventId);
  if (!row || row.done) return;
  const suppressed = event.source === 'ses' && (await takeFeedback(use, event, lead, history));
  const isHuman = row.verdict.by === 'human';
  await tellRuns(use, history, row, { suppressed, isHuman });
  await takeReply(use, lead, row, history);
  if (isHuman) await triggerSequences(use, row);
  const moved = await putInStage(use, history, lead, live);
  if (lead.handoff && hitsOf(row, live.scoring).length > 0) await startHandoff(use, lead.leadId, lead.handoff, use.clock.now());
  else await handOffIfQualified(use, history, moved, live);
  const isMoved = moved.stage !== lead.stage || history.moves.some((it) => it.at >= row.at);
  await lookAtEntries(use, lead.leadId, await changesOf(use, row, isHuman, isMoved));
  const { epoch: _epoch, verdict: _verdict, ...kept } = row;
  await use.events.put({ ...kept, leadId: lead.leadId, done: true });
  // What came over from a former lead was counted there.
  if (event.source !== 'again') counting.take(changesBy(row.eventId, history, live, use.clock.now()));
};

/** Tells each run what it awaits, and ends those that this event ends. What a machine did is told to none. */
const tellRuns = async (
  use: Handler,
  { enrolments }: History,
  row: EventRow,
  { suppressed, isHuman }: { readonly suppressed: boolean; readonly isHuman: boolean },
) => {
  const { brand } = await use.config.live();
  for (const enrolment of running(enrolments)) {
    if (suppressed) {
      await tellStop(use, enrolment, { reason: 'suppressed', at: row.at });
      continue;
    }
    if (!isHuman || row.at < enrolment.enrolledAt) continue;
    const artifact = await use.artifacts.get(enrolment.sequence, enrolment.version);
    await tellSeen(use, enrolment, matchingKeys(row, artifact.tracks, enrolment.enrolmentId), row.at);
    const exit = artifact.exits.find((it) => it.event === row.name) ?? globalExitOn(row.name, artifact, brand);
    if (exit) await tellStop(use, enrolment, { reason: exit.as, at: row.at });
  }
};

/** `isMoved`: also by an earlier attempt that died. What a machine did changes nothing, but may show others to be no people. */
const changesOf = async (use: Handler, row: EventRow, isHuman: boolean, isMoved: boolean): Promise<readonly Change[]> => {
  const reads = (await use.artifacts.current()).flatMap((it) => whenOf(it.enter)?.reads ?? []);
  if (reads.length === 0) return [];
  return [...(isMoved ? ['stage'] : []), ...(isHuman ? changesByEvent(row, reads) : reads.filter((it) => it === 'engagement'))];
};

const triggerSequences = async (use: Handler, row: EventRow) => {
  for (const artifact of await use.artifacts.current()) {
    if (!eventsOf(artifact.enter).includes(row.name)) continue;
    await use.enrolQueue.push({ leadId: row.leadId, sequence: artifact.sequence, trigger: row.eventId });
  }
};

/** Whatever this event was, it may have shown another one to be a person's. Should the lead have changed since, the mark refuses. */
const handOffIfQualified = async (use: Handler, history: History, lead: Lead, live: LiveConfig) => {
  const { leadId } = lead;
  const now = use.clock.now();
  if (lead.handoff || !nurtureStages.includes(lead.stage)) return;
  if (!qualifies(live.scoring, factsOn(history, { lead, seen: {}, live, now }))) return;
  if (await use.stopList.find(domainOf(lead.email))) return use.log.info('company is on the stop list', { leadId });
  const until = addSeconds(now, live.scoring.qualified.holdSeconds);
  // Who was erased and is back counts from one again: what sales had of them before stands under the ids that come first.
  let before = lead.handoffs;
  const taskId = () => use.ids.taskId(leadId, before + 1);
  // Should its machine never begin, or end before its time, the watchdog sees to it (core/watched-handoff.ts).
  while ((await use.salesTasks.watchFrom({ taskId: taskId(), leadId }, addSeconds(until, lookAfterSeconds))) === 'had-one') before++;
  const handoff = { taskId: taskId(), since: now, until };
  const begun = await use.leads.beginHandoff(leadId, handoff, before === lead.handoffs ? undefined : before);
  if (begun === 'begun') await startHandoff(use, leadId, handoff, now);
};

/** Also run for a handoff that stands already: the crash may have come between the mark and the start. */
const startHandoff = (use: Handler, leadId: string, handoff: { readonly taskId: string; readonly until: Instant }, now: Instant) => {
  const holdSeconds = Math.max(1, Math.ceil((Date.parse(handoff.until) - Date.parse(now)) / 1000));
  use.log.info('handoff held', { leadId, taskId: handoff.taskId });
  return use.machines.startHandoff({ taskId: handoff.taskId, leadId, holdSeconds });
};

export const handler = onQueue(QueuedEvent, processEvent);
