import { describe, expect, it } from 'vitest';
import { configChangesOf } from '#core/changes/config-changes';
import { differenceInWords, differencesOf } from '#core/changes/differences';
import { emailChangeOf } from '#core/changes/email-changes';
import { startsAnew } from '#core/changes/experiment-changes';
import { changesOf } from '#core/changes/sequence-changes';
import type { Artifact, Sequence, Step } from '#core/sequences/model';
import { email, wait } from '#tests/core/sequences/sequences';
import { versionOf } from '#tests/helpers/legs';
import { liveConfig } from '#tests/helpers/protocol-sequence';

const split = (id: string, arms: readonly (readonly Step[])[], shares: readonly number[] = arms.map(() => 100 / arms.length)): Step => ({
  kind: 'split',
  id,
  arms: arms.map((steps, at) => ({ name: `a${at}`, share: shares[at] ?? 0, holdout: false, steps })),
});
const proof = (shares: readonly number[], leadsPerArm = 400): Step => {
  const days = 86_400;
  const times = { notBeforeSeconds: 14 * days, withinSeconds: 14 * days };
  return {
    ...split('proof', [[a], [c]], shares),
    winner: { by: 'goal', leadsPerArm, ...times, confidence: 95, mode: 'automatic' },
  } as Step;
};
const version = (steps: readonly Step[], more: Partial<Sequence> = {}): Artifact => versionOf(steps, more).artifact;
const stepsOf = (before: readonly Step[], after: readonly Step[]) =>
  changesOf(version(before), version(after)).steps.map((it) => [it.do, it.step, ...it.lines].join(' | '));
const [a, b, c, d] = [email('a'), wait('b', 2), email('c'), wait('d', 1)];

describe('what changes in a sequence', () => {
  it('is nothing when it is the same', () => {
    expect(changesOf(version([a, b, c]), version([a, b, c]))).toEqual({ is: 'unchanged', settings: [], steps: [] });
  });
  it('is that it is new, or that it retires', () => {
    expect(changesOf(undefined, version([a])).is).toBe('new');
    expect(changesOf(version([a]), undefined).is).toBe('retired');
  });
  it.each<[string, readonly Step[], readonly Step[], readonly string[]]>([
    ['a step more', [a, c], [a, b, c], ['added | b | wait, after “a”']],
    ['a step less', [a, b, c], [a, c], ['removed | b | wait']],
    ['another name', [a, b, c], [a, { ...b, id: 'rest', was: 'b' }, c], ['renamed | rest | was “b”']],
    ['another place', [a, b, c, d], [b, a, c, d], ['moved | a | now after “b”']],
    ['the last one comes first', [a, b, c, d], [d, a, b, c], ['moved | d | now first']],
    ['another length', [a, wait('b', 2)], [a, wait('b', 3)], ['changed | b | length: 3 days, was 2 days']],
    ['another kind', [a, b], [a, { ...c, id: 'b' } as Step], ['changed | b | email, was wait']],
    [
      'other shares',
      [split('s', [[a], [b]])],
      [split('s', [[a], [b]], [30, 70])],
      ['changed | s | arms “a0” share: 30, was 50 | arms “a1” share: 70, was 50'],
    ],
    ['into an arm', [a, c, split('s', [[b], [d]])], [c, split('s', [[b, a], [d]])], ['moved | a | now after “b” in s/a0']],
    ['the words kept up to date', [a], [{ ...a, contentLatest: true } as Step], ['changed | a | content: new, latest']],
  ])('%s', (_what, before, after, expected) => {
    expect(stepsOf(before, after)).toEqual(expected);
  });
  it('is not that what stands in a renamed step moves', () => {
    const [before, after] = [split('s', [[a], [b]]), { ...split('t', [[a], [b]]), was: 's' } as Step];
    expect(stepsOf([before], [after])).toEqual(['renamed | t | was “s”']);
  });
  it('is told of the whole sequence as well', () => {
    const exits = [{ event: 'bought', as: 'goal' as const }];
    const { settings } = changesOf(version([a], { priority: 40 }), version([a], { priority: 60, exits, owner: 'ann@acme.example' }));
    expect(settings).toEqual(expect.arrayContaining(['priority: 60, was 40', 'exits “bought”: new, as goal']));
  });
  it('is each way in, in the words of the file', () => {
    const [event, api] = [{ event: 'trial.started' }, { api: true }] as const;
    const before = version([a], { enter: { on: event, also: [api], again: 'never' } });
    const day = { date: { field: 'renewal', plusDays: -30, atMinute: 540, yearly: false } };
    const after = version([a], { enter: { on: event, also: [day], again: { afterSeconds: 90 * 86_400 } } });
    expect(changesOf(before, after).settings).toEqual([
      'enter “by POST /enrol”: gone (a way in)',
      'enter again: after 90 days, was never',
      'enter “30 days before renewal, at 09:00”: new, a way in',
    ]);
  });
  it.each<[string, Step, Step, Partial<Sequence>, boolean]>([
    ['other shares', proof([60, 40]), proof([50, 50]), {}, true],
    ['another goal', proof([60, 40]), proof([60, 40]), { exits: [{ event: 'upgraded', as: 'goal' }] }, true],
    ['another name', proof([60, 40]), { ...proof([60, 40]), id: 'test', was: 'proof' } as Step, {}, true],
    ['a rule that asks for more leads', proof([60, 40]), proof([60, 40], 900), {}, false],
    ['a longer wait beside it', proof([60, 40]), proof([60, 40]), { steps: [proof([60, 40]), wait('b', 9)] }, false],
  ])('is that an experiment starts anew, or not: %s', (_what, was, is, more, expected) => {
    const exits = [{ event: 'bought', as: 'goal' as const }];
    const changes = changesOf(version([was, b], { exits }), versionOf(more.steps ?? [is, b], { exits, ...more }).artifact);
    expect(changes.steps.some((it) => it.lines.includes(startsAnew))).toBe(expected);
    expect(changes.steps.filter((it) => it.step === 'proof' && it.do === 'changed').length).toBeLessThanOrEqual(1);
    expect(changes.settings.join()).not.toContain('experiments');
  });
  it('is told by names alone where a version is older than the outline', () => {
    const { outline: _none, ...old } = version([a, b]);
    expect(changesOf(old, version([a, c])).steps.map((it) => `${it.do} ${it.step}`)).toEqual(['added c', 'removed b']);
  });
});

