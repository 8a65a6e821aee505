import type * as z from 'zod';
import { meantHint } from './did-you-mean.ts';
import type { Report, YamlPath } from './problems.ts';

/**
 * Turns zod's issues into problems in plain words. `allowed` sharpens the words about unknown keys: the keys of the top
 * level, or the schema that was read with, which knows those of every level.
 */
export const reportIssues = (error: z.ZodError, path: YamlPath, report: Report, allowed: readonly string[] | z.ZodType = []): void => {
  for (const issue of error.issues) {
    const keys = 'safeParse' in allowed ? keysAt(allowed, issue.path) : issue.path.length === 0 ? allowed : [];
    reportIssue(issue, path, report, keys);
  }
};

/** The keys that a schema takes at this path; none when it is not a plain object there. */
const keysAt = (schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] => {
  let at: unknown = schema;
  for (const step of [...path, undefined]) {
    while (isWrapped(at)) at = at.unwrap();
    if (step !== undefined && isRecord(at)) {
      at = at.valueType;
      continue;
    }
    const shape = typeof at === 'object' && at !== null && 'shape' in at ? (at.shape as Record<string, unknown>) : undefined;
    if (!shape || step === undefined) return shape ? Object.keys(shape) : [];
    at = shape[String(step)];
  }
  return [];
};

const isRecord = (schema: unknown): schema is { valueType: unknown } =>
  typeof schema === 'object' && schema !== null && 'valueType' in schema;

const isWrapped = (schema: unknown): schema is { unwrap: () => unknown } =>
  typeof schema === 'object' && schema !== null && 'unwrap' in schema && !('shape' in schema) && !('element' in schema);

const reportIssue = (issue: z.core.$ZodIssue, path: YamlPath, report: Report, allowedKeys: readonly string[]): void => {
  const at = [...path, ...issue.path.map((it) => (typeof it === 'symbol' ? String(it) : it))];
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) {
        report([...at, key], {
          code: 'unknown-key',
          what: `"${key}" is not a key that is known here`,
          got: key,
          ...(allowedKeys.length > 0 && { allowed: allowedKeys.join(', ') }),
          ...(/^[a-z-]+:\S/.test(key) ? { hint: 'a colon wants a space after it' } : meantHint(key, allowedKeys)),
          at: 'key',
        });
      }
      return;
    case 'invalid_type':
      report(at, {
        code: issue.input === undefined ? 'missing' : 'wrong-type',
        what: wrongType(issue, nameOf(at)),
        ...(issue.input !== undefined && { got: shown(issue.input) }),
        ...(isOwn(issue.message)
          ? { allowed: issue.message }
          : issue.expected !== 'nonoptional' && { allowed: typeInWords(issue.expected, allowedKeys) }),
        ...withoutPercent(issue),
      });
      return;
    case 'invalid_value':
      report(at, {
        code: issue.input === undefined ? 'missing' : 'not-allowed',
        what: issue.input === undefined ? `"${nameOf(at)}" is missing` : `"${nameOf(at)}" has a value that is not allowed`,
        ...(issue.input !== undefined && { got: shown(issue.input) }),
        allowed: issue.values.map(String).join(', '),
        ...(typeof issue.input === 'string' && meantHint(issue.input, issue.values.map(String))),
      });
      return;
    case 'invalid_union':
      reportUnion(issue, path, report);
      return;
    case 'invalid_format':
      report(at, {
        code: 'invalid',
        what: `"${nameOf(at)}" is not ${formatsInWords[issue.format] ?? 'as it should be'}`,
        ...(issue.input !== undefined && { got: shown(issue.input) }),
        ...(issue.format === 'regex' && isOwn(issue.message) && { allowed: issue.message }),
        ...(issue.format === 'url' && { allowed: 'a whole address, e.g. https://www.yourcompany.example/thanks' }),
      });
      return;
    case 'too_big':
    case 'too_small':
      reportSize(issue, at, report);
      return;
    case 'invalid_key':
      report(at, {
        code: 'invalid',
        what: `"${shown(issue.input)}" is no name that is allowed here`,
        got: shown(issue.input),
        ...(issue.issues[0] && isOwn(issue.issues[0].message) && { allowed: issue.issues[0].message }),
        at: 'key',
      });
      return;
    default:
      report(at, {
        code: 'invalid',
        what: `"${nameOf(at)}": ${issue.message}`,
        ...(issue.input !== undefined && { got: shown(issue.input) }),
      });
  }
};

