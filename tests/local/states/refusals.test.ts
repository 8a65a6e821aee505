import { describe, expect, it } from 'vitest';
import { createWorld, lambdaTask, machineOf, waitTask } from './world.ts';

const refusal = (asl: Record<string, unknown>, substitutions: Record<string, string> = {}, type?: string): string => {
  try {
    createWorld().runner.deploy('machine', asl, substitutions, type);
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidDefinition') return error.message;
    throw error;
  }
  return 'taken';
};
const end = { z: { Type: 'Succeed' } };
const choice = (test: Record<string, unknown>) => machineOf({ Type: 'Choice', Choices: [{ ...test, Next: 'z' }], Default: 'z' }, end);
const passing = (fields: Record<string, unknown>) => machineOf({ Type: 'Pass', End: true, ...fields });
const format = (text: string) => passing({ Parameters: { 'x.$': text } });
const retrying = (retrier: Record<string, unknown>, ...more: Record<string, unknown>[]) =>
  machineOf(lambdaTask({ Retry: [retrier, ...more] }));

describe('a definition outside the subset is refused by name', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['Map', machineOf({ Type: 'Map' }), 'the state type Map'],
    ['Parallel', machineOf({ Type: 'Parallel' }), 'the state type Parallel'],
    ['Wait', machineOf({ Type: 'Wait', Seconds: 1 }), 'the state type Wait'],
    ['JSONata machine', { ...passing({}), QueryLanguage: 'JSONata' }, 'QueryLanguage JSONata'],
    ['JSONata state', passing({ QueryLanguage: 'JSONata' }), 'QueryLanguage JSONata'],
    ['unknown machine field', { ...passing({}), Frobnicate: 1 }, 'Frobnicate'],
    ['Assign', passing({ Assign: {} }), 'Assign'],
    ['HeartbeatSeconds', machineOf(lambdaTask({ HeartbeatSeconds: 5 })), 'HeartbeatSeconds'],
    ['Credentials', machineOf(lambdaTask({ Credentials: {} })), 'Credentials'],
    ['other resource', machineOf(lambdaTask({ Resource: 'arn:aws:states:::sns:publish' })), 'sns:publish'],
    ['function ARN as resource', machineOf(lambdaTask({ Resource: 'arn:aws:lambda:x' })), 'arn:aws:lambda:x'],
    ['lambda parameter', machineOf(lambdaTask({ Parameters: { FunctionName: 'f', Qualifier: '1' } })), 'Qualifier'],
    ['missing parameter', machineOf(lambdaTask({ Parameters: { Payload: {} } })), 'FunctionName missing'],
    ['no token in a callback', machineOf(waitTask({ Parameters: { TableName: 't', Key: {} } })), '$$.Task.Token'],
    ['token elsewhere', machineOf(lambdaTask({ Parameters: { FunctionName: 'f', 'Payload.$': '$$.Task.Token' } })), '$$.Task.Token'],
    ['TimeoutSeconds 0', machineOf(lambdaTask({ TimeoutSeconds: 0 })), 'TimeoutSeconds'],
    ['fractional TimeoutSeconds', machineOf(lambdaTask({ TimeoutSeconds: 1.5 })), 'TimeoutSeconds'],
    ['machine TimeoutSeconds', { ...passing({}), TimeoutSeconds: '5' }, 'TimeoutSeconds'],
    ['both time-outs', machineOf(lambdaTask({ TimeoutSeconds: 1, TimeoutSecondsPath: '$.s' })), 'exclude each other'],
    ['TimeoutSecondsPath beside InputPath', machineOf(lambdaTask({ InputPath: '$.a', TimeoutSecondsPath: '$.s' })), 'InputPath'],
    ['descent', passing({ InputPath: '$..a' }), '$..a'],
    ['wildcard', passing({ InputPath: '$.a[*]' }), '$.a[*]'],
    ['filter', passing({ InputPath: '$.a[?(@.b)]' }), '$.a[?(@.b)]'],
    ['negative place', passing({ InputPath: '$.a[-1]' }), '$.a[-1]'],
    ['hyphen after a dot', passing({ InputPath: '$.first-project' }), '$.first-project'],
    ['context field', passing({ InputPath: '$$.Map.Item.Value' }), '$$.Map.Item.Value'],
    ['whole context', passing({ InputPath: '$$' }), 'path $$'],
    ['ResultPath into the context', passing({ ResultPath: '$$.State.Name' }), 'context object'],
    ['ResultPath into an array', passing({ ResultPath: '$.a[0]' }), 'array place'],
    ['.$ without a path', passing({ Parameters: { 'a.$': 5 } }), 'a.$'],
    ['field twice', passing({ Parameters: { a: 1, 'a.$': '$' } }), 'side by side'],
    ['States.UUID', format('States.UUID()'), 'States.UUID'],
    ['States.JsonToString', format('States.JsonToString($)'), 'States.JsonToString'],
    ['nested intrinsic', format("States.Format('{}', States.UUID())"), 'arguments may be'],
    ['too few values', format("States.Format('{} {}', 1)"), '2 {} but 1 values'],
    ['lone brace', format("States.Format('{')"), 'lone {'],
    ['path as template', format('States.Format($.a)'), 'first argument'],
    ['StringMatches', choice({ Variable: '$.a', StringMatches: '*' }), 'StringMatches'],
    ['StringEqualsPath', choice({ Variable: '$.a', StringEqualsPath: '$.b' }), 'StringEqualsPath'],
    ['BooleanLessThan', choice({ Variable: '$.a', BooleanLessThan: true }), 'BooleanLessThan'],
    ['wrong operand', choice({ Variable: '$.a', NumericEquals: '1' }), 'NumericEquals needs a number'],
    ['not a time', choice({ Variable: '$.a', TimestampEquals: 'noon' }), 'TimestampEquals'],
    ['two comparisons', choice({ Variable: '$.a', IsNull: true, IsString: true }), 'exactly one comparison'],
    ['no variable', choice({ StringEquals: 'a' }), 'needs a Variable'],
    ['empty And', choice({ And: [] }), 'And needs a list'],
    ['choice without Next', machineOf({ Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true }] }), 'needs a Next'],
    ['no choices', machineOf({ Type: 'Choice', Choices: [] }), 'Choices'],
    ['States.ALL with others', retrying({ ErrorEquals: ['States.ALL', 'X'] }), 'stand alone and last'],
    ['States.ALL not last', retrying({ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }), 'stand alone and last'],
    ['unknown reserved name', retrying({ ErrorEquals: ['States.Timeouts'] }), 'States.Timeouts'],
    ['retrier field', retrying({ ErrorEquals: ['X'], Jitter: 1 }), 'Jitter'],
    ['BackoffRate below 1', retrying({ ErrorEquals: ['X'], BackoffRate: 0.5 }), 'BackoffRate'],
    ['MaxDelaySeconds too short', retrying({ ErrorEquals: ['X'], IntervalSeconds: 5, MaxDelaySeconds: 5 }), 'MaxDelaySeconds'],
    ['JitterStrategy', retrying({ ErrorEquals: ['X'], JitterStrategy: 'SOME' }), 'JitterStrategy'],
    ['catcher without Next', machineOf(lambdaTask({ Catch: [{ ErrorEquals: ['X'] }] })), 'needs a Next'],
    ['Next and End', passing({ Next: 'only' }), 'exactly one of Next and End'],
    ['target', machineOf({ Type: 'Pass', Next: 'nowhere' }), '"nowhere"'],
    ['catch target', machineOf(lambdaTask({ Catch: [{ ErrorEquals: ['X'], Next: 'nowhere' }] })), '"nowhere"'],
    ['unreachable state', { ...passing({}), States: { ...passing({}).States, island: { Type: 'Succeed' } } }, '"island" is not reachable'],
    ['no end', machineOf({ Type: 'Pass', Next: 'only' }), 'no state ends'],
    ['StartAt', { StartAt: 'nowhere', States: end }, 'StartAt'],
    ['long state name', { StartAt: 'x'.repeat(81), States: { ['x'.repeat(81)]: { Type: 'Succeed' } } }, '80 characters'],
    ['substitution', passing({ Result: '${Missing}' }), '${Missing}'],
  ])('%s', (_name, asl, words) => {
    expect(refusal(asl)).toContain(words);
  });

  it('EXPRESS machines', () => {
    expect(refusal(passing({}), {}, 'EXPRESS')).toContain('EXPRESS');
  });

  it('all problems at once, each with its state', () => {
    const asl = { StartAt: 'a', States: { a: { Type: 'Wait' }, b: { Type: 'Pass', Assign: {}, End: true } } };
    expect(refusal(asl).split('\n')).toEqual([expect.stringContaining('state "a": '), expect.stringContaining('state "b": ')]);
  });

  it('but not what is inside it', () => {
    expect(refusal({ ...passing({ Comment: 'fine' }), Comment: 'a', Version: '1.0', QueryLanguage: 'JSONPath', TimeoutSeconds: 5 })).toBe(
      'taken',
    );
  });
});
