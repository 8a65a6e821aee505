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
    const shape = typeof at === 'object' && at !== null && 'shape' in at ? (at.shape as Record<string, unknown>) : undefined;
    if (!shape || step === undefined) return shape ? Object.keys(shape) : [];
    at = shape[String(step)];
  }
  return [];
};

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
          ...meantHint(key, allowedKeys),
          at: 'key',
        });
      }
      return;
    case 'invalid_type':
      report(at, {
        code: issue.input === undefined ? 'missing' : 'wrong-type',
        what: issue.input === undefined ? `"${nameOf(at)}" is missing` : `"${nameOf(at)}" must be ${typeInWords(issue.expected)}`,
        ...(issue.input !== undefined && { got: shown(issue.input) }),
        allowed: typeInWords(issue.expected),
      });
      return;
    case 'invalid_value':
      report(at, {
        code: 'not-allowed',
        what: `"${nameOf(at)}" has a value that is not allowed`,
        got: shown(issue.input),
        allowed: issue.values.map(String).join(', '),
        ...(typeof issue.input === 'string' && meantHint(issue.input, issue.values.map(String))),
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

const nameOf = (path: YamlPath): string => String(path.findLast((it) => typeof it === 'string') ?? 'file');

const typeInWords = (type: string): string =>
  ({
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a block of keys',
    record: 'a block of keys',
  })[type] ?? type;

/** Short and on one line. */
export const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};
