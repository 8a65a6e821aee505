import type { Context } from 'hono';
import { html } from 'hono/html';
import { permissionFor } from '#core/consent';
import type { History } from '#core/ports';
import { findPresentLead } from '#lambdas/aliases';
import { countNow } from '#lambdas/count-changes';
import { leaveScopes } from '#lambdas/leave-scopes';
import { type Asked, type Pages, readLink } from './context.ts';
import { lost, page, type Voice } from './layout.ts';

/** GET: one button, or that it is done already. POST: leaves the topic at once, in one hop, whatever the body, headers or sender (RFC 8058). */
export const leave = (use: Pages) => ({
  show: async (c: Context) => {
    const asked = await readLink(use, 'unsubscribe', c);
    if (!asked) return lost(use, c);
    const shown = (await hasLeft(use, asked)) ? leftPage : leavePage;
    return c.html(shown(asked, preferencesPath(use, asked)));
  },
  act: async (c: Context) => {
    const asked = await readLink(use, 'unsubscribe', c);
    if (!asked) return lost(use, c);
    const { leadId, topic } = asked.claims;
    const at = use.clock.now();
    await leaveScopes(use, { leadId, scopes: [`TOPIC#${topic}`], source: 'unsubscribe-link', at });
    const without = (history: History): History => ({ ...history, consents: history.consents.filter((it) => it.at !== at) });
    await countNow(use, leadId, at, without);
    use.log.info('lead unsubscribed', { leadId, topic });
    return c.html(leftPage(asked, preferencesPath(use, asked)));
  },
});

/** And has not come back since. */
const hasLeft = async (use: Pages, { claims: { leadId, topic }, brand }: Asked): Promise<boolean> => {
  const lead = await findPresentLead(use, leadId);
  if (!lead) return false;
  const suppressions = await use.suppressions.ofLead(lead.leadId);
  // A contract asks for no consent, and heeds who left all the same.
  return (['contract', 'confirmation'] as const).every(
    (lawfulBasis) => !permissionFor(lead, suppressions, { topic, lawfulBasis }, brand).may,
  );
};

/** From one of our own pages to the next: the link lives as long as the one that led here. */
const preferencesPath = (use: Pages, { claims }: Asked): string => `/p/${use.links.sign('preferences', claims)}`;

const choose = (voice: Voice, path: string) => html`<p class="next"><a href="${path}">${voice.say('choose-link')}</a></p>`;

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
