import {
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { tableDefinition } from './table-definition.ts';

/** The raw call that Step Functions makes for a machine; for the embedded runtime, whose machines run beside it. */
export const updateItemWith =
  (client: DynamoDBClient) =>
  async (request: Record<string, unknown>): Promise<Record<string, unknown>> => {
    await client.send(new UpdateItemCommand(request as unknown as UpdateItemCommandInput));
    return {};
  };

/** Makes the table where it is not there yet. */
export const ensureTable = async (client: DynamoDBClient, tableName: string): Promise<void> => {
  try {
    await client.send(new CreateTableCommand(tableDefinition(tableName)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
};
