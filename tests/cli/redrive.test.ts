import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { loggedFailures } from '#adapters/aws/dead-letter-failures';
import { memoryTable } from '#adapters/memory/memory-table';
import { discardStore } from '#adapters/stores/discards';
import { devDeadLetters } from '#cli/redrive/dev';
import { type DeadLetters, discardOne, moveChosen, showDead } from '#cli/redrive/letters';
import { sqsDeadLetters } from '#cli/redrive/sqs';
import { chosenInWords, deadInWords, discardsInWords, movedInWords, wouldMoveInWords } from '#cli/redrive-text';
import { type Failure, idsIn } from '#core/dead-letters';
import { queueNames, queueSettings } from '#core/queues';
import { noteFailure } from '#local/dev/failures';
import { openJournal } from '#local/journal';
import { createQueues, type Message } from '#local/queues';
import { now } from '#tests/helpers/builders';
import { fakeSqs } from '#tests/helpers/fake-sqs';

const stageQueues = (stage: string) =>
  [...queueNames, 'crm-hubspot'].flatMap((it) => [`baton-${stage}-${it}`, `baton-${stage}-${it}-dead`]);
const silent: DeadLetters['failures'] = async () => ({ of: new Map(), isWhole: true });
const noSleep = async () => undefined;

const aStage = async (failures = silent) => {
  const sqs = fakeSqs([...stageQueues('prod'), ...stageQueues('prod-eu')]);
  return { sqs, dead: await sqsDeadLetters(sqs.client, 'baton-prod-', failures, noSleep) };
};

const send = { leadId: 'L1', enrolmentId: 'E1', sequence: 'nurture', step: 'hello', token: 'SECRET' };
const [sendDead, eventsDead] = ['baton-prod-send-dead', 'baton-prod-events-dead'];