describe('what changes in an e-mail', () => {
  const mail = { subject: 'Hi', preheader: '', html: '<a href="https://a.example">x</a>', text: 'One\nTwo' };
  it.each([
    ['nothing', mail, undefined],
    ['its looks', { ...mail, html: '<b><a href="https://a.example">x</a></b>' }, { looks: true }],
    ['its subject', { ...mail, subject: 'Hello' }, { looks: false, lines: ['subject: “Hello”, was “Hi”'] }],
    ['a line', { ...mail, text: 'One\n2' }, { looks: false, lines: ['− Two', '+ 2'] }],
    ['the order', { ...mail, text: 'Two\nOne' }, { looks: false, lines: ['its lines stand in another order'] }],
    [
      'a link',
      { ...mail, html: '<a href="https://b.example">x</a>' },
      { looks: false, lines: ['− link https://a.example', '+ link https://b.example'] },
    ],
    ['a language', { ...mail, locales: { de: mail } }, { looks: false, lines: ['new: in de'] }],
  ])('%s', (_what, after, expected) => {
    expect(emailChangeOf(mail, after)).toEqual(expected);
  });
});

describe('what changes in rules', () => {
  it('is said setting by setting, by the names of things, with units', () => {
    const { scoring, brand } = liveConfig;
    const after = {
      ...liveConfig,
      brand: { ...brand, quietHours: { fromMinute: 1200, toMinute: 480 } },
      scoring: { ...scoring, qualified: { ...scoring.qualified, holdSeconds: scoring.qualified.holdSeconds + 3600 } },
    };
    const changes = configChangesOf(liveConfig, after);
    expect(changes.scoring).toHaveLength(1);
    expect(changes.scoring[0]).toMatch(/^qualified hold: .*(hour|minute)s?, was /);
    expect(changes.brand).toEqual([expect.stringMatching(/^quiet-hours(: new, from 20:00, to 08:00| from: 20:00)/)]);
    expect([...changes.sales, ...changes.pages, ...changes.forms, ...changes.imports]).toEqual([]);
  });
  it('compares lists by the names of what is in them', () => {
    const rep = (name: string, weight: number) => ({ rep: name, weight });
    const words = differencesOf({ team: [rep('ann', 1), rep('bo', 1)] }, { team: [rep('bo', 2), rep('cy', 1)] }).map(differenceInWords);
    expect(words).toEqual(['team “ann”: gone (weight 1)', 'team “bo” weight: 2, was 1', 'team “cy”: new, weight 1']);
  });
});
