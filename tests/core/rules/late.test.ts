import { describe, expect, it } from 'vitest';
import { decideSend, momentOf, type SendSituation } from '#core/decide-send';
import { addSeconds } from '#core/instant';
import { aLead, anEnrolment, aSendRecord } from '#tests/helpers/builders';
import { liveConfig } from '#tests/helpers/protocol-sequence';
import { anArtifact, day } from './examples.ts';

const hour = 3600;
const now = '2026-03-24T10:00:00.000Z';
const ago = (seconds: number) => addSeconds(now, -seconds);
const consents = { 'product-tips': { given: true, at: ago(30 * day), source: 'form' } };

const situation = (more: Partial<SendSituation> = {}): SendSituation => {
  const { emails: _emails, late: _late, ...artifact } = anArtifact({ topic: 'product-tips' });
  return {
    lead: aLead({ consents }),
    enrolment: anEnrolment({ leg: 1, enrolledAt: ago(20 * day) }),
    suppressions: [],
    artifact: { ...artifact, emails: {} },
    step: { kind: 'email', id: 'welcome', email: 'welcome', atOnce: true },
    record: aSendRecord({ deferrals: 0 }),
    leg: 1,
    live: { ...liveConfig, brand: { ...liveConfig.brand, topics: { 'product-tips': { label: 'Tips', consent: 'opt-in' } } } },
    line: { paused: {} },
    enteredAt: ago(60),
    now,
    ...more,
  };
};
const parked = (dueAgo: number, more = {}) =>
  anEnrolment({ leg: 1, enrolledAt: ago(20 * day), gsi1sk: ago(dueAgo + 60), waitSeconds: 60, speaks: true, ...more });

describe('an e-mail whose moment has passed', () => {
  it.each<[string, Partial<SendSituation>, ReturnType<typeof decideSend>]>([
    ['a minute ago goes', {}, { do: 'send' }],
    ['23 hours ago goes', { enteredAt: ago(23 * hour) }, { do: 'send' }],
    ['25 hours ago, in a queue that stood still, is planned anew', { enteredAt: ago(25 * hour) }, { do: 'defer', reason: 'late' }],
    ['25 hours ago, as the machine woke late, is planned anew', { enrolment: parked(25 * hour) }, { do: 'defer', reason: 'late' }],
    ['23 hours ago by its wait goes', { enrolment: parked(23 * hour) }, { do: 'send' }],
    ['is not told from a wait for something else', { enrolment: parked(25 * hour, { speaks: false }) }, { do: 'send' }],
  ])('%s', (_what, more, expected) => {
    expect(decideSend(situation(more))).toEqual(expected);
  });

  it('follows the rule of its sequence', () => {
    const late = (seconds: number, isSkipped?: true) => {
      const before = situation({ enteredAt: ago(3 * hour) });
      return decideSend({ ...before, artifact: { ...before.artifact, late: { seconds, ...(isSkipped && { isSkipped }) } } });
    };
    expect(late(2 * hour)).toEqual({ do: 'defer', reason: 'late' });
    expect(late(2 * hour, true)).toEqual({ do: 'skip', reason: 'late' });
    expect(late(4 * hour, true)).toEqual({ do: 'send' });
  });

  it('loses to a stop: who left hears nothing, late or not', () => {
    const left = aLead({ consents: { 'product-tips': { given: false, at: ago(hour), source: 'page' } } });
    expect(decideSend(situation({ lead: left, enteredAt: ago(2 * day) })).do).toBe('halt');
  });

  it('has its moment from the wait, but never from a wait that is still to come', () => {
    expect(momentOf(parked(2 * day), ago(60))).toBe(ago(2 * day));
    expect(momentOf(parked(-hour), ago(60))).toBe(ago(60));
  });
});
