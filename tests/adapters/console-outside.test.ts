import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import type { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { cloudWatchAlarms } from '#adapters/aws/alarm-states';
import { objectConsoleFiles } from '#adapters/aws/console-files';
import { sqsQueueStates } from '#adapters/aws/queue-states';
import { permanentError } from '#core/errors';
import { consoleFileKey } from '#core/object-keys';
import { queueNames } from '#core/queues';

const prefix = 'https://sqs.eu-west-1.amazonaws.com/1/baton-prod-';

/** SQS as far as it is asked: so many dead letters beside each queue, and whether they are on their way already. */
const sqsWith = (dead: number, status?: string) => {
  const moved: (string | undefined)[] = [];
  const looked: (number | undefined)[] = [];
  const send = async (command: unknown) => {
    if (command instanceof GetQueueAttributesCommand) {
      const name = (command.input.QueueUrl ?? '').slice(prefix.length);
      const waiting = name.endsWith('-dead') ? dead : 7;
      return {
        Attributes: { ApproximateNumberOfMessages: String(waiting), ApproximateNumberOfMessagesDelayed: '2', QueueArn: `arn:${name}` },
      };
    }
    if (command instanceof ListMessageMoveTasksCommand) return { Results: status === undefined ? [] : [{ Status: status }] };
    if (command instanceof ReceiveMessageCommand) {
      looked.push(command.input.VisibilityTimeout);
      const Attributes = { SentTimestamp: '1772442000000', ApproximateReceiveCount: '21' };
      return { Messages: [{ MessageId: 'm1', Body: JSON.stringify({ leadId: 'L1', email: 'ana@example.com' }), Attributes }] };
    }
    if (command instanceof StartMessageMoveTaskCommand) moved.push(command.input.SourceArn);
    return {};
  };
  return { states: sqsQueueStates({ send } as never, prefix), moved, looked };
};

describe('queues, for the console', () => {
  it('are all told of, with what is dead beside them', async () => {
    const all = await sqsWith(3).states.all();
    expect(all.map((it) => it.queue)).toEqual(queueNames);
    expect(all[0]).toEqual({ queue: 'send', waiting: 7, inFlight: 0, delayed: 2, dead: 3 });
  });

  it('are looked into without keeping anything from anybody, and by ids alone', async () => {
    const { states, looked, moved } = sqsWith(1);
    expect(await states.look('send')).toEqual([
      { messageId: 'm1', sentAt: '2026-03-02T09:00:00.000Z', receives: 21, ids: { leadId: 'L1' } },
    ]);
    expect([looked, moved]).toEqual([[0], []]);
  });

  it('get their dead letters back once, and only when there are some', async () => {
    const some = sqsWith(3, 'COMPLETED');
    expect(await some.states.redrive('answers')).toBe('begun');
    expect(some.moved).toEqual(['arn:answers-dead']);
    const none = sqsWith(0);
    expect([await none.states.redrive('answers'), none.moved]).toEqual(['none', []]);
    const running = sqsWith(3, 'RUNNING');
    expect([await running.states.redrive('answers'), running.moved]).toEqual(['under-way', []]);
  });
});

describe('alarms, for the console', () => {
  it('are those of the stage, by their own names', async () => {
    const asked: unknown[] = [];
    const send = async (command: DescribeAlarmsCommand) => {
      asked.push(command.input.AlarmNamePrefix);
      const since = new Date('2026-03-02T09:00:00.000Z');
      return {
        MetricAlarms: [{ AlarmName: 'baton-prod-complaints', StateValue: 'ALARM', AlarmDescription: 'spam', StateUpdatedTimestamp: since }],
      };
    };
    expect(await cloudWatchAlarms({ send } as never, 'baton-prod-').all()).toEqual([
      { name: 'complaints', state: 'alarm', means: 'spam', since: '2026-03-02T09:00:00.000Z' },
    ]);
    expect(asked).toEqual(['baton-prod-']);
  });
});

describe('the files of the page', () => {
  const stored = (body: string, isForever: boolean) =>
    JSON.stringify({ body: brotliCompressSync(body).toString('base64'), type: 'text/javascript', etag: '"x"', isForever });
  const bucket = new Map([
    [consoleFileKey('/console/app.js'), stored('app', false)],
    [consoleFileKey('/console/chunk-1.js'), stored('chunk', true)],
  ]);

  it('are read once, and again after a minute where they may change', async () => {
    const reads: string[] = [];
    let now = 0;
    const files = objectConsoleFiles(
      async (key) => {
        reads.push(key);
        const text = bucket.get(key);
        if (text === undefined) throw permanentError('none');
        return text;
      },
      () => now,
    );
    for (const moment of [0, 1000, 61_000]) {
      now = moment;
      const file = await files.find('/console/app.js');
      expect(file && brotliDecompressSync(file.body).toString()).toBe('app');
      await files.find('/console/chunk-1.js');
      expect(await files.find('/console/none.js')).toBeUndefined();
    }
    expect(reads.filter((it) => it.includes('app.js'))).toHaveLength(2);
    expect(reads.filter((it) => it.includes('chunk'))).toHaveLength(1);
    for (const path of ['/console/../live/config.json', '/console/a/b.js', '/x.js']) expect(await files.find(path)).toBeUndefined();
    expect(reads.every((it) => it.startsWith('console/'))).toBe(true);
  });
});
