import { describe, expect, it } from 'vitest';
import { decideWinner } from '#cli/winner';
import { armsFor } from '#core/arms';
import type { SplitStep, Step, WinnerRule } from '#core/sequences/model';
import { migrate } from '#lambdas/legs/migrate';
import { winner } from '#lambdas/ticks/winner';
import type { WorldOptions } from '#local/world';
import { day, mailAt, migrateUse, noPause, versionOf, waitOf } from '#tests/helpers/legs';
import { aWorld } from '#tests/helpers/world';

const rule: WinnerRule = { by: 'goal', leadsPerArm: 50, notBeforeSeconds: 3 * day, withinSeconds: day, confidence: 95, mode: 'automatic' };
const proof = (more: Partial<SplitStep> = {}, first = 'a'): SplitStep => ({
  id: 'proof',
  kind: 'split',
  winner: rule,
  arms: [
    { name: first, share: 45, holdout: false, steps: [mailAt(`mail-${first}`)] },
    { name: 'b', share: 45, holdout: false, steps: [mailAt('mail-b')] },
    { name: 'none', share: 10, holdout: true, steps: [] },
  ],
  ...more,
});
const sequenceOf = (steps: readonly Step[]) => versionOf(steps, { enter: { on: { event: 'trial.started' }, again: 'always' } });
const first = sequenceOf([proof(), waitOf('rest', 6)]);

/** Leads enter, 60 on each of the first days; who is in arm `better` reaches the goal four times as often. */
const experimentWorld = async (compiled = first, options: Partial<WorldOptions> = {}) => {
  const world = await aWorld({ compiled: [compiled], ...options });
  const { ports } = world;
  let entered = 0;
  const enter = async (count: number): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (let at = 0; at < count; at++) {
      const email = `lead-${entered++}@example.com`;
      const leadId = ports.ids.leadId(email);
      const now = world.clock.now();
      await ports.leads.upsert({ leadId, email, fields: {}, consents: { tips: { given: true, at: now, source: 'form' } } }, now);
      await ports.enrolQueue.push({ leadId, sequence: 'nurture', trigger: `trial-${leadId}` });
      ids.push(leadId);
    }
    await world.advance('1 minute');
    return ids;
  };
  const runOf = async (leadId: string, at = 0) => {
    const runs = (await ports.enrolments.ofLead(leadId)).toSorted((one, other) => (one.enrolledAt < other.enrolledAt ? -1 : 1));
    const run = runs[at];
    if (!run) throw new Error('no run');
    return run;
  };
  const armsOf = (ids: readonly string[]) => Promise.all(ids.map(async (it) => (await runOf(it)).arms.proof));
  const reachGoal = async (leadId: string) =>
    ports.eventQueue.push({ source: 'own', eventId: `goal-${leadId}`, name: 'subscription.started', at: world.clock.now(), leadId });
  /** A day of the experiment. */
  const aDay = async (better: string) => {
    const ids = await enter(60);
    const arms = await armsOf(ids);
    await world.advance('2 hours');
    for (const [at, leadId] of ids.entries()) if (at % (arms[at] === better ? 2 : 8) === 0) await reachGoal(leadId);
    await world.advance('22 hours');
    return ids;
  };
  const state = async () => (await ports.experiments.of('nurture'))[0];
  const decide = (arm: string | undefined, isWithdrawn = false) =>
    decideWinner(ports.experiments, { sequence: 'nurture', split: 'proof', arm, isWithdrawn, now: world.clock.now() });
  return { ...world, enter, runOf, armsOf, aDay, state, decide };
};

