import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAgenda } from '#local/states/agenda';
import { createWorld, errorNameOf, lambdaTask, machineOf, namedError, start, textStores, tokenIn, waitTask } from './world.ts';

const pass = machineOf({ Type: 'Pass', End: true });
const request = (name: string, input = '{}') => ({ stateMachine: 'machine', name, input });

describe('startExecution', () => {
  it('begins at once, as work that is due now', async () => {
    const world = createWorld();
    world.runner.deploy('machine', pass, {});
    const started = world.runner.startExecution(request('run-1', '{"a":1}'));
    expect(started).toEqual({ executionArn: 'arn:aws:states:local:000000000000:execution:machine:run-1', startDate: start });
    expect(world.runner.peek()).toBe(start);
    expect(world.outcome(started.executionArn)).toEqual({ status: 'RUNNING' });
    await world.runner.runNext();
    expect(world.outcome(started.executionArn)).toEqual({ status: 'SUCCEEDED', output: { a: 1 } });
    expect(world.runner.peek()).toBeUndefined();
  });

  it('succeeds again with the same input while the execution runs, and starts nothing', async () => {
    const world = createWorld();
    world.runner.deploy('machine', machineOf(waitTask()), {});
    const first = world.runner.startExecution(request('run-1'));
    await world.advance(10);
    expect(world.runner.startExecution(request('run-1'))).toEqual(first);
    expect(world.runner.list()).toHaveLength(1);
    expect(errorNameOf(() => world.runner.startExecution(request('run-1', '{"a":1}')))).toBe('ExecutionAlreadyExists');
  });

  it('refuses the name of a closed execution for 90 days', async () => {
    const world = createWorld();
    world.runner.deploy('machine', pass, {});
    world.runner.startExecution(request('run-1'));
    await world.advance(0);
    expect(errorNameOf(() => world.runner.startExecution(request('run-1')))).toBe('ExecutionAlreadyExists');
    await world.advance(90 * 86_400 - 1);
    expect(errorNameOf(() => world.runner.startExecution(request('run-1')))).toBe('ExecutionAlreadyExists');
    await world.advance(1);
    expect(world.runner.startExecution(request('run-1')).startDate).toBe(world.now());
  });

  it('keeps the tokens of a name dead when the name is used again', async () => {
    const tokens: string[] = [];
    const world = createWorld({ updateItem: async (update) => ({ count: tokens.push(tokenIn(update)) }) });
    const arn = await world.run(machineOf(waitTask()));
    await world.advance(60 + 90 * 86_400);
    world.runner.startExecution(request('run-1'));
    await world.advance(0);
    expect(errorNameOf(() => world.runner.sendTaskSuccess(tokens[0] ?? '', '1'))).toBe('TaskTimedOut');
    expect(world.outcome(arn).status).toBe('RUNNING');
  });

  it.each(['', 'a b', 'a/b', 'ü', 'x'.repeat(81)])('refuses the name %j', (name) => {
    const world = createWorld();
    world.runner.deploy('machine', pass, {});
    expect(errorNameOf(() => world.runner.startExecution(request(name)))).toBe('InvalidName');
  });

  it('takes a name of 80 characters', () => {
    const world = createWorld();
    world.runner.deploy('machine', pass, {});
    expect(errorNameOf(() => world.runner.startExecution(request('x-_9'.repeat(20))))).toBe('nothing thrown');
  });

  it('refuses input that is not JSON, too much of it, and an unknown machine', () => {
    const world = createWorld();
    world.runner.deploy('machine', pass, {});
    expect(errorNameOf(() => world.runner.startExecution(request('a', '{')))).toBe('InvalidExecutionInput');
    expect(errorNameOf(() => world.runner.startExecution(request('a', JSON.stringify('x'.repeat(262_144)))))).toBe('ValidationException');
    expect(errorNameOf(() => world.runner.startExecution({ ...request('a'), stateMachine: 'other' }))).toBe('StateMachineDoesNotExist');
  });
});

