import { beforeAll, describe, expect, it } from 'vitest';
import type { OperationsView } from '#core/console/views';
import { consoleFor } from '#tests/helpers/console-app';
import { aWorld, start } from '#tests/helpers/world';

type Console = Awaited<ReturnType<typeof consoleFor>>;
let world: Awaited<ReturnType<typeof aWorld>>;
let ana: Console;
let operations: OperationsView;

/** Ana of marketing does all that can be done by hand, one after the other. */
beforeAll(async () => {
  world = await aWorld({ hasConsole: true });
  ana = await consoleFor(world.ports, { groups: ['marketing'] });
  await world.did('trial.started');
  // Nobody can read it: it lies dead after an hour.
  world.queues.sendMessage('wake', '{}');
  await world.advance('2 hours');
  const acts: readonly (readonly [string, object])[] = [
    ['/sequences/nurture/pause', { why: 'the offer is over' }],
    [`/leads/${world.leadId}/pause`, { days: 3 }],
    [`/leads/${world.leadId}/resume`, {}],
    [`/leads/${world.leadId}/exit`, { sequence: 'nurture' }],
    ['/operations/redrive', { queue: 'wake' }],
    [`/leads/${world.leadId}/erase`, { email: world.email }],
  ];
  for (const [path, body] of acts) {
    const answer = await ana.post(path, body);
    expect(`${path} ${answer.status}`).toBe(`${path} 200`);
    await world.advance('1 minute');
  }
  operations = await ana.json<OperationsView>('/operations');
});

describe('what somebody did in the console', () => {
  it('stands on record with their name, the latest first, and survives whom it was done to', async () => {
    expect(operations.acts.map(({ who, act, what, leadId }) => [who, act, what ?? '', leadId === world.leadId])).toEqual([
      ['Ana', 'erase-lead', '', true],
      ['Ana', 'redrive', 'wake', false],
      ['Ana', 'exit-lead', 'nurture', true],
      ['Ana', 'resume-lead', '', true],
      ['Ana', 'pause-lead', '3 days', true],
      ['Ana', 'pause-sequence', 'nurture', false],
    ]);
    expect(operations.acts.at(-1)?.at.slice(0, 10)).toBe(start.slice(0, 10));
    await world.advance('2 hours');
    expect(await world.ports.leads.find(world.leadId)).toBeUndefined();
    expect((await ana.json<OperationsView>('/operations')).acts).toHaveLength(6);
  });

  it('is said of a pause, for as long as it stands', async () => {
    expect(operations.pauses).toMatchObject([{ what: 'nurture', who: 'Ana', why: 'the offer is over', byItself: false }]);
    await ana.post('/operations/resume', { what: 'nurture' });
    const after = await ana.json<OperationsView>('/operations');
    expect(after.pauses).toEqual([]);
    expect(after.acts[0]).toMatchObject({ who: 'Ana', act: 'resume-sequence', what: 'nurture' });
  });

  it('is in the log by id: no name, no address', () => {
    const logged = world.lines.filter((it) => it.includes('asked for by hand'));
    expect(logged).toHaveLength(7);
    for (const line of logged) {
      expect(line).toContain('"by":"person-ana"');
      expect(line).not.toMatch(/Ana|@/);
    }
  });

  it('is not on record when it was refused, or never could be done', async () => {
    const before = (await ana.json<OperationsView>('/operations')).acts.length;
    expect((await ana.post('/sequences/nothing/pause', { why: 'x' })).status).toBe(404);
    expect((await ana.post('/operations/redrive', { queue: 'events' })).status).toBe(409);
    expect((await ana.post('/operations/resume', { what: 'nurture' })).status).toBe(409);
    expect((await ana.json<OperationsView>('/operations')).acts).toHaveLength(before);
  });

  it('of a rep bears the name that sales.yaml has for them', async () => {
    await world.advance('1 minute');
    const ben = await consoleFor(world.ports, { rep: 'ben' });
    await ben.post('/operations/pause', { what: 'sends', why: 'a slip' });
    const { acts, pauses } = await ben.json<OperationsView>('/operations');
    expect([acts[0]?.who, pauses[0]?.who]).toEqual(['ben', 'ben']);
  });
});
