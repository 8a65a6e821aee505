import { lambdaTask } from './world.ts';

/**
 * One definition with an input, and what its function answers call by call. `expected` was written from AWS's documents;
 * tests/node24 asks an independent engine for the same.
 */
export type Case = {
  readonly name: string;
  readonly asl: Record<string, unknown>;
  readonly input: unknown;
  readonly answers?: readonly ({ readonly result: unknown } | { readonly error: string; readonly message: string })[];
  readonly expected: { readonly output: unknown } | { readonly error: string };
  /** Where the independent engine is known to be wrong: what it says, and why that is not AWS. */
  readonly otherEngine?: { readonly says: { readonly output: unknown }; readonly because: string };
};

const pass = (fields: Record<string, unknown>) => ({ StartAt: 'A', States: { A: { Type: 'Pass', End: true, ...fields } } });
const task = (fields: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  StartAt: 'A',
  States: { A: lambdaTask(fields), ...more },
});
const arms = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { Type: 'Pass', Result: name, End: true }]));
const choose = (choices: unknown[], names: string[] = ['yes'], more: Record<string, unknown> = { Default: 'no' }) => ({
  StartAt: 'A',
  States: { A: { Type: 'Choice', Choices: choices, ...more }, ...arms(...names, ...('Default' in more ? ['no'] : [])) },
});
const rule = (name: string, test: Record<string, unknown>, input: unknown, output: string): Case => ({
  name: `choice: ${name}`,
  asl: choose([{ ...test, Next: 'yes' }]),
  input,
  expected: { output },
});

const choices: Case[] = [
  rule('StringEquals hits', { Variable: '$.a', StringEquals: 'x' }, { a: 'x' }, 'yes'),
  rule('StringEquals misses', { Variable: '$.a', StringEquals: 'x' }, { a: 'y' }, 'no'),
  rule('StringEquals on a number is false', { Variable: '$.a', StringEquals: '1' }, { a: 1 }, 'no'),
  rule('StringLessThan', { Variable: '$.a', StringLessThan: 'b' }, { a: 'a' }, 'yes'),
  rule('StringGreaterThanEquals at the border', { Variable: '$.a', StringGreaterThanEquals: 'b' }, { a: 'b' }, 'yes'),
  rule('NumericEquals', { Variable: '$.a', NumericEquals: 1 }, { a: 1.0 }, 'yes'),
  rule('NumericEquals on a text is false', { Variable: '$.a', NumericEquals: 1 }, { a: '1' }, 'no'),
  rule('NumericGreaterThan at the border', { Variable: '$.a', NumericGreaterThan: 1 }, { a: 1 }, 'no'),
  rule('NumericLessThanEquals at the border', { Variable: '$.a', NumericLessThanEquals: 1 }, { a: 1 }, 'yes'),
  rule('BooleanEquals', { Variable: '$.a', BooleanEquals: false }, { a: false }, 'yes'),
  rule('TimestampLessThan', { Variable: '$.a', TimestampLessThan: '2026-01-01T00:00:00Z' }, { a: '2025-12-31T23:59:59Z' }, 'yes'),
  rule('IsPresent true', { Variable: '$.a', IsPresent: true }, { a: null }, 'yes'),
  rule('IsPresent of nothing', { Variable: '$.a.b', IsPresent: true }, { a: {} }, 'no'),
  {
    ...rule('IsPresent false', { Variable: '$.a', IsPresent: false }, {}, 'yes'),
    otherEngine: { says: { output: 'no' }, because: 'it takes IsPresent: false as never; the ASL specification as "is not there"' },
  },
  rule('IsNull', { Variable: '$.a', IsNull: true }, { a: null }, 'yes'),
  rule('IsNull of zero', { Variable: '$.a', IsNull: true }, { a: 0 }, 'no'),
  rule('IsString', { Variable: '$.a', IsString: true }, { a: '' }, 'yes'),
  rule('IsNumeric', { Variable: '$.a', IsNumeric: true }, { a: '1' }, 'no'),
  rule('IsBoolean', { Variable: '$.a', IsBoolean: true }, { a: false }, 'yes'),
  rule(
    'bracket path',
    { Variable: "$.plan['first-project'].outcome", StringEquals: 'sent' },
    { plan: { 'first-project': { outcome: 'sent' } } },
    'yes',
  ),
  rule('array place', { Variable: '$.arms[1]', StringEquals: 'b' }, { arms: ['a', 'b'] }, 'yes'),
  rule(
    'And stops at the first false',
    {
      And: [
        { Variable: '$.a', IsPresent: true },
        { Variable: '$.a', StringEquals: 'x' },
      ],
    },
    {},
    'no',
  ),
  rule(
    'Or',
    {
      Or: [
        { Variable: '$.a', StringEquals: 'x' },
        { Variable: '$.a', StringEquals: 'y' },
      ],
    },
    { a: 'y' },
    'yes',
  ),
  rule('Not', { Not: { Variable: '$.a', StringEquals: 'x' } }, { a: 'y' }, 'yes'),
  {
    name: 'choice: the first rule that matches wins',
    asl: choose(
      [
        { Variable: '$.n', NumericGreaterThan: 1, Next: 'big' },
        { Variable: '$.n', NumericGreaterThan: 0, Next: 'yes' },
      ],
      ['big', 'yes'],
    ),
    input: { n: 5 },
    expected: { output: 'big' },
  },
  {
    name: 'choice: nothing matches and there is no default',
    asl: choose([{ Variable: '$.a', StringEquals: 'x', Next: 'yes' }], ['yes'], {}),
    input: { a: 'y' },
    expected: { error: 'States.NoChoiceMatched' },
  },
];

