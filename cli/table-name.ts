import { type DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';

/** The stage's table. CloudFormation names it after the stack: `baton-<stage>-data-…`. Throws when there is none, or more than one. */
export const findTable = async (stage: string, client: DynamoDBClient): Promise<string> => {
  const prefix = `baton-${stage}-data-`;
  const found: string[] = [];
  for await (const page of paginateListTables({ client }, {})) found.push(...(page.TableNames ?? []).filter((it) => it.startsWith(prefix)));
  const [only] = found;
  if (only === undefined)
    throw new Error(`there is no table ${prefix}… in this account and Region: is stage ${stage} deployed here? Else: --table`);
  if (found.length > 1) throw new Error(`several tables may be the one of stage ${stage}: ${found.join(', ')}; name it with --table`);
  return only;
};
