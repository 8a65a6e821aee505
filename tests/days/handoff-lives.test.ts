import { expect, it } from 'vitest';
import type { Sales } from '#core/config';
import { retryableError } from '#core/errors';
import { addSeconds } from '#core/instant';
import type { HandoffEvent } from '#core/sales-events-schema';
import { changeAddress } from '#lambdas/api/change-addresses';
import { askToErase, removeLead } from '#lambdas/erase-lead';
import { giveAnswer } from '#lambdas/give-answer';
import { checkTask } from '#lambdas/sales/check-task';
import { releaseTasks } from '#lambdas/ticks/release-tasks';
import { aHandoffWorld, ben, eva, sam, withSla } from '#tests/helpers/handoff-world';
import { liveConfig } from '#tests/helpers/protocol-sequence';

/** What may happen to a lead while sales has it, or waits for it. The hold ends on Monday 2026-03-23 at 13:30 UTC. */

type World = Awaited<ReturnType<typeof aHandoffWorld>>;
const daily = 96;
const away = [{ from: '2026-03-23', upTo: '2026-03-25' }];
const nobodyThere = [
  { ...ben, away },
  { ...sam, away },
];

/** Somebody else, who qualifies as Kim did. */
const another = async (world: World, email: string) => {
  const leadId = world.ports.ids.leadId(email);
  const at = world.clock.now();
  const consents = { tips: { given: true, at, source: 'form' } };
  await world.ports.leads.upsert({ leadId, email, fields: { 'first-name': 'Lee', 'time-zone': 'Europe/Berlin' }, consents }, at);
  for (const [order, it] of [{ name: 'trial.started' }, { name: 'visited', path: '/pricing' }].entries()) {
    await world.ports.eventQueue.push({ source: 'own', eventId: `${email}-${order}`, at, leadId, ...it });
    await world.runTo(at);
  }
  await world.advance('31 minutes');
  const taskId = world.ports.ids.taskId(leadId, 1);
  return {
    taskId,
    task: () => world.ports.salesTasks.find(taskId),
    status: () => world.runner.list().find((it) => it.name === taskId)?.status,
  };
};
const stageOf = async (world: World) => (await world.ports.leads.find(world.leadId))?.stage;
const erase = async (world: World) => {
  const wish = await askToErase(world.ports, world.leadId, 'asked');
  if (wish === 'unknown') throw new Error('nobody is there to erase');
  await removeLead(world.ports, wish);
  await world.runTo(world.clock.now());
};

it('two leads with a task each become one: the one that is kept keeps its task, the other is cancelled at once', async () => {
  const world = await aHandoffWorld([ben, eva, sam], withSla);
  await world.qualify();
  const lee = await another(world, 'lee@example.com');
  expect([(await world.task()).status, (await lee.task())?.status]).toEqual(['open', 'open']);
  expect(await changeAddress(world.ports)({ from: world.email, to: 'lee@example.com' })).toBe('merged');
  await world.runTo(world.clock.now());
  expect(await lee.task()).toMatchObject({ status: 'cancelled', log: [{}, { because: 'its lead went into one that sales has' }] });
  expect(lee.status()).toBe('SUCCEEDED');
  expect((await world.task()).status).toBe('open');
  expect(await stageOf(world)).toBe('mql');
  expect(Object.values((await world.ports.desks.read()).open).flatMap((it) => Object.keys(it))).toEqual([world.taskId()]);
});

