import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import type { CompiledSequence } from '#core/sequences/model';
import { migrate, planMigration } from '#lambdas/legs/migrate';
import { recover } from '#lambdas/legs/recover';
import { recycleLead } from '#lambdas/recycle-lead';
import { sendEmail } from '#lambdas/steps/send-email';
import { executionArn } from '#local/states/arn';
import type { WorldOptions } from '#local/world';
import { day, mailAt, migrateUse, noPause, recoverUse, versionOf, waitOf } from '#tests/helpers/legs';
import { aWorld, start } from '#tests/helpers/world';

const one = versionOf([mailAt('welcome'), waitOf('settle', 5), mailAt('more'), waitOf('rest', 3), mailAt('last')]);
const two = versionOf([mailAt('welcome'), waitOf('settle', 5), mailAt('news'), waitOf('rest', 3), mailAt('bye')]);

const running = async (compiled: CompiledSequence = one, options: Partial<WorldOptions> = {}) => {
  const world = await aWorld({ compiled: [compiled], ...options });
  await world.did('trial.started');
  const row = async () => {
    const [run] = await world.ports.enrolments.ofLead(world.leadId);
    if (!run) throw new Error('there is no run');
    return run;
  };
  const execution = (leg: number, enrolmentId: string) => world.runner.describe(executionArn('nurture', `${enrolmentId}-${leg}`));
  const statesOf = (leg: number, enrolmentId: string) =>
    world.runner.history(executionArn('nurture', `${enrolmentId}-${leg}`)).map((it) => it.state);
  return { ...world, row, execution, statesOf };
};

describe('a run of 500 days', () => {
  it('goes through several legs, none of them near a year, and through waits of up to a year', async () => {
    const long = versionOf([mailAt('welcome'), waitOf('long', 365), mailAt('more'), waitOf('longer', 135), mailAt('last')]);
    expect(long.artifact.stepIds).toEqual(['welcome', 'long', 'long~2', 'more', 'longer', 'last']);
    const world = await running(long);
    const { enrolmentId } = await world.row();
    await world.runUntil(addSeconds(start, 364 * day));
    expect(world.sent()).toEqual(['welcome']);
    expect(await world.row()).toMatchObject({ leg: 3, version: long.artifact.version, step: 'long~2' });
    await world.runUntil(addSeconds(start, 366 * day));
    expect(world.sent()).toEqual(['welcome', 'more']);
    await world.runUntil(addSeconds(start, 502 * day));
    expect(world.sent()).toEqual(['welcome', 'more', 'last']);
    const row = await world.row();
    expect(row).toMatchObject({ ending: 'completed', enrolmentId });
    const legs = world.runner.list().filter((it) => it.name.startsWith(enrolmentId));
    expect(legs.every((it) => it.status === 'SUCCEEDED')).toBe(true);
    expect(legs).toHaveLength(row.leg);
    const days = [1, 2, 3].map(
      (leg) =>
        (Date.parse(world.execution(leg, enrolmentId).stopDate ?? '') - Date.parse(world.execution(leg, enrolmentId).startDate)) /
        86_400_000,
    );
    expect(Math.max(...days)).toBeLessThan(200);
  });

  it('is stopped between two legs as anywhere', async () => {
    const long = versionOf([waitOf('long', 365), mailAt('more'), waitOf('longer', 135), mailAt('last')]);
    const world = await running(long);
    await world.runUntil(addSeconds(start, 182.5 * day + 60));
    expect(await world.row()).toMatchObject({ leg: 2, startAt: 'long~2' });
    await world.did('subscription.started');
    await world.runUntil(addSeconds(start, 500 * day));
    expect(await world.row()).toMatchObject({ ending: 'stopped', stop: { reason: 'goal' } });
    expect(world.sent()).toEqual([]);
  });
});

