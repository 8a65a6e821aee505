import type { Context } from 'hono';
import { confirmationId } from '#core/consent';
import { addSeconds, type Instant } from '#core/instant';
import type { Consent, Lead } from '#core/lead';
import type { Suppression } from '#core/ports';
import { type TopicChoice, topicChoices } from '#core/topic-choices';
import { findPresentLead } from '#lambdas/aliases';
import { leaveScopes } from '#lambdas/leave-scopes';
import { type Asked, type Pages, proofOf, readLink } from './context.ts';
import { lost, lostPage } from './layout.ts';
import { preferencesPage } from './preferences-page.ts';

const pauseSeconds = 30 * 86_400;

/**
 * What comes, a pause, and a way out of everything. The link may stand in a forwarded mail: so the page shows nobody's data but a
 * masked address, whatever ends mail acts at once, and whatever begins it asks the mailbox first.
 */
export const preferences = (use: Pages) => ({
  show: async (c: Context) => {
    const seen = await look(use, c);
    return seen ? c.html(preferencesPage(seen)) : lost(use, c);
  },
  act: async (c: Context) => {
    const seen = await look(use, c);
    if (!seen) return lost(use, c);
    const said = await change(use, c, seen);
    const { voice } = seen.asked;
    if (said === undefined) return c.html(preferencesPage({ ...seen, said: [voice.say('bad-request')] }), 400);
    const now = await look(use, c);
    return now ? c.html(preferencesPage({ ...now, said })) : c.html(lostPage(voice), 404);
  },
});

/** All that the page is made of. `said`: what came of the last press. */
export type Seen = {
  readonly asked: Asked;
  readonly lead: Lead;
  readonly suppressions: readonly Suppression[];
  readonly choices: readonly TopicChoice[];
  readonly now: Instant;
  readonly said?: readonly string[];
};

const look = async (use: Pages, c: Context): Promise<Seen | undefined> => {
  const asked = await readLink(use, 'preferences', c);
  if (!asked) return undefined;
  const { leadId, locale } = asked.claims;
  const lead = await findPresentLead(use, leadId);
  if (!lead) return undefined;
  const suppressions = await use.suppressions.ofLead(lead.leadId);
  return { asked, lead, suppressions, choices: topicChoices(lead, suppressions, asked.brand, locale), now: use.clock.now() };
};

/** What to say of it; undefined: the request cannot be understood. */
const change = async (use: Pages, c: Context, seen: Seen): Promise<readonly string[] | undefined> => {
  const { voice } = seen.asked;
  const { leadId } = seen.lead;
  const form = await c.req.parseBody({ all: true }).catch(() => undefined);
  switch (form?.action) {
    case 'save':
      return save(use, c, seen, [form.topic ?? []].flat().map(String));
    case 'pause':
      await use.leads.pause(leadId, addSeconds(seen.now, pauseSeconds));
      use.log.info('lead paused', { leadId });
      return [voice.say('saved')];
    case 'unpause':
      await use.leads.pause(leadId, undefined);
      return [voice.say('saved')];
    case 'leave-all':
      await leaveScopes(use, { leadId, scopes: ['ALL'], source: 'preference-page', at: use.clock.now() });
      use.log.info('lead left everything', { leadId });
      return [voice.say('left-all')];
    default:
      return undefined;
  }
};

/** Compared with what holds now, not with what the form once showed. */
const save = async (use: Pages, c: Context, { asked, lead, choices, now }: Seen, ticked: readonly string[]): Promise<readonly string[]> => {
  const { voice } = asked;
  const left = choices.filter((it) => it.state !== 'off' && !ticked.includes(it.topic));
  const wanted = choices.filter((it) => it.state !== 'on' && ticked.includes(it.topic));
  const scopes = left.map((it) => `TOPIC#${it.topic}` as const);
  if (left.length > 0) await leaveScopes(use, { leadId: lead.leadId, scopes, source: 'preference-page', at: use.clock.now() });
  for (const { topic, label, state } of wanted) {
    const text = voice.say('confirm-words', { company: voice.company, topic: label });
    const known = state === 'waiting' ? lead.consents[topic] : undefined;
    const consent: Consent = known ?? { given: true, at: now, source: 'preference-page', proof: proofOf(use, c, text) };
    if (!known) {
      await use.consents.record(lead.leadId, { topic, ...consent });
      await use.leads.setConsents(lead.leadId, { [topic]: consent });
    }
    // For who waits already too: the message may not have got out then, and a repeat is the same enrolment.
    await use.enrolQueue.push({ leadId: lead.leadId, sequence: confirmationId(topic), trigger: `consent:${topic}:${consent.at}` });
  }
  // Agreeing may let the lead in somewhere.
  if (wanted.length > 0) await use.wakeQueue.push({ leadId: lead.leadId });
  return [voice.say('saved'), ...wanted.map((it) => voice.say('mail-on-its-way', { topic: it.label }))];
};
