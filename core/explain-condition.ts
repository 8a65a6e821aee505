import type { Condition, FieldTest } from './condition.ts';
import { answerOf, evaluate, type Facts, type FieldValue, fieldOf, wholePoints } from './evaluate-condition.ts';
import type { Lead } from './lead.ts';

/** The same, as a decision keeps it. */
export const ruleOf = (condition: Condition, facts: Facts): string => shortened(explain(condition, facts));

/** A decision takes no more than one write unit. */
export const shortened = (words: string): string => (words.length > mostRule ? `${words.slice(0, mostRule - 1)}…` : words);
const mostRule = 500;

/** A condition in plain words with what was met: `employees between 50 and 1000 (120) and not (topic events (no))`. */
export const explain = (condition: Condition, facts: Facts): string => said(condition, (met) => ` (${met(facts)})`);

/** The same of nobody in particular: `employees between 50 and 1000 and not (topic events)`. */
export const describe = (condition: Condition): string => said(condition, () => '');

type Met = (met: (facts: Facts) => string | number) => string;

const said = (condition: Condition, met: Met): string => {
  switch (condition.kind) {
    case 'all':
      return combined(condition.of, 'and', met);
    case 'any':
      return combined(condition.of, 'or', met);
    case 'not':
      return `not (${said(condition.of, met)})`;
    case 'field':
      return `${inWords(condition.field)} ${testInWords(condition.test)}${met(({ lead }) => shown(fieldOf(lead, condition.field)))}`;
    case 'fit':
      return `fit ${rangeInWords(condition)}${met(({ fit }) => fit)}`;
    case 'engagement':
      return `engagement ${rangeInWords(condition)}${met(({ engagement }) => wholePoints(engagement))}`;
    case 'stage':
      return `stage ${condition.in.join(' or ')}${met(({ lead }) => lead.stage)}`;
    case 'grade':
      return `grade ${condition.in.join(' or ')}${met(({ grade = 'none' }) => grade)}`;
    case 'topic':
      return `topic ${condition.topic}${met((facts) => (evaluate(condition, facts) ? 'agreed' : 'not agreed'))}`;
    case 'answer':
      return `answer ${condition.step}.${condition.name} ${testInWords(condition.test)}${met((facts) => shown(answerOf(condition, facts)))}`;
    case 'event':
      return `${condition.key.replace(':', ' ')}${met(({ seen }) => seen[condition.key] ?? 'not yet')}`;
  }
};

/**
 * What about this lead made a condition true, for a reason that sales reads: `120 employees`, `DE`. Only numbers and words
 * that the marketer wrote, so that no name or address can slip into a reason.
 */
export const metBy = (condition: Condition, facts: Facts): readonly string[] => {
  if (!evaluate(condition, facts)) return [];
  switch (condition.kind) {
    case 'all':
    case 'any':
      return [...new Set(condition.of.flatMap((it) => metBy(it, facts)))];
    case 'field':
      return metByField(condition.field, condition.test, facts.lead);
    case 'not':
    case 'fit':
    case 'engagement':
    case 'stage':
    case 'grade':
    case 'topic':
    case 'answer':
    case 'event':
      return [];
  }
};

const metByField = (field: string, test: FieldTest, lead: Lead): readonly string[] => {
  const value = fieldOf(lead, field);
  if ('between' in test || 'atLeast' in test || 'atMost' in test) return [`${Number(value)} ${inWords(field)}`];
  if ('is' in test) return [typeof test.is === 'string' ? test.is : `${inWords(field)} ${test.is}`];
  if ('contains' in test) return [`${inWords(field)} with “${test.contains}”`];
  return 'in' in test || ('inList' in test && field === 'email-domain') ? [String(value)] : [];
};

const combined = (of: readonly Condition[], word: 'and' | 'or', met: Met): string =>
  of.map((it) => (isGroup(it) && of.length > 1 ? `(${said(it, met)})` : said(it, met))).join(` ${word} `) ||
  (word === 'and' ? 'always' : 'never');

const isGroup = (condition: Condition): boolean => (condition.kind === 'all' || condition.kind === 'any') && condition.of.length > 1;

export const testInWords = (test: FieldTest): string => {
  if ('isSet' in test) return test.isSet ? 'set' : 'not set';
  if ('is' in test) return `is ${test.is}`;
  if ('isNot' in test) return `is not ${test.isNot}`;
  if ('in' in test) return `in ${test.in.join(', ')}`;
  if ('inList' in test) return `in the list ${test.inList}`;
  if ('notInList' in test) return `not in the list ${test.notInList}`;
  if ('notIn' in test) return `not in ${test.notIn.join(', ')}`;
  if ('contains' in test) return `contains “${test.contains}”`;
  if ('between' in test) return `between ${test.between[0]} and ${test.between[1]}`;
  return rangeInWords(test);
};

export const rangeInWords = (range: { readonly atLeast?: number; readonly atMost?: number }): string => {
  const least = range.atLeast === undefined ? [] : [`at least ${range.atLeast}`];
  const most = range.atMost === undefined ? [] : [`at most ${range.atMost}`];
  return [...least, ...most].join(' and ') || 'any';
};

const inWords = (field: string): string => field.replaceAll('-', ' ');
const shown = (value: FieldValue): string => (value === undefined || value === '' ? 'not set' : String(value));
