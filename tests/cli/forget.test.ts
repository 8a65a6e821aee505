import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import { forget } from '#cli/forget';
import { lockText } from '#core/sequences/lock';

const locked = { version: '0123456789abcdef', steps: [] };

/** Step Functions as far as `forget` asks it; `running` leads in the machine. */
const states = (running: number, name = 'baton-prod-old') => {
  const asked: string[] = [];
  const handle = async (request: { headers: Record<string, string> }) => {
    const operation = request.headers['x-amz-target']?.split('.')[1] ?? '';
    asked.push(operation);
    const answers: Record<string, object> = {
      ListStateMachines: { stateMachines: [{ name, stateMachineArn: `arn:${name}`, type: 'STANDARD', creationDate: 0 }] },
      ListExecutions: {
        executions: Array.from({ length: running }, (_, at) => ({
          name: String(at),
          executionArn: 'a',
          stateMachineArn: 'm',
          status: 'RUNNING',
          startDate: 0,
        })),
      },
      DeleteStateMachine: {},
    };
    const body = new TextEncoder().encode(JSON.stringify(answers[operation]));
    return { response: { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body } };
  };
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  return {
    asked,
    client: new SFNClient({
      region: 'us-east-1',
      credentials,
      requestHandler: { handle, metadata: { handlerProtocol: 'http/1.1' } } as never,
    }),
  };
};

const folder = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'baton-forget-'));
  await writeFile(join(dir, 'baton.lock.json'), lockText({ format: 1, sequences: { live: locked }, retired: { old: locked } }));
  return { dir, lock: async () => JSON.parse(await readFile(join(dir, 'baton.lock.json'), 'utf8')) as { retired: object } };
};

it('leaves a machine with leads in it alone, whatever was asked', async () => {
  const { dir, lock } = await folder();
  const { asked, client } = states(3);
  expect(await forget('old', { dir, stage: 'prod', delete: true }, client)).toMatchObject({ running: 3, outcome: 'leads-in-it' });
  expect(asked).not.toContain('DeleteStateMachine');
  expect((await lock()).retired).toHaveProperty('old');
});

it('only looks unless it is told to delete', async () => {
  const { dir, lock } = await folder();
  const { asked, client } = states(0);
  expect(await forget('old', { dir, stage: 'prod' }, client)).toMatchObject({ outcome: 'may-go' });
  expect(asked).not.toContain('DeleteStateMachine');
  expect((await lock()).retired).toHaveProperty('old');
});

it('deletes an empty one and forgets it, also when the machine is gone already', async () => {
  for (const name of ['baton-prod-old', 'another']) {
    const { dir, lock } = await folder();
    const { asked, client } = states(0, name);
    expect(await forget('old', { dir, stage: 'prod', delete: true }, client)).toMatchObject({ outcome: 'forgotten' });
    expect(asked.includes('DeleteStateMachine')).toBe(name === 'baton-prod-old');
    expect((await lock()).retired).toEqual({ old: { ...locked, forgottenIn: ['prod'] } });
  }
});

it('keeps what another stage has, until it is said that none does', async () => {
  const { dir, lock } = await folder();
  await forget('old', { dir, stage: 'staging', delete: true }, states(0).client);
  await forget('old', { dir, stage: 'prod', delete: true }, states(0).client);
  expect((await lock()).retired).toEqual({ old: { ...locked, forgottenIn: ['prod', 'staging'] } });
  await forget('old', { dir, stage: 'prod', delete: true, everywhere: true }, states(0).client);
  expect((await lock()).retired).toEqual({});
});

it('refuses a sequence that is in force, or that nobody knows', async () => {
  const { dir } = await folder();
  await expect(forget('live', { dir, stage: 'prod' }, states(0).client)).rejects.toThrow('in force');
  await expect(forget('none', { dir, stage: 'prod' }, states(0).client)).rejects.toThrow('no retired sequence');
});
