import type { Context } from 'hono';
import { html } from 'hono/html';
import { isConfirmed, permissionFor } from '#core/consent';
import { addressIdOf, type Lead } from '#core/lead';
import type { Suppression } from '#core/ports';
import { findPresentLead } from '#lambdas/aliases';
import { type Asked, type Pages, proofOf, readLink } from './context.ts';
import { lost, page, saying } from './layout.ts';

/** GET: what would be agreed to, and one button. POST: agreed, with proof; a link that is pressed again says so and changes nothing. */
export const confirm = (use: Pages) => ({
  show: async (c: Context) => {
    const found = await look(use, c);
    if (!found) return lost(use, c);
    if (found.is === 'confirmed') return c.html(confirmedPage(found.asked));
    return found.is === 'pending' ? c.html(confirmPage(found.asked)) : c.html(nothingPage(found.asked), 410);
  },
  act: async (c: Context) => {
    const found = await look(use, c);
    if (!found) return lost(use, c);
    const { asked } = found;
    if (found.is === 'nothing') return c.html(nothingPage(asked), 410);
    const { topic } = asked.claims;
    const { leadId } = found.lead;
    const consent = found.lead.consents[topic];
    if (found.is === 'pending' && consent) {
      const confirmed = { ...consent, confirmed: { at: use.clock.now(), ...proofOf(use, c, sentence(asked)) } };
      await use.consents.record(leadId, { topic, ...confirmed });
      await use.leads.setConsents(leadId, { [topic]: confirmed });
      use.log.info('consent confirmed', { leadId, topic });
    }
    // Also when it was confirmed already: the message may not have got out then.
    await use.wakeQueue.push({ leadId });
    return c.html(confirmedPage(asked));
  },
});

type Found = { readonly asked: Asked; readonly lead: Lead; readonly is: 'pending' | 'confirmed' | 'nothing' };

const look = async (use: Pages, c: Context): Promise<Found | undefined> => {
  const asked = await readLink(use, 'confirm', c);
  if (!asked) return undefined;
  const lead = await findPresentLead(use, asked.claims.leadId);
  if (!lead) return undefined;
  // The link names the mailbox that it was sent to: one that is no longer the lead's can confirm nothing for it.
  if (addressIdOf(lead) !== asked.claims.leadId) return { asked, lead, is: 'nothing' };
  return { asked, lead, is: stateOf(lead, await use.suppressions.ofLead(lead.leadId), asked) };
};

const stateOf = (lead: Lead, suppressions: readonly Suppression[], { claims: { topic }, brand }: Asked): Found['is'] => {
  if (isConfirmed(lead, suppressions, topic)) return 'confirmed';
  return permissionFor(lead, suppressions, { topic, lawfulBasis: 'confirmation' }, brand).may ? 'pending' : 'nothing';
};

/** The words that are agreed to: kept as proof as they are shown. */
const sentence = ({ voice, topic }: Asked): string => voice.say('confirm-words', { company: voice.company, topic });

const confirmPage = (asked: Asked) => {
  const { voice } = asked;
  return page(
    voice,
    voice.say('confirm-title'),
    html`<h1>${voice.say('confirm-title')}</h1>
      <p>${sentence(asked)}</p>
      <form method="post"><button type="submit">${voice.say('confirm-button')}</button></form>`,
  );
};

const confirmedPage = ({ voice, topic }: Asked) => saying(voice, voice.say('confirmed-title'), voice.say('confirmed-words', { topic }));
const nothingPage = ({ voice }: Asked) => saying(voice, voice.say('nothing-title'), voice.say('nothing-words'));