/** What the bus told of a task that is over, and to whom a mail said so. */
const ends = (world: World, events: readonly HandoffEvent[]) => ({
  events: events.filter((it) => it.kind === 'cancelled'),
  mails: world.mail.mails().flatMap(({ tags, to }) => (tags.notice === 'cancelled' ? [`${tags.task} ${to}`] : [])),
});
const busWorld = async (more: Partial<Sales> = {}) => {
  const events: HandoffEvent[] = [];
  const onHandoffEvent = (it: { kind: string }) => void (it.kind !== 'erased' && events.push(it as HandoffEvent));
  const world = await aHandoffWorld([ben, eva, sam], { ...withSla, ...more }, 1, undefined, onHandoffEvent);
  await world.qualify();
  return { world, events };
};
const accept = async (world: World, taskId: string) => {
  const by = (await world.ports.salesTasks.find(taskId))?.rep ?? '';
  await giveAnswer(world.ports, taskId, { answer: 'accept' }, { by, via: 'page' });
  await world.runTo(world.clock.now());
  return by;
};

it.each(['the former lead', 'the kept lead'])(
  'two leads become one: the rep who accepted %s keeps it, the other is told once',
  async (which) => {
    const { world, events } = await busWorld();
    const lee = await another(world, 'lee@example.com');
    const [kept, former] = [world.taskId(), lee.taskId];
    const [mine, other] = which === 'the kept lead' ? [kept, former] : [former, kept];
    const keeper = await accept(world, mine);
    expect(await changeAddress(world.ports)({ from: world.email, to: 'lee@example.com' })).toBe('merged');
    await world.runTo(world.clock.now());
    const over = await world.ports.salesTasks.find(other);
    expect(over).toMatchObject({
      status: 'cancelled',
      log: [{}, { what: 'cancelled', rep: keeper, from: expect.stringMatching(/ben|eva/) }],
    });
    await world.advance('20 days');
    expect((await world.ports.salesTasks.find(mine))?.status).toBe('accepted');
    expect(await stageOf(world)).toBe('sal');
    expect(world.mail.mails().filter((it) => it.tags.task === other && it.tags.notice === 'remind')).toEqual([]);
    const { events: told, mails } = ends(world, events);
    expect(told).toMatchObject([{ id: `${other}:cancelled`, rep: over?.rep, keptBy: keeper, because: expect.stringContaining('lead') }]);
    expect(mails).toEqual([`${other} ${over?.rep}@example.com`]);
    expect((await world.ports.desks.read()).open).not.toHaveProperty(over?.rep ?? '', { [other]: expect.anything() });
  },
);

it('two leads became one before anybody answered: once the other rep accepts all the same, the kept one’s rep is asked no more', async () => {
  const { world, events } = await busWorld();
  const lee = await another(world, 'lee@example.com');
  // The former lead's rep accepts in the moment of the merge, before its machine has looked.
  await changeAddress(world.ports)({ from: world.email, to: 'lee@example.com' });
  await accept(world, lee.taskId);
  expect([(await world.task()).status, (await lee.task())?.status]).toEqual(['cancelled', 'accepted']);
  expect(await stageOf(world)).toBe('sal');
  expect(ends(world, events).events).toMatchObject([{ taskId: world.taskId() }]);
});

it('a task that is dropped because its lead left is told to the bus and to its rep, once, also when its machine dies before that', async () => {
  const { world, events } = await busWorld({ onUnsubscribe: 'drop' });
  await world.ports.suppressions.add(world.leadId, { scope: 'ALL', reason: 'unsubscribed', at: world.clock.now() });
  expect(await checkTask(world.ports)({ taskId: world.taskId(), leadId: world.leadId, turn: 1 })).toMatchObject({ next: 'cancelled' });
  const machine = world.runner.list().find((it) => it.name === world.taskId());
  world.runner.stopExecution(machine?.executionArn ?? '');
  await world.advance('8 hours');
  expect(ends(world, events)).toMatchObject({
    events: [{ because: 'it left our mail' }],
    mails: [expect.stringContaining(world.taskId())],
  });
  expect(await stageOf(world)).toBe('recycled');
});

