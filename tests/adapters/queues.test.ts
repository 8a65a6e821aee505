import type { SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sqsQueue } from '#adapters/aws/queues';

/** What SQS takes, as its documentation of SendMessage lists it. */
const allowed = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

describe('a message to SQS', () => {
  it('holds only characters that SQS takes, and reads as what was sent', async () => {
    let body = '';
    const client = {
      send: async ({ input }: { input: { MessageBody: string } }) => {
        body = input.MessageBody;
      },
    };
    const queue = sqsQueue(client as unknown as SQSClient, 'https://sqs.example/queue');
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\uFFFE', 'a\uFFFF', '\\\uFFFF', '\uD800', '\u0000'));
    await fc.assert(
      fc.asyncProperty(text, async (path) => {
        await queue.push({ path });
        expect(body).toMatch(allowed);
        expect(JSON.parse(body)).toEqual({ path });
      }),
    );
  });
});
