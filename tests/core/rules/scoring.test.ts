import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventRow } from '#core/events';
import { addSeconds, toInstant } from '#core/instant';
import { qualifies, reasonsInWords, stillQualifies } from '#core/qualification';
import { engagementAt, fitOf, hitsOf } from '#core/scoring';
import { aLead, anEvent, day, now, scoring, someFacts } from './examples.ts';

const zone = 'Europe/Dublin';
const pricing = 'visited:/pricing*';
/** An event that hits this rule. */
const hit = (eventId: string, rule: string, at: string = now): EventRow =>
  anEvent({ eventId, at, ...(rule === pricing ? { name: 'visited', path: '/pricing' } : { name: rule }) });
const ledgerOf = (events: readonly EventRow[]) => ({ events, sends: [] });
const earnedOf = (hits: readonly EventRow[], at: string = now, rules = scoring, where = zone) =>
  engagementAt(ledgerOf(hits), rules, where, at).lines.filter((it) => it.left === undefined);
const pointsOf = (hits: readonly EventRow[], at: string = now, rules = scoring) => earnedOf(hits, at, rules).map((it) => it.points);

describe('fit', () => {
  it('adds what holds, with what was met', () => {
    const { points, lines } = fitOf(aLead({ email: 'ada@gmail.com' }), scoring);
    expect(points).toBe(5);
    expect(lines.map((it) => [it.rule, it.points, it.met])).toEqual([
      ['fit:1', 20, ['120 employees']],
      ['fit:2', -15, ['gmail.com']],
    ]);
    expect(fitOf(aLead({ fields: {} }), scoring)).toEqual({ points: 0, lines: [] });
  });
});

describe('the rules that an event hits', () => {
  it('go by name and path', () => {
    expect(hitsOf(anEvent({ name: 'visited', path: '/pricing/teams?x=1' }), scoring).map((it) => it.id)).toEqual([pricing]);
    expect(hitsOf(anEvent({ name: 'visited', path: '/blog' }), scoring).map((it) => it.id)).toEqual([]);
    expect(hitsOf(anEvent({ name: 'visited' }), scoring).map((it) => it.id)).toEqual([]);
    expect(hitsOf(anEvent({ name: 'clicked', link: 'https://engines.example' }), scoring).map((it) => it.id)).toEqual(['clicked']);
    expect(hitsOf(anEvent({ name: 'unheard.of' }), scoring).map((it) => it.id)).toEqual([]);
  });
});

