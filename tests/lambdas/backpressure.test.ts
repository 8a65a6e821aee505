import { describe, expect, it } from 'vitest';
import { isWorthNoting, shareEnrolled } from '#core/backpressure';
import { addSeconds } from '#core/instant';
import { enrolInTurn } from '#lambdas/steps/enrol';
import { sendEmail } from '#lambdas/steps/send-email';
import { confirmations, nurture, withDoubleOptIn } from '#tests/helpers/protocol-sequence';
import { aWorld, start } from '#tests/helpers/world';

const minutes = (count: number) => count * 60;

describe('the share that is enrolled', () => {
  it.each([
    [0, 1],
    [15, 1],
    [37.5, 0.5],
    [60, 0],
    [600, 0],
  ])('mail that waited %i minutes lets %f in', (waited, share) => {
    expect(shareEnrolled({ seconds: minutes(waited), at: start }, start)).toBeCloseTo(share);
  });

  it('is everybody when nobody met old mail for three minutes', () => {
    const lag = { seconds: minutes(90), at: start };
    expect(shareEnrolled(lag, addSeconds(start, 180))).toBe(0);
    expect(shareEnrolled(lag, addSeconds(start, 181))).toBe(1);
    expect(shareEnrolled(undefined, start)).toBe(1);
  });
});

describe('a sender', () => {
  it('notes what it met once a minute, and at once when it got much worse', () => {
    const known = { seconds: minutes(20), at: start };
    expect(isWorthNoting(undefined, minutes(16), start)).toBe(true);
    expect(isWorthNoting(undefined, minutes(14), start)).toBe(false);
    expect(isWorthNoting(known, minutes(21), addSeconds(start, 59))).toBe(false);
    expect(isWorthNoting(known, minutes(21), addSeconds(start, 60))).toBe(true);
    expect(isWorthNoting(known, minutes(40), addSeconds(start, 1))).toBe(true);
  });

  it('tells how long a mail waited that it takes for the first time, and nothing of one that came again', async () => {
    const world = await aWorld();
    await world.did('trial.started');
    const run = await world.run();
    if (!run) throw new Error('the lead did not enter');
    const key = { leadId: world.leadId, sequence: run.sequence, enrolmentId: run.enrolmentId };
    const now = world.clock.now();
    const message = { ...key, leg: 1, version: run.version, step: 'power-tips', round: 1, token: 'none', notAfterSeconds: 86_400 };
    await sendEmail(world.ports)({ ...message, enteredAt: addSeconds(now, -minutes(40)) });
    expect((await world.ports.line.state()).lag).toEqual({ seconds: minutes(40), at: now });
    await sendEmail(world.ports)({ ...message, enteredAt: addSeconds(now, -minutes(120)) });
    expect((await world.ports.line.state()).lag).toEqual({ seconds: minutes(40), at: now });
    await world.stop();
  });
});

describe('enrolment', () => {
  it('waits while mail is an hour behind, loses nobody, and goes on when the queue is young again', async () => {
    const world = await aWorld();
    await world.ports.line.noteLag({ seconds: minutes(61), at: world.clock.now() });
    await world.did('trial.started');
    expect(await world.run()).toBeUndefined();
    expect(world.sent()).toEqual([]);
    await world.advance('10 minutes');
    expect(world.sent()).toEqual(['welcome']);
    await world.stop();
  });

  it('lets some in at half the way, and all of them in the end', async () => {
    const world = await aWorld();
    const { ports } = world;
    const consents = { tips: { given: true, at: start, source: 'form' } };
    for (let at = 0; at < 60; at++) {
      const leadId = ports.ids.leadId(`lead${at}@example.com`);
      await ports.leads.upsert({ leadId, email: `lead${at}@example.com`, fields: { country: 'IE' }, consents }, start);
      await ports.enrolQueue.push({ leadId, sequence: 'nurture', trigger: 'list' });
    }
    await ports.line.noteLag({ seconds: minutes(37.5), at: world.clock.now() });
    await world.runUntil(world.clock.now());
    const first = world.sent().length;
    expect(first).toBeGreaterThan(15);
    expect(first).toBeLessThan(45);
    await world.advance('10 minutes');
    expect(world.sent()).toHaveLength(60);
    await world.stop();
  });

  it('holds back no confirmation', async () => {
    const live = withDoubleOptIn;
    const [confirmation] = confirmations(live);
    if (!confirmation) throw new Error('there is no confirmation');
    const world = await aWorld({ live, compiled: [nurture(), confirmation] });
    const lag = { seconds: minutes(90), at: world.clock.now() };
    await world.ports.line.noteLag(lag);
    const { sequence } = confirmation.artifact;
    const { leadId } = world;
    expect(await enrolInTurn(world.ports)({ leadId, sequence, trigger: 'form' })).not.toBe('later');
    expect(await enrolInTurn(world.ports)({ leadId, sequence: 'nurture', trigger: 'form' })).toBe('later');
    await world.stop();
  });
});
