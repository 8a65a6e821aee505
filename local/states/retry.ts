import { refused } from './faults.ts';
import { compileResultPath, isRecord } from './path.ts';

export type Retrier = {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number;
  readonly fullJitter: boolean;
};
/** `resultPath` undefined: the error is dropped. */
export type Catcher = { readonly errors: readonly string[]; readonly next: string; readonly resultPath: readonly string[] | undefined };

/** States.TaskFailed stands for all but time-outs; what is terminal has to be named, and States.Runtime not even then. */
export const matchesError = (errors: readonly string[], error: string): boolean => {
  if (error === 'States.Runtime') return false;
  if (errors.includes(error)) return true;
  if (error === 'States.DataLimitExceeded') return false;
  return errors.includes('States.ALL') || (errors.includes('States.TaskFailed') && error !== 'States.Timeout');
};

/**
 * The first retrier that names the error decides; `used[i]` says how often retrier i already did in this state.
 * undefined: no retry, the catchers are next. `chance` in [0, 1) places a full jitter.
 */
export const decideRetry = (retriers: readonly Retrier[], used: readonly number[], error: string, chance: number) => {
  const index = retriers.findIndex((retrier) => matchesError(retrier.errors, error));
  const retrier = retriers[index];
  const before = used[index] ?? 0;
  if (!retrier || before >= retrier.maxAttempts) return undefined;
  const delay = Math.min(retrier.intervalSeconds * retrier.backoffRate ** before, retrier.maxDelaySeconds);
  // No attempt begins in the moment in which the one before failed.
  return { index, delayMilliseconds: Math.max(1, Math.round(delay * 1000 * (retrier.fullJitter ? chance : 1))) };
};

export const compileRetriers = (list: unknown): Retrier[] => {
  const entries = mustList('Retry', list);
  return entries.map((entry, index) => {
    mustOnlyHave('Retry', entry, [
      'ErrorEquals',
      'IntervalSeconds',
      'MaxAttempts',
      'BackoffRate',
      'MaxDelaySeconds',
      'JitterStrategy',
      'Comment',
    ]);
    const { JitterStrategy = 'NONE' } = entry;
    if (JitterStrategy !== 'FULL' && JitterStrategy !== 'NONE') throw refused('Retry: JitterStrategy must be FULL or NONE');
    const intervalSeconds = numberOf('IntervalSeconds', entry.IntervalSeconds ?? 1, { least: 1, whole: true });
    const maxDelaySeconds = numberOf('MaxDelaySeconds', entry.MaxDelaySeconds ?? longestDelay, { least: 1, whole: true });
    if (maxDelaySeconds <= intervalSeconds) throw refused('Retry: MaxDelaySeconds must be greater than IntervalSeconds');
    return {
      errors: compileErrors('Retry', entry.ErrorEquals, index === entries.length - 1),
      intervalSeconds,
      maxAttempts: numberOf('MaxAttempts', entry.MaxAttempts ?? 3, { least: 0, whole: true }),
      backoffRate: numberOf('BackoffRate', entry.BackoffRate ?? 2, { least: 1, whole: false }),
      maxDelaySeconds,
      fullJitter: JitterStrategy === 'FULL',
    };
  });
};

export const compileCatchers = (list: unknown): Catcher[] => {
  const entries = mustList('Catch', list);
  return entries.map((entry, index) => {
    mustOnlyHave('Catch', entry, ['ErrorEquals', 'Next', 'ResultPath', 'Comment']);
    if (typeof entry.Next !== 'string') throw refused('Catch: every catcher needs a Next');
    const { ResultPath = '$' } = entry;
    if (typeof ResultPath !== 'string' && ResultPath !== null) throw refused('Catch: ResultPath must be a path or null');
    return {
      errors: compileErrors('Catch', entry.ErrorEquals, index === entries.length - 1),
      next: entry.Next,
      resultPath: ResultPath === null ? undefined : compileResultPath(ResultPath),
    };
  });
};

/** AWS: MaxDelaySeconds must be below 31,622,400. */
const longestDelay = 31_622_399;

const reserved = new Set(
  ['ALL', 'TaskFailed', 'Timeout', 'Runtime', 'DataLimitExceeded', 'Permissions', 'ResultPathMatchFailure', 'ParameterPathFailure']
    .concat(['IntrinsicFailure', 'NoChoiceMatched', 'HeartbeatTimeout', 'BranchFailed'])
    .map((name) => `States.${name}`),
);

const compileErrors = (field: string, names: unknown, isLast: boolean): string[] => {
  if (!Array.isArray(names) || names.length === 0) throw refused(`${field}: ErrorEquals must list error names`);
  const errors = names.map((name) => mustBeErrorName(field, name));
  if (errors.includes('States.ALL') && (errors.length > 1 || !isLast)) throw refused(`${field}: States.ALL must stand alone and last`);
  return errors;
};

const mustBeErrorName = (field: string, name: unknown): string => {
  if (typeof name !== 'string' || name === '') throw refused(`${field}: ErrorEquals must list error names, not ${JSON.stringify(name)}`);
  if (name.startsWith('States.') && !reserved.has(name)) throw refused(`${field}: there is no error ${name}`);
  return name;
};

const mustList = (field: string, list: unknown): Record<string, unknown>[] => {
  if (list === undefined) return [];
  if (!Array.isArray(list) || !list.every(isRecord)) throw refused(`${field} must be a list of objects`);
  return list;
};

const mustOnlyHave = (field: string, entry: Record<string, unknown>, allowed: readonly string[]) => {
  const unknown = Object.keys(entry).filter((key) => !allowed.includes(key));
  if (unknown.length > 0) throw refused(`${field}: ${unknown.join(', ')} not supported; allowed: ${allowed.join(', ')}`);
};

const numberOf = (field: string, value: unknown, { least, whole }: { least: number; whole: boolean }): number => {
  if (typeof value !== 'number' || value < least || value > 99_999_999 || (whole && !Number.isInteger(value))) {
    throw refused(`Retry: ${field} must be a ${whole ? 'whole number' : 'number'} of at least ${least}, not ${JSON.stringify(value)}`);
  }
  return value;
};
