import type { Condition } from '#core/condition';
import { evaluate, type Facts, wholePoints } from '#core/evaluate-condition';
import { explain } from '#core/explain-condition';

/** What would have to change for the condition to hold, in words: `12 more points of engagement`. Empty: it holds. Pure. */
export const missingFor = (condition: Condition, facts: Facts): readonly string[] => {
  if (evaluate(condition, facts)) return [];
  switch (condition.kind) {
    case 'all':
      return condition.of.flatMap((it) => missingFor(it, facts));
    case 'any':
      return [condition.of.map((it) => missingFor(it, facts).join(' and ')).join(', or ') || 'nothing would do'];
    case 'fit':
      return [pointsMissing(condition, facts.fit, 'fit')];
    case 'engagement':
      return [pointsMissing(condition, wholePoints(facts.engagement), 'engagement')];
    case 'not':
    case 'field':
    case 'stage':
    case 'grade':
    case 'topic':
    case 'answer':
    case 'event':
      return [explain(condition, facts)];
  }
};

const pointsMissing = (range: { readonly atLeast?: number; readonly atMost?: number }, points: number, of: string): string => {
  const { atLeast = 0, atMost = 0 } = range;
  const isShort = range.atLeast !== undefined && points < atLeast;
  const by = Math.round((isShort ? atLeast - points : points - atMost) * 10) / 10;
  return `${by} ${isShort ? 'more' : 'fewer'} ${by === 1 ? 'point' : 'points'} of ${of}`;
};
