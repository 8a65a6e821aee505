import { describe, expect, it } from 'vitest';
import { LeadEvent } from '#core/events';
import { addSeconds } from '#core/instant';
import { processEvent } from '#lambdas/events/process-events';
import { consume } from '#lambdas/runtime';
import { aSesEvent, now } from '#tests/helpers/builders';
import { aFeedbackWorld } from '#tests/helpers/feedback-world';

const day = 86_400;
const hard = { kind: 'bounced', bounceType: 'Permanent', bounceSubType: 'General' } as const;
const soft = { kind: 'bounced', bounceType: 'Transient', bounceSubType: 'MailboxFull' } as const;
const today = { from: now.slice(0, 10), upTo: now.slice(0, 10) };
const later = (days: number) => addSeconds(now, days * day);

describe('a permanent bounce', () => {
  it('closes the address, stops the runs and counts once, however often it is told', async () => {
    const { ports, addLead, tell, told } = aFeedbackWorld();
    await addLead();
    await tell(hard, hard);
    expect(await ports.suppressions.ofLead('lead-a')).toEqual([{ scope: 'ADDRESS#lead-a', reason: 'bounced', at: now }]);
    expect((await ports.enrolments.ofLead('lead-a'))[0]?.stop).toEqual({ reason: 'suppressed', at: now });
    expect(told).toEqual(['token of lead-a']);
    expect(await ports.health.sums('nurture', today)).toEqual({ delivered: 0, bounced: 1, complained: 0 });
    expect(await ports.events.find('lead-a', 'ses-a')).toMatchObject({ bounceType: 'Permanent', done: true });
  });

  it.each(['OnAccountSuppressionList', 'Suppressed'])(
    'that SES knew of before (%s) closes the address, and blames no sequence',
    async (bounceSubType) => {
      const { ports, addLead, tell } = aFeedbackWorld();
      await addLead();
      await tell({ ...hard, bounceSubType });
      expect(await ports.suppressions.ofLead('lead-a')).toMatchObject([{ scope: 'ADDRESS#lead-a', reason: 'on-account-suppression-list' }]);
      expect((await ports.enrolments.ofLead('lead-a'))[0]?.stop?.reason).toBe('suppressed');
      expect(await ports.health.sums('nurture', today)).toMatchObject({ bounced: 0 });
    },
  );

  it('of a former address closes that one only: the lead goes on at its present one', async () => {
    const { ports, addLead, tell } = aFeedbackWorld();
    await addLead({ addressId: 'address-new' });
    await tell({ ...hard, addressId: 'lead-a' }, { ...soft, eventId: 'soft', addressId: 'lead-a' });
    expect((await ports.suppressions.ofLead('lead-a')).map((it) => it.scope)).toEqual(['ADDRESS#lead-a']);
    expect((await ports.enrolments.ofLead('lead-a'))[0]?.stop).toBeUndefined();
    expect((await ports.leads.find('lead-a'))?.coolUntil).toBeUndefined();
    await tell({ ...hard, eventId: 'of the new', addressId: 'address-new' });
    expect((await ports.enrolments.ofLead('lead-a'))[0]?.stop?.reason).toBe('suppressed');
  });
});

