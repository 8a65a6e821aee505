import { describe, expect, it } from 'vitest';
import { isConcerned } from '#core/entry-facts';
import { type Look, lookAt, readsAny } from '#core/entry-marks';
import { addSeconds } from '#core/instant';
import type { EntryMark } from '#core/lead';
import type { Enter } from '#core/sequences/model';
import { aLead, day, now, someFacts } from './examples.ts';

const engaged: Enter = { on: { when: { kind: 'engagement', atLeast: 20 }, reads: ['engagement'] }, again: 'always' };
const birthday: Enter = { on: { date: { field: 'born', plusDays: 0, atMinute: 540, yearly: true } }, again: 'always' };
const renewal: Enter = { on: { date: { field: 'renewal', plusDays: -30, atMinute: 0, yearly: false } }, again: 'never' };

const look = (enter: Enter, mark: EntryMark | undefined, changes: Partial<Look> = {}): EntryMark => {
  const lead = aLead({ ...changes.lead, ...(mark && { entries: { s: mark } }) });
  return lookAt({ artifact: { sequence: 's', enter }, facts: someFacts(), factsSince: () => [], zone: 'UTC', now, ...changes, lead });
};
const withField = (field: string, value: string) => ({ lead: aLead({ fields: { [field]: value } }) });

describe('a condition that begins to hold', () => {
  const inside = { holds: true, at: addSeconds(now, -day), edge: 1 };
  const low = someFacts({ engagement: 5 });

  it('is an entry the first time, and none while it goes on holding', () => {
    expect(look(engaged, undefined)).toEqual({ holds: true, at: now, edge: 1, pending: ['became:1'] });
    expect(look(engaged, inside)).toEqual(inside);
  });

  it('is one again once it did not hold, whether somebody looked then', () => {
    const left = look(engaged, inside, { facts: low });
    expect(left).toEqual({ ...inside, holds: false });
    expect(look(engaged, left)).toMatchObject({ holds: true, edge: 2, pending: ['became:2'] });
  });

  it('or it only faded in between, and was earned again', () => {
    expect(look(engaged, inside, { factsSince: () => [low] })).toMatchObject({ holds: true, at: now, edge: 2, pending: ['became:2'] });
  });

  it('counts what a fast clock told of as seen', () => {
    const lastEventAt = addSeconds(now, 60);
    expect(look(engaged, undefined, { lastEventAt }).at).toBe(lastEventAt);
  });
});

describe('a day', () => {
  it('is planned, and planned anew when the field changes or is emptied', () => {
    const planned = look(renewal, undefined, withField('renewal', '2026-12-01'));
    expect(planned).toEqual({ due: '2026-11-01T00:00:00.000Z', day: '2026-12-01' });
    expect(look(renewal, planned, withField('renewal', '2026-10-01'))).toEqual({ due: '2026-09-01T00:00:00.000Z', day: '2026-10-01' });
    expect(look(renewal, planned, withField('renewal', ''))).toEqual({});
    expect(look(renewal, planned, withField('renewal', 'next year'))).toEqual({});
  });

  it('that stands for never is none: no year of five digits sorts behind now', () => {
    const after: Enter = { on: { date: { field: 'renewal', plusDays: 1, atMinute: 0, yearly: false } }, again: 'never' };
    for (const never of ['9999-12-31', '+012026-01-01', '+275760-09-13', '-271821-04-20', '9999-12-31T23:59:59Z'])
      for (const enter of [after, renewal, birthday]) {
        const field = enter === birthday ? 'born' : 'renewal';
        const mark = look(enter, undefined, withField(field, never));
        expect([never, mark.pending ?? []]).toEqual([never, []]);
        expect(mark.due ?? '9').toMatch(/^\d{4}-|^9$/);
      }
  });

  it('is entered by once, when its moment has come, and at once by whoever comes between that and the day', () => {
    const entered = look(renewal, { due: addSeconds(now, -60), day: '2026-08-13' }, withField('renewal', '2026-08-13'));
    expect(entered).toEqual({ entered: '2026-08-13', pending: ['date:2026-08-13'] });
    expect(look(renewal, { entered: '2026-08-13' }, withField('renewal', '2026-08-13'))).toEqual({ entered: '2026-08-13' });
    expect(look(renewal, undefined, withField('renewal', '2026-07-20')).pending).toEqual(['date:2026-07-20']);
    expect(look(renewal, undefined, withField('renewal', '2026-07-01'))).toEqual({});
  });

  it('is asked about though an outage let it pass: the entry puts on record that it was missed', () => {
    const late = look(renewal, { due: '2026-06-01T00:00:00.000Z', day: '2026-07-01' }, withField('renewal', '2026-07-01'));
    expect(late.pending).toEqual(['date:2026-07-01']);
  });

  it('comes every year, and next year’s is planned when this year’s was entered by', () => {
    const first = look(birthday, undefined, withField('born', '1980-07-14'));
    expect(first).toEqual({ entered: '2026-07-14', pending: ['date:2026-07-14'], due: '2027-07-14T09:00:00.000Z', day: '2027-07-14' });
  });
});

describe('what has to be looked at', () => {
  const of = (enter: Enter, ...changes: string[]) => readsAny({ sequence: 's', enter }, changes);
  it('is only what goes by what changed', () => {
    expect(of(engaged, 'engagement')).toBe(true);
    expect(of(engaged, 'field:plan', 'stage')).toBe(false);
    expect(of(renewal, 'field:renewal')).toBe(true);
    expect(of(renewal, 'field:time-zone')).toBe(true);
    expect(of(renewal, 'field:plan', 'engagement')).toBe(false);
    expect(of({ on: { event: 'a' }, again: 'never' }, 'created')).toBe(false);
    expect(of(engaged, 'sequence:s')).toBe(true);
    expect(of(engaged, 'sequence:t')).toBe(false);
  });
  it('knows that fields make up the fit, and that consents are topics', () => {
    expect(isConcerned(['fit'], ['field:employees'])).toBe(true);
    expect(isConcerned(['topic:tips'], ['topics'])).toBe(true);
    expect(isConcerned(['topic:tips'], ['topic:news'])).toBe(false);
  });
});
