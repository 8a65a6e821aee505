import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import type { Consent, Lead } from '#core/lead';
import { inNewHands } from '#core/lead-history';
import { consentChanges, mergeLeads } from '#core/merge-leads';
import type { Former } from '#core/ports';
import type { Item } from '#core/table';
import { aLead, anEnrolment, aSendRecord, aStageMove, now } from '#tests/helpers/builders';

const before = '2026-03-01T09:00:00.000Z';
const between = '2026-03-10T09:00:00.000Z';
const after = '2026-03-20T09:00:00.000Z';
const agreed = (at: string, confirmedAt?: string): Consent => ({
  given: true,
  at,
  source: 'form',
  ...(confirmedAt !== undefined && { confirmed: { at: confirmedAt } }),
});
const refused = (at: string): Consent => ({ given: false, at, source: 'unsubscribe-link' });

/** The other lead's own address is the one that stays. */
const address = { email: 'kim@new.example', addressId: 'lead-b' };
const kept = (more: Partial<Lead> = {}) => aLead({ leadId: 'lead-a', email: 'kim@old.example', consents: {}, ...more });
const former = (more: Partial<Lead> = {}): Former => ({
  leadId: 'lead-b',
  into: 'lead-a',
  at: now,
  lead: aLead({ leadId: 'lead-b', email: 'kim@new.example', consents: {}, ...more }),
});
const merged = (mine: Partial<Lead>, theirs: Partial<Lead>) => mergeLeads(kept(mine), address, former(theirs));

describe('a merge of two leads', () => {
  it('keeps the survivor’s fields, filled up with the other’s', () => {
    const lead = merged({ fields: { company: 'Old Ltd', country: '' } }, { fields: { company: 'New Ltd', country: 'DE', employees: 7 } });
    expect(lead?.fields).toEqual({ company: 'Old Ltd', country: 'DE', employees: 7 });
  });

  it('is inside where either was, and has its days planned anew', () => {
    const mine = { a: { holds: false, at: after, edge: 1 }, c: { due: after, day: '2026-03-20' } };
    const theirs = { a: { holds: true, at: before, edge: 3 }, b: { due: after, day: '2026-03-20', pending: ['date:2026-03-01'] } };
    expect(merged({ entries: mine }, { entries: theirs })?.entries).toEqual({
      a: { holds: true, at: after, edge: 3 },
      b: { pending: ['date:2026-03-01'] },
      c: { due: after, day: '2026-03-20' },
    });
  });

  it('mails the address that stays, and remembers who went in', () => {
    expect(merged({}, { absorbed: { 'lead-c': before } })).toMatchObject({
      leadId: 'lead-a',
      email: 'kim@new.example',
      addressId: 'lead-b',
      absorbed: { 'lead-b': now, 'lead-c': before },
    });
  });

  it.each<[string, Consent | undefined, Consent | undefined, Consent | undefined]>([
    ['a refusal that is later wins', agreed(before), refused(after), refused(after)],
    ['a refusal that is earlier wins over an agreement nobody confirmed', agreed(after), refused(before), refused(before)],
    ['a refusal wins over a confirmation of the other mailbox', agreed(before, after), refused(between), refused(between)],
    ['a confirmation of this mailbox, later, opens the way', refused(between), agreed(before, after), agreed(before, after)],
    ['a confirmation of this mailbox, earlier, does not', refused(after), agreed(before, between), refused(after)],
    ['what only the survivor agreed to stays agreed', agreed(before), undefined, agreed(before)],
    ['what only the other agreed to is agreed', undefined, agreed(before, after), agreed(before, after)],
    ['what only one refused is refused', undefined, refused(before), refused(before)],
    ['of two refusals the later stays', refused(after), refused(before), refused(after)],
    ['of two agreements the confirmed one stays', agreed(after), agreed(before, between), agreed(before, between)],
    ['a confirmation of the old mailbox proves nothing', agreed(before, after), undefined, agreed(before)],
  ])('%s', (_, mine, theirs, result) => {
    const lead = merged({ consents: mine ? { tips: mine } : {} }, { consents: theirs ? { tips: theirs } : {} });
    expect(lead?.consents.tips).toEqual(result);
  });

  it('keeps the furthest stage, the longest pause and the earlier beginning; the survivor’s handoff only', () => {
    const handoff = { taskId: 't', since: now, until: now };
    const lead = merged(
      { pausedUntil: before, createdAt: after },
      { pausedUntil: after, createdAt: before, stage: 'mql', handoff, handoffs: 3 },
    );
    expect(lead).toMatchObject({ stage: 'mql', pausedUntil: after, createdAt: before, handoffs: 0 });
    expect(lead?.handoff).toBeUndefined();
    expect(merged({ handoff, stage: 'won' }, { stage: 'mql' })).toMatchObject({ handoff, stage: 'won' });
  });

  it('cools down for the address that stays, never for another', () => {
    expect(merged({ coolUntil: after }, {})?.coolUntil).toBeUndefined();
    expect(merged({ coolUntil: after }, { coolUntil: before })?.coolUntil).toBe(before);
  });

  it('is away for as long as either was said to be', () => {
    expect(merged({ awayUntil: before }, { awayUntil: after })?.awayUntil).toBe(after);
    expect(merged({}, { awayUntil: before })?.awayUntil).toBe(before);
    expect(merged({}, {})).not.toHaveProperty('awayUntil');
  });

  it('takes a lead in once, whatever was said since', () => {
    fc.assert(
      fc.property(fc.constantFrom(agreed(before), agreed(before, after), refused(between)), fc.boolean(), (theirs, again) => {
        const once = merged({ consents: { tips: agreed(between) } }, { consents: { tips: theirs } });
        if (!once) throw new Error('nothing was merged');
        const since = again ? { ...once, consents: { tips: agreed(now, now) } } : once;
        expect(mergeLeads(since, address, former({ consents: { tips: theirs } }))).toBeUndefined();
      }),
    );
  });
});

