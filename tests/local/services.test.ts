import { describe, expect, it } from 'vitest';
import { sesClient, sfnClient, sqsClient } from '#adapters/aws/clients';
import { sfnMachines } from '#adapters/aws/machines';
import { sesMail } from '#adapters/aws/mail';
import { sqsQueue } from '#adapters/aws/queues';
import { sfnTokens } from '#adapters/aws/tokens';
import type { SesEvent } from '#core/events';
import { addSeconds } from '#core/instant';
import type { OutgoingEmail } from '#core/ports';
import { createAgenda, createTicks } from '#local/agenda';
import { virtualClock } from '#local/clock';
import { memoryMap } from '#local/durable-map';
import { createQueues, type Message } from '#local/queues';
import { sesHandler, sqsHandler, statesHandler } from '#local/sdk/handlers';
import { createMailService, type Fault, type MailServiceUse, type PlannedEvent, type StoredMail } from '#local/ses/mail-service';
import { machineArn } from '#local/states/arn';
import { createStatesRunner } from '#local/states/runner';

const start = '2026-03-23T13:00:00.000Z';
const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

const email: OutgoingEmail = {
  from: { name: 'Zoé "Z" at Lintel', address: 'zoe@lintel.example' },
  to: 'kim@example.com',
  subject: 'Grüße',
  html: '<p>Hello</p>',
  text: 'Hello',
  headers: [{ name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' }],
  tags: { lead: 'l-1', enrolment: 'e-1', sequence: 'nurture', step: 'welcome', round: '1' },
};

const mailWorld = (more: Partial<MailServiceUse> = {}) => {
  const clock = virtualClock(start);
  const events: SesEvent[] = [];
  const inbox = memoryMap<StoredMail>();
  const due = memoryMap<readonly PlannedEvent[]>();
  const service = createMailService({ clock, inbox, due, fate: () => [], emit: async (event) => void events.push(event), ...more });
  const client = sesClient({ ...local, endpoint: 'http://email.local', requestHandler: sesHandler(service, () => undefined) as never });
  return { clock, events, inbox, due, service, mail: sesMail(client) };
};

describe('the mail service, asked by the real client', () => {
  it('keeps what it takes, headers and tags included', async () => {
    const { mail, service } = mailWorld();
    expect(await mail.send(email)).toEqual({ result: 'accepted', messageId: 'local-00000001' });
    expect(service.mails()).toMatchObject([
      { to: 'kim@example.com', subject: 'Grüße', html: '<p>Hello</p>', headers: email.headers, tags: email.tags },
    ]);
    expect(service.mails()[0]?.from).toBe('=?UTF-8?B?Wm/DqSAiWiIgYXQgTGludGVs?= <zoe@lintel.example>');
  });

  it.each<[Fault, string, number]>([
    ['throttle', 'throttled', 0],
    ['error-before', 'unknown', 0],
    ['error-after-accept', 'unknown', 1],
    ['timeout-after-accept', 'unknown', 1],
  ])('tells %s apart: the adapter calls it %s', async (fault, result, inInbox) => {
    let calls = 0;
    const { mail, service } = mailWorld({
      faults: () => {
        calls++;
        return fault;
      },
    });
    expect((await mail.send(email)).result).toBe(result);
    expect(service.mails()).toHaveLength(inInbox);
    expect(calls, 'one call, never a second').toBe(1);
  });

  it('refuses what SES refuses', async () => {
    const { mail, service } = mailWorld();
    const refused = async (change: Partial<OutgoingEmail>) => (await mail.send({ ...email, ...change })).result;
    expect(await refused({ tags: { lead: 'a b' } })).toBe('rejected');
    expect(await refused({ subject: 'two\r\nBcc: x@example.com' })).toBe('rejected');
    expect(await refused({ headers: Array.from({ length: 16 }, (_, at) => ({ name: `X-${at}`, value: '1' })) })).toBe('rejected');
    expect(await refused({ headers: [{ name: 'X-Long', value: 'x'.repeat(996) }] })).toBe('rejected');
    expect(service.mails()).toEqual([]);
  });

  it('holds to the rate by its clock, and to the day', async () => {
    const { mail, clock } = mailWorld({ maxSendRate: 2, max24HourSend: 4 });
    const results = async (count: number) => Promise.all(Array.from({ length: count }, async () => (await mail.send(email)).result));
    expect(await results(3)).toEqual(['accepted', 'accepted', 'throttled']);
    clock.set(addSeconds(start, 1));
    expect(await results(3)).toEqual(['accepted', 'accepted', 'throttled']);
    clock.set(addSeconds(start, 10));
    expect(await results(1)).toEqual(['throttled']);
    clock.set(addSeconds(start, 86_401));
    expect(await results(1)).toEqual(['accepted']);
  });

  it('tells what becomes of a mail in time order, stripped of address and subject, also after a restart', async () => {
    const fate = () => [
      { at: addSeconds(start, 60), kind: 'opened' as const },
      { at: addSeconds(start, 1), kind: 'delivered' as const },
    ];
    const { mail, service, events, inbox, due, clock } = mailWorld({ fate });
    await mail.send(email);
    expect(service.source.peek()).toBe(addSeconds(start, 1));
    await service.source.runNext();
    const again = createMailService({ clock, inbox, due, fate, emit: async (event) => void events.push(event) });
    expect(again.source.peek()).toBe(addSeconds(start, 60));
    await again.source.runNext();
    expect(again.source.peek()).toBeUndefined();
    expect(events.map((it) => [it.kind, it.at, it.enrolmentId, it.round])).toEqual([
      ['delivered', addSeconds(start, 1), 'e-1', 1],
      ['opened', addSeconds(start, 60), 'e-1', 1],
    ]);
    expect(JSON.stringify(events)).not.toMatch(/kim@|Grüße/);
  });
});

const queueWorld = () => {
  const clock = virtualClock(start);
  const messages = memoryMap<Message>();
  const open = () => createQueues({ clock, messages, queues: [{ name: 'q', visibilitySeconds: 60, maxReceives: 3, batchSize: 2 }] });
  return { clock, messages, open, queues: open() };
};

describe('the queues', () => {
  it('deliver batches in order, and delete what was handled', async () => {
    const { queues } = queueWorld();
    const seen: string[][] = [];
    for (const body of ['1', '2', '3']) queues.sendMessage('q', body);
    queues.consume('q', async (event) => {
      seen.push(event.Records.map((it) => it.body));
      return undefined;
    });
    while (queues.source.peek() !== undefined) await queues.source.runNext();
    expect(seen).toEqual([['1', '2'], ['3']]);
    expect(queues.messagesIn('q')).toEqual([]);
  });

  it('deliver a failed message again when its visibility lapses, alone, and put it aside in the end', async () => {
    const { queues, clock } = queueWorld();
    const seen: string[] = [];
    for (const body of ['good', 'bad']) queues.sendMessage('q', body);
    queues.consume('q', async (event) => {
      seen.push(...event.Records.map((it) => `${it.body} ${it.attributes.ApproximateReceiveCount}`));
      return { batchItemFailures: event.Records.filter((it) => it.body === 'bad').map((it) => ({ itemIdentifier: it.messageId })) };
    });
    for (let at = queues.source.peek(); at !== undefined; at = queues.source.peek()) {
      clock.set(at);
      await queues.source.runNext();
    }
    expect(seen).toEqual(['good 1', 'bad 1', 'bad 2', 'bad 3']);
    expect(clock.now()).toBe(addSeconds(start, 120));
    expect(queues.messagesIn('q-dead').map((it) => it.body)).toEqual(['bad']);
  });

  it('fail a whole batch when the handler throws, and lose nothing over a restart', async () => {
    const { queues, open, clock } = queueWorld();
    queues.sendMessage('q', '1');
    queues.consume('q', () => Promise.reject(new Error('died')));
    await queues.source.runNext();
    const again = open();
    const seen: string[] = [];
    again.consume('q', async (event) => {
      seen.push(...event.Records.map((it) => it.body));
      return undefined;
    });
    expect(again.source.peek()).toBe(addSeconds(start, 60));
    clock.set(addSeconds(start, 60));
    await again.source.runNext();
    expect(seen).toEqual(['1']);
  });

  it('take messages from the real client', async () => {
    const { queues } = queueWorld();
    const sqs = sqsClient({ ...local, endpoint: 'http://sqs.local', requestHandler: sqsHandler(queues, () => undefined) as never });
    const url = 'http://sqs.local/000000000000/q';
    await sqsQueue(sqs, url).push({ leadId: 'l-1' });
    expect(queues.messagesIn('q').map((it) => it.body)).toEqual(['{"leadId":"l-1"}']);
  });
});

describe('machines and tokens, asked by the real client', () => {
  const refuse = () => Promise.reject(new Error('not called'));
  const waiting = {
    StartAt: 'Wait',
    States: {
      Wait: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl: 'q', MessageBody: { 'token.$': '$$.Task.Token' } },
        TimeoutSeconds: 100,
        Next: 'Done',
      },
      Done: { Type: 'Succeed' },
    },
  };
  const world = () => {
    const clock = virtualClock(start);
    const tokens: string[] = [];
    const runner = createStatesRunner({
      clock,
      executions: memoryMap(),
      seed: 't',
      invoke: refuse,
      updateItem: refuse,
      sendMessage: async (request) => {
        tokens.push((JSON.parse(String(request.MessageBody)) as { token: string }).token);
        return { MessageId: '1' };
      },
    });
    runner.deploy('nurture', waiting, {});
    const sfn = sfnClient({ ...local, endpoint: 'http://states.local', requestHandler: statesHandler(runner, () => undefined) as never });
    const input = { leadId: 'l', enrolmentId: 'e', leg: 1, pk: 'p', sk: 's', shard: '0', startAt: '', arms: {} };
    return {
      clock,
      runner,
      tokens,
      input,
      machines: sfnMachines(sfn, { sequence: async (id) => id, machineOf: (id) => machineArn(id), handoff: machineArn('handoff') }),
      tell: sfnTokens(sfn),
    };
  };

  it('starts a leg once, also when it is asked again with another input', async () => {
    const { machines, runner, input } = world();
    await machines.startLeg('nurture', 'v1', input);
    await machines.startLeg('nurture', 'v1', { ...input, shard: '1' });
    expect(runner.list().map((it) => it.name)).toEqual(['e-1']);
    await expect(machines.startLeg('nowhere', 'v1', input)).rejects.toThrow();
  });

  it('tells a live token, and takes a dead one for granted', async () => {
    const { machines, runner, tokens, tell, clock, input } = world();
    await machines.startLeg('nurture', 'v1', input);
    await runner.runNext();
    const [token = ''] = tokens;
    expect(await tell.succeed(token, { woken: 'event', keys: ['did:project.created'] })).toBe('told');
    await runner.runNext();
    expect(runner.list()[0]?.status).toBe('SUCCEEDED');
    expect(await tell.fail(token, 'Halt', 'goal')).toBe('gone');
    expect(await tell.succeed('rubbish', { woken: 'event', keys: ['did:project.created'] })).toBe('gone');
    clock.set(addSeconds(start, 1000));
    expect(await tell.fail(token, 'Halt', 'goal')).toBe('gone');
  });
});

