import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Rep, Sales } from '#core/config';
import { salesDefaults } from '#core/config';
import { toEpoch } from '#core/instant';
import { acceptByOf, slaStep } from '#core/sla';
import { addWorkSeconds, isAtWork, nextWorkTime, whyNotThere } from '#core/working-hours';

type Case = {
  readonly zone: string;
  readonly hours: NonNullable<Rep['hours']>;
  readonly holidays: readonly string[];
  readonly away: readonly (readonly [string, string])[];
  readonly from: string;
  readonly minutes: number;
  readonly ends: string;
};
const cases: readonly Case[] = JSON.parse(readFileSync('tests/fixtures/working-time.json', 'utf8'));

const rep: Rep = { rep: 'ben', email: 'ben@x.example', timeZone: 'Europe/Berlin', countries: [], weight: 1, role: 'rep' };
const sales: Sales = {
  team: [rep],
  route: ['weighted'],
  answers: salesDefaults.answers,
  acceptWithinSeconds: 4 * 3600,
  onBreach: [{ do: 'remind' }, { do: 'escalate' }],
};

describe('working time', () => {
  it.each(cases)('$zone: $minutes minutes from $from end at $ends', ({ zone, hours, holidays, away, from, minutes, ends }) => {
    const who = { ...rep, timeZone: zone, hours, holidays: 'there', away: away.map(([first, upTo]) => ({ from: first, upTo })) };
    const team = { holidays: { days: { there: holidays } } };
    expect(addWorkSeconds(who, team, from, minutes * 60)).toBe(ends);
    const begins = nextWorkTime(who, team, from) ?? '';
    expect(begins >= from && begins < ends && isAtWork(who, team, begins)).toBe(true);
    expect(isAtWork(who, team, from)).toBe(begins === from);
  });

  it('passes a leave of months, and says so where there is no end to it', () => {
    const long = { ...rep, away: [{ from: '2026-01-01', upTo: '2026-12-31' }] };
    expect(addWorkSeconds(long, {}, '2026-01-05T08:00:00.000Z', 3600)).toBe('2027-01-01T09:00:00.000Z');
    expect(
      addWorkSeconds({ ...rep, away: [{ from: '2026-01-01', upTo: '2029-12-31' }] }, {}, '2026-01-05T08:00:00.000Z', 3600),
    ).toBeUndefined();
  });
});

describe('who may get a lead', () => {
  const monday = { ...rep, holidays: 'there', away: [{ from: '2026-04-13', upTo: '2026-04-17' }] };
  const team = { holidays: { days: { there: ['2026-04-06'] } } };
  it.each([
    ['2026-04-03T10:00:00.000Z', undefined, 'on a Friday at noon'],
    ['2026-04-03T16:00:00.000Z', 'holiday', 'on a Friday night before a holiday on Monday'],
    ['2026-04-06T09:00:00.000Z', 'holiday', 'on the holiday'],
    ['2026-04-06T16:00:00.000Z', undefined, 'on its evening'],
    ['2026-04-11T09:00:00.000Z', 'away', 'on the weekend before a leave'],
    ['2026-04-17T20:00:00.000Z', 'away', 'on its last evening'],
    ['2026-04-17T22:30:00.000Z', undefined, 'when it is Saturday after it'],
  ])('%s: %s, %s', (now, because, _when) => {
    expect(whyNotThere(monday, team, now)).toBe(because);
  });
});

describe('what is due of a task', () => {
  const createdAt = '2026-04-01T08:00:00.000Z';
  const task = { rep: 'ben', createdAt, acceptBy: '2026-04-01T12:00:00.000Z' };
  it('waits until the time is over, then does each thing once, then gives up', () => {
    expect(slaStep(task, sales, '2026-04-01T11:59:59.000Z')).toEqual({ do: 'wait', until: task.acceptBy });
    expect(slaStep(task, sales, '2026-04-01T12:00:00.000Z')).toEqual({ do: 'remind' });
    expect(slaStep({ ...task, breaches: { remind: createdAt } }, sales, '2026-04-01T13:00:00.000Z')).toEqual({ do: 'escalate' });
    expect(slaStep({ ...task, breaches: { remind: createdAt, escalate: createdAt } }, sales, '2026-04-02T13:00:00.000Z').do).toBe(
      'give-up',
    );
  });
  it('counts in the working time of who has it now', () => {
    expect(acceptByOf(rep, sales, '2026-03-27T14:00:00.000Z')).toBe('2026-03-30T09:00:00.000Z');
    const away = { ...rep, timeZone: 'America/New_York' };
    expect(toEpoch(acceptByOf(away, sales, '2026-03-27T14:00:00.000Z') ?? '')).toBe(toEpoch('2026-03-27T18:00:00.000Z'));
  });
  it('moves on at once from who has left or is away', () => {
    expect(slaStep({ ...task, rep: 'eva' }, sales, createdAt)).toEqual({ do: 'move', because: 'eva has left the team' });
    const team = [{ ...rep, away: [{ from: '2026-04-01', upTo: '2026-04-02' }] }];
    expect(slaStep(task, { ...sales, team }, createdAt)).toEqual({ do: 'move', because: 'ben is away' });
  });
});
