import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CapRules, freeFrom, isRestrained, restraintOn, type Speaker } from '#core/caps';
import { speakerOf } from '#core/decide-send';
import type { Enrolment } from '#core/enrolment';
import { addSeconds, type Instant, toEpoch } from '#core/instant';
import type { LineState } from '#core/ports';
import { nurture } from '#tests/helpers/protocol-sequence';

const hour = 3600;
const day = 24 * hour;
const now = '2026-03-10T10:00:00.000Z';
const later = (seconds: number) => addSeconds(now, seconds);

const aRun = (sequence: string, more: Partial<Enrolment> = {}): Enrolment => ({
  leadId: 'lead-a',
  sequence,
  enrolmentId: `run-${sequence}`,
  leg: 1,
  version: 'v1',
  enrolledAt: later(-10 * day),
  trigger: 't',
  arms: {},
  seen: {},
  ...more,
});
const speaker = (more: Partial<Speaker> = {}): Speaker => ({
  enrolmentId: 'run-own',
  sequence: 'own',
  priority: 40,
  key: 'run-own#mail#1',
  silent: {},
  ...more,
});
const mailAt = (seconds: number, enrolmentId = 'run-x') => ({ key: `${enrolmentId}#${seconds}`, enrolmentId, at: later(seconds) });
const rules: CapRules = { cap: { emails: 2, perSeconds: 7 * day }, gapSeconds: 20 * hour };

