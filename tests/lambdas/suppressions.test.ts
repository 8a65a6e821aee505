import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { permissionFor } from '#core/consent';
import { testKeys } from '#local/settings';
import { aWorld, start } from '#tests/helpers/world';

type World = Awaited<ReturnType<typeof aWorld>>;

const post = async (world: World, body: unknown, key = testKeys.api.local) => {
  const answer = await world.app.request('/suppressions', {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
  });
  return { status: answer.status, body: (await answer.json().catch(() => undefined)) as Record<string, unknown> };
};
const one = (item: object) => ({ source: 'old tool', suppressions: [{ email: 'kim@example.com', reason: 'unsubscribed', ...item }] });
const earlier = '2026-03-20T08:00:00.000Z';

describe('POST /suppressions', () => {
  it.each([
    ['unsubscribed', undefined, 'GLOBAL'],
    ['complained', undefined, 'GLOBAL'],
    ['other', undefined, 'GLOBAL'],
    ['unsubscribed', 'tips', 'TOPIC#tips'],
    ['complained', 'tips', 'TOPIC#tips'],
    ['bounced', undefined, 'ADDRESS'],
    ['cleaned', 'tips', 'ADDRESS'],
  ] as const)('keeps %s with topic %s as %s, for a stranger too, and nothing personal', async (reason, topic, scope) => {
    const world = await aWorld();
    const email = ' Stranger@Example.com ';
    const item = { email, reason, at: '2026-03-20T09:00:00+01:00', ...(topic && { topic }) };
    expect(await post(world, { source: 'old tool', suppressions: [item] })).toEqual({
      status: 202,
      body: { accepted: 1, rejected: [], settled: true },
    });
    const id = world.ports.ids.leadId('stranger@example.com');
    const expected = scope === 'ADDRESS' ? `ADDRESS#${id}` : scope;
    const kept = await world.ports.suppressions.ofLead(id);
    expect(kept).toEqual([{ scope: expected, reason, at: earlier }]);
    expect(await world.ports.leads.find(id)).toBeUndefined();
    expect(JSON.stringify(kept) + world.lines.join('')).not.toMatch(/stranger/i);
  });

  it.each([
    ['without a time', {}],
    ['from another time zone, ahead of ours', { at: '2026-03-23T22:00:00Z' }],
  ])('holds from now on when it comes %s', async (_, more) => {
    const world = await aWorld();
    await post(world, one(more));
    expect(await world.ports.suppressions.ofLead(world.leadId)).toMatchObject([{ at: start }]);
  });

  it('ends what runs for a lead: before its next mail, with the consent withdrawn and put on record', async () => {
    const world = await aWorld();
    await world.did('trial.started');
    expect(world.sent()).toEqual(['welcome']);
    await post(world, one({ at: start }));
    const lead = await world.ports.leads.find(world.leadId);
    expect(lead?.consents.tips).toEqual({ given: false, at: start, source: 'old tool' });
    expect(await world.ports.consents.ofLead(world.leadId)).toEqual([{ topic: 'tips', given: false, at: start, source: 'old tool' }]);
    await world.advance('30 days');
    expect(world.sent()).toEqual(['welcome']);
    expect((await world.run())?.stop?.reason).toBe('suppressed');
  });

  it('leaves an agreement alone that is newer than the opt-out, and one that a bounce is not about', async () => {
    const world = await aWorld();
    await post(world, one({ at: earlier, topic: 'tips' }));
    await post(world, one({ reason: 'bounced' }));
    expect((await world.ports.leads.find(world.leadId))?.consents.tips).toMatchObject({ given: true });
  });

  it('suppresses the address that bounced, not another one of the same person', async () => {
    const world = await aWorld();
    await post(world, one({ reason: 'bounced' }));
    const [lead, suppressions] = await Promise.all([world.ports.leads.find(world.leadId), world.ports.suppressions.ofLead(world.leadId)]);
    if (!lead) throw new Error('the lead is gone');
    const { brand } = await world.ports.config.live().then((it) => it);
    const asked = { topic: 'tips', lawfulBasis: 'consent' as const };
    expect(permissionFor(lead, suppressions, asked, brand)).toMatchObject({ may: false, because: 'suppressed' });
    expect(permissionFor({ ...lead, addressId: 'another' }, suppressions, asked, brand)).toEqual({ may: true });
  });

  it('says what is wrong with which item, and takes the others', async () => {
    const world = await aWorld();
    const good = { email: 'a@example.com', reason: 'unsubscribed' };
    const wrong = [
      { ...good, email: 'secret person' },
      { ...good, reason: 'mood' },
      { ...good, at: '3 May' },
      { ...good, topic: 'weather' },
      { ...good, secret: 'x' },
      { reason: 'bounced' },
      'secret@example.com',
      null,
    ];
    const { status, body } = await post(world, { source: 'old tool', suppressions: [...wrong, good] });
    expect(status).toBe(207);
    expect(body).toMatchObject({ accepted: 1, settled: false });
    const rejected = body.rejected as { index: number; column?: string }[];
    expect(rejected.map((it) => it.column)).toEqual(['email', 'reason', 'at', 'topic', undefined, 'email', undefined, undefined]);
    expect(rejected.map((it) => it.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(JSON.stringify(rejected)).not.toContain('secret');
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['no items', { source: 'x', suppressions: [] }],
    ['no source', { suppressions: [{}] }],
    ['too many', { source: 'x', suppressions: Array.from({ length: 501 }, () => ({})) }],
    ['both ways', { declined: 'none', source: 'x', suppressions: [{}] }],
    ['a decline without a reason', { declined: '  ' }],
  ])('refuses a body with %s, and settles nothing', async (_, body) => {
    const world = await aWorld();
    const answer = await post(world, body);
    expect([answer.status, typeof answer.body.error]).toEqual([400, 'string']);
    expect((await world.ports.line.state()).suppressions).toBeUndefined();
  });

  it('is closed without the key', async () => {
    const world = await aWorld();
    expect((await post(world, { declined: 'nothing there' }, 'wrong')).status).toBe(401);
    expect((await world.ports.line.state()).suppressions).toBeUndefined();
  });

  it('the same again changes nothing, and tells again what a crash may have left untold', async () => {
    const world = await aWorld();
    const body = one({ at: start });
    await post(world, body);
    const rows = async () =>
      JSON.stringify([
        await world.ports.suppressions.ofLead(world.leadId),
        await world.ports.consents.ofLead(world.leadId),
        await world.ports.leads.find(world.leadId),
      ]);
    const first = await rows();
    expect((await post(world, body)).status).toBe(202);
    expect(await rows()).toBe(first);
    expect(world.queues.messagesIn('wake')).toHaveLength(2);
  });
});

describe('settling', () => {
  const settled = async (...bodies: readonly unknown[]) => {
    const world = await aWorld();
    for (const body of bodies) await post(world, body);
    return (await world.ports.line.state()).suppressions;
  };

  it('by an import that lost nobody', async () => {
    expect(await settled(one({}))).toEqual({ how: 'imported', at: start, note: 'old tool' });
  });

  it('not while more is to come; then by saying that all is in', async () => {
    expect(await settled({ ...one({}), more: true })).toBeUndefined();
    expect(await settled({ ...one({}), more: true }, { completed: '1 from old tool' })).toMatchObject({
      how: 'imported',
      note: '1 from old tool',
    });
  });

  it('not when somebody who must get no mail may have been refused; what is no address can be no lead’s', async () => {
    const good = { email: 'a@example.com', reason: 'unsubscribed' };
    expect(await settled({ source: 'x', suppressions: [good, { ...good, topic: 'weather' }] })).toBeUndefined();
    expect(await settled({ source: 'x', suppressions: [good, { ...good, email: 'n/a' }] })).toMatchObject({ how: 'imported' });
    expect(await settled({ source: 'x', suppressions: [{ ...good, email: 'n/a' }] })).toBeUndefined();
  });

  it('by saying why there is nothing to bring', async () => {
    expect(await settled({ declined: 'our first tool' })).toEqual({ how: 'declined', at: start, note: 'our first tool' });
  });
});

it('no body makes it fail, and none leaves anything in a log that tells who it was about', async () => {
  const world = await aWorld();
  const word = fc.constantFrom(
    'kim@example.com',
    'who@example.com',
    'unsubscribed',
    'bounced',
    'tips',
    start,
    '',
    'x'.repeat(400),
    '__proto__',
  );
  const value = fc.oneof(word, fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(word, { maxLength: 3 }));
  const item = fc.oneof(
    value,
    fc.record({ email: value, reason: value, at: value, topic: value }, { requiredKeys: [] }),
    fc.record({ email: word, reason: fc.constantFrom('unsubscribed', 'cleaned'), topic: fc.constantFrom('tips', 'constructor') }),
  );
  const body = fc.oneof(
    fc.json(),
    fc.record({ source: value, suppressions: fc.array(item, { maxLength: 5 }), more: fc.boolean() }, { requiredKeys: ['suppressions'] }),
    fc.record({ declined: value }),
    fc.record({ completed: value }),
  );
  await fc.assert(
    fc.asyncProperty(body, async (it) => {
      const { status, body: said } = await post(world, it);
      expect([202, 207, 400]).toContain(status);
      expect(said).toBeTypeOf('object');
    }),
    { numRuns: 300 },
  );
  expect(world.lines.length).toBeGreaterThan(0);
  expect(world.lines.join('\n')).not.toMatch(/example\.com/);
});
