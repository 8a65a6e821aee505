import type { Instant } from '#core/instant';
import { machineArn } from './arn.ts';
import { Fault, refused, runtimeFault } from './faults.ts';
import { mintToken } from './token.ts';

/** What `$$` can show. `input` stays text until somebody asks for it. */
export type Context = {
  readonly executionArn: string;
  readonly executionName: string;
  readonly input: string;
  readonly startedAt: Instant;
  readonly state: string;
  readonly enteredAt: Instant;
  readonly retryCount: number;
  readonly machine: string;
  readonly tokenNumber: number;
};

/** Reads a value; undefined means that the path leads nowhere. */
export type Read = (data: unknown, context: Context) => unknown;

/** One reference path, without flags: `$`, names after dots, names in quotes in brackets, array places. */
export const pathPattern = String.raw`\$\$?(?:\.[\p{L}_][\p{L}\p{N}_]*|\['[^'\\]+'\]|\["[^"\\]+"\]|\[\d+\])*`;

export const compilePath = (text: string): Read => {
  const { isContext, segments } = parsePath(text);
  if (isContext) return compileContextPath(text, segments);
  const [first, second] = segments;
  if (first === undefined) return (data) => data;
  if (second === undefined) return (data) => step(data, first);
  return (data) => walk(data, segments);
};

/** A path that has to lead somewhere: else States.Runtime. */
export const mustRead = (text: string, field: string): Read => {
  const read = compilePath(text);
  return (data, context) => {
    const value = read(data, context);
    if (value === undefined)
      throw runtimeFault(`The JSONPath '${text}' specified for the field '${field}' could not be found in the input`);
    return value;
  };
};

/** Where a ResultPath writes: names only, in the data. */
export const compileResultPath = (text: string): readonly string[] => {
  const { isContext, segments } = parsePath(text);
  if (isContext) throw refused(`${text}: a ResultPath cannot write into the context object`);
  return segments.map((segment) => {
    if (typeof segment === 'number') throw refused(`${text}: a ResultPath into an array place is not supported`);
    return segment;
  });
};

/** A copy of `data` with `value` at `names`; what does not change is shared. */
export const writePath = (data: unknown, names: readonly string[], value: unknown, depth = 0): unknown => {
  const name = names[depth];
  if (name === undefined) return value;
  if (data !== undefined && !isRecord(data)) {
    throw new Fault('States.ResultPathMatchFailure', `Unable to apply ResultPath '${names.join('.')}': there is a value in its way.`);
  }
  const inner = data && Object.hasOwn(data, name) ? data[name] : undefined;
  return { ...data, [name]: writePath(inner, names, value, depth + 1) };
};

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Segment = string | number;

const whole = new RegExp(`^${pathPattern}$`, 'u');
const parsePath = (text: string): { isContext: boolean; segments: readonly Segment[] } => {
  if (!whole.test(text)) {
    throw refused(`path ${text}: only reference paths are supported ($.plan, $.plan['first-project'], $.arms[0], $$.Task.Token)`);
  }
  const isContext = text.startsWith('$$');
  const parts = text.slice(isContext ? 2 : 1).matchAll(/\.([^.[]+)|\['([^']+)'\]|\["([^"]+)"\]|\[(\d+)\]/gu);
  return { isContext, segments: [...parts].map(([, dotted, single, double, place]) => dotted ?? single ?? double ?? Number(place)) };
};

const step = (data: unknown, segment: Segment): unknown => {
  if (typeof segment === 'number') return Array.isArray(data) ? data[segment] : undefined;
  return isRecord(data) && Object.hasOwn(data, segment) ? data[segment] : undefined;
};

const walk = (data: unknown, segments: readonly Segment[]): unknown => {
  let value = data;
  for (const segment of segments) value = step(value, segment);
  return value;
};

const contextReaders: { readonly [path: string]: (context: Context) => unknown } = {
  'Execution.Id': (context) => context.executionArn,
  'Execution.Name': (context) => context.executionName,
  'Execution.Input': (context) => JSON.parse(context.input),
  'Execution.StartTime': (context) => context.startedAt,
  'State.Name': (context) => context.state,
  'State.EnteredTime': (context) => context.enteredAt,
  'State.RetryCount': (context) => context.retryCount,
  'StateMachine.Id': (context) => machineArn(context.machine),
  'StateMachine.Name': (context) => context.machine,
  'Task.Token': ({ executionArn, tokenNumber }) => mintToken({ executionArn, number: tokenNumber }),
};

const compileContextPath = (text: string, segments: readonly Segment[]): Read => {
  const field = segments.slice(0, 2).join('.');
  const read = Object.hasOwn(contextReaders, field) ? contextReaders[field] : undefined;
  if (!read) throw refused(`path ${text}: the context object has here only ${Object.keys(contextReaders).join(', ')}`);
  const rest = segments.slice(2);
  return (_data, context) => walk(read(context), rest);
};
