import { convert } from 'html-to-text';
import PostalMime from 'postal-mime';
import type { ReceivedMail } from '#core/ports';

/** Of a mail no more is read: its text comes before what is attached. */
export const mostMailBytes = 512 * 1024;

/** Headers, subject and text of a raw mail, whatever its encoding; a cut one as far as it goes. */
export const readMail = async (raw: Uint8Array): Promise<ReceivedMail> => {
  const isCut = raw.length > mostMailBytes;
  const mail = await PostalMime.parse(isCut ? raw.slice(0, mostMailBytes) : raw, { maxNestingDepth: 20 });
  return {
    headers: mail.headers.map(({ key, value }) => ({ name: key.toLowerCase(), value })),
    subject: mail.subject ?? '',
    text: mail.text ?? textOf(mail.html ?? ''),
    isCut,
  };
};

/** Of a mail that has only HTML: what is not quoted, without pictures and the addresses of links. */
const textOf = (html: string): string =>
  convert(html, {
    wordwrap: false,
    limits: { maxInputLength: mostMailBytes, maxDepth: 50, maxChildNodes: 1000, ellipsis: '' },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'blockquote', format: 'skip' },
      { selector: 'div.gmail_quote', format: 'skip' },
      ...['h1', 'h2', 'h3'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  });
