import { Temporal } from 'temporal-polyfill';
import type { LiveConfig } from './config.ts';
import { oneLine } from './email.ts';
import type { Enrolment } from './enrolment.ts';
import type { EventRow } from './events.ts';
import { whatItDid } from './explain/story.ts';
import { escapeHtml } from './html.ts';
import { type Instant, toEpoch } from './instant.ts';
import type { Lead } from './lead.ts';
import type { Ledger } from './ledger.ts';
import { reasonsInWords } from './qualification.ts';
import type { Route } from './routing.ts';
import type { SalesTask, Touch } from './sales-task.ts';
import { engagementAt, fitOf, gradeOf, judgedInOrder } from './scoring.ts';
import { zoneOf } from './time-zone.ts';

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
const notTouches: readonly string[] = ['sent', 'delivered', 'delayed', 'rejected', 'rendering-failed', 'subscription'];

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

export type Brief = { readonly subject: string; readonly text: string; readonly html: string };

/** The notification to the rep. Everything that comes from the lead is escaped, and takes one line. */
export const renderBrief = (task: SalesTask, lead: Lead, live: LiveConfig): Brief => {
  const { zone } = zoneOf(lead, live.brand);
  const who = nameOf(lead);
  const rows = factsOf(lead, zone, task.createdAt);
  const touches = task.touches.map((it) => `${localTime(it.at, zone)}  ${it.what}`);
  const from = task.from.length > 0 ? task.from.join(', ') : 'no running sequence';
  const text = [
    `${who} is ready for a talk.`,
    '',
    ...rows.map(([label, value]) => `${label}: ${value}`),
    '',
    `Why now (${scoreInWords(task)}):`,
    ...task.reasons.map((it) => `- ${it}`),
    '',
    `Last touches (times in ${zone}):`,
    ...touches.map((it) => `- ${it}`),
    '',
    `Came from: ${from}. Nurture has stopped.`,
    `Why you: ${task.routedBecause}.`,
    `Task ${task.taskId}`,
  ].join('\n');
  return { subject: oneLine(`Ready for sales: ${who}`).slice(0, 200), text, html: asHtml(task, who, rows, touches, from, zone) };
};

const scoreInWords = ({ fit, engagement, grade }: SalesTask): string =>
  `${grade === undefined ? '' : `grade ${grade}, `}fit ${fit}, engagement ${engagement}`;

type Rows = readonly (readonly [label: string, value: string])[];

const asHtml = (task: SalesTask, who: string, rows: Rows, touches: readonly string[], from: string, zone: string): string =>
  [
    '<!doctype html><html lang="en"><body style="font:16px/1.5 system-ui,sans-serif;color:#1d2733;max-width:36rem">',
    `<h1 style="font-size:20px">${escapeHtml(who)} is ready for a talk</h1><table>`,
    ...rows.map(
      ([label, value]) => `<tr><td style="padding-right:1rem;color:#5c6b7a">${escapeHtml(label)}</td><td>${escapeHtml(value)}</td></tr>`,
    ),
    `</table><h2 style="font-size:16px">Why now</h2><p>${escapeHtml(scoreInWords(task))}</p>${list(task.reasons)}`,
    `<h2 style="font-size:16px">Last touches <small>(times in ${escapeHtml(zone)})</small></h2>${list(touches)}`,
    `<p>Came from ${escapeHtml(from)}. Nurture has stopped. Why you: ${escapeHtml(task.routedBecause)}.</p>`,
    `<p style="color:#5c6b7a">Task ${escapeHtml(task.taskId)}</p></body></html>`,
  ].join('');

const list = (items: readonly string[]) => `<ul>${items.map((it) => `<li>${escapeHtml(it)}</li>`).join('')}</ul>`;

const nameOf = (lead: Lead): string => {
  const name = [lead.fields['first-name'], lead.fields['last-name']].filter((it) => typeof it === 'string' && it !== '').join(' ');
  const company = lead.fields.company;
  if (name === '') return lead.email;
  return oneLine(typeof company === 'string' && company !== '' ? `${name}, ${company}` : name);
};

const factsOf = (lead: Lead, zone: string, at: Instant): Rows => {
  const shown = ['job-title', 'company', 'employees', 'country', 'phone'] as const;
  const given = shown.flatMap((name) => {
    const value = lead.fields[name];
    return value === undefined || value === '' ? [] : [[name.replace('-', ' '), oneLine(String(value))] as const];
  });
  return [['e-mail', lead.email], ...given, ['local time when this was sent', localTime(at, zone)]];
};

const localTime = (at: Instant, zone: string): string => {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(zone);
  return `${local.toPlainDate()} ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`;
};
