import { documents, dynamoClient } from '#adapters/aws/clients';
import { dynamoTable } from '#adapters/aws/dynamo-table';
import { ensureTable, updateItemWith } from '#adapters/aws/update-item';
import { memoryTable, type Watchable } from '#adapters/memory/memory-table';
import { updateItemOn } from '#adapters/memory/update-item';
import type { Table } from '#core/table';
import { startDynamo } from './dynamo.ts';
import { tableName } from './settings.ts';
import { type OnWireCall, watch } from './wire.ts';

/** The table as handlers see it, and as machines write to it. */
export type Storage = {
  readonly table: Table & Watchable;
  readonly updateItem: (request: Record<string, unknown>) => Promise<Record<string, unknown>>;
  readonly stop: () => Promise<void>;
};

export type StorageOptions = {
  readonly stack: 'embedded' | 'memory';
  /** Where the tables are kept; without it they go with the process. */
  readonly folder?: string;
  readonly onWireCall?: OnWireCall;
};

/** Maps, or the real client on a DynamoDB in a process of its own. */
export const openStorage = async ({ stack, folder, onWireCall }: StorageOptions): Promise<Storage> => {
  if (stack === 'memory') {
    const table = memoryTable();
    return { table, updateItem: updateItemOn(table), stop: async () => undefined };
  }
  const dynamo = await startDynamo(folder && `${folder}/dynamo`);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = watch(dynamoClient({ region: 'us-east-1', endpoint: dynamo.endpoint, credentials }), 'dynamodb', onWireCall);
  await ensureTable(client, tableName);
  return {
    table: dynamoTable(documents(client), tableName),
    updateItem: updateItemWith(client),
    stop: async () => {
      client.destroy();
      await dynamo.stop();
    },
  };
};