it('of two that wait for sales and become one, sales gets one', async () => {
  const world = await aHandoffWorld(nobodyThere, withSla);
  await world.qualify();
  const lee = await another(world, 'lee@example.com');
  await changeAddress(world.ports)({ from: world.email, to: 'lee@example.com' });
  await world.runTo('2026-03-26T12:00:00.000Z');
  const both = [await world.task(), await lee.task()];
  expect(both.map((it) => it?.status).sort()).toEqual(['cancelled', 'open']);
  expect(await stageOf(world)).toBe('mql');
  expect((await world.run())?.stop).toMatchObject({ reason: 'qualified' });
});

it('erasing ends the machine wherever it waits, and leaves nothing on the desk or the task', async () => {
  const open = await aHandoffWorld([ben, sam], withSla, daily);
  await open.qualify();
  const held = await aHandoffWorld(nobodyThere, withSla, daily);
  await held.qualify();
  const recycled = await aHandoffWorld([ben, sam], withSla, daily);
  await recycled.qualify();
  await recycled.answer('recycled', { answer: 'recycle', reason: 'wrong-time', until: '2026-09-01T00:00:00.000Z' });
  for (const [world, was, is] of [
    [open, 'open', 'cancelled'],
    [held, 'holding', 'cancelled'],
    [recycled, 'recycled', 'recycled'],
  ] as const) {
    expect(await world.task()).toMatchObject({ status: was });
    expect(world.status()).toBe('RUNNING');
    await erase(world);
    expect(await world.task()).toMatchObject({ status: is, reasons: [], touches: [], routedBecause: '' });
    expect(world.status()).toBe('SUCCEEDED');
    expect((await world.ports.desks.read()).open).toEqual({});
  }
});

it('erasing before the hold is over makes no task', async () => {
  const world = await aHandoffWorld([ben, sam], withSla, daily);
  await world.did('trial.started');
  await world.did('visited', '/pricing');
  await erase(world);
  await world.advance('1 hour');
  expect(await world.ports.salesTasks.find(world.taskId())).toBeUndefined();
  expect(world.status()).toBe('SUCCEEDED');
});

/** What a lead gets in the days in which it waits. */
const mailsWhileHeld = async (holding: Partial<NonNullable<Sales['holding']>>) => {
  const long = [{ from: '2026-03-23', upTo: '2026-04-05' }];
  const usual = { nurture: 'as-before', longestSeconds: 20 * 86_400, afterwards: 'manager' } as const;
  const world = await aHandoffWorld(
    [
      { ...ben, away: long },
      { ...sam, away: long },
    ],
    { ...withSla, holding: { ...usual, ...holding } },
    daily,
  );
  await world.qualify();
  const before = world.sent().length;
  await world.runTo('2026-04-03T12:00:00.000Z');
  expect(await stageOf(world)).toBe('holding');
  const while_ = world.sent().slice(before);
  await world.runTo('2026-04-08T12:00:00.000Z');
  expect(await world.task()).toMatchObject({ status: 'open' });
  const { stop } = (await world.run()) ?? {};
  return { mails: while_, stop: stop?.reason, all: world.sent().filter((it) => it !== 'sales-task') };
};

it('while it is held it is nurtured as before, gently, or not at all; and never once a rep has it', async () => {
  const asBefore = await mailsWhileHeld({});
  const gently = await mailsWhileHeld({ nurture: 'gently', caps: { cap: { emails: 1, perSeconds: 7 * 86_400 } } });
  const paused = await mailsWhileHeld({ nurture: 'pause' });
  expect(asBefore.mails).toEqual(['getting-started', 'case-story', 'book-a-call']);
  expect(gently).toMatchObject({ mails: ['getting-started'], stop: 'qualified' });
  expect(gently.all).not.toContain('book-a-call');
  expect(paused).toEqual({ mails: [], stop: 'qualified', all: ['welcome'] });
});

