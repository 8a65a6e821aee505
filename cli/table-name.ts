import { type DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';

/** The stage's table, whatever its stack is called. Throws when it is not in this account and Region. */
export const findTable = async (stage: string, client: DynamoDBClient): Promise<string> => {
  const name = `baton-${stage}-table`;
  for await (const page of paginateListTables({ client }, {})) if (page.TableNames?.includes(name)) return name;
  throw new Error(`there is no table ${name} in this account and Region: is stage ${stage} deployed here? Else: --table`);
};
