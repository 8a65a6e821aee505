import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagramOf, secondsInWords } from '#core/sequences/diagram';
import { toMermaid } from '#core/sequences/diagram-mermaid';
import { toSvg } from '#core/sequences/diagram-svg';
import type { Step } from '#core/sequences/model';
import { everyStep } from '#core/sequences/plan';
import { anySequence, email, sequenceOf, wait } from './sequences.ts';

const steps: readonly Step[] = [
  email('welcome', { atOnce: true }),
  {
    kind: 'wait-for',
    id: 'first-project',
    atMostSeconds: 432_000,
    since: 'enrolment',
    arms: [{ name: 'happened', awaits: 'did:project.created', steps: [email('power-tips')] }],
    timedOut: [{ kind: 'exit', id: 'leave', as: 'exit' }],
  },
  wait('settle', 3),
  {
    kind: 'split',
    id: 'proof',
    arms: [
      { name: 'story', share: 90, holdout: false, steps: [email('case-story')] },
      { name: 'nothing', share: 10, holdout: true, steps: [] },
    ],
  },
];

describe('a diagram', () => {
  it('reads as Mermaid text', () => {
    expect(toMermaid(diagramOf(sequenceOf(steps)))).toMatchInlineSnapshot(`
      "---
      title: trial-nurture
      ---
      flowchart TD
        n0(["enter<br/>on trial.started"])
        n1["welcome<br/>e-mail welcome, at once"]
        n2{{"first-project<br/>until project.created, at most 5 days"}}
        n3["power-tips<br/>e-mail power-tips"]
        n4(["leave<br/>exit"])
        n5("settle<br/>wait 3 days")
        n6{"proof<br/>by chance"}
        n7["case-story<br/>e-mail case-story"]
        n8(["end"])
        n0 --> n1
        n1 --> n2
        n2 -->|"happened"| n3
        n2 -->|"timed out"| n4
        n3 --> n5
        n5 --> n6
        n6 -->|"story 90 %"| n7
        n7 --> n8
        n6 -->|"nothing 10 %"| n8
      "
    `);
  });

  it('joins every step to the start and, unless all exit, to the end', () => {
    fc.assert(
      fc.property(anySequence, (sequence) => {
        const { nodes, edges } = diagramOf(sequence);
        const ids = new Set(nodes.map((it) => it.id));
        expect(ids.size).toBe(nodes.length);
        for (const { from, to } of edges) expect(ids.has(from) && ids.has(to)).toBe(true);
        const entered = new Set(edges.map((it) => it.to));
        expect(nodes.filter((it) => !entered.has(it.id)).map((it) => it.kind)).toEqual(['start']);
        const left = new Set(edges.map((it) => it.from));
        const asked = new Set(everyStep(sequence.steps).flatMap((it) => (it.onlyIf ? [it.id] : [])));
        for (const node of nodes) expect(left.has(node.id)).toBe((node.kind !== 'end' && node.kind !== 'exit') || asked.has(node.id));
      }),
    );
  });

  it('is drawn with every name, once, in one self-contained file', () => {
    const svg = toSvg(diagramOf(sequenceOf(steps)));
    for (const name of [
      'welcome',
      'first-project',
      'power-tips',
      'settle',
      'proof',
      'case-story',
      'happened',
      'timed out',
      'nothing 10 %',
    ]) {
      expect(svg.split(`>${name}</text>`)).toHaveLength(2);
    }
    expect(svg).not.toMatch(/<script|href=|url\(http|@import|NaN|undefined/);
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toContain('http');
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(toSvg(diagramOf(sequenceOf(steps)))).toBe(svg);
  });

  it('keeps boxes apart and inside the page', () => {
    fc.assert(
      fc.property(anySequence, (sequence) => {
        const svg = toSvg(diagramOf(sequence));
        expect(svg).not.toMatch(/NaN|undefined/);
        const titles = [...svg.matchAll(/class="title" x="([\d.-]+)" y="([\d.-]+)"/g)].map((it) => `${it[1]} ${it[2]}`);
        expect(new Set(titles).size).toBe(titles.length);
      }),
      { numRuns: 30 },
    );
  });

  it('escapes what a marketer may write', () => {
    const odd = diagramOf(sequenceOf([email('a', { email: '"<b>&' })]));
    expect(toSvg(odd)).toContain('e-mail &quot;&lt;b&gt;&amp;');
    expect(toMermaid(odd)).toContain('e-mail #quot;#lt;b#gt;#amp;');
  });
});

it.each([
  [1, '1 second'],
  [90, '90 seconds'],
  [3600, '1 hour'],
  [86_400, '1 day'],
  [604_800, '7 days'],
  [1_209_600, '14 days'],
  [1_814_400, '3 weeks'],
])('%i seconds are %s', (seconds, words) => {
  expect(secondsInWords(seconds)).toBe(words);
});
