import type { LiveConfig } from './config.ts';
import { oneLine } from './email.ts';
import type { Enrolment } from './enrolment.ts';
import type { EventRow } from './events.ts';
import { whatItDid } from './explain/story.ts';
import { type Instant, toEpoch } from './instant.ts';
import type { Lead } from './lead.ts';
import type { Ledger } from './ledger.ts';
import { reasonsInWords } from './qualification.ts';
import type { Route } from './routing.ts';
import type { SalesTask, Touch } from './sales-task.ts';
import { engagementAt, fitOf, gradeOf, judgedInOrder } from './scoring.ts';

export type TaskParts = {
  readonly taskId: string;
  readonly lead: Lead;
  readonly now: Instant;
  readonly live: LiveConfig;
  readonly route: Route;
  readonly ledger: Ledger;
  /** Running ones: those that this handoff ends. */
  readonly enrolments: readonly Enrolment[];
};

const mostTouches = 10;
/** What the mail system did is not something that the lead did. */
export const notTouches: readonly string[] = ['sent', 'delivered', 'delayed', 'rejected', 'rendering-failed', 'subscription'];

/** What sales receives: ids, scores, reasons and touches, no name or address (the brief adds those from the profile). */
export const buildSalesTask = ({ taskId, lead, now, live, route, ledger, enrolments }: TaskParts): SalesTask => {
  const fit = fitOf(lead, live.scoring);
  const engagement = engagementAt(ledger, live.scoring, live.brand.timeZone, now);
  const grade = gradeOf(live.scoring, fit.points, engagement.points);
  return {
    taskId,
    leadId: lead.leadId,
    createdAt: now,
    status: 'open',
    answers: [],
    releasedAt: now,
    rep: route.rep,
    routedBecause: route.because,
    fit: fit.points,
    engagement: Math.round(engagement.points * 10) / 10,
    ...(grade !== undefined && { grade }),
    reasons: reasonsInWords(fit.lines, engagement.lines),
    touches: lastTouches(humanOnly(ledger, live)),
    from: enrolments.map((it) => (it.step ? `${it.sequence} at ${it.step}` : it.sequence)),
  };
};

const humanOnly = (ledger: Ledger, { scoring }: LiveConfig): readonly EventRow[] =>
  judgedInOrder(ledger, scoring).filter((it) => it.verdict.by === 'human');

export const lastTouches = (events: readonly EventRow[]): Touch[] =>
  events
    .filter((it) => !notTouches.includes(it.name))
    .sort((one, other) => toEpoch(other.at) - toEpoch(one.at) || (one.eventId < other.eventId ? -1 : 1))
    .slice(0, mostTouches)
    .map((it) => ({ at: it.at, what: whatItDid({ ...it, path: barePath(it.path) || 'the site' }) }));

/** A query may hold an address, and the task goes through a queue. */
const barePath = (path = ''): string => oneLine(path.split(/[?#]/, 1)[0] ?? '').slice(0, 100);