describe('deploying version 2', () => {
  it('leaves 1,000 leads who wait in version 1 where they are, to finish there; new ones enter version 2', async () => {
    const world = await aWorld({ compiled: [one] });
    const leads = Array.from({ length: 1000 }, (_, index) => world.ports.ids.leadId(`lead-${index}@example.com`));
    const enter = async (leadId: string, email: string) => {
      const consents = { tips: { given: true, at: start, source: 'form' } };
      await world.ports.leads.upsert({ leadId, email, fields: {}, consents }, start);
      await world.ports.enrolQueue.push({ leadId, sequence: 'nurture', trigger: 'trial-1' });
    };
    for (const [index, leadId] of leads.entries()) await enter(leadId, `lead-${index}@example.com`);
    await world.advance('2 days');
    const waiting = await Promise.all(leads.map(async (leadId) => (await world.ports.enrolments.ofLead(leadId))[0]));
    expect(waiting.every((it) => it?.step === 'settle' && it.version === one.artifact.version && it.token !== undefined)).toBe(true);

    world.deploy([two]);
    const after = await Promise.all(leads.map(async (leadId) => (await world.ports.enrolments.ofLead(leadId))[0]));
    expect(after, 'nobody moved').toEqual(waiting);
    const late = world.ports.ids.leadId('late@example.com');
    await enter(late, 'late@example.com');
    await world.advance('20 days');
    for (const leadId of leads) {
      const runs = await world.ports.enrolments.ofLead(leadId);
      expect(runs.map((it) => [it.ending, it.version, it.leg])).toEqual([['completed', one.artifact.version, 1]]);
    }
    const stepsOf = (leadId: string) => world.mail.mails().flatMap((it) => (it.tags.lead === leadId ? [it.tags.step] : []));
    const byLead = new Map<string, (string | undefined)[]>();
    for (const { tags } of world.mail.mails()) byLead.set(tags.lead ?? '', [...(byLead.get(tags.lead ?? '') ?? []), tags.step]);
    for (const leadId of leads) expect(byLead.get(leadId)).toEqual(['welcome', 'more', 'last']);
    expect(stepsOf(late)).toEqual(['welcome', 'news', 'bye']);
    expect((await world.ports.enrolments.ofLead(late))[0]?.version).toBe(two.artifact.version);
  }, 120_000);

  it.each(['memory', 'embedded'] as const)(
    'leaves a next leg of version 1 on version 1, and who is in a removed sequence goes on (%s)',
    async (stack) => {
      const long = versionOf([waitOf('long', 365), mailAt('more')]);
      const world = await running(long, { stack, ticksSlowedBy: () => 480 });
      await world.advance('10 days');
      world.deploy([two]);
      await world.advance('20 days');
      world.deploy([]);
      await world.runUntil(addSeconds(start, 390 * day));
      expect(await world.row()).toMatchObject({ ending: 'completed', version: long.artifact.version, leg: 3 });
      expect(world.sent()).toEqual(['more']);
      await world.stop();
    },
    120_000,
  );
});

describe('a migration', () => {
  const asked = { migration: { from: 'all', steps: { more: 'news', last: 'bye' } } as const, target: two.artifact };

  it('moves who waits, in the middle of the wait, and the old leg can no longer act', async () => {
    const world = await running();
    await world.advance('2 days');
    const before = await world.row();
    world.deploy([two]);
    const use = migrateUse(world, [world.leadId]);
    expect(await planMigration(use, asked)).toMatchObject({
      steps: [{ from: 'settle', to: 'settle', leads: 1, mailWithinADay: [] }],
      unmapped: {},
    });
    expect(await world.row(), 'a look changes nothing').toEqual(before);
    expect(await migrate(use, asked, noPause)).toMatchObject({ moved: 1 });
    await world.runUntil(world.clock.now());
    expect(world.execution(1, before.enrolmentId).status).toBe('SUCCEEDED');
    expect(world.statesOf(1, before.enrolmentId)).toEqual(['welcome', 'Route', 'Superseded']);
    expect(await world.row()).toMatchObject({ leg: 2, version: two.artifact.version, step: 'settle', legBecause: { why: 'migrated' } });
    expect(await migrate(use, asked, noPause), 'again: nobody is left').toMatchObject({ moved: 0, steps: [] });
    await world.advance('71 hours');
    expect(world.sent()).toEqual(['welcome']);
    await world.advance('2 hours');
    expect(world.sent(), 'five days after the wait began, not after the move').toEqual(['welcome', 'news']);
    await world.advance('10 days');
    expect(world.sent()).toEqual(['welcome', 'news', 'bye']);
    expect(await world.row()).toMatchObject({ ending: 'completed', leg: 2 });
    const [decision] = (await world.ports.decisions.ofLead(world.leadId)).filter((it) => it.outcome === 'next-leg');
    expect(decision).toMatchObject({ reason: 'migrated', inputs: { leg: 2, version: two.artifact.version } });
  });

  it('says who may get mail within 24 hours', async () => {
    const world = await running();
    await world.advance('110 hours');
    world.deploy([two]);
    const { steps } = await planMigration(migrateUse(world, [world.leadId]), asked);
    expect(steps).toEqual([{ from: 'settle', to: 'settle', leads: 1, mailWithinADay: [world.leadId] }]);
  });

  it('moves nobody while a lead stands on a step that has no place in the new version', async () => {
    const world = await running();
    await world.advance('2 days');
    const third = versionOf([mailAt('welcome'), waitOf('breathe', 5), mailAt('news')]);
    world.deploy([third]);
    const use = migrateUse(world, [world.leadId]);
    const target = third.artifact;
    expect(await migrate(use, { migration: { from: 'all', steps: {} }, target }, noPause)).toMatchObject({
      moved: 0,
      unmapped: { settle: 1 },
    });
    expect(await world.row()).toMatchObject({ leg: 1 });
    expect(await migrate(use, { migration: { from: ['0000'], steps: {} }, target }, noPause)).toMatchObject({ moved: 0, unmapped: {} });
    expect(await migrate(use, { migration: { from: 'all', steps: { settle: 'breathe' } }, target }, noPause)).toMatchObject({ moved: 1 });
    await world.advance('4 days');
    expect(world.sent()).toEqual(['welcome', 'news']);
  });

  it('waits for a mail that is on its way, and never sends it twice', async () => {
    const world = await running();
    await world.runUntil(addSeconds(start, 5 * day - 30));
    world.deploy([two]);
    const use = migrateUse(world, [world.leadId]);
    expect(await migrate(use, asked, noPause)).toMatchObject({ moved: 0, waiting: 1 });
    await world.advance('1 hour');
    expect(await migrate(use, asked, noPause)).toMatchObject({ moved: 1 });
    await world.advance('10 days');
    expect(world.sent()).toEqual(['welcome', 'more', 'bye']);
  });

  it('leaves who was stopped alone: a stop on the row stays a stop', async () => {
    const world = await running();
    await world.advance('2 days');
    await world.did('subscription.started');
    world.deploy([two]);
    expect(await migrate(migrateUse(world, [world.leadId]), asked, noPause)).toMatchObject({ moved: 0, steps: [] });
    const row = await world.row();
    expect(await world.ports.enrolments.nextLeg(row, { leg: row.leg, at: world.clock.now(), startAt: 'welcome' })).toBe('refused');
  });
});

