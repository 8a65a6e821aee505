import { describe, expect, it } from 'vitest';
import type { Enrolment } from '#core/enrolment';
import { addSeconds } from '#core/instant';
import { type Migration, moveOf, resumeOf } from '#core/next-leg';
import type { Step } from '#core/sequences/model';
import { anEnrolment, now } from '#tests/helpers/builders';
import { day, mailAt, versionOf, waitOf } from '#tests/helpers/legs';

const waitFor: Step = {
  id: 'project',
  kind: 'wait-for',
  atMostSeconds: 3 * day,
  since: 'enrolment',
  arms: [{ name: 'happened', awaits: 'did:x', steps: [mailAt('tips')] }],
  timedOut: [mailAt('help')],
};
const { artifact } = versionOf([mailAt('welcome'), waitOf('settle', 5), mailAt('more'), waitFor, waitOf('end', 2)]);
const parked = (step: string, days: number, more: Partial<Enrolment> = {}) =>
  anEnrolment({ step, token: 't', gsi1sk: addSeconds(now, days * day), waitSeconds: 0, version: 'v0', ...more });

describe('a run whose execution failed or is gone goes on', () => {
  it.each<[string, Enrolment, object]>([
    ['where its leg began, when it was parked nowhere', anEnrolment({ startAt: 'more' }), { startAt: 'more' }],
    ['at the first step, when it never began', anEnrolment(), { startAt: '' }],
    ['in what is left of a wait', parked('settle', 2), { startAt: 'more', rest: { step: 'settle', until: addSeconds(now, 2 * day) } }],
    ['behind a wait that is over', parked('settle', -1), { startAt: 'more' }],
    ['at the e-mail that it held', parked('more', 1), { startAt: 'more' }],
    ['in a wait-for that goes on', parked('project', 1, { awaiting: ['did:x'] }), { startAt: 'project' }],
    ['in the arm of what happened', parked('project', -1, { awaiting: ['did:x'], seen: { 'did:x': now } }), { startAt: 'tips' }],
    ['in the arm of the time-out', parked('project', -1, { awaiting: ['did:x'] }), { startAt: 'help' }],
    ['again in a wait that nothing follows', parked('end', 1), { startAt: 'end' }],
    ['again in a wait with more than 150 days left', parked('settle', 151), { startAt: 'settle' }],
  ])('%s', (_what, run, expected) => {
    expect(resumeOf(run, artifact, now)).toEqual(expected);
  });
});

describe('a migration', () => {
  const all: Migration = { from: 'all', steps: {} };
  const move = (run: Enrolment, migration = all) => moveOf(run, migration, { source: artifact, target: artifact, now });

  it.each<[string, Enrolment, object]>([
    ['moves who waits', parked('settle', 2), { do: 'move', step: 'settle', mayMailWithinADay: false }],
    ['says who may get mail within a day', parked('settle', 0.5), { do: 'move', mayMailWithinADay: true }],
    ['waits for who is about to go on', parked('settle', 0.001), { do: 'wait' }],
    ['waits for who was never parked', anEnrolment({ version: 'v0' }), { do: 'wait' }],
    ['waits for who was just woken', parked('project', 2, { awaiting: ['did:x'], seen: { 'did:x': now } }), { do: 'wait' }],
    ['leaves who has ended', parked('settle', 2, { endedAt: now }), { do: 'leave' }],
    ['leaves who was stopped', parked('settle', 2, { stop: { reason: 'goal', at: now } }), { do: 'leave' }],
    ['leaves who is there already', parked('settle', 2, { version: artifact.version }), { do: 'leave' }],
    ['stops at a step that is gone', parked('gone', 2), { do: 'unmapped', from: 'gone' }],
  ])('%s', (_what, run, expected) => {
    expect(move(run)).toMatchObject(expected);
  });

  it('moves only the versions it names, and by its map', () => {
    expect(move(parked('settle', 2), { from: ['other'], steps: {} })).toEqual({ do: 'leave' });
    expect(move(parked('gone', 2), { from: ['v0'], steps: { gone: 'more' } })).toMatchObject({
      do: 'move',
      to: { startAt: 'more' },
      mayMailWithinADay: true,
    });
  });
});

it('says of each step when an e-mail may come at the earliest', () => {
  expect(artifact.soonestMail).toEqual({ welcome: 0, settle: 5 * day, more: 0, project: 0, tips: 0, help: 0 });
  expect(artifact.onward).toEqual({ settle: { next: 'more' }, project: { happened: 'tips', timedOut: 'help' }, end: {} });
});
