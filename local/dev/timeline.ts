import type { Enrolment } from '#core/enrolment';
import type { EventRow } from '#core/events';
import type { Lead } from '#core/lead';
import type { ConsentEntry, Decision, Suppression } from '#core/ports';
import { type Reason, reasons } from '#core/reasons';
import type { SendRecord } from '#core/sending';
import type { TimelineEntry } from './api.ts';
import type { DevWorld } from './dev-world.ts';

/** Everything that is known of a lead, newest first, in plain words. */
export const timelineOf = async (
  { world, live }: DevWorld,
  lead: Lead,
  enrolments: readonly Enrolment[],
): Promise<readonly TimelineEntry[]> => {
  const { ports } = world;
  const { leadId } = lead;
  const [sends, events, decisions, suppressions, consents] = await Promise.all([
    ports.sends.ofLead(leadId),
    ports.events.ofLead(leadId),
    ports.decisions.ofLead(leadId),
    ports.suppressions.ofLead(leadId),
    ports.consents.ofLead(leadId),
  ]);
  const label = (topic: string) => live.brand.topics[topic]?.label ?? topic;
  const entries: readonly TimelineEntry[] = [
    { at: lead.createdAt, kind: 'lead', what: 'became known' },
    ...enrolments.flatMap(ofEnrolment),
    ...sends.flatMap(ofSend),
    ...events.flatMap(ofEvent),
    ...decisions.flatMap((it) => ofDecision(it, enrolments)),
    ...consents.flatMap((it) => ofConsent(it, label)),
    ...suppressions.map((it) => ofSuppression(it, label)),
    ...(lead.handoff
      ? [{ at: lead.handoff.since, kind: 'sales' as const, what: 'qualified: the score must hold before sales hears of it' }]
      : []),
    ...(await handoffsOf(ports, lead)),
  ];
  return entries.toSorted((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : rank[other.kind] - rank[one.kind]));
};

/** Of the same moment, what came of the other stands above it. */
const rank: { readonly [kind in TimelineEntry['kind']]: number } = {
  lead: 0,
  event: 1,
  start: 2,
  decision: 3,
  mail: 4,
  sales: 5,
  stop: 6,
  end: 7,
};

const handoffsOf = async (ports: DevWorld['world']['ports'], { leadId, handoffs }: Lead): Promise<readonly TimelineEntry[]> => {
  const numbers = Array.from({ length: handoffs }, (_, at) => at + 1);
  const tasks = await Promise.all(numbers.map((number) => ports.salesTasks.find(ports.ids.taskId(leadId, number))));
  return tasks.flatMap((task) =>
    task
      ? [
          {
            at: task.createdAt,
            kind: 'sales' as const,
            what: `handed to ${task.rep}`,
            why: `${task.reasons.join('; ')}. Why ${task.rep}: ${task.routedBecause}`,
          },
        ]
      : [],
  );
};

const because = (reason: string | undefined): { readonly why?: string } => {
  if (reason === undefined) return {};
  return { why: reasons[reason as Reason] ?? reason };
};

const ofEnrolment = (run: Enrolment): readonly TimelineEntry[] => {
  const { sequence, enrolledAt, trigger, stop, endedAt, ending } = run;
  const begun: TimelineEntry = { at: enrolledAt, kind: 'start', what: `entered ${sequence}`, why: triggerInWords(trigger) };
  const stopped: readonly TimelineEntry[] = stop
    ? [{ at: stop.at, kind: 'stop', what: `${sequence} was stopped`, ...because(stop.reason) }]
    : [];
  const ended: readonly TimelineEntry[] =
    endedAt === undefined || stop ? [] : [{ at: endedAt, kind: 'end', what: `${sequence} ended: ${ending ?? ''}` }];
  return [begun, ...stopped, ...ended];
};

const triggerInWords = (trigger: string): string => {
  if (trigger.startsWith('imported:')) return `came with the list “${trigger.slice('imported:'.length)}”`;
  return trigger.startsWith('consent:') ? 'an agreement must be confirmed' : 'an event of the lead opened it';
};

const ofSend = ({ step, state, sentAt, calledAt, claimedAt, messageId, reason }: SendRecord): readonly TimelineEntry[] => {
  const at = sentAt ?? calledAt ?? claimedAt;
  switch (state) {
    case 'SENT':
      return [{ at, kind: 'mail', what: `got “${step}”`, ...(messageId !== undefined && { messageId }) }];
    case 'UNKNOWN':
    case 'ASSUMED_SENT':
      return [
        {
          at,
          kind: 'mail',
          what: `“${step}”: nobody knows whether it went`,
          why: 'the mail service did not answer; it is not sent a second time',
        },
      ];
    case 'FAILED':
      return [{ at, kind: 'mail', what: `“${step}” could not be sent`, ...because(reason) }];
    case 'CLAIMED':
    case 'CALLING':
    case 'SKIPPED':
    case 'CANCELLED':
    case 'RELEASED':
      return [];
  }
};

/** How a mail travelled is told on the mail; here stands what the lead did. */
const silent: readonly string[] = ['sent', 'delivered', 'delayed', 'subscription'];

const ofEvent = ({ name, at, step, path, link }: EventRow): readonly TimelineEntry[] => {
  if (silent.includes(name)) return [];
  const what: { readonly [name: string]: string } = {
    opened: `opened “${step ?? ''}”`,
    clicked: `followed a link in “${step ?? ''}”`,
    visited: `looked at ${path ?? 'the site'}`,
    bounced: `“${step ?? ''}” bounced`,
    complained: `reported “${step ?? ''}” as spam`,
  };
  return [{ at, kind: 'event', what: what[name] ?? `did ${name}`, ...(link !== undefined && { why: link }) }];
};

const ofDecision = ({ at, outcome, reason, step, enrolmentId }: Decision, enrolments: readonly Enrolment[]): readonly TimelineEntry[] => {
  const sequence = enrolments.find((it) => it.enrolmentId === enrolmentId)?.sequence;
  const entry = (what: string): TimelineEntry => ({ at, kind: 'decision', what, ...because(reason) });
  if (outcome === 'not-enrolled') return [entry('did not enter a sequence')];
  if (outcome.startsWith('arm:')) return [entry(`“${step}” took the way “${outcome.slice(4)}”${sequence ? ` in ${sequence}` : ''}`)];
  return [entry(`“${step}” was ${outcome}`)];
};

/** Leaving is told by its suppression. */
const ofConsent = ({ topic, given, at, source, confirmed }: ConsentEntry, label: (topic: string) => string): readonly TimelineEntry[] => {
  if (!given) return [];
  if (confirmed && confirmed.at !== at)
    return [{ at: confirmed.at, kind: 'lead', what: `confirmed “${label(topic)}”`, why: 'by the button behind the link' }];
  return [{ at, kind: 'lead', what: `agreed to “${label(topic)}”`, why: source }];
};

const ofSuppression = ({ scope, reason, at }: Suppression, label: (topic: string) => string): TimelineEntry => {
  const entry = (what: string): TimelineEntry => ({ at, kind: 'stop', what, ...(reason !== 'unsubscribed' && { why: reason }) });
  if (scope === 'GLOBAL') return entry('gets no more mail at all');
  if (scope === 'ALL') return entry('left everything');
  return entry(scope.startsWith('ADDRESS#') ? 'its address takes no more mail' : `left “${label(scope.slice('TOPIC#'.length))}”`);
};