describe('an old leg', () => {
  it('that still has a message in the queue sends nothing and answers Halt', async () => {
    const world = await running();
    await world.advance('1 day');
    const row = await world.row();
    await world.ports.enrolments.nextLeg(row, { leg: 1, at: world.clock.now(), startAt: 'more', version: 'newer' });
    const message = { leadId: row.leadId, enrolmentId: row.enrolmentId, leg: 1, sequence: 'nurture', version: one.artifact.version };
    const at = { step: 'last', round: 1, token: row.token ?? '', enteredAt: world.clock.now(), notAfterSeconds: 1000 };
    expect(await sendEmail(world.ports)({ ...message, ...at })).toBe('done');
    expect(world.sent()).toEqual(['welcome']);
    expect(await world.row(), 'and does not say what the new leg runs').toMatchObject({ leg: 2, version: 'newer' });
    expect(await world.ports.sends.find({ ...message, ...at })).toMatchObject({ state: 'CANCELLED', reason: 'superseded' });
    expect(await world.ports.enrolments.complete(row, 1, world.clock.now())).toBe('refused');
    await world.runUntil(world.clock.now());
    expect(world.execution(1, row.enrolmentId).status).toBe('SUCCEEDED');
  });
});

describe('a recovery', () => {
  const outcomes = async (world: Awaited<ReturnType<typeof running>>, isDryRun = false) => {
    const found = [];
    for await (const it of recover(recoverUse(world, [world.leadId]), { isDryRun })) found.push(it);
    return found;
  };

  it('goes on where a machine failed, and sends nothing again', async () => {
    const world = await running();
    await world.advance('1 day');
    const row = await world.row();
    await world.ports.tokens.fail(row.token ?? '', 'PermanentError', 'a fault of ours');
    await world.runUntil(world.clock.now());
    expect(await world.row()).toMatchObject({ ending: 'failed', gsi1pk: expect.stringContaining('FAILED#') });
    expect(await outcomes(world, true)).toMatchObject([{ outcome: 'would-recover', because: 'failed', at: 'more' }]);
    expect(await outcomes(world)).toMatchObject([{ outcome: 'recovered' }]);
    await world.advance('95 hours');
    expect(world.sent()).toEqual(['welcome']);
    expect(await world.row()).toMatchObject({ leg: 2, step: 'settle', recoveries: 1 });
    await world.advance('20 days');
    expect(world.sent()).toEqual(['welcome', 'more', 'last']);
    expect(await world.row()).toMatchObject({ ending: 'completed' });
    expect((await world.ports.decisions.ofLead(world.leadId)).map((it) => it.reason)).toEqual(['recovered']);
  });

  it('goes on where an execution is gone, behind the wait that is over', async () => {
    const world = await running();
    await world.advance('1 day');
    const { enrolmentId } = await world.row();
    world.runner.stopExecution(executionArn('nurture', `${enrolmentId}-1`));
    expect(await outcomes(world), 'it may come yet').toEqual([]);
    // Nobody has to ask: the watchdog has looked after it when the wait was over.
    await world.advance('5 days');
    expect(await outcomes(world), 'nothing is left to recover').toEqual([]);
    expect(await world.row()).toMatchObject({ leg: 2, recoveries: 1 });
    await world.advance('10 days');
    expect(world.sent()).toEqual(['welcome', 'more', 'last']);
  });

  it('gives up after three, never past a stop, and not beside another run', async () => {
    const world = await running();
    for (let attempt = 1; attempt <= 4; attempt++) {
      await world.advance('1 hour');
      await world.ports.tokens.fail((await world.row()).token ?? '', 'PermanentError', 'again');
      await world.runUntil(world.clock.now());
      const [found] = await outcomes(world);
      expect(found?.outcome).toBe(attempt <= 3 ? 'recovered' : 'too-often');
    }
    const stopped = await running();
    await stopped.ports.tokens.fail((await stopped.row()).token ?? '', 'PermanentError', 'a fault');
    await stopped.runUntil(stopped.clock.now());
    await stopped.ports.suppressions.add(stopped.leadId, { scope: 'GLOBAL', reason: 'complained', at: stopped.clock.now() });
    expect(await outcomes(stopped)).toMatchObject([{ outcome: 'has-a-stop' }]);

    const other = await running();
    const row = await other.row();
    await other.ports.tokens.fail(row.token ?? '', 'PermanentError', 'a fault');
    await other.runUntil(other.clock.now());
    await other.ports.leads.markActive(other.leadId, 'nurture', 'another', row.enrolmentId);
    expect(await outcomes(other)).toMatchObject([{ outcome: 'another-run' }]);
  });
});

