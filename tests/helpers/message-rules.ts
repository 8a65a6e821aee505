import type { Email } from 'postal-mime';
import { organisationOf } from '#core/dns-records';

/** One message as bytes, as a MIME parser reads it, and what it was meant to be. */
export type Message = {
  readonly raw: string;
  readonly parsed: Email;
  readonly meant: { readonly to: string; readonly subject: string; readonly senderName: string; readonly dkimDomain: string };
};

/** What a message must be, by who demands it; each gives what is wrong. */
export const messageRules: readonly { readonly source: string; readonly rule: string; readonly broken: (message: Message) => unknown }[] = [
  {
    source: 'RFC 5322, 2.1.1',
    rule: 'no line is longer than 998 octets',
    broken: ({ raw }) => raw.split('\r\n').find((it) => Buffer.byteLength(it) > 998),
  },
  {
    source: 'RFC 5322, 2.1',
    rule: 'lines end with CR LF, and there is no lone CR or LF',
    broken: ({ raw }) => /\r(?!\n)|(?<!\r)\n/.test(raw),
  },
  {
    source: 'RFC 5322, 3.6',
    rule: 'From, To, Subject, Date, Message-ID and MIME-Version are there, once',
    broken: (message) =>
      ['from', 'to', 'subject', 'date', 'message-id', 'mime-version'].filter((it) => named(message, it).length !== 1).join(' '),
  },
  { source: 'RFC 5322, 2.2', rule: 'headers are ASCII', broken: ({ raw }) => /[^\t\r\n -~]/.exec(head(raw))?.[0] },
  {
    source: 'RFC 2047, 2',
    rule: 'an encoded word has at most 75 characters, and what is meant to be one is one',
    broken: ({ raw }) =>
      [...head(raw).matchAll(/=\?\S*/g)].map(([it]) => it).find((it) => it.length > 75 || !/^=\?[\w-]+\?[BQ]\?[!->@-~]*\?=$/i.test(it)),
  },
  {
    source: 'RFC 2046, 5.1.4',
    rule: 'text and HTML are alternatives, the better one last',
    broken: ({ raw, parsed }) => {
      const types = [...raw.matchAll(/^Content-Type: (\S+?);/gim)].map((it) => it[1]);
      return String(types) !== 'multipart/alternative,text/plain,text/html' && types.concat(String(parsed.attachments.length));
    },
  },
  {
    source: 'RFC 8058, 3.1',
    rule: 'List-Unsubscribe is there once, with one https URI in angle brackets',
    broken: (message) => {
      const values = named(message, 'list-unsubscribe');
      return values.length !== 1 || !/^<https:\/\/[^<>\s,]+>$/.test(values[0] ?? '') ? values : undefined;
    },
  },
  {
    source: 'RFC 8058, 3.1',
    rule: 'List-Unsubscribe-Post is there once and says exactly this',
    broken: (message) => named(message, 'list-unsubscribe-post').join() !== 'List-Unsubscribe=One-Click',
  },
  {
    source: 'Gmail, Yahoo: sender guidelines',
    rule: 'From is one address, and its domain aligns with the one that DKIM signs for (DMARC)',
    broken: ({ parsed, meant }) => {
      const address = parsed.from?.address ?? '';
      const domain = address.slice(address.lastIndexOf('@') + 1);
      return parsed.from === undefined || organisationOf(domain) !== organisationOf(meant.dkimDomain) ? parsed.from : undefined;
    },
  },
  {
    source: 'Gmail: sender guidelines',
    rule: 'the sender is called what it is called',
    broken: ({ parsed, meant }) => (parsed.from?.name === meant.senderName ? undefined : parsed.from?.name),
  },
  {
    source: 'Gmail: Feedback Loop',
    rule: 'Feedback-ID has four fields at most, none empty, and the sender’s id of 5 to 15 characters last',
    broken: (message) =>
      named(message, 'feedback-id').find((it) => !/^(?:[\w-]+:){1,3}\w{5,15}$/.test(it)) ??
      (named(message, 'feedback-id').length !== 1 && 'none'),
  },
  {
    source: 'Gmail, Outlook.com: visible way out',
    rule: 'the link is in the HTML and in the text, and leads where the header leads',
    broken: (message) => {
      const url = (named(message, 'list-unsubscribe')[0] ?? '').slice(1, -1);
      return !(message.parsed.html?.includes(`href="${url}"`) && message.parsed.text?.includes(url)) && url;
    },
  },
  {
    source: 'Outlook.com: sender requirements',
    rule: 'answers reach somebody: Reply-To, if there is one, is one address',
    broken: ({ parsed }) => (parsed.replyTo ?? []).length > 1 || parsed.replyTo?.some((it) => !/^[^@\s]+@[^@\s]+$/.test(it.address ?? '')),
  },
  {
    source: 'everybody',
    rule: 'it goes to one person, and nobody reads who else got it',
    broken: ({ parsed, meant }) =>
      parsed.to?.length !== 1 || parsed.to[0]?.address !== meant.to || parsed.cc || parsed.bcc
        ? [parsed.to, parsed.cc, parsed.bcc]
        : undefined,
  },
  {
    source: 'everybody',
    rule: 'the subject is what was meant, in one line',
    broken: ({ parsed, meant }) => (parsed.subject === meant.subject && !/[\r\n]/.test(meant.subject) ? undefined : parsed.subject),
  },
  {
    source: 'Baton',
    rule: 'there is no header that nobody meant',
    broken: ({ parsed }) =>
      parsed.headers
        .map((it) => it.key)
        .filter((it) => !known.includes(it))
        .join(' '),
  },
  { source: 'Gmail', rule: 'it is not clipped at 102 KB', broken: ({ parsed }) => Buffer.byteLength(parsed.html ?? '') > 102_000 },
];

const known = [
  ...['from', 'to', 'reply-to', 'subject', 'date', 'message-id', 'mime-version', 'content-type'],
  ...['list-unsubscribe', 'list-unsubscribe-post', 'feedback-id'],
];

const head = (raw: string): string => raw.slice(0, raw.indexOf('\r\n\r\n'));
const named = ({ parsed }: Message, name: string): readonly string[] =>
  parsed.headers.filter((it) => it.key === name).map((it) => it.value);
