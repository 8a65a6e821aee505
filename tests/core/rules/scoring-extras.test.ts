import { describe, expect, it } from 'vitest';
import type { Scoring } from '#core/config';
import { evaluate } from '#core/evaluate-condition';
import { addSeconds } from '#core/instant';
import { ownLists } from '#core/lists';
import { qualifies, reasonsInWords, stillQualifies } from '#core/qualification';
import { disqualifiedBy, engagementAt, gradeOf } from '#core/scoring';
import { aLead, anEvent, day, now, scoring, someFacts } from './examples.ts';

const visit = (eventId: string, at: string, more: object = {}) => anEvent({ eventId, at, name: 'visited', path: '/pricing', ...more });
const withCap: Scoring = {
  ...scoring,
  engagement: {
    ...scoring.engagement,
    rules: scoring.engagement.rules.map((it) => (it.on === 'visited' ? { ...it, atMostPoints: 20 } : it)),
  },
};
const linesOf = (events: readonly ReturnType<typeof anEvent>[], rules = scoring, at: string = now) =>
  engagementAt({ events, sends: [] }, rules, 'UTC', at);

describe('every event that a rule speaks of', () => {
  it('has a line that says by whom, and why it earned nothing', () => {
    const clicks = ['a', 'b'].map((it) => anEvent({ eventId: it, name: 'clicked', step: 'welcome', at: addSeconds(now, -60) }));
    const machine = anEvent({ eventId: 'm', name: 'clicked', step: 'welcome', automated: true, at: addSeconds(now, -90) });
    const visits = ['v1', 'v2', 'v3'].map((it) => visit(it, addSeconds(now, -30)));
    const projects = ['p1', 'p2'].map((it) => anEvent({ eventId: it, name: 'project.created', at: addSeconds(now, -2 * day) }));
    const { lines } = linesOf([...clicks, machine, ...visits, ...projects]);
    expect(lines.map((it) => [it.eventId, it.points, it.by, it.left])).toEqual([
      ['p1', 15, 'human', undefined],
      ['p2', 0, 'human', 'used-once'],
      ['m', 0, 'machine', 'machine'],
      ['a', 5, 'human', undefined],
      ['b', 5, 'human', undefined],
      ['v1', 12, 'human', undefined],
      ['v2', 3, 'human', undefined],
      ['v3', 0, 'human', 'often-enough-today'],
    ]);
    expect(lines.find((it) => it.eventId === 'm')?.machine).toBeGreaterThan(0.5);
  });

  it('counts only while its rule is worth less than its cap, faded points not among them', () => {
    const both = [visit('a', addSeconds(now, -21 * day)), visit('b', addSeconds(now, -day)), visit('c', now)];
    const { lines, points } = linesOf(both, withCap);
    // 12 faded to 6 and something; 12 more; then only what is missing to 20.
    expect(lines.map((it) => Math.round(it.points * 10) / 10)).toEqual([12, 12, expect.closeTo(20 - 6 - 12 * 0.5 ** (1 / 21), 0)]);
    expect(points).toBeCloseTo(20, 5);
    expect(linesOf([...both, visit('d', now)], withCap).lines.at(-1)).toMatchObject({ left: 'rule-full', points: 0 });
  });

  it('is no reason for sales when it earned nothing', () => {
    const { lines } = linesOf([visit('a', now), visit('b', now), visit('c', now)]);
    expect(reasonsInWords([], lines)).toEqual(['looked at /pricing 2 times (24 points)']);
  });
});

describe('grades', () => {
  const grades = { fit: [25, 15, 5], engagement: [30, 20, 8] };
  it.each([
    [25, 30, 'A1'],
    [24, 29.4, 'B2'],
    [24, 29.6, 'B1'],
    [5, 8, 'C3'],
    [4, 7, 'D4'],
    [-20, -3, 'D4'],
  ])('of fit %d and engagement %d is %s', (fit, engagement, grade) => {
    expect(gradeOf({ grades }, fit, engagement)).toBe(grade);
  });

  it('can be asked for, and are nothing where there are none', () => {
    expect(evaluate({ kind: 'grade', in: ['A1', 'B2'] }, someFacts({ grade: 'B2' }))).toBe(true);
    expect(evaluate({ kind: 'grade', in: ['A1'] }, someFacts({ grade: 'B2' }))).toBe(false);
    expect(evaluate({ kind: 'grade', in: ['D4'] }, someFacts())).toBe(false);
    expect(gradeOf({}, 100, 100)).toBeUndefined();
  });
});

describe('who never goes to sales', () => {
  const strict: Scoring = {
    ...scoring,
    lists: { competitors: ['rival.example'], ...ownLists },
    disqualify: [
      { id: 'd1', if: { kind: 'field', field: 'email-domain', test: { inList: 'competitors' } }, points: 0, because: 'a competitor' },
      { id: 'd2', if: { kind: 'field', field: 'email-name', test: { inList: 'role-names' } }, points: 0, because: 'a post' },
      { id: 'd3', if: { kind: 'field', field: 'email-domain', test: { inList: 'free-mail' } }, points: 0, because: 'private' },
    ],
  };
  it.each([
    ['ada@rival.example', ['a competitor']],
    ['ada@uk.rival.example', ['a competitor']],
    ['ada@notrival.example', []],
    ['info@engines.example', ['a post']],
    ['Info@RIVAL.example', ['a competitor', 'a post']],
    ['ada@gmail.com', ['private']],
    ['ada@engines.example', []],
  ])('%s: %j', (email, because) => {
    const lead = aLead({ email });
    expect(disqualifiedBy(lead, strict).map((it) => it.because)).toEqual(because);
    const facts = someFacts({ lead, fit: 99, engagement: 99 });
    expect(qualifies(strict, facts)).toBe(because.length === 0);
    expect(stillQualifies(strict, facts, facts)).toBe(because.length === 0);
  });
});

describe('hysteresis', () => {
  const slack = { ...scoring, qualified: { ...scoring.qualified, hysteresis: 2 } };
  it('lets nobody in, and keeps who is in at the edge', () => {
    const edge = someFacts({ fit: 15, engagement: 28 });
    expect(qualifies(slack, edge)).toBe(false);
    const then = someFacts({ fit: 15, engagement: 30 });
    expect(stillQualifies(slack, edge, then)).toBe(true);
    expect(stillQualifies(scoring, edge, then)).toBe(false);
    expect(stillQualifies(slack, someFacts({ fit: 15, engagement: 27 }), then)).toBe(false);
  });
  it('is not for whom a hit that turned out to be an old one had brought there', () => {
    const edge = someFacts({ fit: 15, engagement: 28 });
    expect(stillQualifies(slack, edge, edge)).toBe(false);
  });
  it('stays in engagement when fit falls by less', () => {
    expect(stillQualifies(slack, someFacts({ fit: 14, engagement: 28 }), someFacts({ fit: 14, engagement: 30 }))).toBe(true);
  });
});
