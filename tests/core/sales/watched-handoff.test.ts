import { describe, expect, it } from 'vitest';
import type { Lead } from '#core/lead';
import type { SalesTask } from '#core/sales-task';
import { watchStep } from '#core/watched-handoff';

const now = '2026-03-23T12:00:00.000Z';
const watched = { taskId: 't', leadId: 'l', leg: 1, lookAt: now };
const held = { handoff: { taskId: 't', since: now, until: now } } as unknown as Lead;
const task = (more: Partial<SalesTask>) => ({ taskId: 't', status: 'open', notifiedAt: now, ...more }) as SalesTask;

describe('a handoff that is looked after', () => {
  it('is left once it is over, or its lead is gone', () => {
    for (const status of ['accepted', 'rejected', 'won', 'lost', 'cancelled'] as const)
      expect(watchStep(watched, { lead: undefined, task: task({ status }), machine: 'broken', now })).toEqual({ do: 'leave' });
    expect(watchStep(watched, { lead: undefined, task: undefined, machine: 'running', now })).toEqual({ do: 'leave' });
    expect(watchStep(watched, { lead: undefined, task: task({ status: 'recycled' }), machine: 'ended', now })).toEqual({ do: 'leave' });
  });
  it('is started when it never was, and gets the next machine when its own is broken', () => {
    expect(watchStep(watched, { lead: held, task: undefined, machine: 'none', now })).toMatchObject({ do: 'start' });
    expect(watchStep(watched, { lead: held, task: undefined, machine: 'broken', now })).toMatchObject({ do: 'start-next' });
    expect(watchStep(watched, { lead: undefined, task: task({ status: 'holding' }), machine: 'ended', now })).toMatchObject({
      do: 'start-next',
    });
    expect(watchStep(watched, { lead: undefined, task: task({ status: 'recycled' }), machine: 'broken', now })).toMatchObject({
      do: 'start-next',
    });
  });
  it('is tried more and more rarely where each machine breaks, once a day at the least', () => {
    const at = (leg: number) => watchStep({ ...watched, leg }, { lead: held, task: undefined, machine: 'broken', now });
    expect(at(2)).toEqual({ do: 'start-next', at: '2026-03-23T13:00:00.000Z' });
    expect(at(40)).toEqual({ do: 'start-next', at: '2026-03-24T12:00:00.000Z' });
  });
  it('is woken when its rep has not been told, and else left to its machine', () => {
    const { notifiedAt: _told, ...untold } = task({ releasedAt: '2026-03-23T11:00:00.000Z' });
    expect(watchStep(watched, { lead: undefined, task: untold, machine: 'running', now })).toMatchObject({ do: 'wake' });
    expect(watchStep(watched, { lead: undefined, task: task({}), machine: 'running', now })).toMatchObject({ do: 'look-again' });
  });
});
