import { describe, expect, it } from 'vitest';
import { testKeys } from '#local/settings';
import { aWorld, start } from '#tests/helpers/world';

const authorization = `Bearer ${testKeys.api.local}`;
const ask = async (path: string, body: unknown, headers: Record<string, string> = { authorization }) => {
  const world = await aWorld();
  const answer = await world.app.request(path, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { world, status: answer.status, body: (await answer.json().catch(() => undefined)) as Record<string, unknown> };
};
const agreed = { 'consent-topics': 'tips', 'consent-at': '2026-02-01', 'consent-source': 'form' };

describe('POST /leads', () => {
  it('takes leads in, each with the columns of a list', async () => {
    const { status, body, world } = await ask('/leads', {
      list: 'spring',
      leads: [{ email: 'a@example.com', 'First Name': 'Ana', employees: 40, ...agreed }],
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({ list: 'spring', created: 1, updated: 0, unchanged: 0, rejected: [], warnings: [] });
    const lead = await world.ports.leads.find(world.ports.ids.leadId('a@example.com'));
    expect(lead).toMatchObject({ fields: { 'first-name': 'Ana', employees: 40 }, consents: { tips: { given: true } } });
  });

  it('says which item is wrong and loses no other', async () => {
    const { status, body } = await ask('/leads', { list: 'spring', leads: [{ email: 'nobody' }, { email: 'a@example.com', ...agreed }] });
    expect(status).toBe(207);
    expect(body).toMatchObject({ created: 1, rejected: [{ index: 0, column: 'email', reason: 'this is not an e-mail address' }] });
  });
});

describe('POST /events', () => {
  const event = { id: 'e-1', name: 'project.created', at: start };

  it('queues each event under the lead’s id, never the address', async () => {
    const { status, body, world } = await ask('/events', {
      events: [
        { ...event, email: ' Kim@Example.com ' },
        { ...event, id: 'e-2', 'lead-id': 'lead-2', name: 'visited', path: '/pricing', at: '2026-03-23T14:00:00+01:00' },
      ],
    });
    expect([status, body]).toEqual([202, { accepted: 2, rejected: [] }]);
    const queued = world.queues.messagesIn('events').map((it) => it.body);
    expect(queued.join('')).not.toContain('example.com');
    expect(queued.map((it) => JSON.parse(it))).toMatchObject([
      { source: 'own', eventId: 'local:e-1', leadId: world.leadId, name: 'project.created' },
      { eventId: 'local:e-2', leadId: 'lead-2', path: '/pricing', at: '2026-03-23T13:00:00.000Z' },
    ]);
  });

  it.each<[string, object]>([
    ['without a lead', event],
    ['with two ways to name the lead', { ...event, email: 'a@example.com', 'lead-id': 'x' }],
    ['with an address that is none', { ...event, email: 'nobody' }],
    ['from the future', { ...event, email: 'a@example.com', at: '2027-01-01T00:00:00Z' }],
    ['with a name that is none', { ...event, email: 'a@example.com', name: 'Not A Name' }],
    ['with a member that nobody knows', { ...event, email: 'a@example.com', colour: 'red' }],
  ])('refuses one %s, and takes the rest', async (_, wrong) => {
    const good = { ...event, id: 'e-9', email: 'b@example.com' };
    const { status, body, world } = await ask('/events', { events: [wrong, good] });
    expect(status).toBe(207);
    expect(body).toMatchObject({ accepted: 1, rejected: [{ index: 0 }] });
    expect(world.queues.messagesIn('events')).toHaveLength(1);
  });
});

describe('both', () => {
  it.each([
    ['no key', {}, 401],
    ['a wrong key', { authorization: 'Bearer wrong' }, 401],
  ] as const)('are closed with %s', async (_, headers, expected) => {
    const { status, world } = await ask('/events', { events: [{}] }, headers);
    expect(status).toBe(expected);
    expect(world.queues.messagesIn('events')).toEqual([]);
  });

  it.each([
    ['no JSON', 'nonsense', 400],
    ['no items', { events: [] }, 400],
    ['too many items', { events: Array.from({ length: 501 }, () => ({})) }, 400],
    ['too much', JSON.stringify({ events: ['x'.repeat(1_100_000)] }), 413],
    ['nothing that is right', { events: [{}] }, 400],
  ] as const)('answer %s with the reason', async (_, body, expected) => {
    const { status, body: said } = await ask('/events', body);
    expect(status).toBe(expected);
    expect(JSON.stringify(said)).toMatch(/error|reason/);
  });

  it('log ids and counts only', async () => {
    const { world } = await ask('/events', { events: [{ id: 'e-1', name: 'visited', path: '/x', at: start, email: 'kim@example.com' }] });
    expect(world.lines.join('')).not.toContain('kim@example.com');
  });
});