describe('cap and gap', () => {
  it.each([
    ['nothing went', [], 0],
    ['one went long enough ago', [-20 * hour], 0],
    ['one went a second too recently', [-20 * hour + 1], 1],
    ['two went within the period', [-6 * day, -3 * day], day],
    ['the first of two leaves the period now', [-7 * day, -3 * day], 0],
    ['three went, as a former lead brought its own along', [-6 * day, -5 * day, -2 * day], 2 * day],
    ['the gap outlasts the cap', [-7 * day + hour, -hour], 19 * hour],
  ])('%s: room %#', (_what, went, seconds) => {
    expect(freeFrom(rules, went.map(later), now)).toBe(later(seconds));
  });

  it('finds room between e-mails that are to come', () => {
    expect(freeFrom({ gapSeconds: 10 * hour }, [later(15 * hour)], now)).toBe(now);
    expect(freeFrom({ gapSeconds: 10 * hour }, [later(9 * hour)], now)).toBe(later(19 * hour));
    expect(freeFrom({ cap: { emails: 1, perSeconds: day } }, [later(hour), later(26 * hour)], now)).toBe(later(50 * hour));
  });

  it('never lets one more than allowed into any period, whatever went and is to come', () => {
    const moments = fc.array(fc.integer({ min: -30, max: 30 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        moments,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 6 }),
        (at, emails, per, gap) => {
          const rule = { cap: { emails, perSeconds: per * hour }, gapSeconds: gap * hour };
          const free = toEpoch(
            freeFrom(
              rule,
              at.map((it) => later(it * hour)),
              now,
            ),
          );
          const hours = (free - toEpoch(now)) / 3_600_000;
          // By counting each period that holds the moment, hour by hour.
          const isFree = (candidate: number) =>
            at.every((it) => Math.abs(it - candidate) >= gap) &&
            Array.from({ length: per }, (_, back) => candidate - back).every(
              (from) => at.filter((it) => it >= from && it < from + per).length < emails,
            );
          expect(isFree(hours)).toBe(true);
          for (let earlier = 0; earlier < hours; earlier++) expect(isFree(earlier)).toBe(false);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('who speaks', () => {
  const parked = (sequence: string, dueIn: number, more: Partial<Enrolment> = {}) =>
    aRun(sequence, { gsi1sk: later(dueIn - 60), waitSeconds: 60, speaks: true, step: 'pause', priority: 60, ...more });

  it('lets a more important run have its place', () => {
    const runs = [aRun('own', { enrolmentId: 'run-own' }), parked('news', 2 * hour)];
    expect(restraintOn(rules, { mails: [], runs }, speaker(), now)).toEqual({ reason: 'yields', until: later(22 * hour), other: 'news' });
  });

  it.each<[string, Enrolment, Instant | undefined]>([
    ['less important', parked('news', 2 * hour, { priority: 40 }), undefined],
    ['one that waits for something else than an e-mail', parked('news', 2 * hour, { speaks: false }), undefined],
    ['stopped', parked('news', 2 * hour, { stop: { reason: 'exit', at: now } }), undefined],
    ['ended', parked('news', 2 * hour, { endedAt: now }), undefined],
    ['far ahead', parked('news', 3 * day), undefined],
    ['due and on its way', parked('news', -hour), later(20 * hour)],
    ['due long ago: it stands somewhere', parked('news', -7 * hour), undefined],
  ])('%s', (_what, run, until) => {
    const found = restraintOn(rules, { mails: [], runs: [run] }, speaker(), now);
    expect(found?.until).toBe(until);
  });

  it('does not wait for one that spoke since it was due', () => {
    const speech = { mails: [mailAt(-21 * hour, 'run-news')], runs: [parked('news', -22 * hour), parked('other', -21 * hour)] };
    expect(restraintOn(rules, speech, speaker(), now)).toBeUndefined();
  });

  it('says whether the cap or the gap is in the way', () => {
    expect(restraintOn(rules, { mails: [mailAt(-hour)], runs: [] }, speaker(), now)?.reason).toBe('too-close');
    expect(restraintOn(rules, { mails: [mailAt(-2 * day), mailAt(-3 * day)], runs: [] }, speaker(), now)?.reason).toBe('capped');
  });

  it('does not count its own place against a repeat', () => {
    const own = { ...mailAt(-60), key: speaker().key };
    expect(restraintOn(rules, { mails: [own], runs: [] }, speaker(), now)).toBeUndefined();
  });
});

describe('a group', () => {
  const inGroup = (sequence: string, more: Partial<Enrolment> = {}) => aRun(sequence, { group: 'start', priority: 40, ...more });
  const own = inGroup('own', { enrolmentId: 'run-own' });
  const busy = (...others: Enrolment[]) => restraintOn({}, { mails: [], runs: [own, ...others] }, speaker({ group: 'start' }), now);

  it.each<[string, Enrolment, string | undefined]>([
    ['another that began earlier', inGroup('other', { enrolledAt: later(-11 * day) }), 'other'],
    ['another that began later', inGroup('other', { enrolledAt: later(-9 * day) }), undefined],
    ['a more important one that began later', inGroup('other', { enrolledAt: later(-day), priority: 41 }), 'other'],
    ['a less important one that began earlier', inGroup('other', { enrolledAt: later(-20 * day), priority: 39 }), undefined],
    ['of another group', aRun('other', { group: 'end', priority: 90 }), undefined],
    ['ended', inGroup('other', { priority: 90, endedAt: now }), undefined],
  ])('%s', (_what, other, expected) => {
    expect(busy(other)?.other).toBe(expected);
  });

  it.each([
    ['hold', undefined],
    ['exit', undefined],
    ['finish', 'other'],
  ] as const)('is held by a sequence that is switched off only if those inside finish (%s)', (inside, expected) => {
    const asked = { artifact: { ...nurture().artifact, sequence: 'own', priority: 40, group: 'start' }, line: { paused: {} } as LineState };
    const record = { enrolmentId: 'run-own', step: 'mail', round: 1 };
    const asks = speakerOf({ ...asked, record, live: { brand: { off: { other: inside } } } });
    const runs = [own, inGroup('other', { priority: 90 })];
    expect(restraintOn({}, { mails: [], runs }, asks, now)?.other).toBe(expected);
  });

  it('is not held by a paused sequence', () => {
    const other = inGroup('other', { priority: 90 });
    expect(restraintOn({}, { mails: [], runs: [own, other] }, speaker({ group: 'start', silent: { other: {} } }), now)).toBeUndefined();
  });

  it('has one speaker, whoever is asked', () => {
    const runs = fc.array(fc.record({ priority: fc.integer({ min: 1, max: 3 }), began: fc.integer({ min: 0, max: 2 }) }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(runs, (drawn) => {
        const all = drawn.map(({ priority, began }, at) => inGroup(`s${at}`, { priority, enrolledAt: later(began) }));
        const speaking = all.filter(
          ({ enrolmentId, sequence, priority = 0 }) =>
            !restraintOn({}, { mails: [], runs: all }, speaker({ enrolmentId, sequence, priority, group: 'start' }), now),
        );
        expect(speaking).toHaveLength(1);
      }),
    );
  });
});

describe('what somebody waits for', () => {
  const artifact = (lawfulBasis: 'consent' | 'contract') => ({ lawfulBasis });
  const brand = { caps: rules };
  it('is restrained by nothing', () => {
    expect(isRestrained(artifact('consent'), {}, brand)).toBe(true);
    expect(isRestrained(artifact('consent'), { transactional: true }, brand)).toBe(false);
    expect(isRestrained(artifact('contract'), {}, brand)).toBe(false);
    expect(isRestrained(artifact('consent'), {}, {})).toBe(false);
    expect(isRestrained({ ...artifact('consent'), group: 'start' }, {}, {})).toBe(true);
  });
});
