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
import { fakeSqs } from '#tests/helpers/fake-sqs';

const prefix = 'https://sqs.eu-central-1.amazonaws.com/1/baton-prod-';

/** What the log says of every message. */
const failures = async (_queue: string, letters: readonly { readonly messageId: string }[]) => ({
  of: new Map(letters.map((it) => [it.messageId, { at: '2026-03-02T10:00:00.000Z', error: 'ZodError' }])),
  isWhole: true,
});

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
  return { states: sqsQueueStates({ send } as never, prefix, failures), moved, looked };
};

describe('queues, for the console', () => {
  it('are all told of, with what is dead beside them', async () => {
    const all = await sqsWith(3).states.all();
    expect(all.map((it) => it.queue)).toEqual(queueNames);
    expect(all[0]).toEqual({ queue: 'send', waiting: 7, inFlight: 0, delayed: 2, dead: 3 });
  });

  it('are looked into without keeping anything from anybody, and by ids alone', async () => {
    const { states, looked, moved } = sqsWith(1);
    const why = { error: 'ZodError', failedAt: '2026-03-02T10:00:00.000Z' };
    expect(await states.look('send')).toEqual({
      letters: [{ messageId: 'm1', sentAt: '2026-03-02T09:00:00.000Z', receives: 21, ids: { leadId: 'L1' }, ...why }],
    });
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

describe('one dead letter, for the console', () => {
  const queues = ['baton-prod-send', 'baton-prod-send-dead'];
  const [live, dead] = queues as [string, string];

  it('goes back alone, wherever it lies, and the others can be received at once', async () => {
    const sqs = fakeSqs(queues);
    const ids = Array.from({ length: 25 }, (_, at) => sqs.put(dead, JSON.stringify({ leadId: `L${at}` })));
    const states = sqsQueueStates(sqs.client, prefix, failures);
    expect(await states.redriveOne('send', ids[22] ?? '')).toBe('begun');
    expect(sqs.bodies(live)).toEqual(['{"leadId":"L22"}']);
    expect(sqs.bodies(dead)).toHaveLength(24);
    expect(sqs.hidden(dead)).toBe(0);
    expect(await states.redriveOne('send', ids[22] ?? '')).toBe('none');
    expect(sqs.bodies(live)).toHaveLength(1);
  });

  it('is sent before it is deleted: what crashes in between loses nothing', async () => {
    const sqs = fakeSqs(queues);
    const id = sqs.put(dead, '{}');
    sqs.trouble.failAt = 2;
    const states = sqsQueueStates(sqs.client, prefix, failures);
    await expect(states.redriveOne('send', id)).rejects.toThrow();
    expect([...sqs.bodies(live), ...sqs.bodies(dead)]).toContain('{}');
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
