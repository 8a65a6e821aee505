import MailComposer from 'nodemailer/lib/mail-composer';
import type { StoredMail } from './mail-service.ts';

/**
 * The message that SES makes of Simple content (RFC 5322), to look at or to open in a mail program. SES adds what only it has:
 * its DKIM signatures, its tracking, and where the mail came through.
 */
export const toMime = async (mail: StoredMail): Promise<Buffer> => {
  const rest = await new MailComposer({
    to: mail.to,
    ...(mail.replyTo.length > 0 && { replyTo: [...mail.replyTo] }),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    date: new Date(mail.at),
    messageId: `<${mail.messageId}@email.local>`,
    headers: [...mail.headers.map(({ name, value }) => ({ key: name, value })), ...feedbackId(mail)],
    newline: '\r\n',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
  // As it was given: SES does not touch it either.
  return Buffer.concat([Buffer.from(`From: ${foldedAtBlanks(mail.from)}\r\n`), rest]);
};

/** Gmail's, of which SES lets its customers choose two fields. */
const feedbackId = ({ tags }: StoredMail) => {
  const own = [tags['ses:feedback-id-a'], tags['ses:feedback-id-b']].filter((it) => it !== undefined);
  return own.length > 0 ? [{ key: 'Feedback-ID', value: [...own, 'local', 'AmazonSES'].join(':') }] : [];
};

const foldedAtBlanks = (value: string): string => value.replaceAll(/ (?==\?|<)/g, '\r\n ');