describe('updating and deleting a machine', () => {
  it('leaves running executions their definition, also over a restart', async () => {
    const stores = textStores();
    const tokens: string[] = [];
    const services = { updateItem: async (update: Record<string, unknown>) => ({ count: tokens.push(tokenIn(update)) }) };
    const finish = (result: string) => machineOf(waitTask({ Next: 'done' }), { done: { Type: 'Pass', Result: result, End: true } });
    const world = createWorld(services, stores);
    const old = await world.run(finish('old'));

    const reopened = createWorld(services, stores);
    reopened.runner.deploy('machine', finish('new'), {});
    const young = reopened.runner.startExecution(request('run-2')).executionArn;
    await reopened.advance(1);
    for (const token of tokens) reopened.runner.sendTaskSuccess(token, '1');
    await reopened.advance(0);
    expect(reopened.outcome(old).output).toBe('old');
    expect(reopened.outcome(young).output).toBe('new');
  });

  it('aborts at the next transition when the machine was deleted, and frees its name then', async () => {
    const tokens: string[] = [];
    const world = createWorld({ updateItem: async (update) => ({ count: tokens.push(tokenIn(update)) }) });
    const arn = await world.run(machineOf(waitTask({ Next: 'done' }), { done: { Type: 'Succeed' } }));
    world.runner.remove('machine');
    expect(errorNameOf(() => world.runner.startExecution(request('run-2')))).toBe('StateMachineDeleting');
    expect(errorNameOf(() => world.runner.deploy('machine', pass, {}))).toBe('StateMachineDeleting');
    expect(world.outcome(arn).status).toBe('RUNNING');
    world.runner.sendTaskSuccess(tokens[0] ?? '', '1');
    await world.advance(0);
    expect(world.outcome(arn)).toEqual({ status: 'ABORTED' });
    expect(errorNameOf(() => world.runner.startExecution(request('run-2')))).toBe('StateMachineDoesNotExist');
    world.runner.deploy('machine', pass, {});
  });

  it('fills substitutions in and shows the context object', async () => {
    const requests: Record<string, unknown>[] = [];
    const world = createWorld({ sendMessage: async (message) => ({ count: requests.push(message) }) });
    const send = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage',
      Parameters: {
        QueueUrl: '${SendQueueUrl}',
        MessageBody: {
          'id.$': '$$.Execution.Id',
          'name.$': '$$.Execution.Name',
          'lead.$': '$$.Execution.Input.leadId',
          'started.$': '$$.Execution.StartTime',
          'state.$': '$$.State.Name',
          'entered.$': '$$.State.EnteredTime',
          'retries.$': '$$.State.RetryCount',
          'machine.$': '$$.StateMachine.Name',
          'machineId.$': '$$.StateMachine.Id',
        },
      },
      End: true,
    };
    world.runner.deploy('machine', machineOf(send), { SendQueueUrl: 'https://queue/send' });
    world.runner.startExecution(request('run-1', '{"leadId":"l-1"}'));
    await world.advance(0);
    expect(requests[0]?.QueueUrl).toBe('https://queue/send');
    expect(JSON.parse(String(requests[0]?.MessageBody))).toEqual({
      id: 'arn:aws:states:local:000000000000:execution:machine:run-1',
      name: 'run-1',
      lead: 'l-1',
      started: start,
      state: 'only',
      entered: start,
      retries: 0,
      machine: 'machine',
      machineId: 'arn:aws:states:local:000000000000:stateMachine:machine',
    });
  });
});

describe('errors', () => {
  const catching = (errors: string[]) =>
    machineOf(lambdaTask({ Catch: [{ ErrorEquals: errors, Next: 'caught', ResultPath: '$.error' }] }), { caught: { Type: 'Succeed' } });
  const throwing = (name: string) => ({
    invoke: async () => {
      throw namedError(name, 'why');
    },
  });

  it('carry the function’s error as AWS writes it', async () => {
    const world = createWorld(throwing('PermanentError'));
    expect(world.outcome(await world.run(catching(['PermanentError'])))).toEqual({
      status: 'SUCCEEDED',
      output: { error: { Error: 'PermanentError', Cause: '{"errorMessage":"why","errorType":"PermanentError","trace":[]}' } },
    });
  });

  it('name the service for sqs', async () => {
    const world = createWorld({
      sendMessage: async () => {
        throw namedError('QueueDoesNotExist', 'gone');
      },
    });
    const send = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: { QueueUrl: 'q', MessageBody: 'm' }, End: true };
    expect(world.outcome(await world.run(machineOf(send)))).toEqual({ status: 'FAILED', error: 'SQS.QueueDoesNotExist', cause: 'gone' });
  });

  it.each(['States.ALL', 'States.TaskFailed', 'States.Runtime'])('of a missing path are not caught by %s', async (name) => {
    const world = createWorld();
    const task = lambdaTask({
      Parameters: { FunctionName: 'f', Payload: { 'x.$': '$.missing' } },
      Retry: [{ ErrorEquals: [name], IntervalSeconds: 1 }],
      Catch: [{ ErrorEquals: [name], Next: 'caught' }],
    });
    expect(world.outcome(await world.run(machineOf(task, { caught: { Type: 'Succeed' } })))).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
    });
  });

  it('of a missing path in a Choice, a ResultSelector or an OutputPath end the execution', async () => {
    const choice = machineOf(
      { Type: 'Choice', Choices: [{ Variable: '$.x', StringEquals: 'a', Next: 'z' }], Default: 'z' },
      { z: { Type: 'Succeed' } },
    );
    const selector = machineOf(lambdaTask({ ResultSelector: { 'x.$': '$.Payload.missing' } }));
    const output = machineOf(lambdaTask({ OutputPath: '$.missing' }));
    for (const asl of [choice, selector, output]) {
      const world = createWorld();
      expect(world.outcome(await world.run(asl))).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    }
  });

  it('of ResultPath can be caught', async () => {
    const task = lambdaTask({
      ResultPath: '$.a.b',
      Catch: [{ ErrorEquals: ['States.ResultPathMatchFailure'], Next: 'caught', ResultPath: null }],
    });
    const world = createWorld();
    const arn = await world.run(machineOf(task, { caught: { Type: 'Succeed' } }), { a: 5 });
    expect(world.outcome(arn)).toEqual({ status: 'SUCCEEDED', output: { a: 5 } });
  });

  it('of too much data pass States.ALL by', async () => {
    const world = createWorld({ invoke: async () => 'x'.repeat(262_200) });
    expect(world.outcome(await world.run(catching(['States.ALL'])))).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it('of our own make stop the run and are not hidden', async () => {
    const world = createWorld({}, { ...textStores() });
    world.runner.deploy('machine', pass, {});
    world.runner.startExecution(request('run-1'));
    for (const [hash] of [...world.stores.definitions.entries()]) world.stores.definitions.delete(hash);
    const reopened = createWorld({}, world.stores);
    await expect(reopened.runner.runNext()).rejects.toThrow('the definition of execution');
  });
});

