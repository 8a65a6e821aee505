import * as z from 'zod';
import type { Condition, FieldTest } from './condition.ts';
import { countryRule, isCountryCode, meantCountry } from './country.ts';
import { meantHint } from './did-you-mean.ts';
import { eventRule, isPathPattern, notAPath } from './event-words.ts';
import { type Stage, stages } from './lead.ts';
import type { Report, YamlPath } from './problems.ts';
import { reportIssues, shown } from './zod-report.ts';

const Text = z.string().min(1);
const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const List = z.array(z.union([z.string(), z.number()])).min(1);
const Range = z.strictObject({ 'at-least': z.number().optional(), 'at-most': z.number().optional() });
/** A list, or the name of one. */
const ListOrName = z.union([List, z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'the name of a list, such as free-mail')]);
const tests = {
  is: Scalar.optional(),
  'is-not': Scalar.optional(),
  in: ListOrName.optional(),
  'not-in': ListOrName.optional(),
  between: z.tuple([z.number(), z.number()]).optional(),
  'at-least': z.number().optional(),
  'at-most': z.number().optional(),
  contains: Text.optional(),
  set: z.boolean().optional(),
};
const FieldShape = z.strictObject({
  field: Text.describe('A lead field, e.g. country, employees; or email-domain, email-name (what stands before the @)'),
  ...tests,
});
const AnswerShape = z.strictObject({
  answer: z
    .string()
    .regex(/^[a-z][a-z0-9-]*\.[A-Za-z_][A-Za-z0-9_-]*$/, 'a webhook step and a name in its answer, such as enrich.plan')
    .describe('A webhook step of this sequence and a name that it keeps, e.g. enrich.plan'),
  ...tests,
});

/** `customer` is another word for won. */
export const StageWord = z.enum([...stages, 'customer']);
export const stageOf = (word: z.output<typeof StageWord>): Stage => (word === 'customer' ? 'won' : word);
const Grade = z.string().regex(/^[A-D][1-4]$/, 'a letter for fit and a number for engagement, e.g. A1');

/** The words a condition may begin with, each with what follows it. */
const shapes = {
  field: FieldShape,
  fit: z.strictObject({ fit: Range }),
  engagement: z.strictObject({ engagement: Range }),
  stage: z.strictObject({ stage: z.union([StageWord, z.array(StageWord).min(1)]) }),
  grade: z.strictObject({ grade: z.union([Grade, z.array(Grade).min(1)]) }),
  topic: z.strictObject({ topic: Text }),
  tag: z.strictObject({ tag: z.string().regex(/^\S+$/, 'a tag of one word, such as webinar-2026').describe('A tag of the lead') }),
  answer: AnswerShape,
  opened: z.strictObject({ opened: Text.describe('An e-mail step of this sequence') }),
  clicked: z.strictObject({ clicked: Text.describe('An e-mail step of this sequence') }),
  did: z.strictObject({ did: Text.describe('An event name') }),
  visited: z.strictObject({ visited: Text.describe('A path; * stands for any characters') }),
} as const;
type Word = keyof typeof shapes;
const words = ['all', 'any', 'not', ...Object.keys(shapes)];

/** For JSON Schemas and the reference; parsing goes by the first word, so that its messages are about that word. */
export const ConditionShape: z.ZodType = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: z.array(ConditionShape).min(1) }),
      z.strictObject({ any: z.array(ConditionShape).min(1) }),
      z.strictObject({ not: ConditionShape }),
      ...Object.values(shapes),
    ]),
  )
  .meta({
    id: 'condition',
    description: 'all, any, not, field, fit, engagement, stage, grade, topic, tag, answer, opened, clicked, did, visited',
  });

/** In other schemas: any value passes, because `parseCondition` then says what is wrong with it, in words about its own words. */
export const ConditionLater = z.nonoptional(ConditionShape.catch((context: { value?: unknown } | undefined) => context?.value));

/** undefined: it was reported what is wrong. */
export const parseCondition = (raw: unknown, path: YamlPath, report: Report): Condition | undefined => {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    report(path, {
      code: 'not-a-condition',
      what: 'this is not a condition',
      got: shown(raw),
      allowed: `one of ${words.join(', ')}, e.g. { field: country, in: [DE, AT] }`,
    });
    return undefined;
  }
  const keys = Object.keys(raw);
  const word = keys.find((it) => words.includes(it));
  if (word === undefined || (word !== 'field' && word !== 'answer' && keys.length > 1)) {
    const stray = keys.find((it) => it !== word) ?? '';
    report(keys.length === 0 ? path : [...path, stray], {
      code: 'unknown-condition',
      what: word === undefined ? 'this condition is not known' : `"${word}" stands alone; to combine conditions use all, any or not`,
      got: keys.join(', '),
      allowed: words.join(', '),
      ...meantHint(stray, words),
      at: 'key',
    });
    return undefined;
  }
  const value = (raw as Record<string, unknown>)[word];
  if (word === 'all' || word === 'any') return parseGroup(word, value, [...path, word], report);
  if (word === 'not') {
    const of = parseCondition(value, [...path, 'not'], report);
    return of && { kind: 'not', of };
  }
  return parseSimple(word as Word, raw, path, report);
};

