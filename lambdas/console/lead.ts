import { needsDoubleOptIn } from '#core/consent';
import { ownerIn } from '#core/console/cards';
import { scoreView } from '#core/console/score-view';
import { sequenceOf } from '#core/console/steps-of';
import type { ConsentRow, LeadView, RunRow, TimelineRow } from '#core/console/views';
import type { Enrolment } from '#core/enrolment';
import { isAslError } from '#core/errors';
import { endingOf, sentenceFor } from '#core/explain/endings';
import { type Explanation, explanationOf } from '#core/explain/explanation';
import type { Happening } from '#core/explain/story';
import { localIn, sentenceOf } from '#core/explain/text';
import type { Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import type { History, KeptErasure, Suppression } from '#core/ports';
import type { SalesTask } from '#core/sales-task';
import type { Artifact } from '#core/sequences/model';
import { domainOf } from '#core/stop-list';
import { everyTaskOfLead } from '#lambdas/tasks-of-lead';
import { type Answer, type Asked, Refusal } from './asked.ts';
import { aboutOf } from './leads.ts';

const mostShown = 500;

/** One query of the lead's rows, one of its suppressions, and a read for each of: alias, line, erasure, stop list, sales task. */
export const leadView = async (asked: Asked): Promise<Answer> => {
  const { use, live, now, params } = asked;
  const leadId = await use.aliases.resolve(params.leadId ?? '');
  const [history, suppressions, line, erasure] = await Promise.all([
    use.histories.ofLead(leadId, 'eventual'),
    use.suppressions.ofLead(leadId),
    use.line.state(),
    use.erasures.find(leadId),
  ]);
  const { lead } = history;
  if (!lead) throw gone(suppressions.length > 0 || erasure !== undefined);
  const [tasks, stopped, artifacts] = await Promise.all([
    everyTaskOfLead(use, lead, use.ids.taskId),
    use.stopList.find(domainOf(lead.email)),
    artifactsOf(asked, history.enrolments),
  ]);
  const artifactOf = (sequence: string, version: string) => artifacts.get(`${sequence}@${version}`);
  const stepsOf = (sequence: string, version: string) => {
    const artifact = artifactOf(sequence, version);
    return artifact && sequenceOf(artifact);
  };
  const explanation = explanationOf({
    ...{ lead, history, suppressions, line, tasks, live, now, artifactOf, stepsOf },
    ...(stopped && { stopped }),
  });
  return { json: viewOf(asked, { lead, history, suppressions, tasks, explanation, erasure }) };
};

type Known = {
  readonly lead: Lead;
  readonly history: History;
  readonly suppressions: readonly Suppression[];
  readonly tasks: readonly SalesTask[];
  readonly explanation: Explanation;
  readonly erasure: KeptErasure | undefined;
};

const viewOf = ({ live, now }: Asked, { lead, history, suppressions, tasks, explanation, erasure }: Known): LeadView => {
  const { score, zone, happened, next } = explanation;
  const shown = happened.slice(-mostShown);
  const owner = ownerIn(tasks);
  return {
    ...aboutOf(lead),
    fit: score.fit,
    engagement: score.engagement,
    ...(score.grade !== undefined && { grade: score.grade }),
    ...(owner !== undefined && { owner }),
    runs: runsOf(history),
    email: lead.email,
    createdAt: lead.createdAt,
    zone,
    fields: fieldsOf(lead),
    ...(lead.pausedUntil !== undefined && lead.pausedUntil > now && { pausedUntil: lead.pausedUntil }),
    held: heldOf(lead, suppressions, now),
    timeline: shown.toReversed().map((it) => timelineRow(it, zone.zone)),
    isCut: shown.length < happened.length,
    score: scoreView({ lead, history, story: score, live, now }),
    consents: consentsOf(lead, live.brand),
    next: next.map(({ at, what, sequence }) => ({ what, ...(at !== undefined && { at }), ...(sequence !== undefined && { sequence }) })),
    enrolments: history.enrolments.toSorted((one, other) => (one.enrolledAt < other.enrolledAt ? 1 : -1)).map(runRow),
    tasks: tasks.map(({ taskId, status, rep, createdAt }) => ({ taskId, status, rep, createdAt })).toReversed(),
    ...(erasure?.againAt !== undefined && { erasing: { askedAt: erasure.askedAt } }),
  };
};

const runsOf = ({ enrolments }: History): LeadView['runs'] =>
  enrolments.filter((it) => it.endedAt === undefined).map(({ sequence, step }) => ({ sequence, ...(step !== undefined && { step }) }));

const fieldsOf = ({ fields, fieldTimes }: Lead): LeadView['fields'] =>
  Object.entries(fields).map(([name, value]) => {
    const at = fieldTimes?.[name];
    return { name, value: String(value), ...(at !== undefined && { at }) };
  });

const gone = (wasThere: boolean): Refusal =>
  new Refusal(
    404,
    wasThere
      ? 'this lead was erased. What keeps mail from its address is kept, and nothing else'
      : 'there is no such lead; look for it by its address',
  );

/** Of the versions that its runs are or were on; one that is kept nowhere is left out. */
const artifactsOf = async ({ use }: Asked, runs: History['enrolments']): Promise<ReadonlyMap<string, Artifact>> => {
  const wanted = new Map(runs.map((it) => [`${it.sequence}@${it.version}`, it]));
  const found = await Promise.all(
    [...wanted].map(async ([key, { sequence, version }]) => {
      try {
        return [[key, await use.artifacts.get(sequence, version)] as const];
      } catch (error) {
        if (isAslError(error, 'PermanentError')) return [];
        throw error;
      }
    }),
  );
  return new Map(found.flat());
};

const timelineRow = (it: Happening, zone: string): TimelineRow => {
  const { at, kind, what, sequence, step, byMachine } = it;
  const words = sentenceOf(it, localIn(zone));
  // Codes are for whoever looks into logs.
  const why = words
    .slice(what.length)
    .replace(/ \[[a-z-]+\]/, '')
    .replace(/^(: |, | — | )/, '');
  return {
    at,
    kind,
    what,
    ...(why !== '' && { why }),
    ...(sequence !== undefined && { sequence }),
    ...(step !== undefined && step !== '' && { step }),
    byMachine: byMachine !== undefined,
  };
};

const heldOf = (lead: Lead, suppressions: readonly Suppression[], now: Instant): readonly string[] => [
  ...suppressions.flatMap(({ scope, reason }) => {
    if (scope === 'GLOBAL') return [`no mail of any kind: ${reason}`];
    if (scope === 'ALL') return [`the lead left everything: ${reason}`];
    return scope.startsWith('ADDRESS#') ? [`the address takes no mail: ${reason}`] : [];
  }),
  ...until(lead.pausedUntil, now, 'mail is paused'),
  ...until(lead.coolUntil, now, 'the last mail bounced; the next may go'),
  ...until(lead.awayUntil, now, 'an automatic answer said that the lead is away'),
];
const until = (at: Instant | undefined, now: Instant, what: string) => (at !== undefined && at > now ? [`${what} until ${at}`] : []);

const consentsOf = (lead: Lead, brand: Asked['live']['brand']): readonly ConsentRow[] =>
  Object.entries(lead.consents).map(([topic, { given, at, source, confirmed }]) => ({
    topic,
    label: brand.topics[topic]?.label ?? topic,
    state: !given ? 'refused' : confirmed ? 'confirmed' : needsDoubleOptIn(lead, topic, brand) ? 'unconfirmed' : 'agreed',
    at: confirmed?.at ?? at,
    source,
  }));

const runRow = (run: Enrolment): RunRow => {
  const { sequence, enrolmentId, version, leg, enrolledAt, step, arms, endedAt } = run;
  return {
    ...{ sequence, enrolmentId, version, leg, enrolledAt, arms },
    ...(step !== undefined && { step }),
    isRunning: endedAt === undefined,
    ending: sentenceFor(endingOf(run)),
  };
};
