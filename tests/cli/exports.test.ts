import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSource } from '#cli/import/source';
import { consentUnits, suppressionUnits, type Unit } from '#cli/import/units';
import { type ExportOptions, toCells } from '#core/exports/format';
import { recogniseConsents, recogniseSuppressions } from '#core/exports/recognise';

const fileTime = '2026-01-01T00:00:00.000Z';
const read = async (file: string, mode: 'suppressions' | 'consents', more: Partial<ExportOptions> = {}) => {
  const source = await openSource(`tests/fixtures/exports/${file}`, { isExport: true, onBytes: () => undefined });
  const units: Unit[] = [];
  let format = '';
  const tell = (name: string) => {
    format = name;
  };
  const options = { types: {}, fileTime, ...more };
  for await (const unit of mode === 'consents' ? consentUnits(source, options, tell) : suppressionUnits(source, options, tell))
    units.push(unit);
  return {
    format,
    items: units.flatMap((it) => ('items' in it ? it.items : [])),
    rejected: units.flatMap((it) => ('rejected' in it ? [[it.line, it.rejected.column]] : [])),
  };
};

describe('suppressions of other tools', () => {
  it('Mailchimp, unsubscribed: with the time each left; a complaint is one; without a time the row is said', async () => {
    expect(await read('mailchimp-unsubscribed.csv', 'suppressions')).toEqual({
      format: 'Mailchimp, unsubscribed',
      items: [
        { email: 'ines.faro@example.com', reason: 'unsubscribed', at: '2024-02-01T17:40:12.000Z' },
        { email: 'Otto.Brandt@Example.com', reason: 'complained', at: '2023-11-20T06:02:41.000Z' },
      ],
      rejected: [[4, 'UNSUB_TIME']],
    });
  });

  it('an audience of Mailchimp may be one topic here: whoever left it keeps the others; a complaint is about all', async () => {
    const { items } = await read('mailchimp-unsubscribed.csv', 'suppressions', { topic: 'tips' });
    expect(items).toMatchObject([{ topic: 'tips' }, { reason: 'complained' }]);
    expect(items[1]).not.toHaveProperty('topic');
  });

  it('Mailchimp, cleaned', async () => {
    const { items } = await read('mailchimp-cleaned.csv', 'suppressions');
    expect(items).toEqual([{ email: 'gone@example.com', reason: 'cleaned', at: '2022-03-04T05:06:07.000Z' }]);
  });

  it('refuses Mailchimp’s list of subscribed people: it says nothing of those who left', async () => {
    await expect(read('mailchimp-subscribed.csv', 'suppressions')).rejects.toThrow('"unsubscribed" and "cleaned"');
  });

  it('HubSpot, contacts: who left everything or bounced; others say nothing; a type of mail must be named first', async () => {
    const { items, rejected } = await read('hubspot-contacts.csv', 'suppressions');
    expect(items).toEqual([
      { email: 'left@example.com', at: fileTime, reason: 'unsubscribed' },
      { email: 'bounced@example.com', at: fileTime, reason: 'bounced' },
    ]);
    expect(rejected).toEqual([[4, 'marketing information']]);
  });

  it.each([
    ['tips', [{ email: 'topic-only@example.com', at: fileTime, reason: 'unsubscribed', topic: 'tips' }]],
    ['all', [{ email: 'topic-only@example.com', at: fileTime, reason: 'unsubscribed' }]],
    ['none', []],
  ])('HubSpot’s type of mail may be %s', async (topic, expected) => {
    const { items, rejected } = await read('hubspot-contacts.csv', 'suppressions', { types: { 'marketing information': topic } });
    expect(items.filter((it) => 'email' in it && it.email === 'topic-only@example.com')).toEqual(expected);
    expect(rejected).toEqual([]);
  });

  it('HubSpot, unsubscribes and bounces', async () => {
    const { format, items } = await read('hubspot-opt-outs.csv', 'suppressions', { types: { 'marketing information': 'tips' } });
    expect(format).toBe('HubSpot, unsubscribes and bounces');
    expect(items).toMatchObject([
      { email: 'left@example.com', reason: 'unsubscribed' },
      { email: 'spam@example.com', reason: 'complained' },
      { email: 'bounced@example.com', reason: 'bounced' },
      { email: 'topic-only@example.com', reason: 'unsubscribed', topic: 'tips' },
    ]);
  });

  it('SES: every page of the file, times of either version of its command line', async () => {
    expect(await read('ses.json', 'suppressions')).toEqual({
      format: 'SES, account suppression list',
      items: [
        { email: 'bounced@example.com', reason: 'bounced', at: '2024-03-05T06:07:08.123Z' },
        { email: 'complained@example.com', reason: 'complained', at: '2024-03-05T06:10:00.500Z' },
        { email: 'second-page@example.com', reason: 'bounced', at: '2024-03-05T23:00:00.000Z' },
      ],
      rejected: [[4, undefined]],
    });
  });

  it('a table of one’s own; a row without a time has that of the file', async () => {
    expect(await read('plain.csv', 'suppressions')).toMatchObject({
      items: [
        { email: 'one@example.com', reason: 'complained', at: '2024-01-02T03:04:05.000Z' },
        { email: 'two@example.com', reason: 'unsubscribed', at: '2024-01-02T00:00:00.000Z', topic: 'tips' },
        { email: 'three@example.com', reason: 'bounced', at: fileTime },
      ],
      rejected: [
        [5, 'reason'],
        [6, 'at'],
      ],
    });
  });

  it('one address a line, the first among them', async () => {
    const { items } = await read('addresses.txt', 'suppressions');
    expect(items).toMatchObject([{ email: 'one@example.com' }, { email: 'two@example.com' }, { email: 'nobody' }]);
  });
});