const parseGroup = (kind: 'all' | 'any', raw: unknown, path: YamlPath, report: Report): Condition | undefined => {
  if (!Array.isArray(raw) || raw.length === 0) {
    report(path, { code: 'wrong-type', what: `"${kind}" needs a list of conditions`, got: shown(raw) });
    return undefined;
  }
  const of = raw.map((it, at) => parseCondition(it, [...path, at], report));
  return of.every((it) => it !== undefined) ? { kind, of } : undefined;
};

const parseSimple = (word: Word, raw: unknown, path: YamlPath, report: Report): Condition | undefined => {
  const shape = shapes[word];
  const parsed = shape.safeParse(raw, { reportInput: true });
  if (!parsed.success) {
    reportIssues(parsed.error, path, report, shape);
    return undefined;
  }
  const data = parsed.data as Record<string, unknown>;
  switch (word) {
    case 'field':
      return parseField(parsed.data as z.output<typeof FieldShape>, path, report);
    case 'fit':
    case 'engagement': {
      const range = data[word] as z.output<typeof Range>;
      if (range['at-least'] === undefined && range['at-most'] === undefined) {
        report([...path, word], { code: 'missing', what: `"${word}" needs at-least, at-most or both` });
        return undefined;
      }
      return {
        kind: word,
        ...(range['at-least'] !== undefined && { atLeast: range['at-least'] }),
        ...(range['at-most'] !== undefined && { atMost: range['at-most'] }),
      };
    }
    case 'stage':
      return { kind: 'stage', in: ([data.stage].flat() as z.output<typeof StageWord>[]).map(stageOf) };
    case 'grade':
      return { kind: 'grade', in: [data.grade].flat() as string[] };
    case 'topic':
      return { kind: 'topic', topic: String(data.topic) };
    case 'tag':
      return { kind: 'field', field: `tag-${String(data.tag)}`, test: { is: true } };
    case 'answer':
      return parseAnswer(parsed.data as z.output<typeof AnswerShape>, path, report);
    case 'did':
    case 'visited':
      checkEvent(word, String(data[word]), [...path, word], report);
      return { kind: 'event', key: `${word}:${String(data[word])}` };
    case 'opened':
    case 'clicked':
      return { kind: 'event', key: `${word}:${String(data[word])}` };
  }
};

const checkEvent = (word: 'did' | 'visited', got: string, path: YamlPath, report: Report): void => {
  if (word === 'visited' && !isPathPattern(got)) report(path, notAPath(got));
  if (word === 'did' && !eventPattern.test(got))
    report(path, { code: 'not-an-event', what: 'no event has such a name', got: shown(got), allowed: eventRule });
};

const eventPattern = /^[a-z][a-z0-9._-]{0,63}$/;

const parseField = ({ field, ...tests }: z.output<typeof FieldShape>, path: YamlPath, report: Report): Condition | undefined => {
  const test = readTest(field, tests, path, report);
  if (test && field === 'country') checkCountries(test.name, test.value, path, report);
  return test && { kind: 'field', field, test: test.test };
};

const parseAnswer = ({ answer, ...tests }: z.output<typeof AnswerShape>, path: YamlPath, report: Report): Condition | undefined => {
  const test = readTest(answer, tests, path, report);
  const [step = '', name = ''] = answer.split('.');
  return test && { kind: 'answer', step, name, test: test.test };
};

/** The one test of a field or an answer. */
const readTest = (about: string, tests: { readonly [name: string]: unknown }, path: YamlPath, report: Report) => {
  const [[name, value] = [], ...others] = Object.entries(tests).filter(([, it]) => it !== undefined);
  if (name === undefined || others.length > 0) {
    report(path, {
      code: name === undefined ? 'missing' : 'two-tests',
      what: name === undefined ? `what must "${about}" be?` : `one test a condition; combine them with all or any`,
      allowed: 'is, is-not, in, not-in, between, at-least, at-most, contains, set',
    });
    return undefined;
  }
  if (name === 'between' && Array.isArray(value) && Number(value[0]) > Number(value[1]))
    report([...path, name], { code: 'nothing-between', what: 'the smaller number comes first', got: value.join(', ') });
  return { name, value, test: { [nameOfTest(name, value)]: value } as unknown as FieldTest };
};

/** Leads have two letters, so a name, or UK, would match nobody. */
const checkCountries = (test: string, value: unknown, path: YamlPath, report: Report): void => {
  if (!['is', 'is-not', 'in', 'not-in'].includes(test) || (typeof value === 'string' && test.endsWith('in'))) return;
  [value].flat().forEach((it, at) => {
    const text = String(it);
    if (isCountryCode(text)) return;
    const place = Array.isArray(value) ? [...path, test, at] : [...path, test];
    report(place, {
      code: 'not-a-country',
      what: 'no lead has such a country',
      got: shown(it),
      allowed: countryRule,
      ...meantCountry(text),
    });
  });
};

const nameOfTest = (word: string, value: unknown): string => {
  if (typeof value === 'string' && (word === 'in' || word === 'not-in')) return word === 'in' ? 'inList' : 'notInList';
  return testNames[word] ?? word;
};

const testNames: { readonly [word: string]: string } = {
  'is-not': 'isNot',
  'not-in': 'notIn',
  'at-least': 'atLeast',
  'at-most': 'atMost',
  set: 'isSet',
};
