import { needsDoubleOptIn } from '#core/consent';
import type { Enrolment } from '#core/enrolment';
import { addSeconds, type Instant } from '#core/instant';
import type { Lead } from '#core/lead';
import { engagementAt, fitOf } from '#core/scoring';
import { zoneOf } from '#core/time-zone';
import { endingOf } from '#local/report/endings';
import type { LeadDetail, LeadList, LeadRow } from './api.ts';
import type { DevWorld, KnownLead } from './dev-world.ts';
import { endings } from './endings.ts';
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
  return enrolments.length === 0
    ? 'in no sequence'
    : enrolments.map((it) => `${it.sequence}: ${endings[endingOf(it)] ?? endingOf(it)}`).join('; ');
};

/** Of a lead that went into another, the other is shown. */
export const leadDetail = async (dev: DevWorld, asked: string): Promise<LeadDetail | undefined> => {
  const leadId = await dev.world.ports.aliases.resolve(asked);
  if (!dev.leads.get(leadId)) return undefined;
  const { clock } = dev.world;
  const [row, history, enrolments] = await Promise.all([leadRow(dev, leadId), dev.profiles.of(leadId), dev.enrolments.of(leadId)]);
  const { lead } = history;
  if (!row || !lead) return undefined;
  const { scoring, brand } = dev.live;
  const engagement = engagementAt(history, scoring, brand.timeZone, clock.now()).lines.map((it) => ({
    because: it.because,
    points: it.points,
    now: Math.round(it.now * 10) / 10,
    at: it.at,
  }));
  const fit = fitOf(lead, scoring).lines.map(({ because, points }) => ({ because, points, now: points }));
  return {
    ...row,
    fields: Object.fromEntries(Object.entries(lead.fields).map(([name, value]) => [name, String(value)])),
    zone: zoneOf(lead, brand).zone,
    actsAlone: dev.actsAlone(leadId),
    consents: Object.entries(lead.consents).map(([topic, { given, at, source, confirmed }]) => ({
      topic: brand.topics[topic]?.label ?? topic,
      given,
      at: confirmed?.at ?? at,
      source,
      state: !given ? 'refused' : confirmed ? 'confirmed' : needsDoubleOptIn(lead, topic, brand) ? 'unconfirmed' : 'agreed',
    })),
    scoreLines: [...fit, ...engagement.toReversed()],
    next: nextOf(lead, enrolments, clock.now()),
    timeline: await timelineOf(dev, lead, enrolments),
  };
};

/** Where each run stands, and when it goes on by itself. */
const nextOf = (lead: Lead, enrolments: readonly Enrolment[], now: Instant): LeadDetail['next'] => {
  const runs = enrolments
    .filter((it) => it.endedAt === undefined)
    .map((it) => {
      const at = dueOf(it);
      return { ...(at !== undefined && { at }), what: standing(it) };
    });
  const handoff = lead.handoff ? [{ at: lead.handoff.until, what: 'the score has held: the lead goes to sales, if it still does' }] : [];
  const held = [
    ...(lead.pausedUntil !== undefined && lead.pausedUntil > now
      ? [{ at: lead.pausedUntil, what: 'the pause that the lead asked for is over' }]
      : []),
    ...(lead.coolUntil !== undefined && lead.coolUntil > now
      ? [{ at: lead.coolUntil, what: 'mail may go again: the last one bounced' }]
      : []),
    ...(lead.awayUntil !== undefined && lead.awayUntil > now ? [{ at: lead.awayUntil, what: 'the lead is back from being away' }] : []),
  ];
  return [...held, ...handoff, ...runs];
};

const standing = ({ sequence, step, awaiting }: Enrolment): string => {
  if (step === undefined) return `${sequence} begins`;
  if (awaiting && awaiting.length > 0)
    return `${sequence}: “${step}” stops waiting for ${awaiting.map((it) => it.replace(/^did:/, '')).join(', ')}`;
  return `${sequence}: “${step}” is over, and the next step follows`;
};

const dueOf = ({ gsi1sk, waitSeconds = 0, step }: Enrolment): Instant | undefined =>
  step === undefined || gsi1sk === undefined ? undefined : addSeconds(gsi1sk, waitSeconds);