describe('a split with a winner', () => {
  it('gives new leads the winner once it is sure, while holdouts stay and leads inside keep their arm', async () => {
    const world = await experimentWorld();
    const before = [...(await world.aDay('b')), ...(await world.aDay('b'))];
    const arms = await world.armsOf(before);
    expect((await world.state())?.verdict?.published, 'not before three days').toBeUndefined();
    await world.aDay('b');
    await world.advance('2 days');
    expect((await world.state())?.verdict?.published).toMatchObject({ arm: 'b', by: 'rule' });
    expect(world.lines.filter((it) => it.includes('winner published'))).toHaveLength(1);
    const told = world.mail.mails().filter((it) => it.tags.kind === 'notice');
    expect(told.map((it) => [it.to, it.subject])).toEqual([['ana@example.com', 'b has won in nurture']]);
    const { figures } = (await world.state()) ?? {};
    const leads = Object.values(figures?.trial ?? {}).reduce((sum, it) => sum + it.leads, 0);
    expect(leads, 'each lead once').toBe(180);

    expect(await world.armsOf(before), 'inside').toEqual(arms);
    const after = await world.enter(100);
    const byChance = after.map((leadId) => armsFor(first.artifact, leadId).proof);
    expect(byChance).toContain('a');
    expect(await world.armsOf(after)).toEqual(byChance.map((it) => (it === 'none' ? 'none' : 'b')));
    const held = after[byChance.indexOf('none')] ?? '';
    expect((await world.runOf(held)).trials?.proof, 'noted in the holdout too').toMatchObject({ winner: 'b' });

    // Who comes again has the arm of new leads, and a holdout stays one.
    await world.advance('8 days');
    const returning = before.slice(0, 40);
    for (const leadId of returning) await world.ports.enrolQueue.push({ leadId, sequence: 'nurture', trigger: 'again' });
    await world.advance('1 minute');
    const again = await Promise.all(returning.map(async (leadId) => (await world.runOf(leadId, 1)).arms.proof));
    expect(again).toEqual(arms.slice(0, 40).map((it) => (it === 'none' ? 'none' : 'b')));

    await world.advance('2 days');
    const counted = (await world.state())?.figures;
    expect(counted?.after.b?.leads).toBe(byChance.filter((it) => it !== 'none').length);
    expect(counted?.after.none?.leads).toBe(byChance.filter((it) => it === 'none').length);
    expect(
      Object.values(counted?.trial ?? {}).reduce((sum, it) => sum + it.leads, 0),
      'whoever comes again counts no more',
    ).toBe(180);
    await world.stop();
  }, 120_000);

  it('only advises where the rule says so; a hand publishes, withdraws, and then nothing happens by itself', async () => {
    const advisory = sequenceOf([proof({ winner: { ...rule, mode: 'advisory' } }), waitOf('rest', 6)]);
    const world = await experimentWorld(advisory);
    for (let days = 0; days < 3; days++) await world.aDay('a');
    await world.advance('2 days');
    expect((await world.state())?.verdict).toMatchObject({ advised: { arm: 'a' } });
    const told = world.mail.mails().filter((it) => it.tags.kind === 'notice');
    expect(told.map((it) => it.subject)).toEqual(['a has won in nurture: will you publish it?']);
    expect(told[0]?.text).toContain('npx baton winner nurture proof a');
    expect((await world.state())?.verdict?.published).toBeUndefined();
    expect(new Set(await world.armsOf(await world.enter(40)))).toContain('b');

    expect((await world.decide('b'))[0]).toMatchObject({ state: 'published', arm: 'b' });
    expect(new Set(await world.armsOf(await world.enter(40)))).not.toContain('a');
    await expect(world.decide('none')).rejects.toThrow('one of these can: a, b');

    world.deploy([first]);
    expect((await world.decide(undefined, true))[0]).toMatchObject({ state: 'withdrawn' });
    await world.advance('2 days');
    expect((await world.decide(undefined))[0], 'now automatic, yet a hand has decided').toMatchObject({ state: 'withdrawn' });
    expect(new Set(await world.armsOf(await world.enter(40)))).toContain('a');
    await world.stop();
  }, 120_000);

  it('goes on in a new version with the same arms, and starts anew with others', async () => {
    const world = await experimentWorld();
    await world.aDay('b');
    const rewritten = sequenceOf([proof(), waitOf('rest', 6), mailAt('more')]);
    expect(rewritten.artifact.version).not.toBe(first.artifact.version);
    world.deploy([rewritten]);
    for (let days = 0; days < 3; days++) await world.aDay('b');
    await world.advance('2 days');
    expect((await world.state())?.verdict?.published?.arm).toBe('b');
    expect(
      Object.values((await world.state())?.figures?.trial ?? {}).reduce((sum, it) => sum + it.leads, 0),
      'of both',
    ).toBeGreaterThan(180);

    const other = sequenceOf([proof({}, 'c'), waitOf('rest', 6)]);
    world.deploy([other]);
    expect(new Set(await world.armsOf(await world.enter(60)))).toEqual(new Set(['b', 'c', 'none']));
    await world.advance('2 days');
    const anew = await world.state();
    expect(anew?.verdict?.published).toBeUndefined();
    expect(Object.values(anew?.figures?.trial ?? {}).reduce((sum, it) => sum + it.leads, 0)).toBe(60);

    world.deploy([rewritten]);
    await world.advance('2 hours');
    expect((await world.state())?.verdict?.published?.arm, 'what was found out once is not forgotten').toBe('b');
    world.deploy([sequenceOf([waitOf('rest', 6)])]);
    await world.advance('2 hours');
    expect(await world.state()).toBeUndefined();
    await world.stop();
  }, 120_000);

  it('gives the winner to who is moved to a version with a new split, and does not count them', async () => {
    const plain = sequenceOf([waitOf('rest', 6)]);
    const split = sequenceOf([waitOf('rest', 6), proof()]);
    const world = await experimentWorld(plain);
    const ids = await world.enter(30);
    world.deploy([split]);
    await winner(world.ports)();
    await world.decide('a');
    const asked = { migration: { from: 'all', steps: {} } as const, target: split.artifact };
    expect((await migrate(migrateUse(world, ids), asked, noPause)).moved).toBe(30);
    expect(new Set(await world.armsOf(ids))).toEqual(new Set(['a', 'none']));
    expect((await world.runOf(ids[0] ?? '')).trials).toBeUndefined();
    await world.stop();
  }, 60_000);
});

describe('the tick', () => {
  it('may run as often as it likes, also twice at once, and says a thing once', async () => {
    const world = await experimentWorld();
    for (let days = 0; days < 3; days++) await world.aDay('b');
    // Its figures are those of last night.
    const { ports } = world;
    for (let at = 0; at < 3; at++) await Promise.all([winner(ports)(), winner(ports)()]);
    await world.advance('2 days');
    for (let at = 0; at < 3; at++) await Promise.all([winner(ports)(), winner(ports)()]);
    expect(world.lines.filter((it) => it.includes('winner published'))).toHaveLength(1);
    await world.stop();
  }, 60_000);
});
