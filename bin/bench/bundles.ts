import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HandlerName, handlerNames } from '#core/handlers';
import { bundleHandler, bundleSource } from '#lib/bundle';
import { number, type Part } from './row.ts';

const rounds = 9;
const mostToClients = 1.1;

/** The SDK's clients of the services that send-email calls, as they come: tables, mail, machines, objects, secrets. */
const clientsOfSendEmail = `
  import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
  import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
  import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
  import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
  import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
  import { SendTaskFailureCommand, SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
  export const clients = [DynamoDBClient, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand,
    S3Client, GetObjectCommand, SecretsManagerClient, GetSecretValueCommand, SESv2Client, SendEmailCommand,
    SFNClient, SendTaskSuccessCommand, SendTaskFailureCommand];`;

export const bundlesPart = async (): Promise<Part> => {
  const figures = await bundleFigures();
  const ratio = figures.sendEmailToItsClients;
  return {
    title: 'Bundles: size, and import in a fresh process (median of 9)',
    rows: [
      ...figures.handlers.map((it) => ({ what: it.handler, value: `${number(it.kilobytes)} KB, ${number(it.importMilliseconds)} ms` })),
      {
        what: 'send-email beside its SDK clients alone',
        value: `${ratio} times`,
        target: { words: `at most ${mostToClients}`, isMet: ratio <= mostToClients },
      },
    ],
    figures,
  };
};

/** Size of each function and how long a fresh process takes to import it; send-email beside its SDK clients alone. */
const bundleFigures = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'baton-bench-'));
  try {
    const files = new Map<string, string>();
    for (const name of handlerNames) {
      await bundleHandler(name, join(folder, name));
      files.set(name, join(folder, name, 'index.mjs'));
    }
    await bundleSource('clients', clientsOfSendEmail, join(folder, 'clients'), []);
    files.set('clients', join(folder, 'clients', 'index.mjs'));
    const times = importTimes(files);
    const sizes = await Promise.all(handlerNames.map(async (name) => Math.round((await stat(files.get(name) ?? '')).size / 1024)));
    const handlers = handlerNames.map((handler: HandlerName, at) => ({
      handler,
      kilobytes: sizes[at] ?? 0,
      importMilliseconds: Math.round(times.get(handler) ?? 0),
    }));
    const clients = times.get('clients') ?? 1;
    return {
      handlers,
      sendEmailToItsClients: Math.round(((times.get('send-email') ?? 0) / clients) * 100) / 100,
      clientsMilliseconds: Math.round(clients),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Medians over fresh processes; the files take turns, so that a busy moment meets all of them. */
const importTimes = (files: ReadonlyMap<string, string>): ReadonlyMap<string, number> => {
  const taken = new Map<string, number[]>([...files.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) for (const [name, file] of files) taken.get(name)?.push(importOnce(file));
  return new Map([...taken].map(([name, times]) => [name, times.sort((one, other) => one - other)[Math.floor(rounds / 2)] ?? 0]));
};

const importOnce = (file: string): number => {
  const script = `const t = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - t);`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return Number(stdout.trim().split('\n').at(-1));
};
