import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Condition, Item, Key, Table, Update } from '#core/table';
import { toExpressions } from '#core/table-expressions';

/** The table port on DynamoDB. Reads are consistent, but for the indexes' and those that say otherwise. */
export const dynamoTable = (client: DynamoDBDocumentClient, tableName: string): Table => ({
  get: async ({ pk, sk }) => {
    const { Item: item } = await client.send(new GetCommand({ TableName: tableName, Key: { pk, sk }, ConsistentRead: true }));
    return item as Item | undefined;
  },
  put: async (item, condition) =>
    unlessRefused(async () => {
      await client.send(new PutCommand({ TableName: tableName, Item: item, ...asRequest(undefined, condition) }));
      return 'written' as const;
    }),
  update: async ({ pk, sk }, update, condition) =>
    unlessRefused(async () => {
      const answer = await client.send(
        new UpdateCommand({ TableName: tableName, Key: { pk, sk }, ReturnValues: 'ALL_NEW', ...asRequest(update, condition) }),
      );
      return answer.Attributes as Item;
    }),
  delete: async ({ pk, sk }: Key) => void (await client.send(new DeleteCommand({ TableName: tableName, Key: { pk, sk } }))),
  query: async (pk, prefix, reading = 'consistent') => {
    const items: Item[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: tableName,
          ConsistentRead: reading === 'consistent',
          KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': pk, ...(prefix !== '' && { ':prefix': prefix }) },
          ...(from && { ExclusiveStartKey: from }),
        }),
      );
      items.push(...((page.Items ?? []) as Item[]));
      from = page.LastEvaluatedKey;
    } while (from);
    return items;
  },
  queryIndex: async (index, pk, range = {}) => {
    const { from, upTo, limit, after, descending } = range;
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: index,
        ...keyCondition(index, pk, from, upTo),
        ScanIndexForward: descending !== true,
        ...(limit !== undefined && { Limit: limit }),
        ...(after !== undefined && {
          ExclusiveStartKey: JSON.parse(Buffer.from(after, 'base64url').toString()) as Record<string, unknown>,
        }),
      }),
    );
    return {
      items: (page.Items ?? []) as Item[],
      ...(page.LastEvaluatedKey && { next: Buffer.from(JSON.stringify(page.LastEvaluatedKey)).toString('base64url') }),
    };
  },
});

const keyCondition = (index: string, pk: string, from: string | undefined, upTo: string | undefined) => {
  const [sortTest, values] =
    from !== undefined && upTo !== undefined
      ? [' AND #sk BETWEEN :from AND :upTo', { ':from': from, ':upTo': upTo }]
      : from !== undefined
        ? [' AND #sk >= :from', { ':from': from }]
        : upTo !== undefined
          ? [' AND #sk <= :upTo', { ':upTo': upTo }]
          : ['', {}];
  return {
    KeyConditionExpression: `#pk = :pk${sortTest}`,
    ExpressionAttributeNames: { '#pk': `${index}pk`, ...(sortTest !== '' && { '#sk': `${index}sk` }) },
    ExpressionAttributeValues: { ':pk': pk, ...values },
  };
};

const asRequest = (update: Update | undefined, condition: Condition | undefined) => {
  const { values, ...expressions } = toExpressions(update, condition);
  return { ...expressions, ...(values && { ExpressionAttributeValues: values }) };
};

const unlessRefused = async <T>(write: () => Promise<T>): Promise<T | 'refused'> => {
  try {
    return await write();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'refused';
    throw error;
  }
};
