import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { shardOf } from '#core/keys';
import { wholePauses } from '#core/pauses';
import { resumePaused } from '#lambdas/resume-paused';
import { aWorld, start } from '#tests/helpers/world';

const pause = { at: start, by: 'hand', why: 'a test' } as const;
type World = Awaited<ReturnType<typeof aWorld>>;
const steps = (world: World) => world.mail.mails().flatMap((it) => (it.tags.lead === undefined ? [] : [it.tags.step]));
const resume = (world: World) => resumePaused(world.ports, 'nurture', world.clock.now());
/** What a lead gets that does nothing, in this order. */
const undisturbed = async () => {
  const world = await aWorld();
  await world.did('trial.started');
  await world.advance('30 days');
  return steps(world);
};

describe('a sequence that is paused', () => {
  it('sends nothing for weeks, then goes on where it was: all mails, in order, each once', async () => {
    const expected = await undisturbed();
    const world = await aWorld();
    await world.did('trial.started');
    await world.ports.line.pause('nurture', pause);
    await world.advance('20 days');
    expect(steps(world)).toEqual(['welcome']);
    const waiting = (await world.ports.sends.ofLead(world.leadId)).find((it) => it.state === 'RELEASED');
    expect(waiting).toMatchObject({ reason: 'sequence-paused', deferrals: 0 });
    expect(waiting?.holds).toBeGreaterThan(20);
    expect(await resume(world)).toBe('resumed');
    await world.advance('12 hours');
    expect(steps(world).length).toBe(2);
    await world.advance('30 days');
    expect(steps(world)).toEqual(expected);
    expect((await world.run())?.ending).toBe('completed');
  });

  it('that is paused, resumed and paused again sends each mail once still', async () => {
    const expected = await undisturbed();
    const world = await aWorld();
    await world.did('trial.started');
    for (let turn = 0; turn < 6; turn++) {
      await world.ports.line.pause('nurture', { ...pause, at: world.clock.now() });
      await world.advance('40 hours');
      await resume(world);
      await world.advance('20 hours');
    }
    await world.advance('30 days');
    expect(steps(world)).toEqual(expected);
  });

  it('takes new leads in, and mails them once it goes on', async () => {
    const world = await aWorld();
    await world.ports.line.pause('nurture', pause);
    await world.did('trial.started');
    await world.advance('2 days');
    expect(steps(world)).toEqual([]);
    expect((await world.run())?.endedAt).toBeUndefined();
    await resume(world);
    await world.advance('12 hours');
    expect(steps(world)).toEqual(['welcome']);
  });

  it('lets leads out: a goal and an unsubscribe end their runs at once', async () => {
    for (const [leave, reason] of [
      [(world: World) => world.did('subscription.started'), 'goal'],
      [
        async (world: World) => {
          const header = world.mail.mails()[0]?.headers.find((it) => it.name === 'List-Unsubscribe')?.value ?? '';
          await world.app.request(new URL(header.slice(1, -1)).pathname, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
          await world.advance('1 minute');
        },
        'unsubscribed',
      ],
    ] as const) {
      const world = await aWorld();
      await world.did('trial.started');
      await world.ports.line.pause('nurture', pause);
      await world.advance('8 days');
      await leave(world);
      expect(await world.run()).toMatchObject({ ending: 'stopped', stop: { reason } });
      await resume(world);
      await world.advance('30 days');
      expect(steps(world)).toEqual(['welcome']);
    }
  });

  it('leaves the other sequences alone', async () => {
    const world = await aWorld();
    await world.ports.line.pause('another', pause);
    await world.did('trial.started');
    expect(steps(world)).toEqual(['welcome']);
  });
});

describe('all sending, paused', () => {
  it('holds the mails of every sequence, lets leads enter and leave, and goes on without a resend', async () => {
    const expected = await undisturbed();
    const world = await aWorld();
    await world.ports.line.pause(wholePauses.sends, pause);
    await world.did('trial.started');
    await world.advance('9 days');
    expect(steps(world)).toEqual([]);
    expect((await world.ports.sends.ofLead(world.leadId)).at(0)).toMatchObject({ reason: 'sending-paused', deferrals: 0 });
    await resumePaused(world.ports, wholePauses.sends, world.clock.now());
    await world.advance('60 days');
    expect(steps(world)).toEqual(expected);
  });
});

describe('everything, paused', () => {
  it('lets nobody begin, keeps who came, and begins them once when it goes on', async () => {
    const expected = await undisturbed();
    const world = await aWorld();
    await world.ports.line.pause(wholePauses.everything, pause);
    await world.did('trial.started');
    await world.advance('20 days');
    expect(steps(world)).toEqual([]);
    expect((await world.run())?.endedAt).toBeUndefined();
    expect(world.runner.list({})).toEqual([]);
    expect(await world.ports.enrolments.held(shardOf(world.leadId), 10)).toHaveLength(1);
    await resumePaused(world.ports, wholePauses.everything, world.clock.now());
    await world.advance('16 minutes');
    expect(steps(world)).toEqual(['welcome']);
    expect(await world.ports.enrolments.held(shardOf(world.leadId), 10)).toEqual([]);
    await world.advance('60 days');
    expect(steps(world)).toEqual(expected);
    expect(world.runner.list({})).toHaveLength(1);
  });

  it('never stops unsubscribing: who left meanwhile gets nothing afterwards, and its run ends', async () => {
    const world = await aWorld();
    await world.did('trial.started');
    await world.ports.line.pause(wholePauses.everything, pause);
    const header = world.mail.mails()[0]?.headers.find((it) => it.name === 'List-Unsubscribe')?.value ?? '';
    await world.app.request(new URL(header.slice(1, -1)).pathname, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
    await world.advance('1 minute');
    expect(await world.run()).toMatchObject({ ending: 'stopped', stop: { reason: 'unsubscribed' } });
    await resumePaused(world.ports, wholePauses.everything, world.clock.now());
    await world.advance('30 days');
    expect(steps(world)).toEqual(['welcome']);
  });

  it('ends a run that was held at once, should its reason be gone by then', async () => {
    const world = await aWorld();
    await world.ports.line.pause(wholePauses.everything, pause);
    await world.did('trial.started');
    await world.advance('1 day');
    await world.did('subscription.started');
    await resumePaused(world.ports, wholePauses.everything, world.clock.now());
    await world.advance('30 days');
    expect(steps(world)).toEqual([]);
    expect(await world.run()).toMatchObject({ ending: 'stopped', stop: { reason: 'goal' } });
  });
});

describe('a sequence whose mails are reported as spam', () => {
  it('pauses itself, tells its owner, sends no more, and goes on once somebody resumes it', async () => {
    const world = await aWorld({
      fate: (mail) => [
        { at: addSeconds(mail.at, 5), kind: 'delivered' },
        // Whose reports come by another way than the lead of this world.
      ],
    });
    await world.did('trial.started');
    for (const at of [1, 2, 3]) {
      await world.ports.eventQueue.push({
        source: 'ses',
        eventId: `report-${at}`,
        kind: 'complained',
        at: addSeconds(start, at),
        messageId: `m-${at}`,
        leadId: `somebody-${at}`,
        sequence: 'nurture',
        step: 'welcome',
      });
    }
    await world.advance('10 days');
    expect(steps(world)).toEqual(['welcome']);
    const notices = world.mail.mails().filter((it) => it.tags.kind === 'notice');
    expect(notices.map((it) => it.to)).toEqual(Array(4).fill('ana@example.com'));
    expect(notices.map((it) => it.subject).at(-1)).toBe('nurture has paused itself');
    expect(notices.at(-1)?.text).toContain('npx baton resume nurture');
    expect(world.lines.filter((it) => it.includes('sequence paused'))).toHaveLength(1);
    await resume(world);
    await world.advance('30 days');
    expect((await world.run())?.ending).toBe('completed');
    expect(new Set(steps(world)).size).toBe(steps(world).length);
    expect((await world.ports.line.state()).paused).toEqual({});
  });
});
