import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPathMatch, matchingKeys } from '#core/event-keys';
import { anEvent } from './examples.ts';

describe('the keys of an event', () => {
  const tracks = [
    'opened:welcome',
    'clicked:welcome',
    'did:project.created',
    'did:trial.ended',
    'visited:/pricing*',
    'visited:/docs/*/start',
  ];

  it('are those of mails of the same run only', () => {
    const click = anEvent({ name: 'clicked', step: 'welcome', sequence: 'trial-nurture', enrolmentId: 'e1' });
    expect(matchingKeys(click, tracks, 'e1')).toEqual(['clicked:welcome']);
    expect(matchingKeys(click, tracks, 'e2')).toEqual([]);
    expect(matchingKeys({ ...click, step: 'other' }, tracks, 'e1')).toEqual([]);
  });

  it('are those of own events by name, and of visits by path', () => {
    expect(matchingKeys(anEvent(), tracks, 'e1')).toEqual(['did:project.created']);
    expect(matchingKeys(anEvent({ name: 'visited', path: '/pricing/teams?plan=a#top' }), tracks, 'e1')).toEqual(['visited:/pricing*']);
    expect(matchingKeys(anEvent({ name: 'visited', path: '/docs/aws/start' }), tracks, 'e1')).toEqual(['visited:/docs/*/start']);
    expect(matchingKeys(anEvent({ name: 'visited' }), tracks, 'e1')).toEqual([]);
    expect(matchingKeys(anEvent(), ['project.created', 'other:project.created'], 'e1')).toEqual([]);
  });
});

describe('a path pattern', () => {
  it.each([
    ['/pricing', '/pricing', true],
    ['/pricing/', '/pricing', false],
    ['/pricing?from=mail', '/pricing', true],
    ['/pricing', '/pricing*', true],
    ['/price', '/pricing*', false],
    ['/a/b/c', '/a/*/c', true],
    ['/a/c', '/a/*/c', false],
    ['/aXa', '/a*a', true],
    ['/a', '/a*a', false],
    ['/abcab', '*ab*ab', true],
    ['/ab', '*ab*ab', false],
    ['/axb', '/a.b', false],
    ['/(a+)+$', '/(a+)+$', true],
    ['', '*', true],
  ])('%j against %j: %s', (path, pattern, expected) => {
    expect(isPathMatch(path, pattern)).toBe(expected);
  });

  it('agrees with a regular expression that means the same', () => {
    const letters = fc.stringMatching(/^[ab/.]{0,12}$/);
    fc.assert(
      fc.property(letters, fc.stringMatching(/^[ab/.*]{0,8}$/), (path, pattern) => {
        const meaning = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
        expect(isPathMatch(path, pattern)).toBe(meaning.test(path));
      }),
      { numRuns: 3000 },
    );
  });

  it('of many stars is quick on a long path that almost fits', () => {
    const started = performance.now();
    for (let round = 0; round < 100; round++) expect(isPathMatch('a'.repeat(1000), `${'a*'.repeat(100)}b`)).toBe(false);
    for (let round = 0; round < 100; round++) expect(isPathMatch('a'.repeat(1000), `${'*a'.repeat(100)}b*`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