describe('retry delays', () => {
  const attempts = async (retrier: Record<string, unknown>, seconds: number) => {
    const times: number[] = [];
    const world = createWorld({
      invoke: async () => {
        times.push(Date.parse(world.now()) - Date.parse(start));
        throw namedError('X');
      },
    });
    const arn = await world.run(machineOf(lambdaTask({ Retry: [{ ErrorEquals: ['X'], ...retrier }] })));
    await world.advance(seconds);
    return { times, world, arn };
  };

  it('default to 1, 2 and 4 seconds', async () => {
    expect((await attempts({}, 100)).times).toEqual([0, 1000, 3000, 7000]);
  });

  it('grow by BackoffRate up to MaxDelaySeconds', async () => {
    const { times } = await attempts({ IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10, MaxAttempts: 4 }, 100);
    expect(times).toEqual([0, 2000, 8000, 18_000, 28_000]);
  });

  it('lie anywhere below under full jitter, the same for the same seed', async () => {
    const retrier = { IntervalSeconds: 100, BackoffRate: 1, MaxAttempts: 20, JitterStrategy: 'FULL' };
    const { times } = await attempts(retrier, 5000);
    const delays = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(delays).toHaveLength(20);
    expect(Math.max(...delays)).toBeLessThan(100_000);
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(30_000);
    expect((await attempts(retrier, 5000)).times).toEqual(times);
  });

  it('count every retry as a transition', async () => {
    const { world, arn } = await attempts({}, 100);
    expect(world.runner.transitions()).toEqual({ total: 4, machines: { machine: { total: 4, states: { only: 4 } } } });
    expect(world.runner.history(arn)).toEqual([{ state: 'only', enteredAt: start, retries: 3 }]);
    expect(createWorld({}, world.stores).runner.transitions().total).toBe(4);
  });
});

