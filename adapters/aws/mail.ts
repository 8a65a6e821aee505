import { type SESv2Client, SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import type { Mail, MailResult, OutgoingEmail } from '#core/ports';

export const sesMail = (client: SESv2Client, configurationSet?: string): Mail =>
  mailBy((request) => client.send(new SendEmailCommand(request)), configurationSet);

/** One call. Names of errors as in FACTS: 429 was not sent; some close the line for everybody; 5xx and no answer are unknown. */
export const mailBy = (
  call: (request: SendEmailCommandInput) => Promise<{ readonly MessageId?: string | undefined }>,
  configurationSet?: string,
): Mail => ({
  send: async (email) => {
    try {
      const answer = await call(toRequest(email, configurationSet));
      return answer.MessageId === undefined
        ? { result: 'unknown', reason: 'no-message-id' }
        : { result: 'accepted', messageId: answer.MessageId };
    } catch (error) {
      return toResult(error);
    }
  },
});

const toRequest = (email: OutgoingEmail, configurationSet: string | undefined) => ({
  FromEmailAddress: `${quoted(email.from.name)} <${email.from.address}>`,
  ...(email.replyTo !== undefined && { ReplyToAddresses: [email.replyTo] }),
  Destination: { ToAddresses: [email.to] },
  Content: {
    Simple: {
      // SES encodes what is beyond ASCII; a name that looks encoded already would be decoded by every mail program.
      Subject: { Data: email.subject.includes('=?') ? encodedWords(email.subject) : email.subject, Charset: 'UTF-8' },
      Body: { Html: { Data: email.html, Charset: 'UTF-8' }, Text: { Data: email.text, Charset: 'UTF-8' } },
      Headers: email.headers.map(({ name, value }) => ({ Name: name, Value: value })),
    },
  },
  EmailTags: Object.entries(email.tags).map(([Name, Value]) => ({ Name, Value })),
  ...(configurationSet !== undefined && { ConfigurationSetName: configurationSet }),
});

/** A display name as RFC 5322 wants it; beyond ASCII, or where it looks like one, in encoded words (RFC 2047). */
const quoted = (name: string): string =>
  /^[ -~]*$/.test(name) && !name.includes('=?') ? `"${name.replace(/["\\]/g, '\\$&')}"` : encodedWords(name);

/** An encoded word has at most 75 characters: 45 bytes in Base64, and no character cut in two. */
const wordBytes = 45;

const encodedWords = (name: string): string => {
  const words: string[] = [''];
  for (const character of name) {
    const longer = `${words.at(-1)}${character}`;
    if (Buffer.byteLength(longer) <= wordBytes) words[words.length - 1] = longer;
    else words.push(character);
  }
  return words.map((it) => `=?UTF-8?B?${Buffer.from(it).toString('base64')}?=`).join(' ');
};

const closed: readonly string[] = [
  'AccountSuspendedException',
  'SendingPausedException',
  'MailFromDomainNotVerifiedException',
  'NotFoundException',
  'LimitExceededException',
];
/** Not allowed, or not known: a mistake in the account or the role, which no single mail can be blamed for. */
const denied = [401, 403];

const toResult = (error: unknown): MailResult => {
  const { name = 'unknown', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  if (name === 'TooManyRequestsException' || status === 429) return { result: 'throttled', reason: name };
  if (closed.includes(name) || denied.includes(status)) return { result: 'circuit', reason: name };
  return status >= 400 && status < 500 ? { result: 'rejected', reason: name } : { result: 'unknown', reason: name };
};
