import { describe, expect, it } from 'vitest';
import { scoreStoryOf } from '#core/explain/score';
import { addSeconds } from '#core/instant';
import type { Stage } from '#core/lead';
import type { StageMove } from '#core/lifecycle';
import type { History } from '#core/ports';
import { blend, blendedEngagement, predictLead } from '#core/predict/blend';
import { outcomesOf } from '#core/predict/outcomes';
import { predictionInWords, predictionStoryOf } from '#core/predict/story';
import { train } from '#core/predict/train';
import { qualifies } from '#core/qualification';
import { aLead, anEvent, brand, live, now, scoring, someFacts } from '#tests/core/rules/examples';
import { aStageMove } from '#tests/helpers/builders';
import { asTable, options, planted } from './tables.ts';

const none: History = { events: [], sends: [], enrolments: [], decisions: [], moves: [], consents: [] };
const hour = 3600;
const moved = (to: Stage, hours: number): StageMove =>
  aStageMove({ id: `${to}-${hours}`, at: addSeconds(now, hours * hour), from: 'lead', to, by: 'sales' });
const outcomes = (moves: readonly StageMove[], more: Partial<History> = {}) =>
  outcomesOf([{ ...none, lead: aLead(), moves, ...more }], live).rows;

describe('outcomes of leads', () => {
  it.each<[string, readonly StageMove[], string | undefined]>([
    ['accepted', [moved('mql', 0), moved('sal', 1)], 'good'],
    ['won', [moved('won', 1)], 'good'],
    ['accepted, then lost', [moved('mql', 0), moved('sal', 1), moved('lost', 9)], 'bad'],
    ['given back', [moved('mql', 0), moved('recycled', 1)], 'bad'],
    ['given back, and won in the second round', [moved('mql', 0), moved('recycled', 1), moved('mql', 5), moved('won', 9)], 'good'],
    ['with sales, no answer yet', [moved('mql', 0)], undefined],
    ['still nurtured', [moved('engaged', 0)], undefined],
  ])('%s', (_, moves, label) => {
    expect(outcomes(moves.toReversed()).map((it) => it['outcome of sales'])).toEqual(label === undefined ? [] : [label]);
  });

  it('take what the lead did before sales had it, and nothing after', () => {
    const events = [
      anEvent({ eventId: 'before', name: 'clicked', at: addSeconds(now, -hour) }),
      anEvent({ eventId: 'with', name: 'project.created', at: now }),
      anEvent({ eventId: 'after', name: 'clicked', at: addSeconds(now, hour) }),
    ];
    const [row] = outcomes([moved('mql', 0), moved('won', 9)], { events });
    expect(row).toMatchObject({ employees: 120, country: 'DE', 'fit points': 20 });
    expect(row?.['engagement points']).toBeCloseTo(5, 1);
    expect(row?.['points of the rules']).toBeCloseTo(25, 1);
  });

  it('of erased leads are not there', () => {
    expect(outcomesOf([{ ...none, moves: [moved('won', 0)] }], live).rows).toEqual([]);
  });
});

const model = train(asTable(planted(3000).map(({ size, industry, y }) => ({ 'Company Size': size, industry, y }))), options);
const leadOf = (size: number, industry: string) => aLead({ fields: { 'company-size': size, industry, employees: 120 } });
const likely = leadOf(150, 'construction');
const unlikely = leadOf(50, 'retail');
const rules = (use: 'advisory' | 'blended', weight = 0.3) => ({ ...scoring, prediction: { use, weight, model } });

describe('the prediction of a lead', () => {
  const nowOf = (lead = likely) => ({ lead, fit: 20, engagement: 25 });

  it('finds the fields that a file calls otherwise; says nothing of a lead of which it knows nothing', () => {
    const chance = predictLead(rules('advisory').prediction, nowOf())?.probability ?? 0;
    expect(chance).toBeGreaterThan(0.7);
    expect(predictLead(rules('advisory').prediction, nowOf(aLead({ fields: { country: 'DE' } })))).toBeUndefined();
    expect(predictLead(undefined, nowOf())).toBeUndefined();
  });

  it('is shown in one line with what counts most, and decides nothing while it is advisory', () => {
    const story = predictionStoryOf(rules('advisory').prediction, nowOf());
    expect(story && predictionInWords(story)).toMatch(
      /^prediction: \d\d % to become a good outcome \(advisory, it decides nothing; learnt 2026-11-23\): Company Size 150 \(\+\d\.\d\d\), industry is construction \(\+\d\.\d\d\)$/,
    );
    const shown = scoreStoryOf(likely, none, { scoring: rules('advisory'), brand }, now);
    expect(shown.prediction).toEqual(predictionStoryOf(rules('advisory').prediction, { lead: likely, fit: shown.fit, engagement: 0 }));
    for (const lead of [likely, unlikely])
      for (const engagement of [25, 29, 30, 40])
        expect(qualifies(rules('advisory'), someFacts({ lead, engagement }))).toBe(qualifies(scoring, someFacts({ lead, engagement })));
  });

  it('counts when a lead qualifies where it is blended', () => {
    expect(qualifies(scoring, someFacts({ lead: likely, engagement: 25 }))).toBe(false);
    expect(qualifies(rules('blended'), someFacts({ lead: likely, engagement: 25 }))).toBe(true);
    expect(qualifies(scoring, someFacts({ lead: unlikely, engagement: 32 }))).toBe(true);
    expect(qualifies(rules('blended'), someFacts({ lead: unlikely, engagement: 32 }))).toBe(false);
    expect(qualifies(rules('blended', 0), someFacts({ lead: unlikely, engagement: 32 }))).toBe(true);
    expect(qualifies(rules('blended'), someFacts({ lead: likely, fit: 0, engagement: 25 }))).toBe(false);
  });

  it('gives the average lead nothing, and a sure one 100 times the weight less the average', () => {
    expect(blend(20, 0.3, 0.3, 0.5)).toBe(20);
    expect(blend(20, 1, 0.3, 0.5)).toBeCloseTo(55);
    const { probability } = predictLead(rules('blended').prediction, nowOf()) ?? { probability: 0 };
    expect(blendedEngagement(rules('blended').prediction, nowOf())).toBeCloseTo(25 + 30 * (probability - model.baseRate));
    expect(predictionStoryOf(rules('blended').prediction, nowOf())?.points).toBeGreaterThan(5);
  });
});
