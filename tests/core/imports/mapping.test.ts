import { describe, expect, it } from 'vitest';
import { mapRow } from '#core/imports/map-row';
import { headerTrouble } from '#core/imports/mapping';
import { readTimeAs } from '#core/imports/times';
import { readValue } from '#core/imports/values';
import { aMapping, crm, mappingFrom } from '#tests/helpers/mappings';

const context = { topics: ['tips'], now: '2026-03-23T13:00:00.000Z', hashIp: (ip: string) => `hash of ${ip}` };
const row = {
  'E-Mail': ' Kim@Example.com ',
  'crm id': '0042',
  Changed: '01.03.2026 12:30',
  VORNAME: 'Kim',
  Land: 'deutschland',
  Umsatz: '1.234.567,50 €',
  Kunde: 'nein',
  Seit: '3.4.2019',
  Newsletter: 'Ja',
  Zugestimmt: '2026-02-01',
  Sonst: 'x',
};

describe('a mapping', () => {
  it('reads numbers, yes and no, dates, values and consent as it says, and nothing else', () => {
    expect(mapRow(aMapping(), row, context)).toEqual({
      email: 'kim@example.com',
      externalId: { system: 'crm', id: '0042' },
      at: '2026-03-01T11:30:00.000Z',
      fields: { source: 'crm', 'first-name': 'Kim', country: 'DE', revenue: 1_234_567.5, 'is-customer': false, since: '2019-04-03' },
      defaults: [],
      consents: { tips: { given: true, at: '2026-02-01T00:00:00.000Z', source: 'CRM form' } },
      warnings: [],
    });
  });

  it('leaves out what cannot be read, by line and column and never by value; empty is nothing', () => {
    const read = mapRow(
      aMapping(),
      { ...row, Land: 'Narnia', Umsatz: '12.5', Kunde: 'vielleicht', Seit: '31.2.2019', VORNAME: '', Changed: '1.1.99' },
      context,
    );
    if ('rejected' in read) throw new Error('it is taken');
    expect(read.fields).toEqual({ source: 'crm', country: 'IE' });
    expect(read.defaults).toEqual(['country']);
    expect(read.at).toBeUndefined();
    expect(read.warnings.map((it) => it.column)).toEqual(['Changed', 'Land', 'Umsatz', 'Kunde', 'Seit']);
    expect(JSON.stringify(read.warnings)).not.toMatch(/Narnia|12\.5|vielleicht|31\.2/);
  });

  it('rejects a row that names nobody, one with letters that are not of its encoding, and a formula as a field', () => {
    expect(mapRow(aMapping(), { ...row, 'E-Mail': '', 'crm id': '' }, context)).toMatchObject({ rejected: { column: 'E-Mail' } });
    expect(mapRow(aMapping(), { ...row, 'E-Mail': 'nobody' }, context)).toMatchObject({ rejected: { column: 'E-Mail' } });
    expect(mapRow(aMapping(), { ...row, VORNAME: 'K\uFFFDm' }, context)).toMatchObject({ rejected: { column: 'VORNAME' } });
    expect(mapRow(aMapping(), { ...row, VORNAME: '=1+1' }, context)).toMatchObject({ warnings: [{ column: 'Vorname' }] });
    expect(mapRow(aMapping(), { ...row, 'E-Mail': '' }, context)).toMatchObject({ externalId: { id: '0042' } });
  });

  it('takes no agreement whose proof is not there, and none of who did not agree', () => {
    expect(mapRow(aMapping(), { ...row, Newsletter: 'Nein' }, context)).toMatchObject({ consents: {}, warnings: [] });
    expect(mapRow(aMapping(), { ...row, Zugestimmt: 'gestern' }, context)).toMatchObject({
      consents: {},
      warnings: [{ column: 'Zugestimmt' }],
    });
  });

  it('says which columns a table lacks or has twice, and no word of the table', () => {
    const mapping = aMapping('email: Mail\ncolumns: { Name: first-name, Rest: ignore }');
    expect(headerTrouble(mapping, ['NAME ', 'mail', 'Secret'])).toBeUndefined();
    expect(headerTrouble(mapping, ['kim@example.com', 'Kim'])).toBe(
      'the header has no column "Mail", "Name", which imports/crm.yaml reads',
    );
    expect(headerTrouble(mapping, ['Mail', 'name', 'Name'])).toContain('more than once');
  });
});