describe('a bounce that may pass', () => {
  it('makes mail wait, never for a shorter time than it waits already', async () => {
    const { ports, addLead, tell } = aFeedbackWorld();
    await addLead();
    await tell({ ...soft, eventId: 'two', at: later(2) }, { ...soft, eventId: 'one', at: later(1) });
    expect((await ports.leads.find('lead-a'))?.coolUntil).toBe(later(5));
    expect(await ports.suppressions.ofLead('lead-a')).toEqual([]);
    expect((await ports.enrolments.ofLead('lead-a'))[0]?.stop).toBeUndefined();
    expect(await ports.events.find('lead-a', 'one')).toMatchObject({ bounceType: 'Transient', done: true });
  });

  it('closes the address at the third within 30 days, not when one is told three times', async () => {
    const { ports, addLead, tell } = aFeedbackWorld();
    await addLead();
    await tell(soft, soft, soft);
    expect(await ports.suppressions.ofLead('lead-a')).toEqual([]);
    await tell({ ...soft, eventId: 'b', at: later(40) }, { ...soft, eventId: 'c', at: later(50), bounceType: 'Undetermined' });
    expect(await ports.suppressions.ofLead('lead-a')).toEqual([]);
    await tell({ ...soft, eventId: 'd', at: later(45) });
    expect(await ports.suppressions.ofLead('lead-a')).toEqual([{ scope: 'ADDRESS#lead-a', reason: 'soft-bounces', at: later(50) }]);
    expect((await ports.enrolments.ofLead('lead-a'))[0]?.stop?.reason).toBe('suppressed');
    // They pass: a sequence is not judged by them.
    expect(await ports.health.sums('nurture', { from: now.slice(0, 10), upTo: later(50).slice(0, 10) })).toMatchObject({ bounced: 0 });
  });

  it('is counted by address: those of a former one do not add up with those of the present one', async () => {
    const { ports, addLead, tell } = aFeedbackWorld();
    await addLead({ addressId: 'new' });
    await tell(
      { ...soft, eventId: 'a', at: later(1) },
      { ...soft, eventId: 'b', at: later(2) },
      { ...soft, eventId: 'c', at: later(3), addressId: 'new' },
    );
    expect(await ports.suppressions.ofLead('lead-a')).toEqual([]);
    expect((await ports.leads.find('lead-a'))?.coolUntil).toBe(later(6));
  });
});

describe('a complaint', () => {
  it('closes everything for this person, whatever address it was, and tells the owner once', async () => {
    const { ports, addLead, tell, notices, logged } = aFeedbackWorld();
    await addLead({ addressId: 'new' });
    const complaint = { kind: 'complained', addressId: 'old' } as const;
    await tell(complaint, complaint);
    expect(await ports.suppressions.ofLead('lead-a')).toEqual([{ scope: 'GLOBAL', reason: 'complained', at: now }]);
    expect((await ports.enrolments.ofLead('lead-a'))[0]?.stop?.reason).toBe('suppressed');
    expect(notices).toEqual([{ kind: 'complained', sequence: 'nurture', step: 'welcome', leadId: 'lead-a', at: now }]);
    expect(logged('complaint received')).toHaveLength(1);
    expect(await ports.health.sums('nurture', today)).toMatchObject({ complained: 1 });
  });

  it('of somebody who was erased still protects the address, and revives nobody', async () => {
    const { ports, tell } = aFeedbackWorld();
    await tell(
      { kind: 'complained', leadId: 'gone' },
      { ...hard, eventId: 'b', leadId: 'gone' },
      { ...soft, eventId: 's', leadId: 'gone' },
    );
    expect((await ports.suppressions.ofLead('gone')).map((it) => it.scope)).toEqual(['ADDRESS#gone', 'GLOBAL']);
    expect(await ports.events.ofLead('gone')).toEqual([]);
    expect(await ports.leads.find('gone')).toBeUndefined();
  });
});

describe('a mail that SES took and did not send', () => {
  it.each([
    ['rejected', 'mail rejected by ses'],
    ['rendering-failed', 'mail not rendered by ses'],
  ] as const)('%s: is logged as an error and told to the owner, once', async (kind, message) => {
    const { addLead, tell, notices, logged } = aFeedbackWorld();
    await addLead();
    await tell({ kind }, { kind });
    expect(logged(message)).toMatchObject([{ level: 'error', keys: { leadId: 'lead-a', sequence: 'nurture', stepId: 'welcome' } }]);
    expect(notices).toEqual([{ kind, sequence: 'nurture', step: 'welcome', leadId: 'lead-a', at: now }]);
  });
});

