import { SQSClient } from '@aws-sdk/client-sqs';

type Kept = { readonly id: string; readonly body: string; readonly refused?: string; receives: number; hiddenFrom: boolean };
type Asked = { readonly [name: string]: unknown };

const sentAt = Date.parse('2026-03-01T10:00:00.000Z');

/** SQS behind the real client. `failAt`: the request of that number is lost, before or after it took effect, and so are all after it. */
export const fakeSqs = (names: readonly string[]) => {
  const queues = new Map<string, Kept[]>(names.map((it) => [it, []]));
  const requests: { readonly operation: string; readonly asked: Asked }[] = [];
  const moves: { readonly source: string; readonly StartedTimestamp: number }[] = [];
  const trouble: { failAt?: number; hasEffect?: boolean } = {};
  let made = 0;
  const put = (queue: string, body: string, refused?: string): string => {
    const id = `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`;
    of(queue).push({ id, body, receives: 20, hiddenFrom: false, ...(refused !== undefined && { refused }) });
    return id;
  };
  const of = (queue: string): Kept[] => {
    const found = queues.get(queue.replace(/^.*[:/]/, ''));
    if (!found) throw new Error(`no queue ${queue}`);
    return found;
  };
  const operations: { readonly [operation: string]: (asked: Asked) => object } = {
    ListQueues: ({ QueueNamePrefix }) => ({
      QueueUrls: names.filter((it) => it.startsWith(String(QueueNamePrefix))).map((it) => `https://sqs.eu-central-1.amazonaws.com/1/${it}`),
    }),
    GetQueueAttributes: ({ QueueUrl }) => {
      const all = of(String(QueueUrl));
      const hidden = all.filter((it) => it.hiddenFrom).length;
      return {
        Attributes: {
          QueueArn: `arn:aws:sqs:eu-central-1:1:${String(QueueUrl).split('/').at(-1)}`,
          ApproximateNumberOfMessages: String(all.length - hidden),
          ApproximateNumberOfMessagesNotVisible: String(hidden),
        },
      };
    },
    ReceiveMessage: ({ QueueUrl }) => {
      const batch = of(String(QueueUrl))
        .filter((it) => !it.hiddenFrom)
        .slice(0, 10);
      for (const it of batch) {
        it.hiddenFrom = true;
        it.receives++;
      }
      return {
        Messages: batch.map(({ id, body, receives, refused }) => ({
          MessageId: id,
          Body: body,
          ReceiptHandle: `${id}#${receives}`,
          Attributes: { SentTimestamp: String(sentAt), ApproximateReceiveCount: String(receives) },
          ...(refused !== undefined && { MessageAttributes: { ERROR_CODE: { DataType: 'String', StringValue: refused } } }),
        })),
      };
    },
    ChangeMessageVisibilityBatch: ({ QueueUrl, Entries }) => {
      for (const { ReceiptHandle } of Entries as { ReceiptHandle: string }[])
        for (const it of of(String(QueueUrl))) if (`${it.id}#${it.receives}` === ReceiptHandle) it.hiddenFrom = false;
      return { Successful: [], Failed: [] };
    },
    SendMessage: ({ QueueUrl, MessageBody }) => ({ MessageId: put(String(QueueUrl), String(MessageBody)) }),
    DeleteMessage: ({ QueueUrl, ReceiptHandle }) => {
      const all = of(String(QueueUrl));
      const at = all.findIndex((it) => `${it.id}#${it.receives}` === ReceiptHandle);
      if (at >= 0) all.splice(at, 1);
      return {};
    },
    // The newest first.
    ListMessageMoveTasks: ({ SourceArn }) => ({
      Results: moves
        .filter((it) => it.source === SourceArn)
        .slice(0, 1)
        .map(({ StartedTimestamp }) => ({ StartedTimestamp, Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 2 })),
    }),
    StartMessageMoveTask: ({ SourceArn, DestinationArn }) => {
      const going = of(String(SourceArn)).splice(0);
      for (const { body } of going) put(String(DestinationArn), body);
      moves.unshift({ source: String(SourceArn), StartedTimestamp: moves.length + 1 });
      return { TaskHandle: 'task' };
    },
  };
  const client = new SQSClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    maxAttempts: 1,
    md5: false,
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      handle: async ({ headers, body }: { readonly headers: Record<string, string>; readonly body: string | Uint8Array }) => {
        const operation = headers['x-amz-target']?.split('.')[1] ?? '';
        const asked = JSON.parse(Buffer.from(body).toString()) as Asked;
        requests.push({ operation, asked });
        const isLost = requests.length >= (trouble.failAt ?? Number.POSITIVE_INFINITY);
        const hasEffect = !isLost || (requests.length === trouble.failAt && trouble.hasEffect === true);
        const answer = hasEffect ? operations[operation]?.(asked) : {};
        if (isLost) throw new Error('the line went dead');
        if (!answer) throw new Error(`the fake knows no ${operation}`);
        const bytes = new TextEncoder().encode(JSON.stringify(answer));
        return { response: { statusCode: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: bytes } };
      },
    } as never,
  });
  return {
    client,
    requests,
    trouble,
    put,
    bodies: (queue: string) => of(queue).map((it) => it.body),
    hidden: (queue: string) => of(queue).filter((it) => it.hiddenFrom).length,
    /** Two minutes later. */
    timeOut: () => {
      for (const all of queues.values()) for (const it of all) it.hiddenFrom = false;
    },
  };
};
