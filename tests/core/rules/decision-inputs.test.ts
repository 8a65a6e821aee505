import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '#core/condition';
import { groundsOfEntry, groundsOfSend, standingOf } from '#core/decision-inputs';
import { missingFor } from '#core/explain/missing';
import { addSeconds } from '#core/instant';
import { parseQuietHours, parseWindow, quietHoursInWords, windowInWords } from '#core/send-window-text';
import type { EmailStep } from '#core/sequences/model';
import { aSendRecord } from '#tests/helpers/builders';
import { aLead, anArtifact, anEnrolment, day, live, now, someFacts } from './examples.ts';

const step: EmailStep = { id: 'proof', kind: 'email', email: 'proof', atOnce: false };
const situation = {
  lead: aLead(),
  enrolment: anEnrolment(),
  suppressions: [],
  artifact: anArtifact({ plans: { 'Plan proof': [{ state: 'Hold proof', forEmail: true }] } }),
  step,
  record: aSendRecord(),
  leg: 1,
  live,
  line: { paused: {} },
  enteredAt: now,
  now,
};
const many: Condition = {
  kind: 'any',
  of: Array.from({ length: 200 }, () => ({ kind: 'field', field: 'country', test: { in: ['DE', 'AT'] } })),
};

describe('what a decision keeps', () => {
  it('is where the lead stood; what nobody counted is left out', () => {
    const facts = someFacts({ engagement: 12.4, grade: 'B2' });
    expect(standingOf([{ kind: 'engagement', atLeast: 30 }], facts)).toEqual({ stage: 'lead', fit: 20, engagement: 12, grade: 'B2' });
    expect(standingOf([{ kind: 'fit', atLeast: 30 }, undefined], facts)).toEqual({ stage: 'lead', fit: 20 });
  });

  it('is small, however long the rule', () => {
    const facts = someFacts();
    const kept = [
      groundsOfSend({ ...situation, step: { ...step, onlyIf: many }, facts }, 'only-if-false'),
      groundsOfEntry(
        {
          ...situation,
          enrolments: [],
          facts,
          trigger: 'event1',
          artifact: anArtifact({ enter: { ...anArtifact().enter, if: many } }),
          brand: live.brand,
        },
        'entry-condition-false',
      ),
      groundsOfSend(
        { ...situation, line: { paused: { 'trial-nurture': { at: now, by: 'hand', why: 'x'.repeat(5000) } } } },
        'sequence-paused',
      ),
    ];
    for (const it of kept) {
      expect(it.rule ?? it.inputs).toBeDefined();
      expect(JSON.stringify(it).length).toBeLessThan(700);
    }
  });

  it('is the moment until which a mail was put off, in the hours of the lead', () => {
    const until = addSeconds(now, 3 * day);
    const held = groundsOfSend({ ...situation, lead: aLead({ pausedUntil: until }) }, 'paused-by-lead');
    expect(held).toEqual({ until: addSeconds(until, 1) });
    const night = '2026-07-14T20:00:00.000Z';
    const closed = groundsOfSend({ ...situation, now: night }, 'window-closed');
    expect(closed.inputs).toEqual({ 'quiet hours': '20:00-08:00 lead time', zone: 'Europe/Berlin' });
    expect(closed.until?.slice(0, 13)).toBe('2026-07-15T06');
  });

  it('is how often a mail was put off before it was given up, and why last', () => {
    const record = aSendRecord({ deferrals: 10, firstDeferredAt: now, reason: 'window-closed' });
    expect(groundsOfSend({ ...situation, record }, 'gave-up').inputs).toEqual({
      deferrals: 10,
      holds: 0,
      since: now,
      last: 'window-closed',
    });
  });

  it('is from when on the lead may come in again', () => {
    const enrolments = [anEnrolment({ endedAt: now })];
    const facts = someFacts();
    const again = (again: 'never' | { afterSeconds: number }) =>
      groundsOfEntry(
        {
          ...situation,
          enrolments,
          facts,
          trigger: 'event1',
          artifact: anArtifact({ enter: { ...anArtifact().enter, again } }),
          brand: live.brand,
        },
        'ran-before',
      );
    expect(again({ afterSeconds: 30 * day })).toEqual({
      rule: 'again: after 30 days',
      inputs: { last: now },
      until: addSeconds(now, 30 * day),
    });
    expect(again('never')).toEqual({ rule: 'again: never', inputs: { last: now } });
  });
});

describe('hours in words', () => {
  it('are what a marketer may write for them', () => {
    const minutes = fc.tuple(fc.integer({ min: 0, max: 1440 }), fc.integer({ min: 0, max: 1440 })).filter(([one, other]) => one < other);
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }).map((it) => it.sort());
    fc.assert(
      fc.property(days, minutes, fc.constantFrom('lead', 'Europe/Dublin'), (chosen, [fromMinute, toMinute], zone) => {
        const window = { days: chosen, fromMinute, toMinute, zone };
        expect(parseWindow(windowInWords(window))).toEqual(window);
        expect(parseQuietHours(quietHoursInWords({ fromMinute, toMinute }))).toEqual({ fromMinute, toMinute });
      }),
    );
    expect(windowInWords({ days: [2, 3, 4], fromMinute: 540, toMinute: 660, zone: 'lead' })).toBe('tue-thu 09:00-11:00 lead time');
  });
});

describe('what is missing', () => {
  it('is said in points, and in the words of the rule', () => {
    const facts = someFacts({ engagement: 18.2, fit: 14 });
    const rule: Condition = {
      kind: 'all',
      of: [
        { kind: 'fit', atLeast: 15 },
        { kind: 'engagement', atLeast: 30 },
        { kind: 'field', field: 'country', test: { is: 'FR' } },
        { kind: 'stage', in: ['lead'] },
      ],
    };
    expect(missingFor(rule, facts)).toEqual(['1 more point of fit', '12 more points of engagement', 'country is FR (DE)']);
    expect(missingFor({ kind: 'any', of: rule.of.slice(0, 2) }, facts)).toEqual(['1 more point of fit, or 12 more points of engagement']);
    expect(missingFor({ kind: 'engagement', atMost: 10 }, facts)).toEqual(['8 fewer points of engagement']);
    expect(missingFor({ kind: 'stage', in: ['lead'] }, facts)).toEqual([]);
  });
});
