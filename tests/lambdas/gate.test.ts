import { describe, expect, it } from 'vitest';
import { gateOf } from '#core/gate';
import { aWorld } from '#tests/helpers/world';

const settled = { how: 'declined', at: '2026-03-23T13:00:00.000Z', note: 'our first tool' } as const;

it('is closed in production until suppressions are settled, and never elsewhere', () => {
  expect(gateOf({ paused: {} })).toBeUndefined();
  expect(gateOf({ paused: {}, isProduction: true })).toBe('suppressions-not-brought-over');
  expect(gateOf({ paused: {}, isProduction: true, suppressions: settled })).toBeUndefined();
});

it('is closed over a table that was restored from a backup, whatever the stage', () => {
  expect(gateOf({ paused: {}, restoredFrom: 'baton-prod-old' })).toBe('restored-backup');
  expect(gateOf({ paused: {}, isProduction: true, suppressions: settled, restoredFrom: 'baton-prod-old' })).toBe('restored-backup');
});

describe('the first production send', () => {
  const production = async () => {
    let calls = 0;
    const world = await aWorld({
      isProduction: true,
      mailFaults: () => {
        calls++;
        return undefined as never;
      },
    });
    await world.did('trial.started');
    return { world, calls: () => calls };
  };

  it('does not reach SES while the gate is closed, and says so loudly', async () => {
    const { world, calls } = await production();
    await world.advance('2 hours');
    expect([world.sent(), calls()]).toEqual([[], 0]);
    const said = world.lines.filter((it) => it.includes('sending is closed'));
    expect(said.length).toBeGreaterThan(0);
    expect(said[0]).toContain('suppressions-not-brought-over');
    expect(said[0]).toContain('error');
  });

  it('goes within minutes once suppressions are settled', async () => {
    const { world } = await production();
    await world.advance('2 hours');
    await world.ports.line.settleSuppressions(settled);
    await world.advance('10 minutes');
    expect(world.sent()).toEqual(['welcome']);
  });

  it('is not lost, however long it takes: no deferral is used up, nothing goes twice, the run goes on', async () => {
    const { world } = await production();
    await world.advance('20 days');
    expect(world.sent()).toEqual([]);
    const [record] = await world.ports.sends.ofLead(world.leadId);
    expect(record).toMatchObject({ deferrals: 0 });
    expect(record?.holds).toBeGreaterThan(50);
    const decisions = await world.ports.decisions.ofLead(world.leadId);
    expect(decisions.map((it) => it.reason)).toContain('suppressions-not-brought-over');
    await world.ports.line.settleSuppressions(settled);
    await world.advance('14 days');
    expect(world.sent()[0]).toBe('welcome');
    expect(world.sent().length).toBeGreaterThan(1);
    expect(new Set(world.sent()).size).toBe(world.sent().length);
  });

  it('stays away from who turns out to have left before', async () => {
    const { world } = await production();
    await world.advance('1 hour');
    await world.ports.suppressions.add(world.leadId, { scope: 'GLOBAL', reason: 'unsubscribed', at: '2024-01-01T00:00:00.000Z' });
    await world.ports.line.settleSuppressions(settled);
    await world.advance('10 days');
    expect(world.sent()).toEqual([]);
  });
});

it('leaves every other stage alone', async () => {
  const world = await aWorld();
  await world.did('trial.started');
  expect(world.sent()).toEqual(['welcome']);
});
