import type { BriefPart, LiveConfig } from '#core/config';
import { briefParts } from '#core/config';
import { oneLine } from '#core/email';
import { type Instant, toEpoch } from '#core/instant';
import type { Lead, LeadFields } from '#core/lead';
import type { HandoffStepInput } from '#core/messages';
import type { History } from '#core/ports';
import { predictLead } from '#core/predict/blend';
import { keptBy, type SalesTask } from '#core/sales-task';
import { engagementAt, fitOf, judgedInOrder } from '#core/scoring';
import { domainOf } from '#core/stop-list';
import { zoneOf } from '#core/time-zone';
import { givenBy } from './given.ts';
import { type Opening, openingOf } from './opener.ts';
import { dayAndTime, type Row } from './parts.ts';

/** What a rep is told of: a task of their own, that it waits, that it came from somebody else, or that it is theirs no longer. */
export type BriefNotice = NonNullable<HandoffStepInput['notice']>;

export type BriefLink = { readonly label: string; readonly url: string; readonly isFirst?: boolean };

/** All that a brief says, whatever it is shown on. A part that sales.yaml leaves out, or of which nothing is known, is not there. */
export type BriefFacts = {
  readonly notice: BriefNotice;
  readonly who: string;
  readonly rows: readonly Row[];
  readonly localTime?: string;
  /** In words: `grade A1, fit 30, engagement 24`. */
  readonly score: string;
  readonly prediction?: string;
  readonly reasons: readonly string[];
  readonly touches: readonly Row[];
  readonly pages: readonly Row[];
  readonly given: readonly Row[];
  readonly opening?: Opening;
  readonly from: readonly string[];
  readonly routedBecause: string;
  readonly answerBy?: string;
  readonly doNotEmail: boolean;
  readonly answers: readonly BriefLink[];
  /** Of a task that was cancelled. */
  readonly endedBecause?: string;
  readonly taskId: string;
};

export type BriefParts = {
  readonly task: SalesTask;
  readonly lead: Lead;
  readonly history: History;
  readonly live: LiveConfig;
  readonly notice: BriefNotice;
  readonly now: Instant;
  /** Of the rep who reads it. */
  readonly repZone: string;
  /** The page where this rep answers. */
  readonly answerUrl: string;
};

export const briefFacts = ({ task, lead, history, live, notice, now, repZone, answerUrl }: BriefParts): BriefFacts => {
  const parts: readonly BriefPart[] = live.sales.brief ?? briefParts;
  const { zone } = zoneOf(lead, live.brand);
  const when = <Value>(part: BriefPart, value: () => Value): Value | undefined => (parts.includes(part) ? value() : undefined);
  const opening = when('suggested-opener', () => openingOf({ lead, history, live, now, zone, doNotEmail: task.doNotEmail === true }));
  const localTime = when('local-time', () => `${dayAndTime(now, zone)} (${zone})`);
  const prediction = when('score-reasons', () => predictionOf(lead, history, live, now));
  return {
    notice,
    who: nameOf(lead),
    rows: [
      { label: 'e-mail', value: lead.email, url: `mailto:${encodeURIComponent(lead.email).replaceAll('%40', '@')}` },
      ...(when('company', () => rowsOf(lead.fields, shown)) ?? []),
      ...(when('links', () => siteOf(lead, live)) ?? []),
    ],
    ...(localTime !== undefined && { localTime }),
    score: scoreInWords(task),
    ...(prediction !== undefined && { prediction }),
    reasons: when('score-reasons', () => task.reasons) ?? [],
    touches: when('last-10-touches', () => task.touches.map((it) => ({ label: dayAndTime(it.at, zone), value: it.what }))) ?? [],
    pages: when('pages', () => pagesOf(history, live, zone)) ?? [],
    given: when('answers-given', () => [...rowsOf(lead.fields, otherFields(lead.fields)), ...givenBy(history, zone)]) ?? [],
    ...(opening && { opening }),
    from: runsOf(task, history),
    routedBecause: task.routedBecause,
    ...(task.acceptBy !== undefined && task.status === 'open' && { answerBy: `${dayAndTime(task.acceptBy, repZone)} your time` }),
    doNotEmail: task.doNotEmail === true,
    ...(notice === 'cancelled' && { endedBecause: whyEnded(task) }),
    answers: [
      { label: 'I take it', url: answerUrl, isFirst: true },
      { label: 'Later', url: `${answerUrl}?answer=recycle` },
      { label: 'Not for us', url: `${answerUrl}?answer=reject` },
    ],
    taskId: task.taskId,
  };
};

