import { describe, expect, it } from 'vitest';
import { numberAt, substitute, textAt, writeParameters } from '#core/sequences/asl';
import { endWrite, nextLegWrite, type Parking, parkWrite } from '#core/sequences/machine-writes';
import type { Item } from '#core/table';
import { holds } from '#core/table-apply';

const row: Item = { pk: 'LEAD#1', sk: 'ENROLMENT#s#1', leg: 1, seen: { 'did:x': '2026-01-01T00:00:00.000Z' } };
const parking: Parking = {
  token: 'token',
  leg: 1,
  step: 'settle',
  version: 'v1',
  entered: '2026-01-01T12:00:00.000Z',
  due: { partition: 'DUE#3#60', from: '2026-01-02T00:00:00.000Z', plusSeconds: 60 },
};
const awaiting = (key: string, since: 'enrolment' | 'here') => parkWrite({ ...parking, awaits: { keys: [key], since } });

describe('parking', () => {
  it.each([
    ['a row on this leg', row, true],
    ['no row', undefined, false],
    ['a row on a newer leg', { ...row, leg: 2 }, false],
    ['a row with a stop', { ...row, stop: { reason: 'qualified', at: '2026-01-01T00:00:00.000Z' } }, false],
  ])('%s', (_what, item, passes) => {
    const { condition } = parkWrite(parking);
    expect(holds(condition, item)).toBe(passes);
  });

  it('for an event that was seen is refused, unless only what comes counts', () => {
    expect(holds(awaiting('did:x', 'enrolment').condition, row)).toBe(false);
    expect(holds(awaiting('did:y', 'enrolment').condition, row)).toBe(true);
    expect(holds(awaiting('did:x', 'here').condition, row)).toBe(true);
  });

  it('for a timer gives way to an end, and to a state that was entered later', () => {
    const { update, condition } = parkWrite({ ...parking, timed: true });
    const entered = (at: string) => ({ ...row, entered: at });
    expect(update).toMatchObject({ set: { timed: true, entered: parking.entered }, remove: ['speaks', 'awaiting', 'sinceHere'] });
    expect(holds(condition, row)).toBe(true);
    expect(holds(condition, entered('2026-01-01T11:59:59.999Z'))).toBe(true);
    expect(holds(condition, entered('2026-01-01T12:00:00.000Z'))).toBe(true);
    expect(holds(condition, entered('2026-01-01T12:00:00.001Z'))).toBe(false);
    expect(holds(condition, { ...row, endedAt: '2026-01-02T00:00:00.000Z' })).toBe(false);
  });

  it('leaves nothing behind of what was awaited before', () => {
    expect(parkWrite(parking).update.remove).toEqual(['speaks', 'awaiting', 'sinceHere', 'timed']);
    expect(awaiting('did:x', 'enrolment').update).toMatchObject({ set: { awaiting: ['did:x'] }, remove: ['speaks', 'sinceHere', 'timed'] });
    expect(awaiting('did:x', 'here').update).toMatchObject({ set: { awaiting: ['did:x'], sinceHere: true }, remove: ['speaks', 'timed'] });
    expect(parkWrite({ ...parking, speaks: true }).update).toMatchObject({
      set: { speaks: true },
      remove: ['awaiting', 'sinceHere', 'timed'],
    });
  });
});

describe('ending', () => {
  it.each(['completed', 'exited', 'stopped'] as const)('%s unparks the row', (ending) => {
    const { update } = endWrite({ leg: 1, endedAt: '2026-01-03T00:00:00.000Z', ending });
    expect(update).toEqual({
      set: { endedAt: '2026-01-03T00:00:00.000Z', ending },
      remove: ['token', 'awaiting', 'sinceHere', 'gsi1pk', 'gsi1sk', 'waitSeconds', 'speaks', 'timed', 'entered'],
    });
  });

  it('failed leaves where it was parked and until when, for a leg that takes over', () => {
    const { update } = endWrite({
      leg: 1,
      endedAt: '2026-01-03T00:00:00.000Z',
      ending: 'failed',
      failure: 'States.Runtime',
      gsi1pk: 'FAILED#3',
    });
    expect(update.remove).toEqual(['token', 'speaks']);
    expect(update.set).toMatchObject({ gsi1pk: 'FAILED#3' });
  });

  it('by itself is refused on a stop; by the stop, or by a failure, is not', () => {
    const stopped = { ...row, stop: { reason: 'qualified', at: '2026-01-01T00:00:00.000Z' } };
    const passes = (ending: 'completed' | 'exited' | 'stopped' | 'failed') =>
      holds(endWrite({ leg: 1, endedAt: '2026-01-03T00:00:00.000Z', ending }).condition, stopped);
    expect([passes('completed'), passes('exited'), passes('stopped'), passes('failed')]).toEqual([false, false, true, true]);
  });
});

describe('giving a run to its next leg', () => {
  const next = { leg: 2, at: '2026-01-03T00:00:00.000Z', partition: 'DUE#3#0', startAt: 'more' };

  it('that was parked nowhere is refused once it has parked, and keeps whom it was to wake', () => {
    const { update, condition } = nextLegWrite({ ...next, isUnparked: true });
    const unparked = { ...row, leg: 2, formerToken: 'of leg 1' };
    expect([holds(condition, unparked), holds(condition, { ...unparked, token: 'of leg 2' })]).toEqual([true, false]);
    expect(update.remove).not.toContain('formerToken');
  });

  it('that was parked wakes the machine that had parked it', () => {
    const { update, condition } = nextLegWrite({ ...next, parkedAs: { token: 'of leg 2', awaiting: [] } });
    expect(update.set).toMatchObject({ formerToken: 'of leg 2' });
    expect([holds(condition, { ...row, leg: 2, token: 'of leg 2' }), holds(condition, { ...row, leg: 2, token: 'other' })]).toEqual([
      true,
      false,
    ]);
  });
});

it('a write becomes parameters that DynamoDB takes, with every value typed', () => {
  const write = parkWrite({
    ...parking,
    token: textAt('$$.Task.Token'),
    leg: numberAt('$.leg'),
    awaits: { keys: ['did:x'], since: 'here' },
  });
  expect(writeParameters(write, { pk: textAt('$.pk'), sk: textAt('$.sk') })).toMatchObject({
    TableName: substitute('TableName'),
    Key: { pk: { 'S.$': '$.pk' }, sk: { 'S.$': '$.sk' } },
    ExpressionAttributeValues: {
      ':v0': { 'S.$': '$$.Task.Token' },
      ':v1': { S: 'settle' },
      ':v6': { N: '60' },
      ':v7': { L: [{ S: 'did:x' }] },
      ':v8': { BOOL: true },
      ':v9': { 'N.$': "States.Format('{}', $.leg)" },
    },
  });
});
