import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { arrivedOf, feedbackOf, isPresentAddress, softBouncesOf, tooManyAt } from '#core/mail-feedback';
import { aLead, anEventRow, aSendRecord, aSesEvent, now } from '#tests/helpers/builders';

const day = 86_400;
const rule = { atMost: 3, perSeconds: 30 * day, coolDownSeconds: 3 * day };
const afterDays = (days: number) => addSeconds(now, days * day);

describe('what an event says against an address', () => {
  it.each([
    [
      { kind: 'bounced', bounceType: 'Permanent', bounceSubType: 'General' },
      { is: 'dead', reason: 'bounced', trouble: 'bounced' },
    ],
    [
      { kind: 'bounced', bounceType: 'Permanent', bounceSubType: 'NoEmail' },
      { is: 'dead', reason: 'bounced', trouble: 'bounced' },
    ],
    [
      { kind: 'bounced', bounceType: 'Permanent', bounceSubType: 'OnAccountSuppressionList' },
      { is: 'dead', reason: 'on-account-suppression-list' },
    ],
    [
      { kind: 'bounced', bounceType: 'Permanent', bounceSubType: 'Suppressed' },
      { is: 'dead', reason: 'on-account-suppression-list' },
    ],
    [{ kind: 'bounced', bounceType: 'Transient', bounceSubType: 'MailboxFull' }, { is: 'soft' }],
    [{ kind: 'bounced', bounceType: 'Undetermined' }, { is: 'soft' }],
    [{ kind: 'bounced' }, { is: 'soft' }],
    [{ kind: 'complained' }, { is: 'complaint', trouble: 'complained' }],
    [{ kind: 'opened' }, undefined],
    [{ kind: 'delayed' }, undefined],
  ] as const)('%o: %o', (event, feedback) => {
    expect(feedbackOf(aSesEvent(event))).toEqual(feedback);
  });

  it('is about the address that the mail went to, which may be a former one', () => {
    const moved = aLead({ addressId: 'new' });
    expect(isPresentAddress(aSesEvent(), aLead())).toBe(true);
    expect(isPresentAddress(aSesEvent(), moved)).toBe(false);
    expect(isPresentAddress(aSesEvent({ addressId: 'new' }), moved)).toBe(true);
    expect(isPresentAddress(aSesEvent({ addressId: 'old' }), moved)).toBe(false);
  });
});

describe('soft bounces', () => {
  it('are those of this address that may pass, each moment once', () => {
    const row = (eventId: string, more: object) => anEventRow({ eventId, name: 'bounced', bounceType: 'Transient', ...more });
    const rows = [
      row('a', { at: afterDays(1) }),
      row('a-told-again', { at: afterDays(1) }),
      row('b', { at: afterDays(2), bounceType: 'Undetermined' }),
      row('hard', { at: afterDays(3), bounceType: 'Permanent' }),
      row('elsewhere', { at: afterDays(4), addressId: 'another' }),
      anEventRow({ at: afterDays(5) }),
    ];
    expect(softBouncesOf(rows, 'lead-a', () => false)).toEqual([afterDays(1), afterDays(2)]);
    expect(softBouncesOf(rows, 'another', () => false)).toEqual([afterDays(4)]);
  });

  it('are none of mails that arrived: an absence note is told as one', () => {
    const bounce = anEventRow({ name: 'bounced', bounceType: 'Transient', enrolmentId: 'e', step: 'welcome', round: 1 });
    const send = aSendRecord({ enrolmentId: 'e', step: 'welcome', state: 'SENT' });
    const { addressId = bounce.leadId } = bounce;
    expect(softBouncesOf([bounce], addressId, arrivedOf([send]))).toHaveLength(1);
    expect(softBouncesOf([bounce], addressId, arrivedOf([{ ...send, deliveredAt: bounce.at }]))).toEqual([]);
  });

  it.each([
    [[], undefined],
    [[0, 1], undefined],
    [[0, 1, 2], 2],
    [[0, 1, 29], 29],
    [[0, 1, 30], undefined],
    [[0, 40, 41, 80], undefined],
    [[0, 1, 2, 80], 2],
    [[0, 1, 2, 3], 3],
  ])('on days %o: too many on day %s', (days, at) => {
    expect(tooManyAt(days.map(afterDays), rule)).toBe(at === undefined ? undefined : afterDays(at));
  });

  it('come to the same in any order, and with one more never to an earlier day', () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 120 }), { maxLength: 9 });
    fc.assert(
      fc.property(days, fc.infiniteStream(fc.nat()), fc.nat({ max: 120 }), (some, dice, another) => {
        const times = some.map(afterDays);
        const shuffled = times.map((it) => ({ it, by: dice.next().value as number })).toSorted((a, b) => a.by - b.by);
        const at = tooManyAt(times, rule);
        expect(
          tooManyAt(
            shuffled.map(({ it }) => it),
            rule,
          ),
        ).toBe(at);
        const more = tooManyAt([...new Set([...times, afterDays(another)])], rule);
        if (at !== undefined) expect(more !== undefined && more >= at).toBe(true);
      }),
    );
  });
});
