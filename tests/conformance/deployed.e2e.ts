import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListExecutionsCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documents, dynamoClient } from '#adapters/aws/clients';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { createIds } from '#adapters/crypto/ids';
import { queueNames } from '#core/queues';
import { journey, type Story } from './journey.ts';

/** docs/conformance.md. `aws`: AWS itself; else the address of an emulator. */
const endpoint = process.env.BATON_E2E_ENDPOINT;
if (!endpoint) console.warn('SKIPPED: the conformance suite deploys nothing without BATON_E2E_ENDPOINT (docs/conformance.md)');
const isAws = endpoint === 'aws';
const region = process.env.AWS_REGION ?? 'us-east-1';
const email = process.env.BATON_E2E_RECIPIENT ?? 'success@simulator.amazonses.com';
const client = { region, ...(isAws || !endpoint ? {} : { endpoint }) };
const environment = {
  ...process.env,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  ...(!isAws && endpoint ? { AWS_ENDPOINT_URL: endpoint, AWS_ENDPOINT_URL_S3: process.env.AWS_ENDPOINT_URL_S3 ?? endpoint } : {}),
};
const cdk = (...args: readonly string[]) =>
  execFileSync('npx', ['cdk', ...args, '--app', 'node --import tsx tests/conformance/app.ts', '--output', '.baton/conformance'], {
    env: environment,
    stdio: 'inherit',
  });

describe.skipIf(!endpoint)('the synthesized templates, deployed', () => {
  const outputs: Record<string, string> = {};
  let story: Story;
  const secret = async (name: string) =>
    (await new SecretsManagerClient(client).send(new GetSecretValueCommand({ SecretId: `baton-e2e/${name}` }))).SecretString ?? '';

  beforeAll(async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'baton-e2e-')), 'outputs.json');
    cdk('bootstrap');
    cdk('deploy', '--all', '--require-approval', 'never', '--outputs-file', file);
    for (const stack of Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>))
      Object.assign(outputs, stack);
    const key = process.env.BATON_E2E_KEY ?? (JSON.parse(await secret('api-keys')) as { default: string }).default;
    const ids = createIds(await secret('identity'));
    const url = process.env.BATON_E2E_API ?? outputs.ApiUrl ?? '';
    story = await journey({
      email,
      run: String(Date.now()),
      leadIdOf: ids.leadId,
      table: dynamoTable(documents(dynamoClient(client)), outputs.TableName ?? ''),
      post: async (path, body) => {
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
        const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
        return { status: answer.status, text: await answer.text() };
      },
    });
  }, 3_600_000);
  afterAll(() => {
    if (!process.env.BATON_E2E_KEEP) cdk('destroy', '--all', '--force');
  }, 1_800_000);

  it('mail a lead at its time, hear of its event, and end its run', () => {
    expect(story.sent).toEqual(['first', 'second']);
    expect(story.enrolment.endedAt).toBeDefined();
  });

  it('leave one execution, which succeeded', async () => {
    const sfn = new SFNClient(client);
    const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
    const machine = stateMachines.find((it) => it.name === 'baton-e2e-conform');
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machine?.stateMachineArn }));
    expect(executions.map((it) => it.status)).toEqual(['SUCCEEDED']);
  });

  it('leave nothing in the dead letters', async () => {
    const sqs = new SQSClient(client);
    for (const name of queueNames) {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `baton-e2e-${name}-dead` }));
      const asked = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }));
      expect(`${name} ${asked.Attributes?.ApproximateNumberOfMessages}`).toBe(`${name} 0`);
    }
  });

  it.skipIf(!process.env.BATON_E2E_INBOX)('show both mails in the inbox of the emulator', async () => {
    const inbox = await (await fetch(process.env.BATON_E2E_INBOX ?? '')).text();
    for (const subject of ['Conformance: first', 'Conformance: second']) expect(inbox).toContain(subject);
  });
});
