import { describe, expect, it } from 'vitest';
import { sfnClient } from '#adapters/aws/clients';
import { machineVersions } from '#adapters/aws/machine-versions';
import { memoryTable } from '#adapters/memory/memory-table';
import { memoryMap } from '#local/durable-map';
import { statesHandler } from '#local/sdk/handlers';
import { createStatesRunner } from '#local/states/runner';

const definition = (version: string) => ({
  QueryLanguage: 'JSONPath',
  StartAt: 'Enter',
  States: {
    Enter: { Type: 'Choice', Choices: [{ Variable: '$.version', StringEquals: version, Next: 'Done' }], Default: 'Done' },
    Done: { Type: 'Succeed' },
  },
});
const refuse = async () => {
  throw new Error('nothing is called here');
};

const aStage = () => {
  const runner = createStatesRunner({
    clock: { now: () => '2026-03-23T13:00:00.000Z' },
    executions: memoryMap(),
    seed: 't',
    invoke: refuse,
    updateItem: refuse,
    sendMessage: refuse,
  });
  const calls: string[] = [];
  const requestHandler = statesHandler(runner, (operation) => calls.push(operation)) as never;
  const sfn = sfnClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    endpoint: 'http://s.local',
    requestHandler,
  });
  const table = memoryTable();
  const find = () => machineVersions(sfn, table, (id) => id);
  return { runner, calls, find, deploy: (version: string) => runner.deploy('nurture', definition(version), {}) };
};

describe('the machine that runs a version', () => {
  it('is published by the first who needs it, once, and stays when another is deployed', async () => {
    const { runner, calls, find, deploy } = aStage();
    deploy('v1');
    const one = await find()('nurture', 'v1', 1);
    expect(one).toMatch(/:stateMachine:nurture:1$/);
    deploy('v2');
    expect(await find()('nurture', 'v1', 2)).toBe(one);
    expect(await find()('nurture', 'v2', 1)).toMatch(/:stateMachine:nurture:2$/);
    expect(calls.filter((it) => it === 'PublishStateMachineVersion')).toHaveLength(2);
    const started = runner.startExecution({ stateMachine: one, name: 'e-2', input: '{"version":"v1"}' });
    expect(runner.describe(started.executionArn).status).toBe('RUNNING');
  });

  it('has one number, however many publish it at once', async () => {
    const { find, deploy } = aStage();
    deploy('v1');
    const found = await Promise.all([1, 2, 3].map(() => find()('nurture', 'v1', 1)));
    expect(new Set(found).size).toBe(1);
  });

  it('is the machine as it stands for a first leg that a deployment overtook; a later leg never runs other steps', async () => {
    const { find, deploy } = aStage();
    deploy('v2');
    expect(await find()('nurture', 'v1', 1)).toBe('nurture');
    await expect(find()('nurture', 'v1', 2)).rejects.toThrow('was never published');
  });
});
