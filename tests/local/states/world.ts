import { addSeconds, type Instant, secondsBetween } from '#core/instant';
import { type DurableMap, memoryMap } from '#local/durable-map';
import type { ExecutionData } from '#local/states/execution';
import type { DefinitionData } from '#local/states/machines';
import { createStatesRunner } from '#local/states/runner';

export const start = '2026-11-23T09:00:00.000Z';

/** A store that keeps text, as a file would: what was not `set` is not there after a restart. */
export const textMap = <T>(texts = new Map<string, string>()): DurableMap<T> => ({
  get: (key) => {
    const text = texts.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  },
  set: (key, value) => void texts.set(key, JSON.stringify(value)),
  delete: (key) => void texts.delete(key),
  *entries() {
    for (const [key, text] of texts) yield [key, JSON.parse(text)];
  },
  get size() {
    return texts.size;
  },
});

export type Services = {
  invoke: (functionArn: string, payload: unknown) => Promise<unknown>;
  sendMessage: (request: Record<string, unknown>) => Promise<Record<string, unknown>>;
  updateItem: (request: Record<string, unknown>) => Promise<Record<string, unknown>>;
};
export type Stores = { executions: DurableMap<ExecutionData>; definitions: DurableMap<DefinitionData> };

export const memoryStores = (): Stores => ({ executions: memoryMap(), definitions: memoryMap() });
export const textStores = (): Stores => ({ executions: textMap(), definitions: textMap() });

/** A runner on a clock that stands until it is moved. */
export const createWorld = (services: Partial<Services> = {}, stores: Stores = textStores(), from: Instant = start) => {
  let now = from;
  const runner = createStatesRunner({
    clock: { now: () => now },
    seed: 'test',
    invoke: async () => ({}),
    sendMessage: async () => ({ MessageId: 'm-1' }),
    updateItem: async () => ({}),
    ...services,
    ...stores,
  });
  /** Does all work that is due up to then, in its order, and stands there. */
  const advanceTo = async (to: Instant) => {
    for (let due = runner.peek(); due !== undefined && due <= to; due = runner.peek()) {
      if (due > now) now = due;
      await runner.runNext();
    }
    if (to > now) now = to;
  };
  return {
    runner,
    stores,
    now: () => now,
    secondsSinceStart: () => secondsBetween(from, now),
    setNow: (to: Instant) => {
      now = to;
    },
    advance: (seconds: number) => advanceTo(addSeconds(now, seconds)),
    /** Deploys, starts and runs to the end of all that is due at once. */
    run: async (asl: Record<string, unknown>, input: unknown = {}) => {
      runner.deploy('machine', asl, {});
      const { executionArn } = runner.startExecution({ stateMachine: 'machine', name: 'run-1', input: JSON.stringify(input) });
      await advanceTo(now);
      return executionArn;
    },
    outcome: (arn: string) => {
      const { status, output, error, cause } = runner.describe(arn);
      return {
        status,
        ...(output !== undefined && { output: JSON.parse(output) }),
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      };
    },
  };
};

/** The name of the error that `work` throws. */
export const errorNameOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
  return 'nothing thrown';
};

/** A machine of one state, which is `only`. */
export const machineOf = (state: Record<string, unknown>, rest: Record<string, unknown> = {}) => ({
  StartAt: 'only',
  States: { only: state, ...rest },
});

export const lambdaTask = (fields: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'handler', 'Payload.$': '$' },
  ...('Next' in fields ? {} : { End: true }),
  ...fields,
});

/** A wait of the compiled shape: the row stores the token. */
export const waitTask = (fields: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken',
  Parameters: {
    TableName: 'leads',
    Key: { pk: { 'S.$': '$$.Execution.Name' } },
    UpdateExpression: 'SET #n0 = :v0',
    ExpressionAttributeNames: { '#n0': 'token' },
    ExpressionAttributeValues: { ':v0': { 'S.$': '$$.Task.Token' } },
  },
  TimeoutSeconds: 60,
  ...('Next' in fields ? {} : { End: true }),
  ...fields,
});

export const tokenIn = (request: Record<string, unknown>): string => {
  const values = request.ExpressionAttributeValues as { ':v0': { S: string } };
  return values[':v0'].S;
};

export const namedError = (name: string, message = `${name} happened`) => Object.assign(new Error(message), { name });
