import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import type { YamlPath } from '#core/problems';
import { checkWinners } from '#core/sequences/check-winners';
import { experimentsOf } from '#core/sequences/experiments';
import type { Sequence, SplitStep } from '#core/sequences/model';
import { parseSteps } from '#core/sequences/steps/parse-steps';
import { nurtureSequence } from '#tests/helpers/protocol-sequence';

const day = 86_400;
const twoMails = `{ a: { share: 45, steps: [ { mail-a: { email: mail-a } } ] }, b: { share: 45, steps: [ { mail-b: { email: mail-b } } ] }, none: { share: 10, holdout: true } }`;
const usual = 'by: goal, after: 400 leads per arm, not-before: 14 days';

/** A sequence with one split, and what is wrong with it. */
const read = (
  winner: string,
  {
    split = twoMails,
    before = '',
    more = '',
    exits = nurtureSequence.exits,
  }: { split?: string; before?: string; more?: string; exits?: Sequence['exits'] } = {},
) => {
  const problems: { code: string; path: string }[] = [];
  const report = (path: YamlPath, { code }: { code: string }) => void problems.push({ code, path: path.join('.') });
  const yaml = `[ ${before} { proof: { split: ${split}, winner: { ${winner} } } } ${more} ]`;
  const emails = new Set(['mail-a', 'mail-b', 'mail-c']);
  const steps = parseSteps(parseDocument(yaml).toJS(), ['steps'], { report, emails });
  const sequence = { ...nurtureSequence, exits, steps };
  checkWinners(sequence, report);
  return {
    sequence,
    problems,
    rule: steps.find((it): it is SplitStep => it.kind === 'split')?.winner,
    experiment: experimentsOf(sequence).proof,
  };
};

describe('winner', () => {
  it('is read as it is written', () => {
    const { rule, problems, experiment } = read(usual);
    expect(problems).toEqual([]);
    expect(rule).toEqual({
      by: 'goal',
      leadsPerArm: 400,
      notBeforeSeconds: 14 * day,
      withinSeconds: 14 * day,
      confidence: 95,
      mode: 'automatic',
    });
    expect(experiment).toMatchObject({ events: ['subscription.started'], mails: [], under: {} });
    const full = read(
      'by: click, after: 100 leads per arm, not-before: 7 days, within: 3 days, mode: advisory, confidence: 90, mails: [ mail-a ]',
    );
    expect(full.problems).toEqual([]);
    expect(full.rule).toMatchObject({ withinSeconds: 3 * day, mode: 'advisory', confidence: 90, mails: ['mail-a'] });
    expect(full.experiment?.mails).toEqual(['mail-a']);
    expect(read('by: reply, after: 100 leads per arm, not-before: 7 days').experiment?.mails).toEqual(['mail-a', 'mail-b']);
  });

  it.each([
    ['by: money, after: 400 leads per arm, not-before: 14 days', {}, ['not-allowed by']],
    ['by: goal, not-before: 14 days', {}, ['missing after']],
    ['by: goal, after: 400 leads, not-before: 14 days', {}, ['not-understood after']],
    ['by: goal, after: 10 leads per arm, not-before: 14 days', {}, ['not-understood after']],
    ['by: goal, after: 400 leads per arm, not-before: soon', {}, ['not-understood not-before']],
    ['by: goal, after: 400 leads per arm, not-before: 2 hours', {}, ['not-understood not-before']],
    [`${usual}, within: 2 hours`, {}, ['not-understood within']],
    [`${usual}, mails: [ mail-a ]`, {}, ['mails-of-a-goal mails']],
    [`${usual}, confidence: 100`, {}, ['invalid confidence']],
    [`${usual}, unless: x`, {}, ['unknown-key unless']],
    [usual, { exits: [] }, ['no-goal by']],
    [usual, { split: '{ a: { share: 90 }, none: { share: 10, holdout: true } }' }, ['too-few-rivals ']],
    [usual, { split: '{ a: { share: 50, steps: [ { won: { exit: goal } } ] }, b: { share: 50 } }' }, ['goal-in-an-arm by']],
    [usual, { before: '{ long: { wait: 3 weeks } },' }, ['within-too-short ']],
    [
      'by: click, after: 400 leads per arm, not-before: 14 days',
      { split: '{ a: { share: 50 }, b: { share: 50 } }' },
      ['arm-without-mail by'],
    ],
    ['by: click, after: 400 leads per arm, not-before: 14 days, mails: [ mail-d ]', {}, ['unknown-email-step mails.0']],
  ] as const)('%s %j is refused', (winner, more, expected) => {
    const { problems } = read(winner, more);
    expect(problems.map((it) => `${it.code} ${it.path.replace(/^steps\.\d\.proof\.winner\.?/, '')}`)).toEqual(expected);
  });

  it('takes an exit step for a goal, mails after the split for those that count, and a wait that one may go past for none', () => {
    expect(read(usual, { exits: [], more: ', { won: { exit: goal } }' }).problems).toEqual([]);
    const split = '{ a: { share: 50 }, b: { share: 50, steps: [ { w: { wait: 1 day } } ] } }';
    const click = 'by: click, after: 400 leads per arm, not-before: 14 days, mails: [ mail-c ]';
    expect(read(click, { split, more: ', { mail-c: { email: mail-c } }' }).problems).toEqual([]);
    const before = '{ look: { wait-for: { did: x.y, at-most: 3 weeks }, timed-out: [ { out: { exit: true } } ] } },';
    expect(read(usual, { before }).problems).toEqual([]);
  });
});