it('a release that died half-way is finished by the next tick: its stop is written and its rep is told', async () => {
  const world = await aHandoffWorld(nobodyThere, withSla, daily);
  await world.qualify();
  const died = () => Promise.reject(new Error('died'));
  const dying = { ...world.ports, salesQueue: { push: died }, salesTasks: { ...world.ports.salesTasks, wake: died } };
  await world.runTo('2026-03-26T08:00:00.000Z');
  await expect(releaseTasks(dying)()).rejects.toThrow('died');
  expect(await world.task()).toMatchObject({ status: 'open', rep: 'ben' });
  await world.runTo('2026-03-26T13:01:00.000Z');
  expect(await world.task()).toMatchObject({ rep: 'ben', queuedAt: expect.any(String), notifiedAt: expect.any(String) });
  expect(await stageOf(world)).toBe('mql');
  expect((await world.run())?.stop).toMatchObject({ reason: 'qualified' });
});

it('Slack is down for hours: the time to answer runs, and the rep is told once it is back', async () => {
  let isDown = true;
  const told: string[] = [];
  const onTold = () => {
    if (isDown) throw retryableError('Slack could not be reached');
    told.push(world.clock.now());
  };
  const world = await aHandoffWorld([ben, eva, sam], { ...withSla, notify: [{ by: 'slack', channel: 'sales' }] }, 1, onTold);
  await world.qualify();
  await world.advance('1 hour');
  expect(world.status()).toBe('RUNNING');
  expect(told).toEqual([]);
  isDown = false;
  await world.advance('20 minutes');
  expect(told).toHaveLength(1);
  expect(await world.task()).toMatchObject({ status: 'open', notifiedAt: expect.any(String) });
  await world.advance('2 days');
  expect((await world.log()).map((it) => it.split(' ')[1])).toEqual(['assigned', 'reminded', 'reassigned', 'escalated', 'unanswered']);
});

it('a lead whose task was cancelled half-way does not stay with sales', async () => {
  const world = await aHandoffWorld(nobodyThere, { ...withSla, onUnsubscribe: 'drop' }, daily);
  await world.qualify();
  await world.ports.suppressions.add(world.leadId, { scope: 'ALL', reason: 'unsubscribed', at: world.clock.now() });
  const dying = { ...world.ports, stages: { record: () => Promise.reject(new Error('died')) } };
  await expect(releaseTasks(dying)()).rejects.toThrow('died');
  expect(await world.task()).toMatchObject({ status: 'cancelled' });
  expect(await stageOf(world)).toBe('holding');
  await world.runTo(world.clock.now());
  expect(world.status()).toBe('SUCCEEDED');
  expect(await stageOf(world)).toBe('lead');
});

it('of a lead that was given back twice the later day counts', async () => {
  const { answers } = liveConfig.sales;
  const into = { ...answers, recycle: { ...answers.recycle, into: 'nurture' } };
  const world = await aHandoffWorld([ben, sam], { ...withSla, answers: into }, daily);
  const giveBack = async (number: number, days: number) => {
    const task = await world.task(number);
    const at = world.clock.now();
    const answer = {
      answer: 'recycle',
      at,
      by: task.rep,
      via: 'page',
      reason: 'wrong-time',
      until: addSeconds(at, days * 86_400),
    } as const;
    expect(await world.ports.salesTasks.answer(task, { status: 'recycled', answers: [answer] })).toBe('written');
    await world.ports.leads.moveStage(world.leadId, 'mql', 'recycled');
    const token = await world.ports.salesTasks.wake(world.taskId(number));
    await world.ports.tokens.fail(token ?? '', 'Halt', 'answered');
    await world.runTo(world.clock.now());
  };
  const runs = async () => (await world.ports.enrolments.ofLead(world.leadId)).map((it) => it.trigger).sort();
  await world.qualify();
  await giveBack(1, 30);
  await world.advance('10 days');
  await world.did('visited', '/pricing');
  await world.advance('31 minutes');
  await giveBack(2, 60);
  await world.advance('30 days');
  expect(await runs()).toHaveLength(1);
  await world.advance('35 days');
  expect(await runs()).toContain(`recycle:${world.taskId(2)}`);
  expect(await runs()).toHaveLength(2);
});