describe('the check of a mapping', () => {
  it.each([
    ['columns: { Name: first-name }', 'missing', 1, 1],
    ['email: Mail\ncolums: {}\ncolumns: {}', 'unknown-key', 2, 1],
    ['email: Mail\ncolumns:\n  Name: { field: first-name, reed: number }', 'unknown-key', 3, 30],
    ['email: Mail\ncolumns:\n  Name: { field: n, read: nummer }', 'not-allowed', 3, 27],
    ['email: Mail\ncolumns:\n  Name: First Name', 'not-a-field', 3, 9],
    ['email: Mail\ncolumns:\n  Name: email', 'not-a-field', 3, 9],
    ['email: Mail\ncolumns: { A: city, B: city }', 'duplicate', 2, 24],
    ['email: Mail\ncolumns: { A: city }\nupdate: { citty: ours }', 'unknown-field', 3, 11],
    ['email: Mail\ncolumns: { A: city }\nupdate: { city: newest }', 'no-times', 3, 17],
    ['email: Mail\ncolumns: {}\nupdated-at: { column: U, format: "%d.%m" }', 'not-a-format', 3, 34],
    ['email: Mail\ncolumns: {}\nupdated-at: { column: U, time-zone: Europe/Dubln }', 'unknown-time-zone', 3, 37],
    ['email: Mail\ncolumns: {}\nconsent: { topic: tps, at: U, source: x }', 'unknown-topic', 3, 19],
    ['email: Mail\ncolumns: {}\nconsent: { topic: tips, at: U }', 'missing', 3, 1],
    ['email: Mail\ncolumns: {}\ncountry: Germany', 'not-a-country', 3, 10],
    ['email: Mail\ncolumns: {}\non-new-address: mrge', 'not-allowed', 3, 17],
    ['email: Mail\ncolumns: { A: { field: a, decimal: comma } }', 'of-no-use', 2, 27],
  ])('points at the place of what is wrong: %j', (text, code, line, column) => {
    const { mapping, problems } = mappingFrom(text);
    expect(problems.map((it) => [it.code, it.line, it.column])).toEqual([[code, line, column]]);
    expect(mapping).toBeUndefined();
  });

  it('knows what was meant', () => {
    const hints = [
      'email: M\ncolums: {}\ncolumns: {}',
      'email: M\ncolumns: { A: city }\nupdate: { citty: ours }',
      'email: M\ncolumns: {}\nconsent: { topic: tps, at: U, source: x }',
    ];
    expect(hints.map((it) => mappingFrom(it).problems[0]?.hint)).toEqual([
      'did you mean "columns"?',
      'did you mean "city"?',
      'did you mean "tips"?',
    ]);
    expect(mappingFrom(crm).problems).toEqual([]);
  });

  it('lets the newest win where the source says times, and the source where it does not', () => {
    expect(aMapping('email: M\ncolumns: {}').update).toEqual({ otherwise: 'theirs' });
    expect(aMapping('email: M\nupdated-at: U\ncolumns: {}').update).toEqual({ otherwise: 'newest' });
    expect(aMapping('email: M\ncolumns: {}').list).toBe('crm');
  });
});

describe('a value', () => {
  const rule = { column: 'A', field: 'a', read: 'number', decimal: 'point', yes: [], no: [], otherValues: 'keep' } as const;
  it.each([
    ['1,234.5', 'point', 1234.5],
    ['1.234,5', 'comma', 1234.5],
    ['$ 1,000', 'point', 1000],
    ['−12', 'point', -12],
    ['1’000.25', 'point', 1000.25],
    ['1.5', 'comma', undefined],
    ['1,5', 'point', undefined],
    ['12,34,567', 'point', undefined],
    ['abc', 'point', undefined],
    ['0x10', 'point', undefined],
  ] as const)('%s with a decimal %s', (text, decimal, number) => {
    const read = readValue(text, { ...rule, decimal });
    expect(read && 'value' in read ? read.value : undefined).toBe(number);
  });
});

describe('a time', () => {
  it.each([
    ['3/4/2026 1:05 PM', 'M/D/YYYY h:mm A', 'America/New_York', '2026-03-04T18:05:00.000Z'],
    ['12.07.2026 00:00', 'DD.MM.YYYY HH:mm', 'Europe/Berlin', '2026-07-11T22:00:00.000Z'],
    ['2026-03-14 09:30', undefined, 'Europe/Berlin', '2026-03-14T08:30:00.000Z'],
    ['2026-03-14T09:30:00Z', undefined, 'Europe/Berlin', '2026-03-14T09:30:00.000Z'],
    ['13/13/2026 1:05 PM', 'M/D/YYYY h:mm A', 'UTC', undefined],
    ['29.02.2025', 'DD.MM.YYYY', 'UTC', undefined],
    ['1.2.2026', 'DD.MM.YYYY', 'UTC', undefined],
  ])('%s as %s in %s', (text, format, zone, at) => {
    expect(readTimeAs(text, format, zone)).toBe(at);
  });
});