describe('what is compared', () => {
  const designOf = (winner: string, more = {}) => read(winner, more).experiment?.design;
  const same = designOf(usual);

  it('stays the same when a rule asks for more, or when something else of the sequence changes', () => {
    expect(same).toMatch(/^[0-9a-z]{8}$/);
    expect(designOf('by: goal, after: 900 leads per arm, not-before: 30 days, within: 14 days, mode: advisory, confidence: 99')).toBe(same);
    expect(designOf(usual, { before: '{ hello: { wait: 1 day } },', more: ', { mail-c: { email: mail-c } }' })).toBe(same);
    const slower = twoMails.replace('steps: [ { mail-a: { email: mail-a }', 'steps: [ { mail-a: { email: mail-a, at: once }');
    expect(slower).not.toBe(twoMails);
    expect(designOf(usual, { split: slower })).toBe(same);
  });

  it.each([
    ['an arm is renamed', usual, { split: twoMails.replace('{ a:', '{ c:') }],
    ['shares change', usual, { split: twoMails.replace('45', '40').replace('45', '50') }],
    ['the holdout goes', usual, { split: twoMails.replace(', holdout: true', '') }],
    ['an arm gets another step', usual, { split: twoMails.replace('mail-b: { email: mail-b }', 'mail-c: { email: mail-c }') }],
    ['success is another thing', 'by: click, after: 400 leads per arm, not-before: 14 days', {}],
    ['leads have more time', `${usual}, within: 20 days`, {}],
    ['the goal is another event', usual, { exits: [{ event: 'deal.won', as: 'goal' as const }] }],
  ])('is another thing when %s', (_, winner, more) => {
    const { problems, experiment } = read(winner, more);
    expect(problems).toEqual([]);
    expect(experiment?.design).not.toBe(same);
  });

  it('knows the splits around it', () => {
    const inner = `{ proof: { split: ${twoMails}, winner: { ${usual} } } }`;
    const problems: string[] = [];
    const yaml = `[ { outer: { split: { here: { share: 50, steps: [ ${inner} ] }, there: { share: 50 } } } } ]`;
    const steps = parseSteps(parseDocument(yaml).toJS(), ['steps'], {
      report: (_path, it) => void problems.push(it.code),
      emails: new Set(['mail-a', 'mail-b']),
    });
    expect(problems).toEqual([]);
    expect(experimentsOf({ ...nurtureSequence, steps })).toMatchObject({ proof: { under: { outer: 'here' } } });
    expect(experimentsOf({ ...nurtureSequence, steps }).outer).toBeUndefined();
  });
});
