import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import type { History } from '#core/ports';
import { byImportance, createSummary, diffOf } from '#core/score-diff';
import { aLead, anEvent, day, live, now, scoring } from './examples.ts';

const visits = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    anEvent({ eventId: `v${at}`, name: 'visited', path: '/pricing', at: addSeconds(now, -at * day) }),
  );
const history = (count: number, more: object = {}): History => ({
  lead: aLead({ stage: 'lead', ...more }),
  events: visits(count),
  sends: [],
  enrolments: [],
  decisions: [],
  moves: [],
  consents: [],
});
const generous = {
  ...live,
  scoring: {
    ...scoring,
    engagement: { ...scoring.engagement, rules: scoring.engagement.rules.map((it) => (it.on === 'visited' ? { ...it, points: 20 } : it)) },
  },
};

describe('other rules', () => {
  it('say who would cross the threshold, from what to what, and by which rule', () => {
    expect(diffOf(history(2), live, generous, now)).toMatchObject({
      crosses: 'would-qualify',
      before: { fit: 20, engagement: 23.6, qualifies: false },
      after: { fit: 20, engagement: 39.4, qualifies: true },
      because: ['looked at /pricing +15.7'],
    });
    expect(diffOf(history(2), generous, live, now)?.crosses).toBe('would-no-longer-qualify');
  });

  it('say nothing of leads for whom nothing changes, who are with sales, or gone', () => {
    expect(diffOf(history(2), live, live, now)).toBeUndefined();
    expect(diffOf(history(0), live, generous, now)).toBeUndefined();
    expect(diffOf(history(2, { stage: 'mql' }), live, generous, now)).toBeUndefined();
    const { lead: _lead, ...gone } = history(2);
    expect(diffOf(gone, live, generous, now)).toBeUndefined();
  });

  it('that disqualify are seen, and so are moves between stages', () => {
    const disqualify = [{ id: 'd', if: { kind: 'all' as const, of: [] }, points: 0, because: 'nobody' }];
    const stages = [
      { id: 's', from: ['lead' as const], to: 'engaged' as const, because: 'x', when: { kind: 'engagement' as const, atLeast: 5 } },
    ];
    const strict = { ...live, scoring: { ...scoring, disqualify, stages } };
    const diff = diffOf(history(3), live, strict, now);
    expect(diff).toMatchObject({ crosses: 'would-no-longer-qualify', after: { disqualifiedBy: ['nobody'], stage: 'engaged' } });
    const summary = createSummary();
    for (const it of [diff, undefined, diff]) summary.add(it);
    expect(summary.of()).toEqual({ leads: 3, changed: 2, wouldQualify: 0, wouldNoLongerQualify: 2, stages: { 'lead -> engaged': 2 } });
  });

  it('are shown with those first who cross', () => {
    const some = [diffOf(history(1), live, generous, now), diffOf(history(2), live, generous, now)].filter((it) => it !== undefined);
    expect(some.toSorted(byImportance).map((it) => it.crosses)).toEqual(['would-qualify', undefined]);
  });
});