describe('the agenda', () => {
  it('does the earliest work first, whatever brings it, and stands at the end it was given', async () => {
    const clock = virtualClock(start);
    const done: string[] = [];
    const source = (name: string, ...seconds: number[]) => ({
      name,
      peek: () => (seconds[0] === undefined ? undefined : addSeconds(start, seconds[0])),
      runNext: async () => void done.push(`${name}${seconds.shift()} at ${(Date.parse(clock.now()) - Date.parse(start)) / 1000}`),
    });
    await createAgenda(clock, [source('a', 5, 7, 99), source('b', 1, 5)]).runUntil(addSeconds(start, 50));
    expect(done).toEqual(['b1 at 1', 'a5 at 5', 'b5 at 5', 'a7 at 7']);
    expect(clock.now()).toBe(addSeconds(start, 50));
  });

  it('ticks as often as told, and goes on after a restart where it was', async () => {
    const clock = virtualClock(start);
    const kept = memoryMap<string>();
    const ran: string[] = [];
    const ticks = () =>
      createTicks(kept, clock, [
        { name: 'often', everySeconds: () => 10, run: async () => void ran.push('often') },
        { name: 'rarely', everySeconds: () => 25, run: async () => void ran.push('rarely') },
      ]);
    await createAgenda(clock, [ticks()]).runUntil(addSeconds(start, 20));
    await createAgenda(clock, [ticks()]).runUntil(addSeconds(start, 31));
    expect(ran).toEqual(['often', 'often', 'rarely', 'often']);
  });

  it('ticks as often as ever once time is made to pass fast no longer', async () => {
    const clock = virtualClock(start);
    const ran: string[] = [];
    let slowedBy = 100;
    const ticks = createTicks(memoryMap<string>(), clock, [
      { name: 'often', everySeconds: () => 10 * slowedBy, run: async () => void ran.push(clock.now()) },
    ]);
    await createAgenda(clock, [ticks]).runUntil(addSeconds(start, 1005));
    slowedBy = 1;
    ticks.catchUp();
    await createAgenda(clock, [ticks]).runUntil(addSeconds(start, 1026));
    expect(ran).toEqual([1000, 1015, 1025].map((it) => addSeconds(start, it)));
  });

  it('never goes back', () => {
    const clock = virtualClock(start);
    clock.set(addSeconds(start, 10));
    clock.set(start);
    expect(clock.now()).toBe(addSeconds(start, 10));
  });
});