describe('the line', () => {
  const complaints = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      kind: 'complained' as const,
      eventId: `c${at}`,
      leadId: `lead-${at}`,
      at: addSeconds(now, at),
    }));

  it('stops at the third report of few mails: a pause, an error in the log, and a notice that says why; not again after', async () => {
    const { ports, addLead, tell, notices, logged } = aFeedbackWorld();
    for (const { leadId } of complaints(5)) await addLead({ leadId });
    await ports.health.addDelivered('nurture', today.upTo, 1000);
    await tell(...complaints(2));
    expect((await ports.line.state()).paused).toEqual({});
    await tell(...complaints(5));
    const why = '3 of 1000 mails were reported as spam over the last 7 days: 0.3 %, the limit is 0.08 %';
    expect((await ports.line.state()).paused).toEqual({ nurture: { at: addSeconds(now, 2), by: 'stop-the-line', why } });
    expect(logged('sequence paused')).toMatchObject([{ level: 'error', keys: { sequence: 'nurture', delivered: 1000, complained: 3 } }]);
    expect(notices.filter((it) => it.kind === 'sequence-paused')).toEqual([
      { kind: 'sequence-paused', sequence: 'nurture', why, at: addSeconds(now, 2) },
    ]);
  });

  it('goes on after it was looked into: old reports count no more, new ones stop it again', async () => {
    const { ports, addLead, tell } = aFeedbackWorld();
    for (const { leadId } of complaints(7)) await addLead({ leadId });
    await ports.health.addDelivered('nurture', today.upTo, 1000);
    await tell(...complaints(3));
    await ports.health.startOver('nurture', today.upTo);
    await ports.line.resume('nurture');
    await ports.health.addDelivered('nurture', today.upTo, 1000);
    await tell(...complaints(5));
    expect((await ports.line.state()).paused).toEqual({});
    await tell(...complaints(6));
    expect((await ports.line.state()).paused).toHaveProperty('nurture');
  });

  it('tells of a pause that was written before the process died', async () => {
    const { ports, addLead, tell, notices } = aFeedbackWorld();
    for (const { leadId } of complaints(3)) await addLead({ leadId });
    await tell(...complaints(2));
    const died = { ...ports, noticeQueue: { push: () => Promise.reject(new Error('died')) } };
    const third = aSesEvent(complaints(3)[2]);
    await expect(
      processEvent({ ...died, noticeQueue: { push: async (it) => (it.kind === 'sequence-paused' ? died.noticeQueue.push() : undefined) } })(
        third,
      ),
    ).rejects.toThrow('died');
    expect((await ports.line.state()).paused).toHaveProperty('nurture');
    await tell(third);
    expect(notices.filter((it) => it.kind === 'sequence-paused')).toHaveLength(1);
  });
});

describe('deliveries', () => {
  const batch = (events: readonly object[]) => ({
    Records: events.map((event, at) => ({ messageId: String(at), body: JSON.stringify(event) })),
  });

  it('are added up by sequence and day, and written once a batch', async () => {
    const { ports, addLead } = aFeedbackWorld();
    const writes: string[] = [];
    const counting = {
      ...ports,
      health: {
        ...ports.health,
        addDelivered: async (sequence: string, at: string, count: number) => {
          writes.push(`${sequence} ${at} ${count}`);
          await ports.health.addDelivered(sequence, at, count);
        },
      },
    };
    for (const leadId of ['l1', 'l2', 'l3']) await addLead({ leadId });
    const delivered = (leadId: string, at = now) => aSesEvent({ kind: 'delivered', eventId: `d-${leadId}`, leadId, at });
    const handle = processEvent(counting);
    const consumer = consume(LeadEvent, handle, ports.log);
    const events = [delivered('l1'), delivered('l2'), delivered('l1'), delivered('l3', later(1)), delivered('nobody')];
    expect(await consumer(batch(events) as never)).toEqual({ batchItemFailures: [] });
    expect(writes).toEqual(['nurture 2026-03-23 2', 'nurture 2026-03-24 1']);
    await consumer(batch(events) as never);
    expect(writes).toHaveLength(2);
    expect(await ports.health.sums('nurture', today)).toMatchObject({ delivered: 2 });
  });

  it('that cannot be counted are logged, and no message comes again for it', async () => {
    const { ports, addLead, logged } = aFeedbackWorld();
    await addLead();
    const broken = { ...ports, health: { ...ports.health, addDelivered: () => Promise.reject(new Error('no')) } };
    const consumer = consume(LeadEvent, processEvent(broken), ports.log);
    expect(await consumer(batch([aSesEvent({ kind: 'delivered' })]) as never)).toEqual({ batchItemFailures: [] });
    expect(logged('flush failed')).toHaveLength(1);
    expect(await ports.sends.ofLead('lead-a')).toMatchObject([{ deliveredAt: now }]);
  });
});
