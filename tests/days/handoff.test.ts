import { expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { confirmHandoff } from '#lambdas/sales/confirm-handoff';
import { aHandoffWorld, ben, eva, sam, withSla } from '#tests/helpers/handoff-world';

/** Monday 2026-03-23, 14:00 in Berlin; the hold ends half an hour later, so the task is there at 13:30 UTC. Clocks change on the 29th. */

/** Ticks that matter to none of these need not come four times an hour. */
const daily = 96;

it('a rep who answers in time ends the machine, and has room again', async () => {
  const world = await aHandoffWorld([{ ...ben, atMostOpen: 1 }, sam], withSla);
  await world.qualify();
  expect(await world.task()).toMatchObject({
    status: 'open',
    rep: 'ben',
    acceptBy: '2026-03-24T09:30:00.000Z',
    route: { rule: 'weighted' },
  });
  expect((await world.ports.leads.find(world.leadId))?.stage).toBe('mql');
  expect(Object.keys((await world.ports.desks.read()).open)).toEqual(['ben']);
  await world.answer('accepted', { answer: 'accept' });
  expect(world.status()).toBe('SUCCEEDED');
  expect((await world.ports.desks.read()).open).toEqual({});
  expect(await world.log()).toEqual(['2026-03-23T13:30 assigned ben']);
});

it('without an answer it reminds, reassigns and escalates, each once, in working time of who has it', async () => {
  const world = await aHandoffWorld([ben, eva, sam], withSla, daily);
  await world.qualify();
  await world.advance('40 days');
  const [first = ''] = await world.log();
  const other = first.endsWith('ben') ? 'eva' : 'ben';
  const before = first.endsWith('ben') ? 'ben' : 'eva';
  expect(await world.log()).toEqual([
    `2026-03-23T13:30 assigned ${before}`,
    // 2.5 hours on Monday, 1.5 on Tuesday.
    `2026-03-24T09:30 reminded ${before}`,
    `2026-03-24T13:30 reassigned ${other}`,
    // In London it is an hour earlier, until the 29th as ever.
    `2026-03-25T09:30 escalated sam`,
    `2026-03-25T13:30 unanswered sam`,
  ]);
  expect(await world.task()).toMatchObject({ status: 'open', rep: 'sam' });
  expect(world.status()).toBe('RUNNING');
  await world.answer('rejected', { answer: 'reject', reason: 'student' });
  expect(world.status()).toBe('SUCCEEDED');
});

it('nobody is reminded over a weekend, a holiday or a night', async () => {
  const holiday = { ...ben, holidays: 'DE' };
  const world = await aHandoffWorld([holiday, sam], { ...withSla, holidays: { days: { DE: ['2026-04-03', '2026-04-06'] } } });
  await world.runTo('2026-04-02T13:30:00.000Z');
  await world.qualify();
  // Maundy Thursday 16:01 in Berlin: an hour is left of the day, then Good Friday, the weekend, Easter Monday.
  expect((await world.task()).acceptBy).toBe('2026-04-07T10:00:00.000Z');
});

it('a task that nobody has room for is held, nurtured on, and released when there is room', async () => {
  const world = await aHandoffWorld(
    [
      { ...ben, away: [{ from: '2026-03-23', upTo: '2026-03-25' }] },
      { ...sam, away: [{ from: '2026-03-23', upTo: '2026-03-25' }] },
    ],
    withSla,
  );
  await world.qualify();
  expect(await world.task()).toMatchObject({ status: 'holding', rep: '', heldBecause: 'nobody has room: ben away' });
  expect((await world.ports.leads.find(world.leadId))?.stage).toBe('holding');
  expect((await world.run())?.stop).toBeUndefined();
  await world.runTo('2026-03-26T12:00:00.000Z');
  expect(await world.task()).toMatchObject({ status: 'open', rep: 'ben' });
  expect((await world.ports.leads.find(world.leadId))?.stage).toBe('mql');
  expect((await world.run())?.stop).toMatchObject({ reason: 'qualified' });
  const { moves } = await world.ports.histories.ofLead(world.leadId);
  expect(moves.toSorted((one, next) => (one.at < next.at ? -1 : 1)).map((it) => [it.from, it.to])).toEqual([
    ['lead', 'holding'],
    ['holding', 'mql'],
  ]);
  await world.answer('accepted', { answer: 'accept' });
  expect(world.status()).toBe('SUCCEEDED');
});

it('one that is held for too long goes to the manager, or back to nurture', async () => {
  const full = { ...ben, away: [{ from: '2026-03-01', upTo: '2026-12-31' }] };
  const holding = { nurture: 'as-before', longestSeconds: 5 * 86_400, afterwards: 'manager' } as const;
  const one = await aHandoffWorld([full, sam], { holding }, daily);
  await one.qualify();
  await one.advance('6 days');
  expect(await one.task()).toMatchObject({ status: 'open', rep: 'sam', routedBecause: expect.stringContaining('held for as long') });
  const other = await aHandoffWorld([full, sam], { holding: { ...holding, afterwards: 'nurture' } }, daily);
  await other.qualify();
  await other.advance('6 days');
  expect(await other.task()).toMatchObject({ status: 'cancelled' });
  expect((await other.ports.leads.find(other.leadId))?.stage).toBe('lead');
  expect(other.status()).toBe('SUCCEEDED');
});

it('who buys while held is no task any more', async () => {
  const world = await aHandoffWorld([{ ...ben, away: [{ from: '2026-03-01', upTo: '2026-03-26' }] }, sam], withSla);
  await world.qualify();
  await world.ports.leads.moveStage(world.leadId, 'holding', 'won');
  await world.advance('5 days');
  expect(await world.task()).toMatchObject({ status: 'cancelled' });
  expect((await world.ports.leads.find(world.leadId))?.stage).toBe('won');
});

it('a rep who leaves the team, or is away, passes the task on, with the reason', async () => {
  const world = await aHandoffWorld([ben, sam], withSla);
  await world.qualify();
  world.sales.team = [eva, sam];
  await world.advance('1 hour');
  expect(await world.task()).toMatchObject({
    rep: 'eva',
    log: [{ what: 'assigned' }, { what: 'reassigned', from: 'ben', because: expect.stringContaining('ben has left the team') }],
  });
  world.sales.team = [{ ...eva, away: [{ from: '2026-03-24', upTo: '2026-03-30' }] }, ben, sam];
  await world.runTo('2026-03-24T08:00:00.000Z');
  expect(await world.task()).toMatchObject({ rep: 'ben' });
  expect(await world.task()).not.toHaveProperty('breaches');
  expect((await world.log()).slice(2)).toEqual(['2026-03-23T23:00 reassigned ben']);
});

it('a machine that began before there was an assign-task has its lead given to a rep, or to the manager', async () => {
  const world = await aHandoffWorld([{ ...ben, away: [{ from: '2026-03-01', upTo: '2026-12-31' }] }, sam]);
  await world.did('trial.started');
  await world.did('visited', '/pricing');
  const input = { taskId: world.taskId(), leadId: world.leadId };
  expect(await confirmHandoff(world.ports)(input)).toEqual({ confirmed: true });
  expect(await world.task()).toMatchObject({ status: 'open', rep: 'sam' });
  expect((await world.ports.leads.find(world.leadId))?.stage).toBe('mql');
});

it('recycled until a day: the machine waits for it, and the lead goes back', async () => {
  const world = await aHandoffWorld([ben, sam], withSla, daily);
  await world.qualify();
  await world.answer('recycled', { answer: 'recycle', reason: 'wrong-time', until: addSeconds(world.clock.now(), 90 * 86_400) });
  expect(world.status()).toBe('RUNNING');
  await world.advance('89 days');
  expect(world.status()).toBe('RUNNING');
  await world.advance('2 days');
  expect(world.status()).toBe('SUCCEEDED');
});

it('whoever leaves our mail stays a task, marked; or is none, where sales.yaml drops it', async () => {
  const one = await aHandoffWorld([ben, sam], withSla);
  await one.qualify();
  const leave = async (world: typeof one) => {
    await world.ports.suppressions.add(world.leadId, { scope: 'ALL', reason: 'unsubscribed', at: world.clock.now() });
    await world.ports.wakeQueue.push({ leadId: world.leadId });
    await world.runTo(world.clock.now());
  };
  await leave(one);
  expect(await one.task()).toMatchObject({ status: 'open', doNotEmail: true, rep: 'ben' });
  expect(one.status()).toBe('RUNNING');
  const other = await aHandoffWorld([ben, sam], { ...withSla, onUnsubscribe: 'drop' });
  await other.qualify();
  await leave(other);
  expect(await other.task()).toMatchObject({ status: 'cancelled', log: [{}, { what: 'cancelled', because: 'it left our mail' }] });
  expect(other.status()).toBe('SUCCEEDED');
});
