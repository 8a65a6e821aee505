import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { describe, expect, it } from 'vitest';
import { signedFetch } from '#adapters/aws/signed-fetch';
import { scheduleOf, timersBy } from '#adapters/aws/timers';
import type { Timer } from '#core/ports';
import { createTimers, type PendingTimer } from '#local/timers';
import { mistakesIn } from '#tests/helpers/sdk-models';

const settings = { group: 'baton-prod', roleArn: 'arn:aws-cn:iam::111122223333:role/timers' };
const timer: Timer = {
  enrolmentId: 'abcdefghijklmnopqrstuvwxyz',
  leg: 12,
  step: 'a-wait-of-a-name-of-32-characters@3~2',
  token: 'AQCEAAAAKgAAAAMAAAAA/+=',
  at: '2026-03-25T09:30:00.001Z',
};
const runtime = { region: 'eu-west-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } };

describe('a schedule', () => {
  it('is one that the API takes: named by letters, at most 64, in whole seconds, never early', () => {
    const request = scheduleOf(timer, settings);
    expect(mistakesIn({ service: 'scheduler', operation: 'CreateSchedule', input: request as never })).toEqual([]);
    expect(request.Name).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
    expect(request).toMatchObject({
      ScheduleExpression: 'at(2026-03-25T09:30:01)',
      ActionAfterCompletion: 'DELETE',
      GroupName: 'baton-prod',
    });
    expect(request.Target.Arn).toBe('arn:aws-cn:scheduler:::aws-sdk:sfn:sendTaskSuccess');
    expect(JSON.parse(request.Target.Input)).toEqual({ TaskToken: timer.token, Output: '{"waited":true}' });
  });

  it('is one for each token of a leg and step', () => {
    const nameOf = (more: Partial<Timer>) => scheduleOf({ ...timer, ...more }, settings).Name;
    expect(nameOf({ at: '2027-01-01T00:00:00.000Z' })).toBe(nameOf({}));
    const others: Partial<Timer>[] = [{}, { leg: 13 }, { step: 'other' }, { token: 'other' }, { enrolmentId: 'other' }];
    expect(new Set(others.map(nameOf)).size).toBe(5);
  });

  it('is made as the SDK would ask for it; one that is there already is no fault, one that is refused is', async () => {
    const seen: { url: string; init: RequestInit | undefined }[] = [];
    const answers = [200, 409, 403];
    const fetch = signedFetch(runtime, (async (url: unknown, init?: RequestInit) => {
      seen.push({ url: String(url), init });
      return new Response('{}', { status: answers.shift() ?? 500 });
    }) as typeof globalThis.fetch);
    const { set } = timersBy((request) => fetch.createSchedule(request), settings);
    await set(timer);
    await set(timer);
    await expect(set(timer)).rejects.toThrow('status 403');
    let sdk: { hostname: string; path: string; method: string; body: string } | undefined;
    const handle = async (request: typeof sdk) => {
      sdk = request;
      throw new Error('seen');
    };
    const requestHandler = { handle, metadata: { handlerProtocol: 'http/1.1' } } as never;
    const client = new SchedulerClient({ ...runtime, requestHandler, maxAttempts: 1 });
    await client.send(new CreateScheduleCommand(scheduleOf(timer, settings))).catch(() => undefined);
    expect(seen[0]?.url).toBe(`https://${sdk?.hostname}${sdk?.path}`);
    expect(seen[0]?.init?.method).toBe(sdk?.method);
    const { ClientToken: _own, ...body } = JSON.parse(sdk?.body ?? '{}');
    expect(JSON.parse(String(seen[0]?.init?.body))).toEqual(body);
    expect(new Headers(seen[0]?.init?.headers).get('authorization')).toContain('/eu-west-1/scheduler/aws4_request');
  });
});

describe('the scheduler of the embedded runtime', () => {
  const at = (minute: number) => `2026-03-25T09:${minute}:00.000Z`;
  const make = (pending: Map<string, PendingTimer>, answer: (token: string) => Promise<void>) => {
    const clock = { now: () => at(59) };
    const made = createTimers({ clock, pending, answer });
    return { ...made, set: timersBy(async (request) => made.create(request), settings).set };
  };

  it('answers each token once, the earliest first, also after a restart', async () => {
    const pending = new Map<string, PendingTimer>();
    const told: string[] = [];
    const tell = async (token: string) => void told.push(token);
    const before = make(pending, tell);
    for (const [token, minute] of [
      ['b', 40],
      ['a', 30],
      ['c', 40],
      ['a', 50],
    ] as const)
      await before.set({ ...timer, token, at: at(minute) });
    expect(before.source.peek()).toBe(at(30));
    await before.source.runNext();
    const after = make(pending, tell);
    await after.source.runNext();
    await after.source.runNext();
    expect(told).toEqual(['a', 'b', 'c']);
    expect([after.source.peek(), pending.size]).toEqual([undefined, 0]);
  });

  it('leaves a dead token alone, and a call that failed for its next try', async () => {
    const pending = new Map<string, PendingTimer>();
    const failing = (name: string) => async () => {
      throw Object.assign(new Error(name), { name });
    };
    const one = make(pending, failing('TaskTimedOut'));
    await one.set({ ...timer, at: at(30) });
    await one.source.runNext();
    expect(pending.size).toBe(0);
    const other = make(pending, failing('ThrottlingException'));
    await other.set({ ...timer, at: at(30) });
    await expect(other.source.runNext()).rejects.toThrow('ThrottlingException');
    expect(pending.size).toBe(1);
  });
});