describe('history events', () => {
  const eventsOf = async (asl: Record<string, unknown>, act: (world: ReturnType<typeof createWorld>) => void = () => {}) => {
    let token = '';
    const world = createWorld({
      updateItem: async (update) => {
        if (update.ExpressionAttributeValues) token = tokenIn(update);
        return {};
      },
    });
    const arn = await world.run(asl);
    if (token) world.runner.sendTaskSuccess(token, '1');
    act(world);
    await world.advance(0);
    return world.runner.describe(arn).historyEvents;
  };

  it('are counted as AWS writes them', async () => {
    expect(await eventsOf(machineOf({ Type: 'Succeed' }))).toBe(4);
    expect(await eventsOf(pass)).toBe(4);
    expect(await eventsOf(machineOf({ Type: 'Fail' }))).toBe(3);
    expect(
      await eventsOf(machineOf({ Type: 'Choice', Choices: [{ Variable: '$', IsPresent: true, Next: 'z' }] }, { z: { Type: 'Succeed' } })),
    ).toBe(6);
    expect(await eventsOf(machineOf(lambdaTask()))).toBe(7);
    expect(await eventsOf(machineOf(waitTask()))).toBe(8);
  });

  it('count three more for each retry', async () => {
    let calls = 0;
    const world = createWorld({
      invoke: async () => {
        calls += 1;
        if (calls < 3) throw namedError('X');
        return {};
      },
    });
    const arn = await world.run(machineOf(lambdaTask({ Retry: [{ ErrorEquals: ['X'] }] })));
    await world.advance(10);
    expect(world.runner.describe(arn).historyEvents).toBe(7 + 2 * 3);
  });

  it('fail the execution with the 25,000th', async () => {
    const again = { Type: 'Choice', Choices: [{ Variable: '$', IsPresent: true, Next: 'only' }], Default: 'z' };
    const loop = machineOf(again, { z: { Type: 'Succeed' } });
    const world = createWorld();
    const arn = await world.run(loop);
    expect(world.outcome(arn)).toEqual({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
    expect(world.runner.describe(arn).historyEvents).toBe(25_000);
    // 1 start, 2 a round: the last event before the failure, number 24,999, is an exit.
    expect(world.runner.history(arn)).toHaveLength(12_499);
  });
});

describe('the order of work', () => {
  it('is by time, then by who came first', async () => {
    const order: string[] = [];
    const world = createWorld({ invoke: async (_arn, payload) => void order.push(String(payload)) });
    world.runner.deploy('machine', machineOf(lambdaTask()), {});
    for (const name of ['b', 'a', 'c']) world.runner.startExecution(request(name, JSON.stringify(name)));
    await world.advance(0);
    expect(order).toEqual(['b', 'a', 'c']);
  });

  it('survives a restart', async () => {
    const order: string[] = [];
    const services = { invoke: async (_arn: string, payload: unknown) => void order.push(String(payload)) };
    const world = createWorld(services);
    world.runner.deploy('machine', machineOf(lambdaTask()), {});
    for (const name of ['b', 'a', 'c']) world.runner.startExecution(request(name, JSON.stringify(name)));
    const reopened = createWorld(services, world.stores);
    reopened.runner.deploy('machine', machineOf(lambdaTask()), {});
    reopened.runner.startExecution(request('d', '"d"'));
    await reopened.advance(0);
    expect(order).toEqual(['b', 'a', 'c', 'd']);
  });

  it('lets calls to runNext overlap, each on another execution', async () => {
    const released: (() => void)[] = [];
    const world = createWorld({ invoke: () => new Promise((resolve) => released.push(() => resolve({}))) });
    world.runner.deploy('machine', machineOf(lambdaTask()), {});
    for (const name of ['a', 'b']) world.runner.startExecution(request(name));
    const running = [world.runner.runNext(), world.runner.runNext(), world.runner.runNext()];
    expect(released).toHaveLength(2);
    for (const release of released) release();
    await Promise.all(running);
    expect(world.runner.list({ status: 'SUCCEEDED' })).toHaveLength(2);
  });

  it('does nothing before its time', async () => {
    const world = createWorld();
    const arn = await world.run(machineOf(waitTask()));
    await world.runner.runNext();
    expect(world.outcome(arn).status).toBe('RUNNING');
    expect(world.runner.peek()).toBe('2026-11-23T09:01:00.000Z');
  });

  it('is kept by the agenda like by a sorted list, whatever is replaced and cancelled', () => {
    const act = fc.oneof(
      fc.record({ do: fc.constant('schedule' as const), key: fc.nat(30), at: fc.nat(50) }),
      fc.record({ do: fc.constant('cancel' as const), key: fc.nat(30), at: fc.nat(0) }),
      fc.record({ do: fc.constant('take' as const), key: fc.nat(0), at: fc.nat(50) }),
    );
    void fc.assert(
      fc.property(fc.array(act, { maxLength: 3000, size: 'max' }), (acts) => {
        const agenda = createAgenda();
        const model = new Map<string, { at: number; sequence: number }>();
        const first = () => [...model].sort(([, a], [, b]) => a.at - b.at || a.sequence - b.sequence)[0];
        for (const [sequence, { do: what, key, at }] of acts.entries()) {
          if (what === 'schedule') {
            agenda.schedule(`k${key}`, { at, sequence });
            model.set(`k${key}`, { at, sequence });
          } else if (what === 'cancel') {
            agenda.cancel(`k${key}`);
            model.delete(`k${key}`);
          } else {
            const [expected, due] = first() ?? [];
            const isDue = due !== undefined && due.at <= at;
            expect(agenda.take(at)).toBe(isDue ? expected : undefined);
            if (isDue && expected) model.delete(expected);
          }
          expect(agenda.earliest()?.sequence).toBe(first()?.[1].sequence);
        }
        expect(agenda.size).toBe(model.size);
      }),
      { numRuns: 30 },
    );
  });
});
