import { describe, expect, it } from 'vitest';
import { createWorld, errorNameOf, lambdaTask, machineOf, memoryStores, namedError, start, tokenIn, waitTask } from './world.ts';

/** A world whose updateItem keeps the tokens it was given, and can act while it is being called. */
const createWaiting = (during: (token: string, call: number) => void | Promise<void> = () => {}) => {
  const tokens: string[] = [];
  const world = createWorld({
    updateItem: async (request) => {
      tokens.push(tokenIn(request));
      await during(tokenIn(request), tokens.length);
      return {};
    },
  });
  const token = (call = 1) => tokens[call - 1] ?? 'none';
  return { ...world, tokens, token };
};
const timeoutArm = { Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'timed out', ResultPath: null }] };
const timedOutState = { 'timed out': { Type: 'Pass', Result: 'timed out', End: true } };
const retryOnTimeout = { Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 10, MaxAttempts: 1 }] };

describe('a callback task', () => {
  it('waits for its token and takes the answer as its result', async () => {
    const world = createWaiting();
    const arn = await world.run(machineOf(waitTask({ ResultPath: '$.answer' })), { a: 1 });
    expect(world.outcome(arn)).toEqual({ status: 'RUNNING' });
    await world.advance(30);
    world.runner.sendTaskSuccess(world.token(), '{"outcome":"sent"}');
    expect(world.runner.peek()).toBe(world.now());
    await world.advance(0);
    expect(world.outcome(arn)).toEqual({ status: 'SUCCEEDED', output: { a: 1, answer: { outcome: 'sent' } } });
  });

  it('fails with the error that SendTaskFailure names, which catchers see', async () => {
    const world = createWaiting();
    const state = waitTask({ Catch: [{ ErrorEquals: ['Halt'], Next: 'route', ResultPath: '$.stop' }] });
    const arn = await world.run(machineOf(state, { route: { Type: 'Succeed' } }), {});
    world.runner.sendTaskFailure(world.token(), 'Halt', 'unsubscribed');
    await world.advance(0);
    expect(world.outcome(arn)).toEqual({ status: 'SUCCEEDED', output: { stop: { Error: 'Halt', Cause: 'unsubscribed' } } });
  });

  it('fails with an empty error when none is named', async () => {
    const world = createWaiting();
    const arn = await world.run(machineOf(waitTask()));
    world.runner.sendTaskFailure(world.token());
    await world.advance(0);
    expect(world.outcome(arn)).toEqual({ status: 'FAILED', error: '', cause: '' });
  });

  it('times out after TimeoutSeconds and not before', async () => {
    const world = createWaiting();
    const arn = await world.run(machineOf(waitTask(timeoutArm), timedOutState));
    await world.advance(59.999);
    expect(world.outcome(arn).status).toBe('RUNNING');
    await world.advance(0.001);
    expect(world.outcome(arn)).toEqual({ status: 'SUCCEEDED', output: 'timed out' });
    expect(world.runner.history(arn)[1]).toEqual({ state: 'timed out', enteredAt: '2026-11-23T09:01:00.000Z', retries: 0 });
  });

  it('takes its time-out from TimeoutSecondsPath', async () => {
    const world = createWaiting();
    const { TimeoutSeconds: _, ...state } = waitTask({ TimeoutSecondsPath: "$.plan['first-project'].waitSeconds", ...timeoutArm });
    const arn = await world.run(machineOf(state, timedOutState), { plan: { 'first-project': { waitSeconds: 7 } } });
    await world.advance(6.999);
    expect(world.outcome(arn).status).toBe('RUNNING');
    await world.advance(0.001);
    expect(world.outcome(arn).output).toBe('timed out');
  });

  it.each([[{}], [{ s: 0 }], [{ s: 1.5 }], [{ s: '5' }], [{ s: null }]])(
    'fails for good when TimeoutSecondsPath meets %j',
    async (input) => {
      const world = createWaiting();
      const { TimeoutSeconds: _, ...state } = waitTask({
        TimeoutSecondsPath: '$.s',
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'timed out' }],
      });
      const arn = await world.run(machineOf(state, timedOutState), input);
      expect(world.outcome(arn)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
      expect(world.tokens).toEqual([]);
    },
  );

  it('does not let States.TaskFailed catch a time-out', async () => {
    const world = createWaiting();
    const state = waitTask({ Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'timed out' }] });
    const arn = await world.run(machineOf(state, timedOutState));
    await world.advance(60);
    expect(world.outcome(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('lets States.ALL catch a time-out', async () => {
    const world = createWaiting();
    const arn = await world.run(
      machineOf(waitTask({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'timed out', ResultPath: null }] }), timedOutState),
    );
    await world.advance(60);
    expect(world.outcome(arn)).toEqual({ status: 'SUCCEEDED', output: 'timed out' });
  });

  it('counts an answer given while the call is under way, once the call has returned', async () => {
    const world = createWaiting((token) => {
      world.runner.sendTaskSuccess(token, '"early"');
      expect(world.outcome(arnOf(world)).status).toBe('RUNNING');
    });
    const arn = await world.run(machineOf(waitTask()));
    expect(world.outcome(arn)).toEqual({ status: 'SUCCEEDED', output: 'early' });
  });

  it('lets the failure of the call win over an early answer', async () => {
    const world = createWaiting((token) => {
      world.runner.sendTaskSuccess(token, '"early"');
      throw namedError('ConditionalCheckFailedException');
    });
    const state = waitTask({ Catch: [{ ErrorEquals: ['DynamoDb.ConditionalCheckFailedException'], Next: 'route', ResultPath: '$.why' }] });
    const arn = await world.run(machineOf(state, { route: { Type: 'Pass', OutputPath: '$.why.Error', End: true } }));
    expect(world.outcome(arn)).toEqual({ status: 'SUCCEEDED', output: 'DynamoDb.ConditionalCheckFailedException' });
  });

  it('fails at once with what the call throws when nobody answered', async () => {
    const world = createWaiting(() => {
      throw namedError('ConditionalCheckFailedException');
    });
    expect(world.outcome(await world.run(machineOf(waitTask())))).toMatchObject({
      status: 'FAILED',
      error: 'DynamoDb.ConditionalCheckFailedException',
    });
  });

  it('lets an early answer count although the call outlasts the time-out', async () => {
    const world = createWaiting((token) => {
      world.runner.sendTaskSuccess(token, '"early"');
      world.setNow('2026-11-23T09:05:00.000Z');
    });
    expect(world.outcome(await world.run(machineOf(waitTask())))).toEqual({ status: 'SUCCEEDED', output: 'early' });
  });

  it('gives a new token after a time-out, and the old one answers TaskTimedOut', async () => {
    const world = createWaiting();
    const arn = await world.run(machineOf(waitTask(retryOnTimeout)));
    await world.advance(60);
    expect(errorNameOf(() => world.runner.sendTaskSuccess(world.token(1), '1'))).toBe('TaskTimedOut');
    await world.advance(10);
    expect(world.tokens).toHaveLength(2);
    expect(world.token(2)).not.toBe(world.token(1));
    expect(errorNameOf(() => world.runner.sendTaskSuccess(world.token(1), '1'))).toBe('TaskTimedOut');
    world.runner.sendTaskSuccess(world.token(2), '2');
    await world.advance(0);
    expect(world.outcome(arn)).toEqual({ status: 'SUCCEEDED', output: 2 });
  });

  it('gives the full time-out to every attempt', async () => {
    const world = createWaiting();
    const arn = await world.run(machineOf(waitTask(retryOnTimeout)));
    await world.advance(60 + 10 + 59);
    expect(world.outcome(arn).status).toBe('RUNNING');
    await world.advance(1);
    expect(world.outcome(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('retries after SendTaskFailure with a new token', async () => {
    const world = createWaiting();
    const retry = { Retry: [{ ErrorEquals: ['RetryableError'], IntervalSeconds: 5, MaxAttempts: 1 }] };
    const arn = await world.run(machineOf(waitTask(retry)));
    world.runner.sendTaskFailure(world.token(), 'RetryableError');
    await world.advance(4.999);
    expect(world.tokens).toHaveLength(1);
    await world.advance(0.001);
    world.runner.sendTaskSuccess(world.token(2), '2');
    await world.advance(0);
    expect(world.outcome(arn).output).toBe(2);
  });
});

const arnOf = (world: ReturnType<typeof createWorld>) => world.runner.list()[0]?.executionArn ?? '';

describe('an answer that comes wrong', () => {
  it('is TaskTimedOut at the moment of the time-out, even before it was worked off', async () => {
    const world = createWaiting();
    await world.run(machineOf(waitTask()));
    world.setNow('2026-11-23T09:01:00.000Z');
    expect(errorNameOf(() => world.runner.sendTaskSuccess(world.token(), '1'))).toBe('TaskTimedOut');
    expect(errorNameOf(() => world.runner.sendTaskFailure(world.token(), 'Halt'))).toBe('TaskTimedOut');
  });

  it('counts when it came in time although it is worked off late', async () => {
    const world = createWaiting();
    const arn = await world.run(machineOf(waitTask()));
    world.setNow('2026-11-23T09:00:59.999Z');
    world.runner.sendTaskSuccess(world.token(), '1');
    world.setNow('2026-11-23T09:10:00.000Z');
    await world.runner.runNext();
    expect(world.outcome(arn)).toEqual({ status: 'SUCCEEDED', output: 1 });
  });

  it('is TaskTimedOut when the token was answered already', async () => {
    const world = createWaiting();
    const arn = await world.run(machineOf(waitTask()));
    world.runner.sendTaskSuccess(world.token(), '1');
    expect(errorNameOf(() => world.runner.sendTaskFailure(world.token(), 'Halt'))).toBe('TaskTimedOut');
    await world.advance(0);
    expect(errorNameOf(() => world.runner.sendTaskSuccess(world.token(), '2'))).toBe('TaskTimedOut');
    expect(world.outcome(arn).output).toBe(1);
  });

  it('is TaskTimedOut when the execution was stopped', async () => {
    const world = createWaiting();
    const arn = await world.run(machineOf(waitTask()));
    world.runner.stopExecution(arn, 'Stopped', 'by hand');
    expect(world.outcome(arn)).toEqual({ status: 'ABORTED', error: 'Stopped', cause: 'by hand' });
    expect(world.runner.peek()).toBeUndefined();
    expect(errorNameOf(() => world.runner.sendTaskSuccess(world.token(), '1'))).toBe('TaskTimedOut');
  });

  it('is TaskDoesNotExist when the execution is unknown', async () => {
    const world = createWaiting();
    await world.run(machineOf(waitTask()));
    const other = createWorld({}, memoryStores());
    expect(errorNameOf(() => other.runner.sendTaskSuccess(world.token(), '1'))).toBe('TaskDoesNotExist');
  });

  it.each(['', 'garbage', 'Z2FyYmFnZQ'])('is InvalidToken for %j', (token) => {
    expect(errorNameOf(() => createWaiting().runner.sendTaskSuccess(token, '1'))).toBe('InvalidToken');
    expect(errorNameOf(() => createWaiting().runner.sendTaskFailure(token))).toBe('InvalidToken');
  });

  it('is InvalidToken when one character was changed', async () => {
    const world = createWaiting();
    await world.run(machineOf(waitTask()));
    const changed = `${world.token().slice(0, 10)}${world.token()[10] === 'A' ? 'B' : 'A'}${world.token().slice(11)}`;
    expect(errorNameOf(() => world.runner.sendTaskSuccess(changed, '1'))).toBe('InvalidToken');
  });

  it('is InvalidOutput when it is not JSON, and the token stays open', async () => {
    const world = createWaiting();
    const arn = await world.run(machineOf(waitTask()));
    expect(errorNameOf(() => world.runner.sendTaskSuccess(world.token(), '{oops'))).toBe('InvalidOutput');
    world.runner.sendTaskSuccess(world.token(), '1');
    await world.advance(0);
    expect(world.outcome(arn).output).toBe(1);
  });

  it('is ValidationException above 256 KiB', async () => {
    const world = createWaiting();
    await world.run(machineOf(waitTask()));
    const big = JSON.stringify('ü'.repeat(131_072));
    expect(errorNameOf(() => world.runner.sendTaskSuccess(world.token(), big))).toBe('ValidationException');
  });
});

describe('time-outs elsewhere', () => {
  it('end the execution at the machine-level TimeoutSeconds, whatever the state catches', async () => {
    const world = createWaiting();
    const asl = {
      ...machineOf(waitTask({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'timed out' }] }), timedOutState),
      TimeoutSeconds: 20,
    };
    const arn = await world.run(asl);
    await world.advance(19.999);
    expect(world.outcome(arn).status).toBe('RUNNING');
    await world.advance(0.001);
    expect(world.outcome(arn)).toEqual({ status: 'TIMED_OUT' });
    expect(errorNameOf(() => world.runner.sendTaskSuccess(world.token(), '1'))).toBe('TaskTimedOut');
  });

  it('end the execution while it backs off', async () => {
    const world = createWorld({
      invoke: async () => {
        throw namedError('X');
      },
    });
    const retry = { Retry: [{ ErrorEquals: ['X'], IntervalSeconds: 100 }] };
    const arn = await world.run({ ...machineOf(lambdaTask(retry)), TimeoutSeconds: 20 });
    await world.advance(20);
    expect(world.outcome(arn)).toEqual({ status: 'TIMED_OUT' });
  });

  it('end every execution after a year', async () => {
    const world = createWaiting();
    const arn = await world.run(machineOf(waitTask({ TimeoutSeconds: 99_999_999 })));
    await world.advance(365 * 86_400);
    expect(world.outcome(arn)).toEqual({ status: 'TIMED_OUT' });
  });

  it('fail a call that took longer than TimeoutSeconds', async () => {
    const world = createWorld({ invoke: async () => world.setNow('2026-11-23T09:00:10.000Z') });
    expect(world.outcome(await world.run(machineOf(lambdaTask({ TimeoutSeconds: 10 }))))).toMatchObject({
      status: 'FAILED',
      error: 'States.Timeout',
    });
    expect(start < world.now()).toBe(true);
  });
});