describe('baton redrive, on AWS', () => {
  it('shows how many, since when, behind which function, why and of whom, and leaves everything where it is', async () => {
    const failed = new Map([['00000000-0000-4000-8000-000000000001', { at: '2026-03-01T11:00:00.000Z', error: 'ZodError' }]]);
    const { sqs, dead } = await aStage(async () => ({ of: failed, isWhole: true }));
    sqs.put(sendDead, JSON.stringify(send));
    sqs.put(sendDead, JSON.stringify({ ...send, leadId: 'L2' }));
    sqs.put(eventsDead, JSON.stringify({ detail: { destination: ['ana@example.com'] } }), 'NO_PERMISSIONS');
    sqs.put('baton-prod-eu-send-dead', '{}');
    const shown = await showDead(dead, await dead.queues(), 20);
    expect(shown.map(({ queue, count, handler, oldest }) => ({ queue, count, handler, oldest }))).toEqual([
      { queue: 'send', count: 2, handler: 'send-email', oldest: '2026-03-01T10:00:00.000Z' },
      { queue: 'events', count: 1, handler: 'process-events', oldest: '2026-03-01T10:00:00.000Z' },
    ]);
    const words = deadInWords(shown);
    expect(words).toContain('received 21 times');
    expect(words).toContain('why: ZodError at 2026-03-01T11:00:00.000Z (the message is not of the shape');
    expect(words).toContain('why: EventBridge: NO_PERMISSIONS (it never came as far as its queue)');
    expect(words).toContain('ids: leadId L2, enrolmentId E1, sequence nurture, step hello');
    expect(words).toContain('note: where no error stands');
    expect(`${words}${JSON.stringify(shown)}`).not.toMatch(/SECRET|@/);
    expect(wouldMoveInWords(shown)).toBe('Would go back to send: 2 messages\nWould go back to events: 1 message');
    expect([sqs.hidden(sendDead), sqs.bodies(sendDead).length]).toEqual([0, 2]);
  });

  it('shows no more than asked for, and says so', async () => {
    const { sqs, dead } = await aStage();
    for (let at = 0; at < 25; at++) sqs.put(sendDead, JSON.stringify(send));
    const [shown] = await showDead(dead, ['send'], 12);
    expect(shown?.letters.length).toBe(12);
    expect(shown?.notes).toContain('13 more are not shown: there are many, or somebody else holds them just now');
    expect(sqs.hidden(sendDead)).toBe(0);
  });

  it('gives all of a queue back to the queue by name, and waits for this move, not for an earlier one', async () => {
    const { sqs, dead } = await aStage();
    sqs.put(eventsDead, '{"a":1}', 'NO_PERMISSIONS');
    expect(await dead.moveAll('events')).toEqual({ outcome: 'moved', count: 2 });
    sqs.put(eventsDead, '{"a":2}');
    const moved = await dead.moveAll('events');
    expect(movedInWords([{ queue: 'events', ...moved }])).toBe('events: 2 messages went back and are handled anew');
    expect(sqs.bodies('baton-prod-events')).toEqual(['{"a":1}', '{"a":2}']);
    const started = sqs.requests.filter((it) => it.operation === 'StartMessageMoveTask').map((it) => it.asked.DestinationArn);
    expect(started).toEqual(['arn:aws:sqs:eu-central-1:1:baton-prod-events', 'arn:aws:sqs:eu-central-1:1:baton-prod-events']);
  });

  it('gives chosen ones back wherever they lie, lets the others be, and names what is not there', async () => {
    const { sqs, dead } = await aStage();
    for (let at = 0; at < 15; at++) sqs.put(sendDead, `{"n":${at}}`);
    const [one, other] = [sqs.put(sendDead, '{"n":"chosen"}'), sqs.put(eventsDead, '{"n":"too"}')];
    const done = await moveChosen(dead, await dead.queues(), new Set([one, other, 'nobody']));
    expect(done).toEqual({ done: { [one]: 'send', [other]: 'events' }, missing: ['nobody'] });
    expect(chosenInWords(done, 'went to {queue}')).toContain('nobody is not there');
    expect([sqs.bodies('baton-prod-send'), sqs.bodies('baton-prod-events')]).toEqual([['{"n":"chosen"}'], ['{"n":"too"}']]);
    expect([sqs.bodies(sendDead).length, sqs.hidden(sendDead), sqs.bodies(eventsDead)]).toEqual([15, 0, []]);
  });

  it('loses nothing when it dies at any request, whether that one took effect or not, and the next one ends it', async () => {
    let crashes = 0;
    for (const hasEffect of [false, true]) {
      for (let failAt = 2; failAt < 12; failAt++) {
        const { sqs, dead } = await aStage();
        const chosen = new Set([sqs.put(sendDead, 'one'), sqs.put(sendDead, 'two')]);
        sqs.put(sendDead, 'three');
        Object.assign(sqs.trouble, { failAt, hasEffect });
        const wasCrash = await moveChosen(dead, ['send'], chosen).then(
          () => false,
          () => true,
        );
        if (wasCrash) crashes++;
        const everywhere = () => new Set([...sqs.bodies('baton-prod-send'), ...sqs.bodies(sendDead)]);
        expect(everywhere()).toEqual(new Set(['one', 'two', 'three']));
        sqs.trouble.failAt = Number.POSITIVE_INFINITY;
        sqs.timeOut();
        await moveChosen(dead, ['send'], chosen);
        expect([everywhere().size, sqs.bodies(sendDead)]).toEqual([3, ['three']]);
        expect(new Set(sqs.bodies('baton-prod-send'))).toEqual(new Set(['one', 'two']));
      }
    }
    expect(crashes).toBeGreaterThan(8);
  });

  it('writes down what it throws away before it is gone: ids, who and why, and the first word stays', async () => {
    const failed =
      (messageId: string): DeadLetters['failures'] =>
      async () => ({
        of: new Map([[messageId, { at: now, error: 'ZodError' }]]),
        isWhole: true,
      });
    for (const failAt of [2, 3, 4, 99]) {
      const { sqs, dead } = await aStage(failed('00000000-0000-4000-8000-000000000001'));
      const discards = discardStore(memoryTable());
      const messageId = sqs.put(sendDead, JSON.stringify(send));
      sqs.trouble.failAt = failAt;
      await discardOne(dead, discards, ['send'], { messageId, why: 'a test', who: 'ana', at: now }).catch(() => undefined);
      expect(sqs.bodies(sendDead).length + (await discards.all()).length).toBeGreaterThan(0);
      sqs.trouble.failAt = Number.POSITIVE_INFINITY;
      sqs.timeOut();
      await discardOne(dead, discards, ['send'], { messageId, why: 'again', who: 'bo', at: now });
      expect(sqs.bodies(sendDead)).toEqual([]);
      const [only, ...more] = await discards.all();
      expect(more).toEqual([]);
      expect(only).toMatchObject({ queue: 'send', error: 'ZodError', who: failAt === 2 ? 'bo' : 'ana', ids: { leadId: 'L1' } });
      expect(JSON.stringify(only)).not.toContain('SECRET');
      expect(discardsInWords([only as never])).toContain(`send ${messageId}, by`);
    }
  });

  it('says when the stage is not here', async () => {
    await expect(sqsDeadLetters(fakeSqs([]).client, 'baton-prod-', silent)).rejects.toThrow('is the stage deployed here?');
  });
});