describe('consents of other tools', () => {
  it('Mailchimp: a double opt-in with both times; one press is a consent; who was added by others has no proof', async () => {
    const { items, rejected } = await read('mailchimp-subscribed.csv', 'consents', { topic: 'tips' });
    expect(items).toEqual([
      {
        email: 'double@example.com',
        'consent-topics': 'tips',
        'consent-at': '2024-05-04 10:20:00',
        'consent-source': 'Mailchimp sign-up form',
        'consent-ip': '192.0.2.20',
        'consent-confirmed-at': '2024-05-04 10:31:30',
        'consent-confirmed-ip': '192.0.2.21',
      },
      expect.objectContaining({ email: 'single@example.com', 'consent-at': '2024-06-01 12:00:00', 'consent-ip': '2001:db8::7' }),
    ]);
    expect(items[1]).not.toHaveProperty('consent-confirmed-at');
    expect(rejected).toEqual([[4, 'OPTIN_TIME']]);
  });

  it('HubSpot: only who agreed by its lawful basis and has not left', async () => {
    const { items, rejected } = await read('hubspot-contacts.csv', 'consents', { topic: 'tips' });
    expect(items).toEqual([
      {
        email: 'rosa@example.com',
        'consent-topics': 'tips',
        'consent-at': '2024-07-08 09:10',
        'consent-source': 'HubSpot: Newsletter: Footer form',
      },
    ]);
    expect(rejected.map(([line]) => line)).toEqual([3, 4, 5, 6]);
  });

  it('a table of one’s own: the proof and nothing else of it', async () => {
    const { items } = await read('plain-consents.csv', 'consents', { topic: 'tips' });
    expect(items[0]).toMatchObject({ 'consent-ip': '192.0.2.30', 'consent-text': 'Yes, send me tips.', 'consent-topics': 'tips' });
    expect(items[0]).not.toHaveProperty('company');
  });

  it.each(['mailchimp-unsubscribed.csv', 'mailchimp-cleaned.csv', 'hubspot-opt-outs.csv'])('are not in %s', async (file) => {
    await expect(read(file, 'consents', { topic: 'tips' })).rejects.toThrow('--suppressions');
  });
});

it('no row of any file makes a format throw, or lets a value into what is said of it', () => {
  const headers = [
    'email',
    'Email Address',
    'UNSUB_TIME',
    'CLEAN_TIME',
    'OPTIN_TIME',
    'LEID',
    'reason',
    'at',
    'Portal Bounce',
    'Record ID',
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...headers), fc.string({ maxLength: 40 })), (row) => {
      const cells = Object.fromEntries(Object.entries(row).map(([header, value]) => [header, `secret ${value}`]));
      for (const recognise of [recogniseSuppressions, recogniseConsents]) {
        const format = recognise(Object.keys(cells));
        if ('problem' in format) continue;
        const result = format.read(toCells(cells), { types: {}, fileTime, topic: 'tips' });
        if ('rejected' in result) expect(JSON.stringify(result.rejected)).not.toContain('secret');
      }
    }),
  );
});
