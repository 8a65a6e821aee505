import { expect, it } from 'vitest';
import { addSeconds, type Instant } from '#core/instant';
import type { CompiledSequence } from '#core/sequences/model';
import { migrate } from '#lambdas/legs/migrate';
import { recover } from '#lambdas/legs/recover';
import { recycleLead } from '#lambdas/recycle-lead';
import { executionArn } from '#local/states/arn';
import type { World } from '#local/world';
import { day, mailAt, migrateUse, noPause, recoverUse, versionOf, waitOf } from '#tests/helpers/legs';
import { aWorld, start } from '#tests/helpers/world';

const one = versionOf([mailAt('welcome'), waitOf('settle', 5), mailAt('more'), waitOf('rest', 3), mailAt('last')]);
const two = versionOf([mailAt('welcome'), waitOf('settle', 5), mailAt('news'), waitOf('rest', 3), mailAt('bye')]);
const long = versionOf([mailAt('welcome'), waitOf('long', 365), mailAt('more'), waitOf('longer', 135), mailAt('last')]);

type TestWorld = World & { readonly leadId: string };
type Way = {
  readonly compiled?: CompiledSequence;
  /** The old leg waits for so long before the run is given on. */
  readonly after: Instant;
  readonly giveOn: (world: TestWorld, enrolmentId: string) => Promise<unknown>;
  /** The old machine waits on, for nobody wakes it; or it ended as it gave the run on, or failed. */
  readonly old: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  readonly sent: readonly string[];
};

const ways: readonly (readonly [string, Way])[] = [
  [
    'recycling',
    {
      after: addSeconds(start, day),
      giveOn: ({ ports, leadId }) => recycleLead(ports)({ leadId, sequence: 'nurture', step: 'rest', recycleId: 'recycle-1' }),
      old: 'RUNNING',
      sent: ['welcome', 'last'],
    },
  ],
  [
    'a migration',
    {
      after: addSeconds(start, 2 * day),
      giveOn: async (world) => {
        world.deploy([two]);
        const migration = { from: 'all', steps: { more: 'news', last: 'bye' } } as const;
        const moved = await migrate(migrateUse(world, [world.leadId]), { migration, target: two.artifact }, noPause);
        expect(moved.moved).toBe(1);
      },
      old: 'RUNNING',
      sent: ['welcome', 'news', 'bye'],
    },
  ],
  [
    'a recovery of a machine that failed',
    {
      after: addSeconds(start, day),
      giveOn: async (world) => {
        const [run] = await world.ports.enrolments.ofLead(world.leadId);
        world.runner.sendTaskFailure(run?.token ?? '', 'PermanentError', 'a fault of ours');
        await world.runUntil(world.clock.now());
        for await (const it of recover(recoverUse(world, [world.leadId]), { isDryRun: false })) expect(it.outcome).toBe('recovered');
      },
      old: 'FAILED',
      sent: ['welcome', 'more', 'last'],
    },
  ],
  [
    'a recovery of an execution that is gone',
    {
      after: addSeconds(start, day),
      giveOn: async (world, enrolmentId) => {
        world.runner.stopExecution(executionArn('nurture', `${enrolmentId}-1`));
        await world.runUntil(addSeconds(start, 6 * day));
        for await (const it of recover(recoverUse(world, [world.leadId]), { isDryRun: false })) expect(it.outcome).toBe('recovered');
      },
      old: 'ABORTED',
      sent: ['welcome', 'more', 'last'],
    },
  ],
  [
    'the cut of a run of 500 days',
    {
      compiled: long,
      after: addSeconds(start, 183 * day),
      giveOn: async () => undefined,
      old: 'SUCCEEDED',
      sent: ['welcome', 'more', 'last'],
    },
  ],
];

it.each(ways)(
  'after %s the old leg, parked or come back at any step, does nothing',
  async (_way, { compiled = one, after, giveOn, old, sent }) => {
    const world = await aWorld({ compiled: [compiled], ticksSlowedBy: () => 96 });
    const { ports, runner, leadId } = world;
    const row = async () => (await ports.enrolments.ofLead(leadId))[0];
    await world.did('trial.started');
    await world.runUntil(after);
    const { enrolmentId = '', token = '' } = (await row()) ?? {};
    // Nobody wakes the old machine: the call that should is lost.
    const wake = runner.sendTaskFailure;
    Object.assign(runner, {
      sendTaskFailure: (...of: Parameters<typeof wake>) => (of[0] === token && of[1] === 'Halt' ? undefined : wake(...of)),
    });
    await giveOn(world, enrolmentId);
    await world.runUntil(addSeconds(world.clock.now(), 60));
    const first = runner.describe(executionArn('nurture', `${enrolmentId}-1`));
    expect(first.status).toBe(old);

    const [before, mails] = [await row(), world.sent()];
    expect(before?.leg).toBeGreaterThan(1);
    const again = ['', ...compiled.artifact.stepIds].map((startAt, at) => {
      const input = JSON.stringify({ ...JSON.parse(first.input ?? '{}'), startAt, rest: undefined });
      return runner.startExecution({ stateMachine: first.stateMachineArn, name: `again-${at}`, input });
    });
    await world.runUntil(addSeconds(world.clock.now(), 60));
    expect(await row(), 'the row is that of the new leg').toEqual(before);
    expect(world.sent()).toEqual(mails);
    expect(again.map((it) => runner.describe(it.executionArn).status)).toEqual(again.map(() => 'SUCCEEDED'));

    await world.runUntil(addSeconds(start, (compiled === long ? 502 : 20) * day));
    expect(world.sent(), 'and keeps the new leg from nothing').toEqual(sent);
    expect((await row())?.ending).toBe('completed');
    expect(runner.list().filter((it) => it.status === 'RUNNING')).toEqual([]);
    if (old === 'RUNNING')
      expect(runner.history(first.executionArn).map((it) => it.state)).toEqual(['welcome', 'more', 'Route', 'Superseded']);
  },
);