describe('why a message died', () => {
  const aLetter = { messageId: 'm1', sentAt: '2026-03-01T10:00:00.000Z', receives: 21, body: '{}' };
  const logs = (reply: (asked: { readonly [name: string]: unknown }) => { readonly status?: number; readonly body: object }) =>
    new CloudWatchLogsClient({
      region: 'eu-central-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
      maxAttempts: 1,
      requestHandler: {
        metadata: { handlerProtocol: 'http/1.1' },
        handle: async ({ body }: { readonly body: string | Uint8Array }) => {
          const { status = 200, body: answer } = reply(JSON.parse(Buffer.from(body).toString()));
          const bytes = new TextEncoder().encode(JSON.stringify(answer));
          return { response: { statusCode: status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: bytes } };
        },
      } as never,
    });
  const line = (error: string, timestamp: number) => ({
    timestamp,
    message: JSON.stringify({ level: 'ERROR', message: 'message failed', messageId: 'm1', error }),
  });

  it('is the last word of its function’s log, from the day it was sent on', async () => {
    const asked: { readonly [name: string]: unknown }[] = [];
    const client = logs((it) => {
      asked.push(it);
      return it.nextToken === undefined
        ? { body: { events: [line('TimeoutError', 5000)], nextToken: 'more' } }
        : { body: { events: [line('ZodError', 9000), line('Error', 7000)] } };
    });
    expect(await loggedFailures(client, 'baton-prod-')('send', [aLetter])).toEqual({
      of: new Map([['m1', { at: '1970-01-01T00:00:09.000Z', error: 'ZodError' }]]),
      isWhole: true,
    });
    expect(asked[0]).toMatchObject({
      logGroupName: '/aws/lambda/baton-prod-send-email',
      filterPattern: '{ $.message = "message failed" && ($.messageId = "m1") }',
      startTime: Date.parse(aLetter.sentAt),
    });
    const many = Array.from({ length: 16 }, (_, at) => ({ ...aLetter, messageId: `m${at}` }));
    await loggedFailures(client, 'baton-prod-')('send', many);
    expect(asked.at(-1)).toMatchObject({ filterPattern: '{ $.message = "message failed" }' });
  });

  it('is not known where the log has gone, may not be read, or has no end, and that is said', async () => {
    const noteOf = async (queue: string, reply: Parameters<typeof logs>[0]) =>
      (await loggedFailures(logs(reply), 'baton-prod-')(queue, [aLetter])).note;
    const refusing = (type: string) => () => ({ status: 400, body: { __type: type, message: 'no' } });
    expect(await noteOf('send', refusing('ResourceNotFoundException'))).toBe('there is no log /aws/lambda/baton-prod-send-email');
    expect(await noteOf('send', refusing('AccessDeniedException'))).toContain('logs:FilterLogEvents');
    expect(await noteOf('send', () => ({ body: { nextToken: 'more' } }))).toContain('not read to its end');
    expect(await noteOf('crm-hubspot', refusing('nobody asks'))).toContain('/aws/vendedlogs/pipes/baton-prod-hubspot');
    await expect(noteOf('send', refusing('InvalidParameterException'))).rejects.toThrow('no');
  });

  it('never shows more of a message than ids', () => {
    const message = { leadId: 'L1', email: 'ana@example.com', token: 'T', trigger: 'by ana@example.com', key: 'ana.csv', round: 2 };
    expect(idsIn('imports', JSON.stringify(message))).toEqual({ leadId: 'L1', round: 2 });
    expect(idsIn('replies', '{"key":"received/abc1","at":"2026-03-01T10:00:00.000Z"}')).toMatchObject({ key: 'received/abc1' });
    expect([idsIn('send', 'no json'), idsIn('send', '"text"'), idsIn('send', 'null')]).toEqual([{}, {}, {}]);
  });
});

describe('baton redrive --dev', () => {
  it('finds what died before a restart, with why, and gives it back, alone or all, or throws it away', async () => {
    const journal = openJournal(undefined);
    const messages = new Map<string, Message>();
    const kept = { ...journal, map: (name: string) => (name === 'queues' ? messages : failures) as never };
    const failures = new Map<string, Failure>();
    const clock = { now: () => now };
    for (const leadId of ['L1', 'L2', 'L3']) {
      const id = `wake-${leadId}`;
      const body = JSON.stringify({ leadId });
      messages.set(id, { id, queue: 'wake-dead', body, sentAt: now, visibleAt: now, order: messages.size, receives: 20 });
      noteFailure(failures, { level: 'error', message: 'message failed', keys: { messageId: id, error: 'TypeError' } }, now);
    }
    noteFailure(failures, { level: 'info', message: 'email sent', keys: { messageId: 'other' } }, now);
    expect([...failures.keys()]).toEqual(['wake-L1', 'wake-L2', 'wake-L3']);
    const dead = devDeadLetters(kept, clock);
    const [shown] = await showDead(dead, await dead.queues(), 20);
    expect(shown).toMatchObject({ queue: 'wake', count: 3, handler: 'wake', letters: [{ error: 'TypeError' }, {}, {}] });
    expect(await moveChosen(dead, ['wake'], new Set(['wake-L1']))).toEqual({ done: { 'wake-L1': 'wake' }, missing: [] });
    const discards = discardStore(memoryTable());
    await discardOne(dead, discards, ['wake'], { messageId: 'wake-L2', why: 'a test', who: 'ana', at: now });
    expect(await discards.all()).toMatchObject([{ messageId: 'wake-L2', ids: { leadId: 'L2' }, error: 'TypeError' }]);
    expect(await dead.moveAll('wake')).toEqual({ outcome: 'moved', count: 1 });
    expect(await dead.moveAll('wake')).toEqual({ outcome: 'none', count: 0 });
    const again = createQueues({ clock, messages, queues: queueSettings });
    expect(again.messagesIn('wake').map((it) => [JSON.parse(it.body).leadId, it.receives])).toEqual([
      ['L1', 0],
      ['L3', 0],
    ]);
    expect(again.messagesIn('wake-dead')).toEqual([]);
  });
});
