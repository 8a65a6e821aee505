import { describe, expect, it } from 'vitest';
import type { Problem } from '#core/problems';
import { readYaml } from '#core/yaml-source';

const sound = `sequence: hello
owner: ana@yourcompany.example
topic: product-tips          # in each lead's own words
enter: { on: trial.started }
send: tue-thu 09:00-11:00 lead time
steps:
  - welcome: { email: welcome, at: once }
  - settle: { wait: 2 days }
  - more:
      wait-for: { did: project.created, at-most: 5 days }
      happened:
        - tips: { email: tips }
`;

const slips: readonly (readonly [what: string, from: string, to: string, place: string, words: string])[] = [
  ['a quotation mark that stays open to the end', 'product-tips', '"product-tips', '3:8', 'this quotation mark is not closed'],
  ['one that stays open within braces', '2 days }', "'2 days }", '8:21', 'this quotation mark is not closed'],
  ['one that an apostrophe closes', 'product-tips', "'product-tips", '3:8', 'more follows after the quotation mark'],
  ['more after a text in quotation marks', 'ana@', '"Ana" ana@', '2:8', 'more follows after the quotation mark'],
  ['a brace that stays open', '2 days }', '2 days', '8:13', 'this { is not closed'],
  ['a brace that stays open before other braces', 'at: once }', 'at: once', '7:14', 'this { is not closed'],
  ['a bracket that stays open', '{ email: tips }', '{ email: [tips }', '12:26', 'this [ is not closed'],
  ['a brace too many', 'email: tips }', 'email: tips }}', '12:32', 'there is a } or ] too many'],
  ['a tab', '  - settle', '\t- settle', '8:1', 'a line begins with a tab'],
  ['a key without its colon', 'happened:', 'happened', '11:7', 'there is no colon after the key'],
  ['a head without its colon', 'steps:', 'steps', '6:1', 'there is no colon after the key'],
  ['a colon too many', 'owner: ', 'owner: Ana: ', '2:8', 'there is a colon too many'],
  ['no space after a dash', '- welcome', '-welcome', '7:3', 'there is no space after this -'],
  ['a line too far to the left', '      happened', '     happened', '11:1', 'this line does not begin below'],
];

const problemsOf = (text: string): readonly Problem[] => {
  const problems: Problem[] = [];
  readYaml('sequence.yaml', text, problems);
  return problems;
};

describe('a slip in YAML', () => {
  it.each(slips)('is told once, where it began: %s', (_, from, to, place, words) => {
    expect(problemsOf(sound)).toEqual([]);
    const text = sound.replace(from, to);
    expect(text).not.toBe(sound);
    const found = problemsOf(text).map(({ line, column, what }) => ({ place: `${line}:${column}`, what }));
    expect(found).toEqual([{ place, what: expect.stringContaining(words) }]);
  });

  it('is told beside keys that stand twice, each of them', () => {
    const problems = problemsOf(
      sound.replace('topic', 'owner: kim@yourcompany.example\nowner: jo@yourcompany.example\ntopic').replace('steps:', 'steps'),
    );
    expect(problems.map(({ line, what }) => `${line} ${what}`)).toEqual([
      '3 this key stands here twice',
      '4 this key stands here twice',
      '8 there is no colon after the key on this line',
    ]);
  });
});
