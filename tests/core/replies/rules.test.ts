import { describe, expect, it } from 'vitest';
import { BrandShape, readBrand } from '#core/brand-schema';
import { failedCheck, tokensIn, writerOf } from '#core/replies/received';
import { renderReplyNotice } from '#core/replies/reply-notice';
import { aLead, now } from '#tests/helpers/builders';

const brand = (replies: object | undefined, replyTo: string) => ({
  company: 'Lintel',
  'postal-address': '14 Mill Row, Galway',
  sender: { name: 'Maeve', address: 'maeve@mail.lintel.example', 'reply-to': replyTo },
  links: 'https://go.lintel.example',
  'time-zone': 'Europe/Dublin',
  topics: { tips: { label: 'Tips', consent: 'opt-in' } },
  ...(replies && { replies }),
});
const at = 'reply.lintel.example';
const read = (replies: object | undefined, replyTo = 'maeve@lintel.example') => {
  const codes: string[] = [];
  const { replies: rules } = readBrand(BrandShape.parse(brand(replies, replyTo)), (path, { code }) =>
    codes.push(`${path.join('.')} ${code}`),
  );
  return { rules, codes };
};

describe('replies in brand.yaml', () => {
  it('say where answers come to and who reads them; without them nothing changes', () => {
    expect(read({ at, 'forward-to': 'team@lintel.example' })).toEqual({ rules: { at, forwardTo: 'team@lintel.example' }, codes: [] });
    expect(read({ at })).toEqual({ rules: { at }, codes: [] });
    expect(read(undefined)).toEqual({ rules: undefined, codes: [] });
  });

  it('must not lead what people are told back in', () => {
    expect(read({ at, 'forward-to': `team@${at}` }).codes).toEqual(['replies.forward-to replies-loop']);
    expect(read({ at }, `Maeve@${at}`).codes).toEqual(['sender.reply-to replies-loop']);
  });

  it.each([{ at: 'not a host' }, { at: 'Reply.Example.com' }, { at, to: 'x@example.com' }, {}])(
    'are refused when they are %j',
    (replies) => {
      expect(BrandShape.safeParse(brand(replies, 'maeve@lintel.example')).success).toBe(false);
    },
  );
});

describe('the headers of a mail that came in', () => {
  it('count as the last server wrote them, whatever the sender wrote below', () => {
    const verdicts = (...values: readonly string[]) => values.map((value) => ({ name: 'x-ses-spam-verdict', value }));
    expect(failedCheck(verdicts('FAIL', 'PASS'))).toBe('spam');
    expect(failedCheck(verdicts('PASS', 'FAIL'))).toBeUndefined();
    expect(failedCheck([{ name: 'x-ses-virus-verdict', value: 'FAIL' }])).toBe('virus');
    expect(failedCheck([])).toBeUndefined();
  });

  it.each([
    ['Kim <Kim@Example.com>', 'kim@example.com'],
    ['"Berg, Kim <x@y.example>" <kim@example.com>', 'kim@example.com'],
    ['kim@example.com', 'kim@example.com'],
    ['nobody', undefined],
    ['', undefined],
  ])('say who wrote: %s', (value, email) => {
    expect(writerOf([{ name: 'from', value }]).email).toBe(email);
  });

  it('hold our address in whatever of them names a receiver', () => {
    const token = 'a'.repeat(52);
    for (const name of ['to', 'cc', 'delivered-to', 'received']) {
      expect(tokensIn([{ name, value: `for <reply+${token.toUpperCase()}@reply.example.com>; Mon` }])).toEqual([token]);
    }
    expect(tokensIn([{ name: 'subject', value: `reply+${token}@reply.example.com` }])).toEqual([]);
  });
});

describe('the notice of an answer', () => {
  const notice = { kind: 'replied', leadId: 'lead-a', at: now, mail: 'mail/m-1', sequence: 'nurture', step: 'welcome' } as const;
  const parts = { notice, brand: { company: 'Lintel' }, lead: aLead(), received: { subject: 'Re: Hello', text: 'Yes <b>\n\n> Hello' } };

  it('holds who wrote what, and the words as words', () => {
    const { subject, text, html } = renderReplyNotice(parts);
    expect(subject).toBe('Kim answered');
    expect(text).toContain('Yes <b>\n');
    expect(text).not.toContain('> Hello');
    expect(html).toContain('Yes &lt;b&gt;');
  });

  it('says nothing of somebody who was erased since, and says when the answer cannot be read', () => {
    const erased = renderReplyNotice({ ...parts, lead: undefined });
    expect(erased.text).not.toMatch(/Yes|Kim|Re: Hello/);
    expect(renderReplyNotice({ ...parts, received: undefined }).text).toContain('can no longer be read');
  });

  it('keeps header lines whole, and stays short', () => {
    const lead = aLead({ fields: { 'first-name': 'Kim\r\nBcc: x@example.com', company: 'C'.repeat(500) } });
    const { subject, text } = renderReplyNotice({ ...parts, lead, received: { subject: 'a\nb', text: 'x\n'.repeat(5000) } });
    expect(subject).not.toMatch(/[\r\n]/);
    expect(subject.length).toBeLessThanOrEqual(200);
    expect(text.length).toBeLessThan(8000);
  });
});
