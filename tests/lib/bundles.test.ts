import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoClient } from '#adapters/aws/clients';
import { variablesOfPort } from '#adapters/aws/env';
import { ensureTable } from '#adapters/aws/update-item';
import { type HandlerName, handlerNames, portsOf } from '#core/handlers';
import { bundleHandler } from '#lib/bundle';
import { startDynamo } from '#local/dynamo';

const run = promisify(execFile);
let folder = '';
const contents = new Map<HandlerName, readonly string[]>();
const fileOf = (name: HandlerName) => join(folder, name, 'index.mjs');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-bundles-'));
  for (const name of handlerNames) {
    const { outputs } = await bundleHandler(name, join(folder, name));
    contents.set(
      name,
      Object.values(outputs).flatMap((it) => Object.keys(it.inputs)),
    );
  }
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a script in a plain Node process, as Lambda would load the bundle. */
const inNode = async (script: string, env: Record<string, string> = {}) => {
  const path = join(folder, `script-${Math.random().toString(36).slice(2)}.mjs`);
  await writeFile(path, script);
  return run(process.execPath, [path], { env: { PATH: process.env.PATH ?? '', ...env } });
};

describe('the bundles', () => {
  it('load in a plain process, without any variable, and each exports its handler', async () => {
    const lines = handlerNames.map(
      (name) => `const { handler } = await import('${fileOf(name)}'); if (typeof handler !== 'function') throw new Error('${name}');`,
    );
    await inNode(lines.map((it) => `{ ${it} }`).join('\n'));
  });

  it('keep send-email under 640 KB', async () => {
    expect((await stat(fileOf('send-email'))).size / 1024).toBeLessThanOrEqual(640);
  });

  it('hold no client that the handler’s contract does not need', () => {
    const has = (name: HandlerName, part: string) => contents.get(name)?.some((it) => it.includes(part)) ?? false;
    const mailing = handlerNames.filter((name) => has(name, '@aws-sdk/client-sesv2'));
    expect(mailing).toEqual(['send-email', 'notify-sales', 'send-notice', 'digest']);
    const pushing = handlerNames.filter((name) => portsOf(name).some((port) => port.endsWith('Queue')));
    expect(handlerNames.filter((name) => has(name, '@aws-sdk/client-sqs'))).toEqual(pushing);
    expect(pushing.length).toBeLessThan(handlerNames.length);
    expect(handlerNames.filter((name) => has(name, 'node_modules/liquidjs'))).toEqual([
      'send-email',
      'notify-sales',
      'console',
      'send-notice',
    ]);
    for (const name of handlerNames) {
      for (const part of ['aws-cdk-lib', 'dynalite', 'node_modules/mjml', '/local/', 'credential-provider-node', '@aws-sdk/client-s3'])
        expect(`${name} ${part} ${has(name, part)}`).toBe(`${name} ${part} false`);
    }
  });

  it('say which variable is missing before they take any work', async () => {
    const call = `const { handler } = await import('${fileOf('send-email')}'); await handler({ Records: [] }).catch((error) => console.log(error.message));`;
    const { stdout } = await inNode(call, { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' });
    expect(stdout).toMatch(/the environment is not complete[\s\S]*(CONFIGURATION_SET|TABLE_NAME|SENDS_PER_SECOND)/);
  });

  it('do their work as Lambda would call them: apply-answer reads its task from a table, by its own client', async () => {
    const dynamo = await startDynamo();
    const client = dynamoClient({
      region: 'us-east-1',
      endpoint: dynamo.endpoint,
      credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    });
    try {
      await ensureTable(client, 'baton');
      const records = ['{"taskId":"task-1"}', '{"taskId":7}', 'nonsense'].map((body, at) => ({ messageId: `m-${at}`, body }));
      const call = `const { handler } = await import('${fileOf('apply-answer')}'); console.log('ANSWER ' + JSON.stringify(await handler(${JSON.stringify({ Records: records })})));`;
      const variables = portsOf('apply-answer').flatMap((port) => [...variablesOfPort[port]]);
      const { stdout, stderr } = await inNode(call, {
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'x',
        AWS_SECRET_ACCESS_KEY: 'y',
        AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        ...Object.fromEntries(variables.map((it) => [it, 'http://127.0.0.1:9/not-asked'])),
        TABLE_NAME: 'baton',
      });
      const answer = stdout.split('\n').find((it) => it.startsWith('ANSWER ')) ?? '';
      expect(JSON.parse(answer.slice(7))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }, { itemIdentifier: 'm-2' }] });
      expect(stdout + stderr).toContain('answer to an unknown task');
    } finally {
      client.destroy();
      await dynamo.stop();
    }
  }, 60_000);
});
