import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Instant } from '#core/instant';
import type { SuppressionScope } from '#core/ports';
import { suppressPerson } from '#lambdas/aliases';
import { type Asked, type Pages, readLink } from './context.ts';
import { lostPage, page, type Voice, voiceOf } from './layout.ts';

/** GET: one button. POST: leaves the topic at once, in one hop, whatever the body, headers or sender (RFC 8058). */
export const leave = (use: Pages) => ({
  show: async (c: Context) => {
    const asked = await readLink(use, 'unsubscribe', c);
    if (!asked) return c.html(lostPage(voiceOf(await use.config.live())), 404);
    return c.html(leavePage(asked, preferencesPath(use, asked)));
  },
  act: async (c: Context) => {
    const asked = await readLink(use, 'unsubscribe', c);
    if (!asked) return c.html(lostPage(voiceOf(await use.config.live())), 404);
    const { leadId, topic } = asked.claims;
    await leaveScopes(use, leadId, [`TOPIC#${topic}`], 'unsubscribe-link');
    use.log.info('lead unsubscribed', { leadId, topic });
    return c.html(leftPage(asked, preferencesPath(use, asked)));
  },
});

/**
 * The suppressions first: they hold by themselves, also for a lead that is gone or went into another. Then the profile and its ledger, then one wake
 * message, which ends the runs. All of it may be repeated.
 */
export const leaveScopes = async (use: Pages, leadId: string, scopes: readonly SuppressionScope[], source: string): Promise<void> => {
  const at = use.clock.now();
  let owner = leadId;
  for (const scope of scopes) owner = await suppressPerson(use, leadId, { scope, reason: 'unsubscribed', at });
  await withdraw(use, owner, scopes, source, at);
  await use.wakeQueue.push({ leadId: owner });
};

const withdraw = async (use: Pages, leadId: string, scopes: readonly SuppressionScope[], source: string, at: Instant): Promise<void> => {
  const lead = await use.leads.find(leadId);
  if (!lead) return;
  const agreed = Object.keys(lead.consents).filter((topic) => lead.consents[topic]?.given);
  const left = scopes.includes('ALL') ? agreed : agreed.filter((topic) => scopes.includes(`TOPIC#${topic}`));
  if (left.length === 0) return;
  const refusal = { given: false, at, source };
  for (const topic of left) await use.consents.record(leadId, { topic, ...refusal });
  await use.leads.setConsents(leadId, Object.fromEntries(left.map((topic) => [topic, refusal])));
};

/** From one of our own pages to the next: the link lives as long as the one that led here. */
const preferencesPath = (use: Pages, { claims }: Asked): string => `/p/${use.links.sign('preferences', claims)}`;

const choose = (voice: Voice, path: string) => html`<p style="margin: 1.25rem 0 0"><a href="${path}">${voice.say('choose-link')}</a></p>`;

const leavePage = ({ voice, topic }: Asked, path: string) =>
  page(
    voice,
    voice.say('leave-title', { topic }),
    html`<h1>${voice.say('leave-question', { topic })}</h1>
      <p>${voice.say('leave-words', { company: voice.company })}</p>
      <form method="post"><button type="submit">${voice.say('leave-button')}</button></form>
      ${choose(voice, path)}`,
  );

const leftPage = ({ voice, topic }: Asked, path: string) =>
  page(
    voice,
    voice.say('left-title'),
    html`<h1>${voice.say('left-title')}</h1>
      <p>${voice.say('left-words', { topic })}</p>
      ${choose(voice, path)}`,
  );
