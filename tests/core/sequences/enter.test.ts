import { describe, expect, it } from 'vitest';
import type { Problem } from '#core/problems';
import { readEnter } from '#core/sequences/enter';
import { fallingParts } from '#core/sequences/falling';
import { EnterShape } from '#core/sequences/schema';

const read = (yaml: unknown) => {
  const problems: Pick<Problem, 'code' | 'got'>[] = [];
  const enter = readEnter(
    EnterShape.parse(yaml),
    (_path, { code, got }) => void problems.push({ code, ...(got !== undefined && { got }) }),
  );
  return { enter, codes: problems.map((it) => it.code) };
};

describe('enter', () => {
  it('takes one way in as it always did, so that versions stay what they are', () => {
    expect(read({ on: 'trial.started', again: 'after 180 days' }).enter).toEqual({
      on: { event: 'trial.started' },
      again: { afterSeconds: 180 * 86_400 },
    });
  });

  it('takes several ways in', () => {
    const { enter, codes } = read({
      on: ['trial.started', 'trial.extended'],
      imported: 'fair',
      when: { stage: 'engaged' },
      date: { field: 'renewal-date', before: '30 days', at: '09:00' },
      api: true,
      who: 'new-leads-only',
      again: 'after exit',
    });
    expect(codes).toEqual([]);
    expect(enter).toEqual({
      on: { event: 'trial.started' },
      also: [
        { event: 'trial.extended' },
        { imported: 'fair' },
        { when: { kind: 'stage', in: ['engaged'] }, reads: ['stage'] },
        { date: { field: 'renewal-date', plusDays: -30, atMinute: 540, yearly: false } },
        { api: true },
      ],
      who: 'new-leads-only',
      again: 'after-exit',
    });
  });

  it('knows what a condition goes by', () => {
    const when = {
      all: [
        { field: 'email-domain', is: 'x.example' },
        { tag: 'fair' },
        { grade: ['A1', 'A2'] },
        { clicked: 'welcome/hello' },
        { topic: 'tips' },
      ],
    };
    expect(read({ when }).enter?.on).toMatchObject({
      reads: ['field:email', 'field:tag-fair', 'fit', 'engagement', 'clicked:welcome/hello', 'topic:tips'],
    });
  });

  it('comes again every year when the day does', () => {
    expect(read({ date: { field: 'birthday', yearly: true } }).enter?.again).toBe('always');
    expect(read({ date: { field: 'birthday', yearly: true }, again: 'never' }).codes).toEqual(['yearly-once']);
  });

  it.each([
    [{}, 'no-entry'],
    [{ when: { engagement: { 'at-most': 5 } } }, 'true-by-time'],
    [{ when: { not: { engagement: { 'at-least': 5 } } } }, 'true-by-time'],
    [{ when: { wat: 1 } }, 'unknown-condition'],
    [{ on: 'a', again: 'sometimes' }, 'not-understood'],
    [{ date: { field: 'renewal-date', before: '3 hours' } }, 'bad-duration'],
    [{ date: { field: 'renewal-date', before: '3 days', after: '1 day' } }, 'not-understood'],
  ])('says what is wrong with %j', (yaml, code) => {
    expect(read(yaml).codes).toEqual([code]);
  });
});

describe('what can begin to hold by time alone', () => {
  const grades = (...given: string[]) => ({ kind: 'grade', in: given }) as const;
  it.each([
    [{ kind: 'engagement', atLeast: 5 } as const, false],
    [{ kind: 'engagement', atLeast: 5, atMost: 9 } as const, true],
    [{ kind: 'not', of: { kind: 'engagement', atMost: 5 } } as const, false],
    [grades('A1', 'B1'), false],
    [grades('A1', 'A2', 'A3'), false],
    [grades('A2'), true],
    [{ kind: 'not', of: grades('A1') } as const, true],
    [{ kind: 'not', of: { kind: 'fit', atLeast: 5 } } as const, false],
  ])('%j: %s', (condition, falls) => {
    expect(fallingParts(condition).length > 0).toBe(falls);
  });
});