describe('engagement', () => {
  it('halves with every half-life, from the time of the event', () => {
    const hits = [hit('a', 'project.created')];
    expect(engagementAt(ledgerOf(hits), scoring, zone, now).points).toBe(15);
    expect(engagementAt(ledgerOf(hits), scoring, zone, addSeconds(now, 21 * day)).points).toBe(7.5);
    expect(engagementAt(ledgerOf(hits), scoring, zone, addSeconds(now, 42 * day)).points).toBe(3.75);
    expect(engagementAt(ledgerOf(hits), scoring, zone, addSeconds(now, 10.5 * day)).points).toBeCloseTo(15 * Math.SQRT1_2, 6);
  });

  it('counts a rule at most so often a day, and days begin at midnight where the brand is', () => {
    // 23:30 and 00:30 in Dublin, which is an hour ahead of UTC in July.
    const evening = ['2026-07-14T22:10:00.000Z', '2026-07-14T22:20:00.000Z', '2026-07-14T22:30:00.000Z'].map((at) => hit(at, pricing, at));
    const at = '2026-07-15T00:00:00.000Z';
    expect(pointsOf(evening, at)).toEqual([12, 12]);
    expect(pointsOf([...evening, hit('night', pricing, '2026-07-14T23:30:00.000Z')], at)).toEqual([12, 12, 12]);
    expect(earnedOf([...evening, hit('night', pricing, '2026-07-14T23:30:00.000Z')], at, scoring, 'UTC')).toHaveLength(2);
  });

  it('earns no more than the points of a day, the first come first', () => {
    const hits = [hit('a', pricing), hit('b', pricing), hit('c', 'clicked'), hit('d', 'clicked')];
    expect(pointsOf(hits)).toEqual([12, 12, 1]);
  });

  it('takes penalties in full', () => {
    expect(pointsOf([hit('a', pricing), hit('b', pricing), hit('c', 'account.closed'), hit('d', 'clicked')])).toEqual([12, 12, -30, 1]);
  });

  it('counts what counts once a single time, but not where the day was full', () => {
    const yesterday = addSeconds(now, -day);
    expect(pointsOf([hit('a', 'project.created', yesterday), hit('b', 'project.created')])).toEqual([15]);
    const full = ['1', '2', '3', '4', '5'].map((it) => hit(it, 'clicked', yesterday));
    expect(pointsOf([...full, hit('6', 'project.created', yesterday), hit('7', 'project.created')])).toEqual([5, 5, 5, 5, 5, 15]);
  });

  it('ignores what no rule knows, what is not yet, and what was told twice', () => {
    expect(
      pointsOf([hit('a', 'rule that is gone'), hit('b', 'clicked', addSeconds(now, 1)), hit('c', 'clicked'), hit('c', 'clicked')]),
    ).toEqual([5]);
  });

  it('takes times with and without milliseconds as the same moment', () => {
    expect(pointsOf([hit('a', 'clicked', '2026-07-14T10:00:00Z')], '2026-07-14T10:00:00.000Z')).toEqual([5]);
  });

  const anyHit = fc.record({
    eventId: fc.stringMatching(/^[a-z][a-c]$/),
    rule: fc.constantFrom(...scoring.engagement.rules.map((it) => it.id), 'gone'),
    hours: fc.integer({ min: -40, max: 40 }),
  });
  /** Of two under one id the first is kept, as the store does. */
  const someHits = (most: number) =>
    fc
      .uniqueArray(anyHit, { maxLength: most, selector: (it) => it.eventId })
      .map((hits) => hits.map((it) => hit(it.eventId, it.rule, toInstant(Date.parse(now) + it.hours * 3_600_000))));

  it('does not depend on the order of arrival, nor on duplicates', () => {
    const shuffledWithRepeats = someHits(25).chain((hits) =>
      fc.tuple(fc.constant(hits), fc.subarray(hits), fc.array(fc.integer(), { minLength: 60, maxLength: 60 })),
    );
    fc.assert(
      fc.property(shuffledWithRepeats, ([hits, repeated, order]) => {
        const arrived = [...hits, ...repeated].map((it, at) => ({ it, rank: order[at] ?? 0 })).sort((one, other) => one.rank - other.rank);
        expect(engagementAt(ledgerOf(arrived.map(({ it }) => it)), scoring, zone, now)).toEqual(
          engagementAt(ledgerOf(hits), scoring, zone, now),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('never passes its caps', () => {
    fc.assert(
      fc.property(someHits(40), (hits) => {
        const { lines, points } = engagementAt(ledgerOf(hits), scoring, 'UTC', addSeconds(now, 3 * day));
        for (const date of new Set(lines.map((it) => it.at.slice(0, 10)))) {
          const today = lines.filter((it) => it.left === undefined && it.at.startsWith(date));
          expect(today.filter((it) => it.points > 0).reduce((sum, it) => sum + it.points, 0)).toBeLessThanOrEqual(25);
          expect(today.filter((it) => it.rule === pricing).length).toBeLessThanOrEqual(2);
        }
        expect(lines.filter((it) => it.left === undefined && it.rule === 'project.created').length).toBeLessThanOrEqual(1);
        expect(points).toBeCloseTo(
          lines.reduce((sum, it) => sum + it.now, 0),
          5,
        );
      }),
    );
  });
});

describe('qualification', () => {
  it('asks the condition of scoring.yaml', () => {
    expect(qualifies(scoring, someFacts({ fit: 15, engagement: 30 }))).toBe(true);
    expect(qualifies(scoring, someFacts({ fit: 14, engagement: 30 }))).toBe(false);
  });

  it('is reached by points that add up exactly, though they fade from the first second', () => {
    const hits = [hit('a', 'project.created'), hit('b', pricing, addSeconds(now, -3600)), hit('c', 'clicked', addSeconds(now, -1800))];
    const roomy = {
      ...scoring,
      engagement: { ...scoring.engagement, atMostPerDay: 100 },
      qualified: { ...scoring.qualified, if: { kind: 'engagement' as const, atLeast: 32 } },
    };
    const { points } = engagementAt(ledgerOf(hits), roomy, zone, addSeconds(now, 5));
    expect(points).toBeLessThan(32);
    expect(qualifies(roomy, someFacts({ engagement: points }))).toBe(true);
  });

  it('is not lost during its hold by fading, but is by a penalty', () => {
    const since = someFacts({ engagement: 30, now });
    const later = addSeconds(now, 2 * day);
    const faded = 30 * 0.5 ** (2 / 21);
    expect(qualifies(scoring, someFacts({ engagement: faded, now: later }))).toBe(false);
    expect(stillQualifies(scoring, someFacts({ engagement: faded, now: later }), since)).toBe(true);
    expect(stillQualifies(scoring, someFacts({ engagement: faded - 1, now: later }), since)).toBe(false);
    expect(stillQualifies(scoring, someFacts({ engagement: 30, fit: 0, now: later }), since)).toBe(false);
  });

  it('has reasons in words, strongest first', () => {
    const hits = [
      hit('a', pricing, addSeconds(now, -day)),
      hit('b', pricing),
      hit('c', 'clicked'),
      hit('d', 'clicked', addSeconds(now, -100 * day)),
    ];
    const reasons = reasonsInWords(
      fitOf(aLead({ email: 'ada@gmail.com' }), scoring).lines,
      engagementAt(ledgerOf(hits), scoring, zone, now).lines,
    );
    expect(reasons).toEqual([
      'looked at /pricing 2 times (24 points)',
      'core market: 120 employees (20 points)',
      'clicked in a mail 2 times (5 points)',
      'private address: gmail.com (-15 points)',
    ]);
  });

  it('leaves out reasons that have faded to nothing, and counts one point as one', () => {
    const lines = engagementAt(
      ledgerOf([hit('a', 'clicked', addSeconds(now, -200 * day)), hit('b', 'project.created', addSeconds(now, -80 * day))]),
      scoring,
      zone,
      now,
    ).lines;
    expect(reasonsInWords([], lines)).toEqual(['made a project (1 point)']);
  });
});
