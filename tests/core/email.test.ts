import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { liquidTemplates } from '#adapters/email/liquid';
import { type Brand, brandDefaults } from '#core/config';
import { composeEmail, mergeData, oneLine } from '#core/email';
import type { Lead } from '#core/lead';
import type { CompiledEmail } from '#core/sequences/model';

const brand: Brand = {
  company: 'Lintel & Söhne',
  postalAddress: '14 Mill Row, Galway',
  sender: { name: 'Maeve', address: 'maeve@mail.lintel.example', replyTo: 'maeve@lintel.example' },
  links: 'https://go.lintel.example',
  locale: 'en',
  timeZone: 'Europe/Dublin',
  ...brandDefaults,
  topics: {},
};
const leadWith = (fields: Lead['fields']): Lead => ({
  leadId: 'abcdefghijklmnopqrstuvwxyz',
  email: 'kim@example.com',
  fields,
  stage: 'lead',
  createdAt: '2026-03-01T00:00:00.000Z',
  consents: {},
  active: {},
  handoffs: 0,
});
const content: CompiledEmail = {
  subject: "{{ lead.first-name | default: 'Hello' }}, it is ready",
  preheader: '',
  html: '<p>{{ lead.company | default: "you" }}</p><a href="{{ unsubscribe-url }}">leave</a>',
  text: "Hi {{ lead.first-name | default: 'there' }}\n\n{% if lead.company %}\n\nAt {{ lead.company }}\n\n{% endif %}\n\n-- \n{{ brand.postal-address }}\n{{ unsubscribe-url }}\n",
};
const compose = (fields: Lead['fields'], changed: Partial<CompiledEmail> = {}) => {
  const lead = leadWith(fields);
  return composeEmail({
    content: { ...content, ...changed },
    brand,
    lead,
    sequence: 'trial-nurture',
    key: { leadId: lead.leadId, enrolmentId: 'zyxwvutsrqponmlkjihgfedcba', step: 'welcome', round: 1 },
    topic: 't',
    links: { unsubscribe: 'https://go.lintel.example/u/abc.def', preferences: 'https://go.lintel.example/p/abc.def' },
    templates: liquidTemplates(),
  });
};

describe('composing an e-mail', () => {
  it('fills in halves of characters too, which a broken import leaves behind', () => {
    const data = mergeData({
      brand,
      lead: leadWith({ 'first-name': 'Kim\ud800', employees: 12 }),
      sequence: 's',
      topic: 't',
      links: { unsubscribe: 'https://x', preferences: 'https://x' },
    });
    expect(liquidTemplates().fill('{{ lead.first-name | url_encode }} {{ lead.employees }}', data, 'html')).toBe('Kim%EF%BF%BD 12');
  });

  it('fills subject, html and text for one lead', () => {
    const mail = compose({ 'first-name': 'Kim', company: 'Hart & Co' });
    expect(mail.subject).toBe('Kim, it is ready');
    expect(mail.html).toBe('<p>Hart &amp; Co</p><a href="https://go.lintel.example/u/abc.def">leave</a>');
    expect(mail.text).toBe('Hi Kim\n\nAt Hart & Co\n\n--\n14 Mill Row, Galway\nhttps://go.lintel.example/u/abc.def\n');
  });

  it('leaves no gap in the text where a condition does not hold', () => {
    expect(compose({}).text).toBe('Hi there\n\n--\n14 Mill Row, Galway\nhttps://go.lintel.example/u/abc.def\n');
  });

  it('can be unsubscribed from with one press', () => {
    expect(compose({}).headers).toEqual([
      { name: 'List-Unsubscribe', value: '<https://go.lintel.example/u/abc.def>' },
      { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
    ]);
  });

  it('is tagged with ids that SES takes', () => {
    const { tags } = compose({});
    expect(tags).toEqual({
      lead: 'abcdefghijklmnopqrstuvwxyz',
      sequence: 'trial-nurture',
      enrolment: 'zyxwvutsrqponmlkjihgfedcba',
      step: 'welcome',
      round: '1',
      address: 'abcdefghijklmnopqrstuvwxyz',
      'ses:feedback-id-a': 'trial-nurture',
      'ses:feedback-id-b': 'welcome',
    });
    for (const [name, value] of Object.entries(tags))
      expect(`${name}=${value}`).toMatch(/^(?:ses:feedback-id-[ab]|[A-Za-z0-9_-]+)=[A-Za-z0-9_-]+$/);
  });

  it('comes from the brand, unless the e-mail has a sender of its own', () => {
    expect(compose({})).toMatchObject({ from: { name: 'Maeve', address: 'maeve@mail.lintel.example' }, replyTo: 'maeve@lintel.example' });
    const own = compose({}, { sender: { name: 'Owen\r\nBcc: x@y.example', address: 'owen@lintel.example' } });
    expect(own.from).toEqual({ name: 'Owen Bcc: x@y.example', address: 'owen@lintel.example' });
    expect(own).not.toHaveProperty('replyTo');
  });

  it('keeps the address a lead has, whatever field of that name was imported', () => {
    expect(
      mergeData({
        brand,
        lead: leadWith({ email: 'other@example.com' }),
        sequence: 's',
        topic: 't',
        links: { unsubscribe: 'https://x', preferences: 'https://x' },
      }).lead.email,
    ).toBe('kim@example.com');
  });

  it('fails for good, without quoting values, when a template needs what is not there', () => {
    expect(() => compose({ 'first-name': 'Secretname' }, { html: '{{ lead.first-name }}{{ lead.shoe-size }}' })).toThrow(
      expect.objectContaining({ name: 'PermanentError', message: expect.stringContaining('lead.shoe-size') }),
    );
    expect(() => compose({ 'first-name': 'Secretname' }, { html: '{{ lead.first-name }}{{ lead.shoe-size }}' })).not.toThrow(/Secretname/);
  });

  it('never lets a field end a header line or turn the writing round', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', '\r\nBcc: x@y.example', '\u2028', '\u0000', '\u202e'),
        (start, attack) => {
          const { subject } = compose({ 'first-name': `${start}${attack}x` });
          expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
          expect(subject.endsWith('x, it is ready')).toBe(true);
        },
      ),
    );
  });

  it('is one line already when nothing is wrong with it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zäöü€]( ?[a-zäöü€])*$/), (text) => {
        expect(oneLine(text)).toBe(text);
      }),
    );
  });
});
