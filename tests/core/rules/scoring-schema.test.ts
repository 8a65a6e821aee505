import { describe, expect, it } from 'vitest';
import type { Problem } from '#core/problems';
import { type ReadWith, readScoring, ScoringShape } from '#core/scoring-schema';
import { reportIssues } from '#core/zod-report';

type Found = { readonly code: string; readonly at: string };

const read = (more: object) => {
  const found: Found[] = [];
  const report = (path: readonly (string | number)[], { code }: Pick<Problem, 'code'>) => void found.push({ code, at: path.join('.') });
  const readWith: ReadWith = (shape, raw, path) => {
    const parsed = shape.safeParse(raw, { reportInput: true });
    if (parsed.success) return parsed.data;
    reportIssues(parsed.error, path, report, shape);
    return undefined;
  };
  const base = { fit: [], engagement: { 'half-life': '14 days', rules: [] }, qualified: { engagement: { 'at-least': 10 } } };
  const data = readWith(ScoringShape, { ...base, ...more }, []);
  return { scoring: data && readScoring(data, report, readWith), found };
};

describe('scoring.yaml', () => {
  it('knows moves between stages, by condition and by event', () => {
    const { scoring, found } = read({
      stages: [
        { from: 'lead', to: 'engaged', when: { engagement: { 'at-least': 10 } }, because: 'is active' },
        { to: 'customer', on: 'deal.won' },
      ],
    });
    expect(found).toEqual([]);
    expect(scoring?.stages).toEqual([
      { id: 'stage:0', from: ['lead'], to: 'engaged', because: 'is active', when: { kind: 'engagement', atLeast: 10 } },
      {
        id: 'stage:1',
        from: ['subscriber', 'lead', 'engaged', 'recycled', 'holding', 'mql', 'sal', 'sql', 'lost'],
        to: 'won',
        because: 'did deal.won',
        on: 'deal.won',
      },
    ]);
  });

  it.each([
    ['mql is not for a rule to say', { to: 'mql', on: 'x' }, 'not-allowed'],
    ['a move without a reason to move', { to: 'engaged' }, 'missing'],
    ['a move with two reasons', { to: 'engaged', on: 'x', when: { did: 'y' } }, 'missing'],
    ['a stage that there is not', { to: 'hot', on: 'x' }, 'not-allowed'],
    ['a key that there is not', { to: 'engaged', on: 'x', after: '1 day' }, 'unknown-key'],
  ])('%s', (_, stage, code) => {
    expect(read({ stages: [stage] }).found.map((it) => it.code)).toEqual([code]);
  });

  it('knows caps of both kinds, alone and together', () => {
    const rule = (cap: unknown) => ({ engagement: { 'half-life': '14 days', rules: [{ on: 'clicked', points: 5, 'at-most': cap }] } });
    const capsOf = (cap: unknown) => read(rule(cap)).scoring?.engagement.rules[0];
    expect(capsOf('2 per day')).toMatchObject({ atMostPerDay: 2 });
    expect(capsOf('30 points')).toMatchObject({ atMostPoints: 30 });
    expect(capsOf(['2 per day', '30 points'])).toMatchObject({ atMostPerDay: 2, atMostPoints: 30 });
    expect(read(rule('often')).found).toEqual([{ code: 'not-understood', at: 'engagement.rules.0.at-most' }]);
  });

  it('knows grades that fall, hysteresis, disqualifiers and lists in any case', () => {
    const { scoring, found } = read({
      grades: { fit: { A: 25, B: 15, C: 5 }, engagement: { 1: 30, 2: 20, 3: 8 } },
      qualified: { engagement: { 'at-least': 10 }, hold: '30 minutes', hysteresis: '2 points' },
      lists: { competitors: ['Rival.example'] },
      disqualify: [{ if: { field: 'email-domain', in: 'competitors' }, because: 'a competitor' }],
    });
    expect(found).toEqual([]);
    expect(scoring).toMatchObject({
      grades: { fit: [25, 15, 5], engagement: [30, 20, 8] },
      qualified: { holdSeconds: 1800, hysteresis: 2 },
      lists: { competitors: ['rival.example'] },
      disqualify: [{ if: { kind: 'field', field: 'email-domain', test: { inList: 'competitors' } } }],
    });
  });

  it.each([
    ['grades that do not fall', { grades: { fit: { A: 5, B: 15, C: 25 }, engagement: { 1: 3, 2: 2, 3: 1 } } }, 'not-falling', 'grades.fit'],
    [
      'hysteresis without points',
      { qualified: { engagement: { 'at-least': 1 }, hysteresis: 'some' } },
      'not-understood',
      'qualified.hysteresis',
    ],
    [
      'machines that count',
      { engagement: { 'half-life': '1 day', 'humans-only': false, rules: [] } },
      'not-allowed',
      'engagement.humans-only',
    ],
    [
      'a disqualifier by what a lead does',
      { disqualify: [{ if: { engagement: { 'at-least': 1 } }, because: 'x' }] },
      'not-allowed',
      'disqualify.0.if',
    ],
  ])('refuses %s', (_, more, code, at) => {
    expect(read(more).found).toEqual([{ code, at }]);
  });
});