describe('a change to an address that no lead has', () => {
  const bare: Former = { leadId: 'free', into: 'lead-a', at: now };

  it('keeps agreements and takes the confirmation of the old mailbox away', () => {
    const lead = mergeLeads(kept({ consents: { tips: agreed(before, after) } }), { email: 'x@new.example', addressId: 'free' }, bare);
    expect(lead).toMatchObject({ addressId: 'free', email: 'x@new.example', consents: { tips: agreed(before) } });
  });

  it('says so in the ledger', () => {
    const lead = kept({ consents: { tips: agreed(before, after), news: refused(before) } });
    const changed = mergeLeads(lead, { email: 'x@new.example', addressId: 'free' }, bare);
    expect(changed && consentChanges(lead, changed, now)).toEqual([{ topic: 'tips', given: true, at: now, source: 'address-changed' }]);
  });

  it('goes back to the first address without a trace of the other', () => {
    const lead = mergeLeads(kept({ addressId: 'free' }), { email: 'kim@old.example', addressId: 'lead-a' }, undefined);
    expect(lead).toEqual(kept());
  });

  it('does nothing for the present address', () => {
    expect(mergeLeads(kept(), { email: 'kim@old.example', addressId: 'lead-a' }, undefined)).toBeUndefined();
  });
});

describe('what happened to a former lead', () => {
  const row = (kind: Parameters<typeof inNewHands>[0], it: object) => inNewHands(kind, it as unknown as Item, { at: now }, 'lead-a');

  it('is told under the other’s id', () => {
    expect(row('EVENT#', { leadId: 'lead-b', name: 'visited', done: true })).toEqual({ leadId: 'lead-a', name: 'visited', done: true });
    expect(row('STAGE#', aStageMove() as never)).toEqual(aStageMove());
  });

  it('is worked on again when that may have been under way', () => {
    const noted = { leadId: 'lead-b', done: true, notedAt: addSeconds(now, -60) };
    expect(row('EVENT#', noted)).toEqual({ ...noted, leadId: 'lead-a', done: false });
    expect(row('EVENT#', { ...noted, notedAt: addSeconds(now, -3600) })).toMatchObject({ done: true });
  });

  it('holds no run that still goes on', () => {
    const parked = { token: 't', step: 'settle', gsi1pk: 'DUE#1#0', gsi1sk: after, waitSeconds: 0, awaiting: ['x'] };
    expect(row('ENROLMENT#', anEnrolment({ leadId: 'lead-b', enrolledAt: before, ...parked }))).toEqual({
      ...anEnrolment({ leadId: 'lead-a', enrolledAt: before }),
      stop: { reason: 'merged', at: now },
      ending: 'stopped',
      endedAt: now,
    });
  });

  it('keeps the end of a run that had ended', () => {
    const ended = anEnrolment({ leadId: 'lead-b', enrolledAt: before, endedAt: between, ending: 'completed' });
    expect(row('ENROLMENT#', ended)).toEqual({ ...ended, leadId: 'lead-a' });
  });

  it('is looked for as long as its fate is unknown', () => {
    const unknown = aSendRecord({ leadId: 'lead-b', state: 'UNKNOWN', gsi1pk: 'UNSETTLED#7', gsi1sk: before });
    expect(row('SEND#', unknown)).toMatchObject({ leadId: 'lead-a', gsi1pk: expect.stringMatching(/^UNSETTLED#/), gsi1sk: before });
  });
});