describe('recycling', () => {
  it('is a new run from the step, when the one before is over for good', async () => {
    const world = await running();
    await world.advance('1 day');
    await world.did('visited', '/pricing');
    await world.advance('2 hours');
    expect(await world.row()).toMatchObject({ ending: 'stopped', stop: { reason: 'qualified' } });
    const recycle = () => recycleLead(world.ports)({ leadId: world.leadId, sequence: 'nurture', step: 'more', recycleId: 'recycle-1' });
    await recycle();
    await world.advance('1 minute');
    expect(await world.ports.enrolments.ofLead(world.leadId), 'sales has the lead still').toHaveLength(1);
    await world.ports.leads.moveStage(world.leadId, 'mql', 'lead');
    await recycle();
    await recycle();
    await world.advance('10 days');
    const runs = await world.ports.enrolments.ofLead(world.leadId);
    expect(runs.map((it) => it.ending).sort()).toEqual(['completed', 'stopped']);
    expect(runs.find((it) => it.trigger === 'recycle-1')).toMatchObject({ startAt: 'more', leg: 1, legBecause: { why: 'recycled' } });
    expect(world.sent().filter((it) => it !== 'sales-task')).toEqual(['welcome', 'more', 'last']);
  });

  it('takes a run that goes on to its next leg at the step, once', async () => {
    const world = await running();
    await world.advance('1 day');
    const { enrolmentId } = await world.row();
    const recycle = () => recycleLead(world.ports)({ leadId: world.leadId, sequence: 'nurture', step: 'last', recycleId: 'recycle-2' });
    await recycle();
    await world.advance('1 minute');
    await recycle();
    await world.advance('1 day');
    expect(await world.row()).toMatchObject({ enrolmentId, leg: 2, ending: 'completed' });
    expect(world.sent()).toEqual(['welcome', 'last']);
    expect(world.execution(1, enrolmentId).status).toBe('SUCCEEDED');
  });

  it('knows its steps', async () => {
    const world = await running();
    await expect(recycleLead(world.ports)({ leadId: world.leadId, sequence: 'nurture', step: 'nowhere', recycleId: 'r' })).rejects.toThrow(
      'has no step nowhere',
    );
  });
});
