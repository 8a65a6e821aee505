import { describe, expect, it } from 'vitest';
import type { Rep, Sales } from '#core/config';
import { emptyDesk, giveTo, takeFrom } from '#core/desk';
import { type RouteAsk, routeLead } from '#core/routing';
import { sales } from '#tests/core/rules/examples';

const now = '2026-03-24T10:00:00.000Z';
const date = '2026-03-24';
const ask = (fields: Record<string, string>, more: Partial<RouteAsk> = {}) =>
  routeLead({ sales, desk: emptyDesk, lead: { fields }, now, date, ...more });
const repOf = (fields: Record<string, string>, more: Partial<RouteAsk> = {}) => {
  const decision = ask(fields, more);
  return decision.to === 'rep' ? decision.rep : `hold: ${decision.because}`;
};
const team = (...changes: readonly (Partial<Rep> & { readonly rep: string })[]): Sales => ({
  ...sales,
  team: sales.team.map((it) => ({ ...it, ...changes.find((one) => one.rep === it.rep) })),
});
/** So many leads one after the other. */
const giveOut = (count: number, fields: Record<string, string>, by: Sales = sales) => {
  let desk = emptyDesk;
  return Array.from({ length: count }, (_, at) => {
    const decision = ask(fields, { sales: by, desk });
    if (decision.to === 'hold') return 'held';
    desk = giveTo({ ...desk, pools: decision.pools }, { taskId: `t${at}`, turn: 0, ...decision }, { at: now, date, isFirst: true });
    return decision.rep;
  });
};
const countOf = (all: readonly string[], rep: string) => all.filter((it) => it === rep).length;

describe('routing', () => {
  it('goes by country among those who look after it, in proportion to weight', () => {
    const reps = giveOut(9, { country: 'de' });
    expect([countOf(reps, 'ben'), countOf(reps, 'eva')]).toEqual([6, 3]);
    expect(ask({ country: 'DE' })).toMatchObject({
      because: 'looks after DE, one of 2 by weight',
      record: { rule: 'country', passedOver: [] },
    });
    expect(ask({ country: 'US' })).toMatchObject({ rep: 'joy', because: 'looks after US' });
  });

  it('goes to those without countries when nobody looks after it, and to all when everybody has countries', () => {
    expect(ask({ country: 'FR' })).toMatchObject({ rep: 'kim', because: 'takes leads from anywhere' });
    const settled = { ...sales, team: sales.team.filter((it) => it.rep !== 'kim') };
    const reps = giveOut(8, {}, settled);
    expect(['ben', 'eva', 'joy'].map((it) => countOf(reps, it))).toEqual([4, 2, 2]);
  });

  it('goes to the manager when no rule finds anyone, and keeps to the order of the rules', () => {
    expect(ask({ country: 'FR' }, { sales: { ...sales, route: ['country'] } })).toMatchObject({
      rep: 'sam',
      because: expect.stringMatching(/manager/),
    });
    expect(repOf({ country: 'US' }, { sales: { ...sales, route: ['weighted', 'country'] } })).toBe('kim');
  });

  it('goes to the owner first: by field, by the last task, by the company', () => {
    const by = { sales: { ...sales, route: ['existing-owner', 'company-owner', 'country', 'weighted'] as const } };
    expect(repOf({ country: 'DE', owner: 'Joy' }, by)).toBe('joy');
    expect(repOf({ country: 'DE', owner: 'nobody' }, { ...by, lastRep: 'kim', companyRep: 'joy' })).toBe('kim');
    expect(repOf({ country: 'DE' }, { ...by, companyRep: 'joy' })).toBe('joy');
    expect(ask({ country: 'DE' }, { ...by, companyRep: 'joy' })).toMatchObject({ because: 'has the lead’s company already' });
    expect(['ben', 'eva']).toContain(repOf({ country: 'DE' }, { ...by, companyRep: 'left-long-ago' }));
  });

  it('goes by language, by a field, and to who is at work', () => {
    const speaking = team({ rep: 'eva', languages: ['it'] }, { rep: 'joy', takes: { industry: ['Health'] } });
    expect(repOf({ language: 'it-IT' }, { sales: { ...speaking, route: ['language', 'weighted'] } })).toBe('eva');
    expect(repOf({ industry: 'health' }, { sales: { ...speaking, route: [{ field: 'industry' }, 'weighted'] } })).toBe('joy');
    const night = '2026-03-24T22:00:00.000Z';
    const far = team({ rep: 'kim', timeZone: 'Europe/Berlin' }, { rep: 'joy', countries: [], timeZone: 'Asia/Tokyo' });
    expect(repOf({}, { sales: { ...far, route: ['at-work', 'weighted'] }, now: '2026-03-24T01:00:00.000Z' })).toBe('joy');
    expect(['kim', 'joy']).toContain(repOf({}, { sales: { ...far, route: ['at-work', 'weighted'] }, now: night }));
  });

  it('passes over who is away or full, and says so; holds when nobody of those who would have it has room', () => {
    const away = team({ rep: 'joy', away: [{ from: date, upTo: date }] });
    expect(ask({ country: 'US' }, { sales: away })).toMatchObject({
      rep: 'kim',
      record: { passedOver: [{ rep: 'joy', because: 'away' }] },
    });
    const small = { ...team({ rep: 'joy', atMostOpen: 1 }), route: ['country'] as const };
    expect(giveOut(3, { country: 'US' }, small)).toEqual(['joy', 'held', 'held']);
    expect(repOf({ country: 'US' }, { sales: { ...small, team: away.team } })).toBe('hold: nobody has room: joy away');
    expect(repOf({ country: 'US' }, { sales: { ...small, team: away.team }, isOverdue: true })).toBe('sam');
  });

  it('keeps to the day’s ceiling, but for what was held too long and what changes hands', () => {
    const limited = { ...sales, atMostPerDay: 2 };
    expect(giveOut(3, { country: 'US' }, limited)).toEqual(['joy', 'joy', 'held']);
    const full = { ...emptyDesk, day: { date, taken: 2 } };
    expect(repOf({ country: 'US' }, { sales: limited, desk: full, date: '2026-03-25' })).toBe('joy');
    expect(repOf({ country: 'US' }, { sales: limited, desk: full, isOverdue: true })).toBe('joy');
    expect(repOf({ country: 'US' }, { sales: limited, desk: full, after: ['joy'] })).toBe('kim');
  });

  it('does not depend on the order of the team', () => {
    const reps = giveOut(40, { country: 'DE' });
    expect(giveOut(40, { country: 'DE' }, { ...sales, team: sales.team.toReversed() })).toEqual(reps);
  });

  it('gives room back', () => {
    const made = { taskId: 't', turn: 0, rep: 'joy', because: '', record: { rule: 'country', among: [], passedOver: [] } };
    const desk = giveTo(emptyDesk, made, { at: now, date, isFirst: true });
    expect(Object.keys(desk.open)).toEqual(['joy']);
    const both = giveTo(desk, { ...made, rep: 'kim' }, { at: now, date, isFirst: false });
    expect(Object.keys(both.open)).toEqual(['joy', 'kim']);
    expect(Object.keys(takeFrom(both, 't', 'kim').open)).toEqual(['kim']);
    expect(takeFrom(desk, 't').open).toEqual({});
  });
});
