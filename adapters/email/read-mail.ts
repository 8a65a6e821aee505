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
    // Where a mail has only HTML, its text is made of it.
    text: mail.text ?? '',
    isCut,
  };
};
