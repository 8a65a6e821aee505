import type { Condition } from '#core/condition';
import { rangeInWords, testInWords } from '#core/explain-condition';

/** A condition as it is written down, without anybody it is asked about. */
export const conditionInWords = (condition: Condition): string => {
  switch (condition.kind) {
    case 'all':
      return condition.of.map(inner).join(' and ') || 'always';
    case 'any':
      return condition.of.map(inner).join(' or ') || 'never';
    case 'not':
      return `not (${conditionInWords(condition.of)})`;
    case 'field':
      return `${condition.field} ${testInWords(condition.test)}`;
    case 'answer':
      return `answer ${condition.step}.${condition.name} ${testInWords(condition.test)}`;
    case 'fit':
    case 'engagement':
      return `${condition.kind} ${rangeInWords(condition)}`;
    case 'stage':
    case 'grade':
      return `${condition.kind} ${condition.in.join(' or ')}`;
    case 'topic':
      return `topic ${condition.topic}`;
    case 'event':
      return condition.key.replace(':', ' ');
  }
};

const inner = (condition: Condition): string =>
  (condition.kind === 'all' || condition.kind === 'any') && condition.of.length > 1
    ? `(${conditionInWords(condition)})`
    : conditionInWords(condition);

const kinds: { readonly [kind in Condition['kind']]: true } = {
  all: true,
  any: true,
  not: true,
  field: true,
  fit: true,
  engagement: true,
  stage: true,
  grade: true,
  topic: true,
  answer: true,
  event: true,
};
export const isCondition = (value: object): value is Condition => 'kind' in value && typeof value.kind === 'string' && value.kind in kinds;
