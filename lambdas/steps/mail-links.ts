import type { Brand, LiveConfig } from '#core/config';
import type { MailLinks } from '#core/email';
import { addSeconds, type Instant } from '#core/instant';
import { addressIdOf, type Lead } from '#core/lead';
import { contentFor } from '#core/locale';
import type { LinkClaims, LinkPurpose, Links } from '#core/ports';
import { replyAddress } from '#core/replies/received';
import type { SendKey } from '#core/sending';
import type { Artifact, CompiledEmail } from '#core/sequences/model';

/** Thirteen months: RFC 8058 links must outlive the mail by far. */
const linkLifetimeSeconds = 400 * 24 * 3600;

/** It may be forwarded with the mail, and then names the wrong person: not for long. */
const visitLifetimeSeconds = 30 * 24 * 3600;

type Mailing = { readonly content: CompiledEmail; readonly artifact: Artifact; readonly live: LiveConfig; readonly now: Instant };

/** The lead's own links in one mail, each for its purpose and in the language of the copy that the lead gets. */
export const linksFor = (
  use: { readonly links: Pick<Links, 'sign'> },
  { content, artifact, live, now }: Mailing,
  lead: Lead,
): MailLinks => {
  const { brand } = live;
  const { topic, lawfulBasis } = artifact;
  const { locale } = contentFor(content, lead, brand.locale);
  const claims = (lifetimeSeconds: number, leadId = lead.leadId): LinkClaims => ({
    leadId,
    topic,
    expiresAt: addSeconds(now, lifetimeSeconds),
    locale,
  });
  const lasting = claims(linkLifetimeSeconds);
  const link = (path: string, purpose: LinkPurpose, of: LinkClaims) => `${brand.links}/${path}/${use.links.sign(purpose, of)}`;
  return {
    unsubscribe: link('u', 'unsubscribe', lasting),
    preferences: link('p', 'preferences', lasting),
    ...(brand.sites && { visit: use.links.sign('visit', claims(visitLifetimeSeconds)) }),
    // A confirmation proves one mailbox, so its link names that address; the others name the person.
    ...(lawfulBasis === 'confirmation' && { confirm: link('c', 'confirm', claims(brand.consent.confirmWithinSeconds, addressIdOf(lead))) }),
  };
};

/** Where an answer to this send goes: nothing, unless the brand takes answers in. */
export const replyToFor = (
  use: { readonly links: Pick<Links, 'signReply'> },
  { replies }: Pick<Brand, 'replies'>,
  send: SendKey,
): { readonly replyTo?: string } => {
  const token = replies && use.links.signReply(send);
  return replies && token !== undefined ? { replyTo: replyAddress(token, replies.at) } : {};
};
