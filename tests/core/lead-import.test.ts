import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldName, type ImportRow, readImportRow } from '#core/lead-import';

const context = { topics: ['product-tips', 'events'], now: '2026-03-02T09:00:00.000Z', hashIp: (ip: string) => `hash of ${ip.length}` };
const row = (cells: Record<string, string>) => readImportRow({ email: 'kim@example.com', ...cells }, context);
const accepted = (cells: Record<string, string>): ImportRow => {
  const read = row(cells);
  if ('rejected' in read) throw new Error(read.rejected.reason);
  return read;
};
const consent = { 'consent-topics': 'product-tips; events', 'consent-at': '2026-02-01', 'consent-source': 'form' };

describe('a row of a list', () => {
  it('knows a column however it is written', () => {
    expect(['E-Mail', ' First Name ', 'first_name', 'JOB TITLE', 'TimeZone', 'Size (people)'].map(fieldName)).toEqual([
      'email',
      'first-name',
      'first-name',
      'job-title',
      'time-zone',
      'size-people',
    ]);
    expect(fieldName('***')).toBeUndefined();
  });

  it('becomes a lead with typed fields; empty cells say nothing', () => {
    expect(
      accepted({
        'First Name': ' Kim ',
        employees: '1,200',
        country: 'de',
        'time-zone': 'Europe/Berlin',
        company: '',
        phone: '+49 30 555-1000',
      }),
    ).toEqual({
      email: 'kim@example.com',
      fields: { 'first-name': 'Kim', employees: 1200, country: 'DE', 'time-zone': 'Europe/Berlin', phone: '+49 30 555-1000' },
      consents: {},
      warnings: [],
    });
  });

  it('is rejected without an address that mail can go to', () => {
    expect(row({ email: '' })).toEqual({ rejected: { column: 'email', reason: 'there is no e-mail address' } });
    expect(row({ email: 'kim@' })).toEqual({ rejected: { column: 'email', reason: 'this is not an e-mail address' } });
    expect(readImportRow({ name: 'Kim' }, context)).toEqual({ rejected: { column: 'email', reason: 'there is no e-mail address' } });
  });

  it.each([
    ['a formula', { company: '=HYPERLINK("http://x.example")' }, 'company'],
    ['a formula behind a sign', { company: '+cmd|calc' }, 'company'],
    ['a formula behind @', { company: '@SUM(A1)' }, 'company'],
    ['control characters', { company: 'a\u0007b' }, 'company'],
    ['an endless text', { company: 'x'.repeat(201) }, 'company'],
    ['words for a number', { employees: 'about 40' }, 'employees'],
    ['an unknown time zone', { 'time-zone': 'Europe/Nowhere' }, 'time-zone'],
    ['a country in words', { country: 'Germany' }, 'country'],
  ])('leaves out %s, says so, and keeps the lead', (_, cells, column) => {
    const read = accepted(cells as unknown as Record<string, string>);
    expect(read.fields).toEqual({});
    expect(read.warnings).toEqual([{ column, reason: expect.any(String) }]);
  });

  it('stores consent with its proof', () => {
    const proof = { given: true, at: '2026-02-01T00:00:00.000Z', source: 'form' };
    expect(accepted(consent).consents).toEqual({ 'product-tips': proof, events: proof });
  });

  it.each([
    ['without a time', { 'consent-at': '' }],
    ['with a time that is none', { 'consent-at': '1 Feb' }],
    ['with an impossible date', { 'consent-at': '2026-02-31T25:00:00Z' }],
    ['from the future', { 'consent-at': '2031-01-01' }],
    ['without a source', { 'consent-source': '' }],
    ['with a formula for a source', { 'consent-source': '=A1' }],
  ])('stores no consent %s', (_, cells) => {
    const read = accepted({ ...consent, ...cells });
    expect(read.consents).toEqual({});
    expect(read.warnings).toHaveLength(1);
  });

  it('stores the consents it knows, and names the topic it does not', () => {
    const read = accepted({ ...consent, 'consent-topics': 'events; weather' });
    expect(Object.keys(read.consents)).toEqual(['events']);
    expect(read.warnings[0]?.reason).toContain('"weather"');
  });

  it('never throws, and never lets a value into a note', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 60 })), (cells) => {
        const read = readImportRow({ ...cells, email: 'secret.person@example.com', company: '=secret' }, context);
        const notes = 'rejected' in read ? [read.rejected] : read.warnings;
        expect(JSON.stringify(notes)).not.toContain('secret');
      }),
    );
  });
});
