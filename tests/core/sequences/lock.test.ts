import { describe, expect, it } from 'vitest';
import { checkAgainstLock, emptyLock, Lock, lockText, nextLock } from '#core/sequences/lock';
import type { Sequence, Step } from '#core/sequences/model';
import { compile, email, sequenceOf, wait } from './sequences.ts';

const lockOf = (...sequences: Sequence[]) =>
  nextLock(
    emptyLock,
    sequences.map((sequence) => ({ sequence, compiled: compile(sequence) })),
  );
const problemsOf = (before: readonly Step[], after: readonly Step[]) => {
  const problems: { code: string; path: string; allowed: string | undefined }[] = [];
  checkAgainstLock(lockOf(sequenceOf(before)), [sequenceOf(after)], (path, { code, allowed }) =>
    problems.push({ code, path: path.join('.'), allowed }),
  );
  return problems;
};
const renamed = (path: string, was: string) => [{ code: 'renamed-step', path, allowed: `was: ${was}` }];

describe('a renamed step', () => {
  const before = [email('welcome'), wait('settle', 2), email('more')];

  it('is told by its content, wherever it went', () => {
    const after = [wait('settle', 2), email('hello', { email: 'welcome' }), email('more')];
    expect(problemsOf(before, after)).toEqual(renamed('steps.1.hello', 'welcome'));
  });
  it('is told by its place, whatever it says now', () => {
    expect(problemsOf(before, [email('welcome'), wait('breathe', 5), email('more')])).toEqual(renamed('steps.1.breathe', 'settle'));
  });
  it('is fine when it says what it was', () => {
    expect(problemsOf(before, [email('welcome'), { ...wait('breathe', 5), was: 'settle' }, email('more')])).toEqual([]);
  });
  it('is found inside an arm', () => {
    const waitFor = (steps: readonly Step[]): Step => ({
      kind: 'wait-for',
      id: 'project',
      atMostSeconds: 60,
      since: 'enrolment',
      arms: [{ name: 'happened', awaits: 'did:x', steps: steps }],
      timedOut: [],
    });
    expect(problemsOf([waitFor([wait('inner', 1)])], [waitFor([wait('other', 1)])])).toEqual(
      renamed('steps.0.project.happened.0.other', 'inner'),
    );
  });
});

describe('no rename', () => {
  const before = [email('welcome'), wait('settle', 2), email('more')];
  it.each<[string, readonly Step[]]>([
    ['nothing changed', before],
    ['a step was added', [...before, email('last')]],
    ['a step was removed', before.slice(0, 2)],
    ['a step was moved', before.toReversed()],
    ['a step of another kind took the place', [email('welcome'), email('tips'), email('more')]],
    ['the same step says something else', [email('welcome'), wait('settle', 9), email('more')]],
  ])('when %s', (_what, after) => {
    expect(problemsOf(before, after)).toEqual([]);
  });
});

describe('the lock', () => {
  const one = sequenceOf([email('welcome')], { id: 'one' });
  const two = sequenceOf([wait('settle', 2)], { id: 'two' });

  it('keeps a removed sequence as retired, with the version that was last compiled', () => {
    const both = lockOf(one, two);
    const after = nextLock(both, [{ sequence: one, compiled: compile(one) }]);
    expect(Object.keys(after.sequences)).toEqual(['one']);
    expect(after.retired).toEqual({ two: both.sequences.two });
    expect(nextLock(after, [{ sequence: one, compiled: compile(one) }])).toEqual(after);
  });

  it('keeps the machine of a removed sequence, packed once a version', () => {
    const packs = (by: string) => (text: string) => `${by} ${text.length}`;
    const compiled = [{ sequence: one, compiled: compile(one) }];
    const before = nextLock(emptyLock, compiled, undefined, packs('first'));
    expect(before.sequences.one?.machine).toMatch(/^first \d+$/);
    expect(nextLock(before, compiled, undefined, packs('other'))).toEqual(before);
    expect(nextLock(before, [], undefined, packs('other')).retired).toEqual({ one: before.sequences.one });
  });

  it('takes a retired sequence back', () => {
    const after = nextLock(nextLock(lockOf(one, two), []), [{ sequence: two, compiled: compile(two) }]);
    expect(Object.keys(after.sequences)).toEqual(['two']);
    expect(Object.keys(after.retired)).toEqual(['one']);
  });

  it('is the same text again, and reads back', () => {
    expect(lockText(lockOf(one, two))).toBe(lockText(lockOf(two, one)));
    expect(Lock.parse(JSON.parse(lockText(lockOf(one, two))))).toEqual(lockOf(one, two));
  });
});
