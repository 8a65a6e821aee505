import { describe, expect, it } from 'vitest';
import { importLeads, type SourceRow } from '#lambdas/api/import-leads';
import { testKeys } from '#local/settings';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { aWorld, start } from '#tests/helpers/world';

async function* rowsOf(rows: readonly SourceRow[]): AsyncGenerator<SourceRow> {
  yield* rows;
}
const agreed = { 'consent-topics': 'tips', 'consent-at': '2026-03-22T10:00:00Z', 'consent-source': 'fair' };
const row = (cells: Record<string, string>): SourceRow => ({ line: 2, cells: { email: 'new@example.com', ...agreed, ...cells } });
const brand = (more: object) => ({ ...liveConfig, brand: { ...liveConfig.brand, ...more } });
const doubleTopic = brand({ topics: { tips: { label: 'Tips', consent: 'double-opt-in' } } });
const germany = brand({ consent: { doubleOptIn: ['DE'], confirmWithinSeconds: 7 * 86_400 } });

const imported = async (live: typeof liveConfig, ...cells: Record<string, string>[]) => {
  const world = await aWorld({ live });
  const id = world.ports.ids.leadId('new@example.com');
  let report = await importLeads(world.ports)(rowsOf([row(cells[0] ?? {})]), { list: 'spring' });
  for (const more of cells.slice(1)) report = await importLeads(world.ports)(rowsOf([row(more)]), { list: 'spring' });
  const asked = world.queues.messagesIn('enrol').map((it) => JSON.parse(it.body) as { sequence: string; trigger: string });
  return { world, id, report, asked, lead: await world.ports.leads.find(id), ledger: await world.ports.consents.ofLead(id) };
};

describe('the proof of an imported consent', () => {
  const proof = {
    'consent-ip': '192.0.2.7',
    'consent-text': 'Yes,  send me tips.',
    'consent-confirmed-at': '2026-03-22T10:05:00Z',
    'consent-confirmed-ip': '2001:DB8::7',
  };

  it('is in the ledger and the profile, with IP addresses as hashes only', async () => {
    const { lead, ledger, world } = await imported(liveConfig, proof);
    const consent = {
      given: true,
      at: '2026-03-22T10:00:00.000Z',
      source: 'fair',
      proof: {
        ipHash: world.ports.ids.ipHash('192.0.2.7'),
        text: 'Yes, send me tips.',
        textVersion: expect.stringMatching(/^[0-9a-f]{12}$/),
      },
      confirmed: { at: '2026-03-22T10:05:00.000Z', ipHash: world.ports.ids.ipHash('2001:db8::7') },
    };
    expect(lead?.consents.tips).toEqual(consent);
    expect(ledger).toEqual([{ topic: 'tips', ...consent }]);
    expect(JSON.stringify([lead, ledger]) + world.lines.join('')).not.toMatch(/192\.0\.2|2001:db8/i);
  });

  it('is written once, and never over what is on record', async () => {
    const { ledger } = await imported(liveConfig, {}, {}, { 'consent-source': 'another list' });
    expect(ledger).toMatchObject([{ source: 'fair' }]);
  });

  it.each([
    ['an IP address that is none', { 'consent-ip': 'my house' }, 'consent-ip'],
    ['a confirmation before the consent', { 'consent-confirmed-at': '2026-03-21' }, 'consent-confirmed-at'],
    ['a confirmation in the future', { 'consent-confirmed-at': '2026-04-21' }, 'consent-confirmed-at'],
    ['a confirmation that is no time', { 'consent-confirmed-at': 'yes' }, 'consent-confirmed-at'],
  ])('leaves out %s, says so, and keeps the consent as unconfirmed', async (_, cells, column) => {
    const { report, lead } = await imported(liveConfig, cells as unknown as Record<string, string>);
    expect(report.warnings).toEqual([{ line: 2, column, reason: expect.any(String) }]);
    expect(lead?.consents.tips).toEqual({ given: true, at: '2026-03-22T10:00:00.000Z', source: 'fair' });
  });

  it('keeps of an endless text its version', async () => {
    const { lead } = await imported(liveConfig, { 'consent-text': 'x'.repeat(2001) });
    expect(lead?.consents.tips?.proof).toEqual({ textVersion: expect.any(String) });
  });
});

describe('asking to confirm', () => {
  it('asks for each consent that needs it, under a trigger that makes a repeat the same', async () => {
    const { asked, report } = await imported(doubleTopic, {}, {});
    const expected = { sequence: 'confirm_tips', trigger: 'consent:tips:2026-03-22T10:00:00.000Z' };
    expect(asked).toEqual([expect.objectContaining(expected), expect.objectContaining(expected)]);
    expect(report).toMatchObject({ askedToConfirm: 1, tooOldToConfirm: 0 });
  });

  it.each([
    ['one that was confirmed elsewhere', doubleTopic, { 'consent-confirmed-at': '2026-03-22T11:00:00Z' }],
    ['one whose country needs none', germany, { country: 'FR' }],
    ['one that no rule is about', liveConfig, { country: 'DE' }],
  ])('does not ask about %s', async (_, live, cells) => {
    const { asked, report } = await imported(live, cells as unknown as Record<string, string>);
    expect([asked, report.askedToConfirm, report.tooOldToConfirm]).toEqual([[], 0, 0]);
  });

  it('asks by the country of the row, or of the profile when the row has none', async () => {
    expect((await imported(germany, { country: 'DE' })).asked).toHaveLength(1);
    expect((await imported(germany, {})).asked).toHaveLength(0);
    expect((await imported(germany, { country: 'DE' }, {})).asked).toHaveLength(2);
  });

  it('counts those that are too old to be asked', async () => {
    const { asked, report } = await imported(doubleTopic, { 'consent-at': '2026-03-16T12:59:59Z' });
    expect([asked, report.tooOldToConfirm]).toEqual([[], 1]);
    expect((await imported(doubleTopic, { 'consent-at': '2026-03-16T13:00:00Z' })).asked).toHaveLength(1);
  });
});

it('POST /leads with "consents: required" stores no lead without a consent that has its proof', async () => {
  const world = await aWorld();
  const answer = await world.app.request('/leads', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${testKeys.api.local}` },
    body: JSON.stringify({
      list: 'consents-tips',
      consents: 'required',
      leads: [
        { email: 'good@example.com', ...agreed, 'consent-at': start },
        { email: 'no-time@example.com', ...agreed, 'consent-at': '' },
        { email: 'no-topic@example.com', ...agreed, 'consent-topics': 'weather' },
        { email: 'nothing@example.com' },
      ],
    }),
  });
  expect(answer.status).toBe(207);
  expect(await answer.json()).toMatchObject({
    created: 1,
    rejected: [
      { index: 1, column: 'consent-at' },
      { index: 2, column: 'consent-topics' },
      { index: 3, column: 'consent-topics' },
    ],
  });
  expect(await world.ports.leads.find(world.ports.ids.leadId('no-time@example.com'))).toBeUndefined();
});
