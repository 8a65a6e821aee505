import { needsDoubleOptIn } from '#core/consent';
import type { Enrolment } from '#core/enrolment';
import { endingOf, sentenceFor } from '#core/explain/endings';
import { comingOf } from '#core/explain/next';
import { scoreStoryOf } from '#core/explain/score';
import { verdictInWords, whyNothing } from '#core/explain/text';
import type { Lead } from '#core/lead';
import { engagementAt, fitOf } from '#core/scoring';
import { zoneOf } from '#core/time-zone';
import type { LeadDetail, LeadList, LeadRow } from './api.ts';
import type { DevWorld, KnownLead } from './dev-world.ts';
import { timelineOf } from './timeline.ts';

/** Newest first; `search` looks into addresses, names and companies. */
export const leadList = async (dev: DevWorld, search: string, offset: number, limit: number): Promise<LeadList> => {
  const wanted = search.trim().toLowerCase();
  const found = [...dev.leads.entries()].filter(([, it]) => wanted === '' || textOf(it).includes(wanted));
  const page = found.toReversed().slice(offset, offset + limit);
  const leads = await Promise.all(page.map(([leadId]) => leadRow(dev, leadId)));
  return { total: found.length, leads: leads.filter((it) => it !== undefined) };
};

const textOf = ({ email, fields }: KnownLead) =>
  `${email} ${fields['first-name'] ?? ''} ${fields['last-name'] ?? ''} ${fields.company ?? ''}`.toLowerCase();

const leadRow = async (dev: DevWorld, leadId: string): Promise<LeadRow | undefined> => {
  const { clock } = dev.world;
  const [history, enrolments] = await Promise.all([dev.profiles.of(leadId), dev.enrolments.of(leadId)]);
  const { lead } = history;
  if (!lead) return undefined;
  const { scoring, brand } = dev.live;
  return {
    leadId,
    email: lead.email,
    name: nameOf(lead),
    company: String(lead.fields.company ?? ''),
    stage: lead.stage,
    fit: fitOf(lead, scoring).points,
    engagement: Math.round(engagementAt(history, scoring, brand.timeZone, clock.now()).points),
    where: whereIs(enrolments),
  };
};

const nameOf = ({ fields, email }: Lead) => [fields['first-name'], fields['last-name']].filter(Boolean).join(' ') || email;

const whereIs = (enrolments: readonly Enrolment[]): string => {
  const running = enrolments.filter((it) => it.endedAt === undefined);
  if (running.length > 0) return running.map((it) => (it.step ? `${it.sequence}, at ${it.step}` : it.sequence)).join('; ');
  return enrolments.length === 0 ? 'in no sequence' : enrolments.map((it) => `${it.sequence}: ${sentenceFor(endingOf(it))}`).join('; ');
};

/** Of a lead that went into another, the other is shown. */
export const leadDetail = async (dev: DevWorld, asked: string): Promise<LeadDetail | undefined> => {
  const leadId = await dev.world.ports.aliases.resolve(asked);
  if (!dev.leads.get(leadId)) return undefined;
  const { clock } = dev.world;
  const [row, history, enrolments] = await Promise.all([leadRow(dev, leadId), dev.profiles.of(leadId), dev.enrolments.of(leadId)]);
  const { lead } = history;
  if (!row || !lead) return undefined;
  const { brand } = dev.live;
  const [suppressions, line] = await Promise.all([dev.world.ports.suppressions.ofLead(leadId), dev.world.ports.line.state()]);
  const artifactOf = await artifactsOf(dev.world.ports, enrolments);
  const score = scoreStoryOf(lead, history, dev.live, clock.now());
  const engagement = score.lines.map((it) => ({ because: it.because, points: it.points, now: it.now, at: it.at, why: whyNothing(it) }));
  const fit = score.fitLines.map(({ because, points, met }) => ({ because, points, now: points, why: met.join(', ') }));
  return {
    ...row,
    fields: Object.fromEntries(Object.entries(lead.fields).map(([name, value]) => [name, String(value)])),
    zone: zoneOf(lead, brand).zone,
    actsAlone: dev.actsAlone(leadId),
    runs: enrolments.map(({ sequence, version, leg, endedAt }) => ({ sequence, version, leg, isRunning: endedAt === undefined })),
    consents: Object.entries(lead.consents).map(([topic, { given, at, source, confirmed }]) => ({
      topic: brand.topics[topic]?.label ?? topic,
      given,
      at: confirmed?.at ?? at,
      source,
      state: !given ? 'refused' : confirmed ? 'confirmed' : needsDoubleOptIn(lead, topic, brand) ? 'unconfirmed' : 'agreed',
    })),
    score: verdictInWords(score),
    scoreLines: [...fit, ...engagement.toReversed()],
    next: comingOf({
      lead,
      enrolments,
      suppressions,
      line,
      ledger: history,
      live: dev.live,
      now: clock.now(),
      artifactOf,
      stepsOf: stepsOf(dev),
    }).map(({ at, what }) => ({ what, ...(at !== undefined && { at }) })),
    timeline: await timelineOf(dev, lead),
  };
};

/** Of an older version nobody has the steps any more. */
export const stepsOf =
  ({ sequences }: Pick<DevWorld, 'sequences'>) =>
  (sequence: string, version: string) =>
    sequences.find((it) => it.sequence.id === sequence && it.compiled.artifact.version === version)?.sequence;

/** Of the versions that these runs are on. */
const artifactsOf = async ({ artifacts }: DevWorld['world']['ports'], enrolments: readonly Enrolment[]) => {
  const runs = enrolments.filter((it) => it.endedAt === undefined);
  const found = await Promise.all(runs.map(({ sequence, version }) => artifacts.get(sequence, version)));
  return (sequence: string, version: string) => found.find((it) => it.sequence === sequence && it.version === version);
};