const dataFlow: Case[] = [
  { name: 'pass: input goes on', asl: pass({}), input: { a: 1 }, expected: { output: { a: 1 } } },
  { name: 'pass: Result', asl: pass({ Result: { b: 2 } }), input: { a: 1 }, expected: { output: { b: 2 } } },
  {
    name: 'pass: Result at a ResultPath',
    asl: pass({ Result: 2, ResultPath: '$.b' }),
    input: { a: 1 },
    expected: { output: { a: 1, b: 2 } },
  },
  {
    name: 'pass: ResultPath makes what lies between',
    asl: pass({ Result: 2, ResultPath: "$.plan['first-project'].waitSeconds" }),
    input: { plan: { other: 1 } },
    expected: { output: { plan: { other: 1, 'first-project': { waitSeconds: 2 } } } },
  },
  {
    name: 'pass: ResultPath null drops the result',
    asl: pass({ Result: 2, ResultPath: null }),
    input: { a: 1 },
    expected: { output: { a: 1 } },
  },
  { name: 'pass: InputPath', asl: pass({ InputPath: '$.a' }), input: { a: { b: 1 } }, expected: { output: { b: 1 } } },
  { name: 'pass: InputPath null', asl: pass({ InputPath: null }), input: { a: 1 }, expected: { output: {} } },
  { name: 'pass: OutputPath', asl: pass({ OutputPath: "$['a']" }), input: { a: { b: 1 } }, expected: { output: { b: 1 } } },
  { name: 'pass: OutputPath null', asl: pass({ OutputPath: null }), input: { a: 1 }, expected: { output: {} } },
  {
    name: 'pass: Parameters fill in deeply',
    asl: pass({ Parameters: { fixed: [1, { 'deep.$': '$.a' }], 'list.$': '$.list[1]', 'whole.$': '$' } }),
    input: { a: 'x', list: [1, 2] },
    expected: { output: { fixed: [1, { deep: 'x' }], list: 2, whole: { a: 'x', list: [1, 2] } } },
  },
  {
    name: 'pass: Parameters see InputPath, ResultPath sees the raw input',
    asl: pass({ InputPath: '$.a', Parameters: { 'n.$': '$.n' }, ResultPath: '$.c' }),
    input: { a: { n: 1 }, b: 2 },
    expected: { output: { a: { n: 1 }, b: 2, c: { n: 1 } } },
  },
  {
    name: 'pass: States.Format',
    asl: pass({ Parameters: { 'key.$': "States.Format('LEAD#{} ({}, {})', $.id, 7, 'it\\'s')" } }),
    input: { id: 'l-1' },
    expected: { output: { key: "LEAD#l-1 (7, it's)" } },
  },
  {
    name: 'pass: States.Format shows numbers and booleans',
    asl: pass({ Parameters: { 'text.$': "States.Format('{}-{}', $.n, $.b)" } }),
    input: { n: 1.5, b: true },
    expected: { output: { text: '1.5-true' } },
  },
  {
    name: 'succeed: OutputPath',
    asl: { StartAt: 'A', States: { A: { Type: 'Succeed', OutputPath: '$.a' } } },
    input: { a: 1 },
    expected: { output: 1 },
  },
  {
    name: 'fail: Error and Cause',
    asl: { StartAt: 'A', States: { A: { Type: 'Fail', Error: 'Gone', Cause: 'because' } } },
    input: {},
    expected: { error: 'Gone' },
  },
  {
    name: 'task: ResultSelector and ResultPath',
    asl: task({ ResultSelector: { 'arm.$': '$.Payload.arm', fixed: 1 }, ResultPath: '$.arms.first' }),
    input: { a: 1 },
    answers: [{ result: { arm: 'b' } }],
    expected: { output: { a: 1, arms: { first: { arm: 'b', fixed: 1 } } } },
  },
  {
    name: 'task: ResultPath null',
    asl: task({ ResultPath: null }),
    input: { a: 1 },
    answers: [{ result: 'dropped' }],
    expected: { output: { a: 1 } },
  },
  {
    name: 'task: the payload comes back whole',
    asl: task({ ResultSelector: { 'payload.$': '$.Payload' } }),
    input: { a: [1, null, 'x'] },
    answers: [{ result: { list: [1, null], text: 'ü' } }],
    expected: { output: { payload: { list: [1, null], text: 'ü' } } },
  },
];

