import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds } from '#core/instant';
import { createWorld, lambdaTask, type Services, type Stores, start, textStores, tokenIn, waitTask } from './world.ts';

/** The shape that the compiler emits: choice, plan, wait, e-mail, end. */
const sequence = {
  StartAt: 'enter',
  States: {
    enter: { Type: 'Choice', Choices: [{ Variable: '$.startAt', StringEquals: 'send', Next: 'send' }], Default: 'plan' },
    plan: lambdaTask({
      ResultSelector: { 'waitSeconds.$': '$.Payload.waitSeconds' },
      ResultPath: '$.plan.first',
      Retry: [{ ErrorEquals: ['RetryableError'], IntervalSeconds: 3, MaxAttempts: 5, JitterStrategy: 'FULL' }],
      Next: 'wait',
    }),
    wait: (({ TimeoutSeconds: _, ...state }) => state)(
      waitTask({
        TimeoutSecondsPath: '$.plan.first.waitSeconds',
        ResultPath: '$.woken',
        Catch: [
          { ErrorEquals: ['States.Timeout'], Next: 'send', ResultPath: null },
          { ErrorEquals: ['Halt'], Next: 'end', ResultPath: '$.stop' },
        ],
        Next: 'send',
      }),
    ),
    send: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl: 'send', MessageBody: { 'token.$': '$$.Task.Token', 'enteredAt.$': '$$.State.EnteredTime' } },
      TimeoutSeconds: 1000,
      ResultPath: '$.sent',
      Retry: [{ ErrorEquals: ['Defer'], IntervalSeconds: 2, MaxAttempts: 3 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'end', ResultPath: '$.failure' }],
      Next: 'end',
    },
    end: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:dynamodb:updateItem',
      Parameters: { TableName: 'leads', Key: { pk: { 'S.$': '$$.Execution.Name' } } },
      ResultPath: null,
      End: true,
    },
  },
};

type Reply = { after: number | 'at once'; as: 'success' | 'Halt' | 'Defer' };
type Plan = {
  /** Whether the n-th different call of `plan` fails. */
  planFails: boolean[];
  replies: Reply[];
  waitSeconds: number;
  crashes: ('before' | 'after' | undefined)[];
};

/** Runs a world to the end, killing the process as planned; what is outside (calls seen, replies due) survives. */
const live = async (plan: Plan) => {
  const stores: Stores = textStores();
  const seen: string[] = [];
  const due: { at: string; token: string; as: Reply['as'] }[] = [];
  let calls = 0;
  let now = start;
  let kill: () => void = () => {};
  let world = open();

  function open() {
    const around = async <T>(what: string, effect: () => T): Promise<T> => {
      const crash = plan.crashes[calls];
      calls += 1;
      if (crash === 'before') await dead();
      if (!seen.includes(what)) seen.push(what);
      const result = effect();
      if (crash === 'after') await dead();
      return result;
    };
    const dead = () => {
      kill();
      return new Promise<never>(() => {});
    };
    const reply = (token: string) => {
      const { after, as } = plan.replies[seen.length % plan.replies.length] ?? { after: 1, as: 'success' };
      if (due.some((it) => it.token === token)) return;
      due.push({ at: after === 'at once' ? now : addSeconds(now, after), token, as });
      if (after === 'at once') answerDue();
    };
    const services: Services = {
      invoke: (_arn, payload) =>
        around(`plan ${JSON.stringify(payload)}`, () => {
          if (plan.planFails.shift()) throw Object.assign(new Error('later'), { name: 'RetryableError' });
          return { waitSeconds: plan.waitSeconds };
        }),
      sendMessage: (request) => {
        const { token } = JSON.parse(String(request.MessageBody));
        return around(`send ${token}`, () => {
          reply(token);
          return { MessageId: 'm' };
        });
      },
      updateItem: (request) =>
        request.ExpressionAttributeValues
          ? around(`wait ${tokenIn(request)}`, () => {
              reply(tokenIn(request));
              return {};
            })
          : around('end', () => ({})),
    };
    const opened = createWorld(services, stores, now);
    opened.runner.deploy('sequence', sequence, {});
    return opened;
  }
  function answerDue() {
    for (const { token, as } of due.filter((it) => it.at <= now)) {
      try {
        if (as === 'success') world.runner.sendTaskSuccess(token, '{"outcome":"ok"}');
        else world.runner.sendTaskFailure(token, as, 'because');
      } catch (error) {
        if (!(error instanceof Error && error.name === 'TaskTimedOut')) throw error;
      }
    }
  }

  const { executionArn } = world.runner.startExecution({ stateMachine: 'sequence', name: 'e-1', input: '{"startAt":""}' });
  while (world.runner.describe(executionArn).status === 'RUNNING') {
    const replies = due.map((it) => it.at).filter((at) => at > now);
    const next = [world.runner.peek(), ...replies].filter((at) => at !== undefined).sort()[0];
    if (next === undefined) throw new Error('an execution is left that nothing will wake');
    if (next > now) now = next;
    world.setNow(now);
    answerDue();
    const killed = await new Promise<boolean>((resolve) => {
      kill = () => resolve(true);
      void world.runner.runNext().then(() => resolve(false));
    });
    if (killed) world = open();
  }
  return {
    outcome: world.outcome(executionArn),
    history: world.runner.history(executionArn),
    events: world.runner.describe(executionArn).historyEvents,
    transitions: world.runner.transitions(),
    seen,
    calls,
  };
};

const replies = fc.array(
  fc.record<Reply>({
    after: fc.oneof(fc.constant('at once' as const), fc.integer({ min: 1, max: 30 })),
    as: fc.constantFrom('success' as const, 'success' as const, 'Halt' as const, 'Defer' as const),
  }),
  { minLength: 1, maxLength: 5 },
);

describe('an execution that is killed at any call', () => {
  it('ends as if nothing had happened, with the same tokens, states, times and transitions', async () => {
    let killedRuns = 0;
    await fc.assert(
      fc.asyncProperty(
        replies,
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.constantFrom(undefined, 'before' as const, 'after' as const), { maxLength: 12 }),
        async (reply, waitSeconds, crashes) => {
          const calm = await live({ replies: reply, waitSeconds, planFails: [], crashes: [] });
          const wild = await live({ replies: reply, waitSeconds, planFails: [], crashes });
          const { calls: calmCalls, ...expected } = calm;
          const { calls: wildCalls, ...got } = wild;
          expect(got).toEqual(expected);
          if (wildCalls > calmCalls) killedRuns += 1;
        },
      ),
      { numRuns: 200 },
    );
    expect(killedRuns).toBeGreaterThan(50);
  });

  it('retries at the same jittered moments after a restart', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 5 }), async (failures, at) => {
        const plan = () => ({
          replies: [{ after: 1, as: 'success' as const }],
          waitSeconds: 5,
          planFails: Array<boolean>(failures).fill(true),
        });
        const calm = await live({ ...plan(), crashes: [] });
        const wild = await live({ ...plan(), crashes: [...Array<undefined>(at).fill(undefined), 'before'] });
        expect(wild.history).toEqual(calm.history);
        expect(calm.history[1]).toMatchObject({ state: 'plan', retries: failures });
      }),
      { numRuns: 40 },
    );
  });
});
