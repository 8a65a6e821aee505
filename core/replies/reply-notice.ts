import type { Brand } from '#core/config';
import { oneLine } from '#core/email';
import { escapeHtml } from '#core/html';
import type { Lead } from '#core/lead';
import type { Notice } from '#core/notice';
import type { ReplyNotice } from '#core/notice-messages';
import { visibleText } from './visible-text.ts';

/** Of a long answer so much stands in the notice; the rest is in the mail that is kept. */
const mostLines = 60;
const mostCharacters = 6000;

/** `received`: undefined where the answer did not come to us, or is kept no longer. */
export type ReplyNoticeParts = {
  readonly notice: ReplyNotice;
  readonly brand: Pick<Brand, 'company'>;
  readonly lead: Lead | undefined;
  readonly received: { readonly subject: string; readonly text: string } | undefined;
};

/** What a person reads when a lead answered. It is a mail to our own people, so it may say who it was and what was written. */
export const renderReplyNotice = ({ notice, brand, lead, received }: ReplyNoticeParts): Notice => {
  const { headline, lines } = wordsOf(notice, nameOf(lead), received !== undefined);
  const written = received && lead ? firstLines(visibleText(received.text) || received.text.trim()) : undefined;
  const about = [
    ...(lead ? [`Who: ${nameOf(lead)} <${oneLine(lead.email)}>`] : []),
    ...(received && lead ? [`Subject: ${oneLine(received.subject)}`] : []),
    ...(notice.sequence === undefined ? [] : [`Answer to: ${notice.step ?? 'a mail'} of ${notice.sequence}`]),
    `Lead: ${notice.leadId}`,
    ...(notice.mail === undefined ? [] : [`Mail: ${notice.mail}`]),
    `When: ${notice.at}`,
  ];
  const text = [headline, '', ...lines, ...(written === undefined ? [] : ['', written]), '', ...about, '', `Baton for ${brand.company}`];
  const html = `<!doctype html><html lang="en"><body style="font:16px/1.5 system-ui,sans-serif;color:#1d2733;max-width:36rem">${[
    `<h1 style="font-size:20px">${escapeHtml(headline)}</h1>`,
    ...lines.map((it) => `<p>${escapeHtml(it)}</p>`),
    ...(written === undefined ? [] : [`<blockquote style="white-space:pre-wrap">${escapeHtml(written)}</blockquote>`]),
    `<p style="color:#5c6b7a">${about.map(escapeHtml).join('<br>')}</p>`,
  ].join('')}</body></html>`;
  return { subject: oneLine(headline).slice(0, 200), text: text.join('\n'), html };
};

const wordsOf = (
  { kind, mail }: ReplyNotice,
  name: string,
  isThere: boolean,
): { readonly headline: string; readonly lines: readonly string[] } => {
  const where = isThere
    ? []
    : [mail === undefined ? 'The answer is where it came in, for instance in the help desk.' : 'The answer can no longer be read here.'];
  if (kind === 'replied') {
    return {
      headline: `${name} answered`,
      lines: ['Nurture has stopped for this lead; a person goes on from here. Answer this mail to write to the lead.', ...where],
    };
  }
  return {
    headline: `${name} seems to work there no longer`,
    lines: ['An automatic answer says so. Look for whoever came after, or for the new address of this lead.', ...where],
  };
};

const nameOf = (lead: Lead | undefined): string => {
  const { 'first-name': first, 'last-name': last, company } = lead?.fields ?? {};
  const name = [first, last].filter((it) => it !== undefined && it !== '').join(' ');
  const who = oneLine(name || 'A lead');
  return company === undefined || company === '' ? who : `${who} of ${oneLine(String(company))}`;
};

const firstLines = (text: string): string => text.split('\n').slice(0, mostLines).join('\n').slice(0, mostCharacters);