const whyEnded = (task: SalesTask): string => {
  const keeper = keptBy(task);
  if (keeper !== undefined) return `Two leads turned out to be this one person, whom ${keeper} has`;
  const because = task.log?.findLast((it) => it.what === 'cancelled')?.because ?? '';
  return because.slice(0, 1).toUpperCase() + because.slice(1);
};

export const nameOf = (lead: Pick<Lead, 'fields' | 'email'>): string => {
  const name = [lead.fields['first-name'], lead.fields['last-name']].filter((it) => typeof it === 'string' && it !== '').join(' ');
  const company = lead.fields.company;
  if (name === '') return lead.email;
  return oneLine(typeof company === 'string' && company !== '' ? `${name}, ${company}` : name);
};

const shown = ['job-title', 'company', 'employees', 'industry', 'country', 'phone', 'website'] as const;
/** In the headline, or for machines. */
const unsaid = ['first-name', 'last-name', 'time-zone', 'locale', 'language'];

const otherFields = (fields: LeadFields): readonly string[] =>
  Object.keys(fields)
    .filter((it) => !unsaid.includes(it) && !(shown as readonly string[]).includes(it))
    .sort()
    .slice(0, 12);

const rowsOf = (fields: LeadFields, names: readonly string[]): readonly Row[] =>
  names.flatMap((name) => {
    const value = fields[name];
    if (value === undefined || value === '') return [];
    const text = oneLine(String(value)).slice(0, 300);
    return [{ label: name.replaceAll('-', ' '), value: text, ...(name === 'phone' && { url: `tel:${text.replace(/[^\d+]/g, '')}` }) }];
  });

/** Where the company's site should be: the address leads there, unless it is a provider's. */
const siteOf = ({ email }: Lead, { scoring }: LiveConfig): readonly Row[] => {
  const domain = domainOf(email);
  const isProviders = scoring.lists['free-mail']?.includes(domain) ?? false;
  return isProviders ? [] : [{ label: 'site', value: domain, url: `https://${domain}` }];
};

const pagesOf = (history: History, { scoring }: LiveConfig, zone: string): readonly Row[] => {
  const visits = new Map<string, { times: number; last: Instant }>();
  for (const event of judgedInOrder(history, scoring)) {
    if (event.name !== 'visited' || event.verdict.by !== 'human') continue;
    const path = oneLine(event.path?.split(/[?#]/, 1)[0] || '/').slice(0, 100);
    visits.set(path, { times: (visits.get(path)?.times ?? 0) + 1, last: event.at });
  }
  return [...visits]
    .sort(([, one], [, other]) => other.times - one.times || toEpoch(other.last) - toEpoch(one.last))
    .slice(0, 8)
    .map(([path, { times, last }]) => ({
      label: path,
      value: `${times === 1 ? 'once' : `${times} times`}, ${times === 1 ? '' : 'last '}${dayAndTime(last, zone)}`,
    }));
};

/** The runs that the handoff ended, with their version, which says which words the lead read. */
const runsOf = ({ from }: SalesTask, { enrolments }: History): readonly string[] =>
  from.map((run) => {
    const [sequence] = run.split(' at ');
    const version = enrolments.findLast((it) => it.sequence === sequence)?.version;
    return version === undefined ? run : `${run} (version ${version})`;
  });

const scoreInWords = ({ fit, engagement, grade }: SalesTask): string =>
  `${grade === undefined ? '' : `grade ${grade}, `}fit ${fit}, engagement ${engagement}`;

const predictionOf = (lead: Lead, history: History, { scoring, brand }: LiveConfig, now: Instant): string | undefined => {
  const engagement = engagementAt(history, scoring, brand.timeZone, now).points;
  const prediction = predictLead(scoring.prediction, { lead, fit: fitOf(lead, scoring).points, engagement });
  return prediction && `${Math.round(prediction.probability * 100)} % likely to come to something, by those before it`;
};