const wrongType = ({ input, message, expected }: z.core.$ZodIssueInvalidType, name: string): string => {
  if (input === undefined) return `"${name}" is missing`;
  return isOwn(message) ? `"${name}" is not understood` : `"${name}" must be ${typeInWords(expected)}`;
};

/** Shares and chances are written as numbers. */
const withoutPercent = ({ input, expected }: z.core.$ZodIssueInvalidType): { readonly hint?: string } => {
  const number = typeof input === 'string' && ['number', 'int'].includes(expected) ? /^(\d+(?:\.\d+)?) ?%$/.exec(input)?.[1] : undefined;
  if (number === undefined) return {};
  return {
    hint: `write it without %: ${number}${expected === 'int' ? '' : `, or ${Number(number) / 100} where a part of 1 is asked for`}`,
  };
};

type Sized = z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall;
const reportSize = (issue: Sized, at: YamlPath, report: Report): void => {
  const { big, small, of } = sizes[issue.origin] ?? { big: 'is too much', small: 'is too little', of: '' };
  const bound = issue.code === 'too_big' ? `at most ${issue.maximum}` : `at least ${issue.minimum}`;
  report(at, {
    code: 'invalid',
    what: `"${nameOf(at)}" ${issue.code === 'too_big' ? big : small}`,
    ...(issue.input !== undefined && { got: shown(issue.input) }),
    allowed: /^Too (big|small)/.test(issue.message) ? `${bound}${of}` : issue.message,
  });
};

const sizes: { readonly [origin: string]: { readonly big: string; readonly small: string; readonly of: string } } = {
  string: { big: 'is too long', small: 'is too short', of: ' characters' },
  array: { big: 'has too many entries', small: 'has too few entries', of: '' },
};

const formatsInWords: { readonly [format: string]: string } = {
  email: 'an e-mail address',
  url: 'a link that works',
  date: 'a day, such as 2026-03-23',
};

/** The issues of that way of writing it which the value is meant as: the one whose kind of value it is. */
const reportUnion = (issue: z.core.$ZodIssueInvalidUnion, path: YamlPath, report: Report): void => {
  const at = [...path, ...issue.path.map((it) => (typeof it === 'symbol' ? String(it) : it))];
  const meant = issue.errors.filter((ways) => !ways.some((it) => it.code === 'invalid_type' && it.path.length === 0));
  const [only] = meant;
  if (only && meant.length === 1) {
    for (const it of only) reportIssue(it, at, report, []);
    return;
  }
  const kinds = issue.errors.flat().flatMap((it) => (it.code === 'invalid_type' && it.path.length === 0 ? [typeInWords(it.expected)] : []));
  report(at, {
    code: 'invalid',
    what: `"${nameOf(at)}" is not understood`,
    ...(issue.input !== undefined && { got: shown(issue.input) }),
    ...(isOwn(issue.message) ? { allowed: issue.message } : kinds.length > 0 && { allowed: [...new Set(kinds)].join(' or ') }),
  });
};

/** Whether a schema says it in its own words; zod’s begin like this. */
const isOwn = (message: string): boolean => !message.startsWith('Invalid');

const nameOf = (path: YamlPath): string => String(path.findLast((it) => typeof it === 'string') ?? 'file');

const typeInWords = (type: string, keys: readonly string[] = []): string =>
  ({
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: keys.length > 0 ? `a block such as { ${keys.map((it) => `${it}: …`).join(', ')} }` : 'a block of keys',
    record: 'a block of keys',
  })[type] ?? type;

/** Short and on one line. */
export const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};