const selected = { ResultSelector: { 'n.$': '$.Payload.n' } };
const recover = { recover: { Type: 'Pass', End: true } };
const failing = (error: string) => ({ error, message: `${error} happened` });
const errors: Case[] = [
  {
    name: 'retry: succeeds the second time',
    asl: task({ ...selected, Retry: [{ ErrorEquals: ['RetryableError'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }] }),
    input: {},
    answers: [failing('RetryableError'), { result: { n: 2 } }],
    expected: { output: { n: 2 } },
  },
  {
    name: 'retry: gives up after MaxAttempts',
    asl: task({ Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 1 }] }),
    input: {},
    answers: [failing('First'), failing('Second'), { result: {} }],
    expected: { error: 'Second' },
  },
  {
    name: 'retry: MaxAttempts 0 means never',
    asl: task({
      Retry: [
        { ErrorEquals: ['Halt'], MaxAttempts: 0 },
        { ErrorEquals: ['States.ALL'], IntervalSeconds: 1 },
      ],
    }),
    input: {},
    answers: [failing('Halt'), { result: {} }],
    expected: { error: 'Halt' },
  },
  {
    name: 'retry: every retrier counts for itself',
    asl: task({
      ...selected,
      Retry: [
        { ErrorEquals: ['A'], IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 1 },
        { ErrorEquals: ['B'], IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 1 },
      ],
    }),
    input: {},
    answers: [failing('A'), failing('B'), { result: { n: 3 } }],
    expected: { output: { n: 3 } },
  },
  {
    name: 'catch: after the retries are used up',
    asl: task(
      {
        Retry: [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 1 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'recover', ResultPath: null }],
      },
      recover,
    ),
    input: { a: 1 },
    answers: [failing('X'), failing('X')],
    expected: { output: { a: 1 } },
  },
  {
    name: 'catch: ResultPath keeps the input',
    asl: task(
      { Catch: [{ ErrorEquals: ['Halt'], Next: 'recover', ResultPath: '$.error' }] },
      { recover: { Type: 'Pass', OutputPath: '$.error.Error', End: true } },
    ),
    input: { a: 1 },
    answers: [failing('Halt')],
    expected: { output: 'Halt' },
  },
  {
    name: 'catch: the first catcher that matches wins',
    asl: task(
      {
        Catch: [
          { ErrorEquals: ['Defer'], Next: 'recover', ResultPath: '$.by' },
          { ErrorEquals: ['States.TaskFailed'], Next: 'other' },
        ],
      },
      { ...recover, ...arms('other') },
    ),
    input: {},
    answers: [failing('Halt')],
    expected: { output: 'other' },
  },
  {
    name: 'catch: no catcher names the error',
    asl: task({ Catch: [{ ErrorEquals: ['Defer'], Next: 'recover' }] }, recover),
    input: {},
    answers: [failing('Halt')],
    expected: { error: 'Halt' },
  },
];

export const cases: readonly Case[] = [...choices, ...dataFlow, ...errors];
