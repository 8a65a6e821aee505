import { base32nopad } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { s3ReplyMail } from '#adapters/aws/reply-mail';
import { signedFetch } from '#adapters/aws/signed-fetch';
import { createIds } from '#adapters/crypto/ids';
import { createLinks } from '#adapters/crypto/links';
import { mostMailBytes, readMail } from '#adapters/email/read-mail';
import { replyAddress, tokensIn } from '#core/replies/received';

const bytes = (text: string) => new TextEncoder().encode(text.replaceAll('\n', '\r\n'));
const clock = { now: () => '2026-03-23T13:00:00.000Z' };
const k1 = 'a link key for tests only, 32+ characters';
const k2 = 'another link key for tests, 32+ characters';
const ids = createIds('an identity key for tests only, 32+ characters');
const send = { leadId: ids.leadId('kim@example.com'), enrolmentId: 'enrolment-a', step: 'welcome', round: 1 };

describe('the address that answers come to', () => {
  const links = createLinks({ current: 'k1', k1 }, clock);
  const token = links.signReply(send) ?? '';

  it('is written as ids are', () => {
    expect(links.verifyReply(token)?.leadId).toBe(base32nopad.encode(base32nopad.decode(send.leadId.toUpperCase())).toLowerCase());
    expect(token).toBe(base32nopad.encode(base32nopad.decode(token.toUpperCase())).toLowerCase());
  });

  it('names the lead and the mail, in 64 characters, in any case', () => {
    const address = replyAddress(token, 'reply.example.com');
    expect(address.indexOf('@')).toBeLessThanOrEqual(64);
    const [found = ''] = tokensIn([{ name: 'to', value: `"Maeve" <${address.toUpperCase()}>` }]);
    expect(links.verifyReply(found)).toEqual({ leadId: send.leadId, sendMark: links.sendMarkOf(send) });
    expect(links.sendMarkOf({ ...send, round: 2 })).not.toBe(links.sendMarkOf(send));
  });

  it('is good for nothing when a character of it is another, or it is no token at all', () => {
    for (let at = 0; at < token.length; at++) {
      const forged = `${token.slice(0, at)}${token[at] === 'a' ? 'b' : 'a'}${token.slice(at + 1)}`;
      expect(links.verifyReply(forged), `character ${at}`).toBeUndefined();
    }
    for (const it of ['', 'a', token.slice(1), `${token}a`, token.replace(/.$/, '1'), '7'.repeat(52)])
      expect(links.verifyReply(it)).toBeUndefined();
  });

  it('outlives a change of keys, and not the key that signed it', () => {
    expect(createLinks({ current: 'k2', k2, k1 }, clock).verifyReply(token)?.leadId).toBe(send.leadId);
    expect(createLinks({ current: 'k2', k2 }, clock).verifyReply(token)).toBeUndefined();
  });

  it('is not made for what is no lead id of ours', () => {
    expect(links.signReply({ ...send, leadId: 'lead-a' })).toBeUndefined();
  });
});

describe('mail that came in', () => {
  it('is read whatever its encoding: words in headers, charset, quoted-printable, HTML alone', async () => {
    const latin = bytes(
      'Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\nReceived: from a\nReceived: from b\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nIch bin im B=FCro, gr=\nuezi.\n',
    );
    const read = await readMail(latin);
    expect(read).toMatchObject({ subject: 'Grüße', isCut: false });
    expect(read.text).toContain('Ich bin im Büro, gruezi.');
    expect(read.headers.map((it) => it.value)).toEqual(expect.arrayContaining(['from a', 'from b']));
    const html = await readMail(bytes('Content-Type: text/html\n\n<p>Yes, <b>please</b>.</p><blockquote>Hello</blockquote>'));
    expect(html.text).toBe('Yes, please.');
  });

  it('is read as far as half a megabyte of it goes', async () => {
    const head =
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nYes.\n--b\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n';
    const read = await readMail(bytes(`${head}${'QUJD'.repeat(200_000)}\n--b--\n`));
    expect(read).toMatchObject({ isCut: true });
    expect(read.text.trim()).toBe('Yes.');
  });

  it('does not stop at what is no mail', async () => {
    for (const raw of ['', '\n', ':::', 'Content-Type: multipart/mixed; boundary=b\n\n--b', '\u0000\u00ff'.repeat(100)]) {
      expect(await readMail(bytes(raw))).toMatchObject({ isCut: false });
    }
  });

  it('comes from its bucket by a signed request for its first bytes; none is undefined', async () => {
    const asked: { url: string; range: string | null }[] = [];
    const answer = { status: 206 };
    const fetcher = signedFetch({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }, async (url, init) => {
      const headers = new Headers(init?.headers);
      expect(headers.get('authorization')).toMatch(/SignedHeaders=[^,]*range/);
      asked.push({ url: String(url), range: headers.get('range') });
      return new Response(answer.status === 404 ? '' : 'Subject: Hi\r\n\r\nYes.', { status: answer.status });
    });
    const mail = s3ReplyMail(fetcher, 'bucket');
    expect(await mail.read('mail/m1')).toMatchObject({ subject: 'Hi' });
    expect(asked).toEqual([{ url: 'https://bucket.s3.eu-west-1.amazonaws.com/mail/m1', range: `bytes=0-${mostMailBytes}` }]);
    answer.status = 404;
    expect(await mail.read('mail/m2')).toBeUndefined();
    answer.status = 403;
    await expect(mail.read('mail/m3')).rejects.toMatchObject({ name: 'PermanentError' });
  });
});
