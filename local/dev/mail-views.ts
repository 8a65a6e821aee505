import type { StoredMail } from '#local/ses/mail-service';
import type { MailDetail, MailList, MailRow } from './api.ts';
import type { DevWorld } from './dev-world.ts';
import { humanKinds, judged } from './human-kinds.ts';

/** Newest first; `search` looks into addresses, subjects and steps. */
export const mailList = ({ world, eventsOf, live }: DevWorld, search: string, offset: number, limit: number): MailList => {
  const wanted = search.trim().toLowerCase();
  const found = world.mail.mails().filter((it) => wanted === '' || textOf(it).includes(wanted));
  const page = found.toReversed().slice(offset, offset + limit);
  return {
    total: found.length,
    mails: page.map((it) => toRow(it, humanKinds(eventsOf(it.messageId), live.scoring))),
  };
};

const textOf = ({ to, subject, tags }: StoredMail) => `${to} ${subject} ${tags.sequence ?? ''} ${tags.step ?? ''}`.toLowerCase();

const toRow = (mail: StoredMail, kinds: readonly string[]): MailRow => ({
  messageId: mail.messageId,
  at: mail.at,
  to: mail.to,
  subject: mail.subject,
  kind: mail.tags.lead !== undefined ? 'lead' : mail.tags.kind === 'notice' || mail.tags.kind === 'digest' ? 'notice' : 'sales',
  ...(mail.tags.sequence !== undefined && { sequence: mail.tags.sequence }),
  ...(mail.tags.step !== undefined && { step: mail.tags.step }),
  opened: kinds.includes('opened'),
  clicked: kinds.includes('clicked'),
});

export const mailDetail = ({ world, eventsOf, live }: DevWorld, messageId: string): MailDetail | undefined => {
  const mail = world.mail.find(messageId);
  if (!mail) return undefined;
  const events = judged(eventsOf(messageId), live.scoring).toSorted((one, other) => (one.at < other.at ? -1 : 1));
  return {
    ...toRow(
      mail,
      events.filter((it) => it.machine === undefined).map((it) => it.kind),
    ),
    from: mail.from,
    ...(mail.tags.lead !== undefined && { leadId: mail.tags.lead }),
    text: mail.text,
    headers: mail.headers,
    tags: mail.tags,
    events,
    links: linksOf(mail.html),
    ...leavePathOf(mail),
    pages: pagesOf(mail),
  };
};

/** Links that SES would track: those without `ses:no-track`. */
export const linksOf = (html: string): MailDetail['links'] =>
  [...html.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a>/gi)]
    .filter(([, attributes = '']) => !attributes.includes('no-track'))
    .flatMap(([, attributes = '', inner = '']) => {
      const url = /href="(https?:[^"]+)"/i.exec(attributes)?.[1]?.replaceAll('&amp;', '&');
      return url === undefined ? [] : [{ url, words: wordsOf(inner) || url }];
    });

const pageWords: { readonly [path: string]: string } = { u: 'leave', p: 'choose what comes', c: 'confirm' };

/** Of answers a brief has several to one page: they are called as its buttons are. */
const pagesOf = (mail: StoredMail): MailDetail['pages'] => {
  const paths = [...mail.html.matchAll(/href="https?:\/\/[^/"]+(\/([upca])\/[^"]+)"[^>]*>([^<]*)/g)].map(
    ([, path = '', page = '', words = '']) => [path, pageWords[page] ?? words] as const,
  );
  return [...new Map(paths)].map(([path, words]) => ({ path, words }));
};

const wordsOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&[a-z#0-9]+;/gi, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** The one-click address of RFC 8058. */
export const leaveUrl = (mail: StoredMail): string | undefined =>
  /^<(https?:[^>]+)>$/.exec(mail.headers.find((it) => it.name === 'List-Unsubscribe')?.value ?? '')?.[1];

const leavePathOf = (mail: StoredMail): Pick<MailDetail, 'leavePath'> => {
  const url = leaveUrl(mail);
  return url === undefined ? {} : { leavePath: new URL(url).pathname };
};
