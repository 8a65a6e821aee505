import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import type { YamlPath } from '#core/problems';
import { parseSteps } from '#core/sequences/steps/parse-steps';
import { Steps, stepKinds } from '#core/sequences/steps/registry';
import { mornings } from './sequences.ts';

describe('steps', () => {
  it('are read as they are written', () => {
    const { steps, problems } = read(`
      - welcome: { email: welcome, at: once }
      - settle: { wait: 2 days }
      - first-project:
          wait-for: { did: project.created, at-most: 5 days }
          happened:
            - power-tips: { email: power-tips, was: tips }
          timed-out:
            - look: { wait-for: { visited: /pricing*, at-most: 1 day, since: here } }
      - size:
          branch:
            big: { if: { fit: { at-least: 15 } }, steps: [ { pause: { wait: 3 business days } } ] }
            rest: {}
      - proof:
          split:
            story: { share: 90, steps: [ { won: { exit: goal } } ] }
            nothing: { share: 10, holdout: true }
      - done: { exit: true }
    `);
    expect(problems).toEqual([]);
    expect(steps).toEqual([
      { kind: 'email', id: 'welcome', email: 'welcome', atOnce: true },
      { kind: 'wait', id: 'settle', length: { seconds: 172_800 } },
      {
        kind: 'wait-for',
        id: 'first-project',
        arms: [
          {
            name: 'happened',
            awaits: 'did:project.created',
            steps: [{ kind: 'email', id: 'power-tips', was: 'tips', email: 'power-tips', atOnce: false, window: mornings }],
          },
        ],
        atMostSeconds: 432_000,
        since: 'enrolment',
        timedOut: [
          {
            kind: 'wait-for',
            id: 'look',
            arms: [{ name: 'happened', awaits: 'visited:/pricing*', steps: [] }],
            atMostSeconds: 86_400,
            since: 'here',
            timedOut: [],
          },
        ],
      },
      {
        kind: 'branch',
        id: 'size',
        arms: [
          { name: 'big', if: { kind: 'fit', atLeast: 15 }, steps: [{ kind: 'wait', id: 'pause', length: { businessDays: 3 } }] },
          { name: 'rest', steps: [] },
        ],
      },
      {
        kind: 'split',
        id: 'proof',
        arms: [
          { name: 'story', share: 90, holdout: false, steps: [{ kind: 'exit', id: 'won', as: 'goal' }] },
          { name: 'nothing', share: 10, holdout: true, steps: [] },
        ],
      },
      { kind: 'exit', id: 'done', as: 'exit' },
    ]);
  });

  it('may wait for the first of several things, come round again, and be for some leads only', () => {
    const { steps, problems } = read(`
      - sign:
          wait-for:
            at-most: 5 days
            first-of:
              tried: { did: project.created, steps: [ { tips: { email: power-tips } } ] }
              looked: { visited: /pricing* }
          timed-out: [ { gone: { exit: true, only-if: { fit: { at-most: 5 } } } } ]
      - nudge:
          repeat: { times: 3, until: { did: project.created }, steps: [ { pause: { wait: 1 week, only-if: { stage: lead } } } ] }
    `);
    expect(problems).toEqual([]);
    expect(steps).toMatchObject([
      {
        kind: 'wait-for',
        arms: [
          { name: 'tried', awaits: 'did:project.created', steps: [{ id: 'tips' }] },
          { name: 'looked', awaits: 'visited:/pricing*', steps: [] },
        ],
        timedOut: [{ kind: 'exit', onlyIf: { kind: 'fit', atMost: 5 } }],
      },
      {
        kind: 'repeat',
        times: 3,
        until: { kind: 'event', key: 'did:project.created' },
        steps: [{ kind: 'wait', onlyIf: { kind: 'stage', in: ['lead'] } }],
      },
    ]);
  });

  it.each([
    ['- a: { wait-for: { at-most: 1 day, first-of: { x: { did: y } } } }', 'too-few-arms', 'steps.0.a.wait-for.first-of'],
    ['- a: { wait-for: { at-most: 1 day, first-of: { x: { did: y }, z: {} } } }', 'no-awaited-event', 'steps.0.a.wait-for.first-of.z'],
    [
      '- a: { wait-for: { at-most: 1 day, first-of: { x: { did: y }, z: { did: y } } } }',
      'same-event-twice',
      'steps.0.a.wait-for.first-of.z',
    ],
    [
      '- a: { wait-for: { at-most: 1 day, did: y, first-of: { x: { did: y }, z: { did: b } } } }',
      'two-awaited-events',
      'steps.0.a.wait-for.did',
    ],
    ['- a: { repeat: { times: 1, steps: [ { b: { wait: 1 day } } ] } }', undefined, 'steps.0.a.repeat.times'],
    [
      '- a: { repeat: { times: 24, steps: [ { b: { repeat: { times: 24, steps: [ { c: { wait: 1 day } } ] } } } ] } }',
      'too-many-rounds',
      'steps.0.a.repeat.times',
    ],
    ['- a: { wait: 1 day, only-if: { fitt: 3 } }', 'unknown-condition', 'steps.0.a.only-if.fitt'],
    ['- a: { emial: welcome }', 'unknown-step-kind', 'steps.0.a.emial'],
    ['- a: { email: welcome, wait: 2 days }', 'two-step-kinds', 'steps.0.a'],
    ['- a: {}', 'no-step-kind', 'steps.0.a'],
    ['- a: { was: b }', 'no-step-kind', 'steps.0.a'],
    ['- a:', 'no-step-kind', 'steps.0.a'],
    ['- a: { wait: 1 day }\n- a: { wait: 1 day }', 'duplicate-step', 'steps.1.a'],
    ['- a: { wait-for: { did: x, at-most: 1 day }, happened: [ { a: { wait: 1 day } } ] }', 'duplicate-step', 'steps.0.a.happened.0.a'],
    ['- Big_Name: { wait: 1 day }', 'bad-id', 'steps.0.Big_Name'],
    [`- ${'a'.repeat(33)}: { wait: 1 day }`, 'bad-id', `steps.0.${'a'.repeat(33)}`],
    ['- a: { wait: 1 day, b: { wait: 2 days } }', 'unknown-key', 'steps.0.a.b'],
    ['- a: { wait: 1 day }\n  b: { wait: 2 days }', 'not-one-step', 'steps.0'],
    ['- just words', 'not-one-step', 'steps.0'],
    ['[]', 'no-steps', 'steps'],
    ['words', 'no-steps', 'steps'],
    ['- a: { email: welcom }', 'missing-template', 'steps.0.a.email'],
    ['- a: { email: welcome, at: noon }', undefined, 'steps.0.a.at'],
    ['- a: { email: welcome, send: sometimes }', 'bad-window', 'steps.0.a.send'],
    ['- a: { email: welcome, at: once, send: tue-thu 09:00-11:00 lead time }', 'window-and-at-once', 'steps.0.a.at'],
    ['- a: { wait: a while }', 'bad-duration', 'steps.0.a.wait'],
    ['- a: { wait-for: { did: x } }', 'no-time-out', 'steps.0.a.wait-for'],
    ['- a: { wait-for: { did: x, at-most: soon } }', 'bad-duration', 'steps.0.a.wait-for.at-most'],
    ['- a: { wait-for: { at-most: 1 day } }', 'no-awaited-event', 'steps.0.a.wait-for'],
    ['- a: { wait-for: { did: x, opened: b, at-most: 1 day } }', 'two-awaited-events', 'steps.0.a.wait-for'],
    ['- a: { wait-for: { did: Not An Event, at-most: 1 day } }', 'bad-awaited-event', 'steps.0.a.wait-for.did'],
    ['- a: { wait-for: { visited: pricing, at-most: 1 day } }', 'bad-awaited-event', 'steps.0.a.wait-for.visited'],
    ['- a: { wait-for: { did: x, at-most: 1 day }, happened: [] }', 'no-steps', 'steps.0.a.happened'],
    ['- a: { branch: { only: {} } }', 'too-few-arms', 'steps.0.a.branch'],
    ['- a: { branch: { x: {}, rest: {} } }', 'arm-without-condition', 'steps.0.a.branch.x'],
    [
      '- a: { branch: { x: { if: { fit: { at-least: 1 } } }, y: { if: { fit: { at-least: 2 } } } } }',
      'no-rest-arm',
      'steps.0.a.branch.y.if',
    ],
    ['- a: { branch: { X: { if: { fit: { at-least: 1 } } }, rest: {} } }', 'bad-id', 'steps.0.a.branch.X'],
    ['- a: { split: { x: { share: 50 }, y: { share: 40 } } }', 'shares-total', 'steps.0.a.split'],
    ['- a: { split: { x: { share: 50, holdout: true }, y: { share: 50, holdout: true } } }', 'only-holdouts', 'steps.0.a.split'],
    [
      '- a: { split: { x: { share: 50 }, y: { share: 50, holdout: true, steps: [ { b: { exit: true } } ] } } }',
      'holdout-with-steps',
      'steps.0.a.split.y.steps',
    ],
    ['- a: { split: { x: { share: 100 }, y: { share: 0 } } }', undefined, 'steps.0.a.split.x.share'],
    ['- a: { exit: maybe }', undefined, 'steps.0.a.exit'],
    ['- a: { exit: true }\n- b: { wait: 1 day }', 'unreachable-step', 'steps.1'],
    [
      '- a: { wait-for: { did: x, at-most: 1 day }, happened: [ { b: { exit: true } } ], timed-out: [ { c: { exit: true } } ] }\n- d: { wait: 1 day }',
      'unreachable-step',
      'steps.1',
    ],
    ['- a: { wait: 1 day, was: a }', 'was-itself', 'steps.0.a.was'],
    ['- a: { wait: 1 day, was: old }\n- b: { wait: 1 day, was: old }', 'duplicate-was', 'steps.1.b.was'],
  ])('%s is a problem: %s', (text, code, path) => {
    const { problems } = read(text);
    expect(problems.map((it) => it.path)).toContain(path);
    if (code) expect(problems).toContainEqual(expect.objectContaining({ code, path }));
  });

  it('say what was meant', () => {
    expect(read('- a: { emial: welcome }').problems[0]?.hint).toBe('did you mean "email"?');
    expect(read('- a: { email: welcom }').problems[0]?.hint).toBe('did you mean "welcome"?');
  });

  it('report every problem, not the first', () => {
    expect(read('- a: { wait: a while }\n- b: { wait-for: { did: x } }\n- c: { email: nope }').problems).toHaveLength(3);
  });

  it('never throw, whatever stands there', () => {
    const key = fc.constantFrom(
      'email',
      'wait',
      'wait-for',
      'branch',
      'split',
      'update',
      'stage',
      'exit',
      'was',
      'a',
      'b',
      'if',
      'steps',
      'share',
      'did',
      'at-most',
    );
    const { anything } = fc.letrec((tie) => ({
      anything: fc.oneof(
        { depthSize: 'medium', withCrossShrink: true },
        fc.constantFrom('welcome', '2 days', true, 50, null, 'x', ''),
        fc.dictionary(key, tie('anything'), { maxKeys: 3 }),
        fc.array(tie('anything'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(anything, (raw) => {
        parseSteps(raw, ['steps'], { report: () => {}, emails: new Set(['welcome']) });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the schemas', () => {
  it('accept nested steps as the parser does', () => {
    const example = [{ a: { 'wait-for': { did: 'x', 'at-most': '1 day' }, happened: [{ b: { email: 'welcome' } }] } }];
    expect(Steps.safeParse(example).success).toBe(true);
    const nestedTypo = [{ a: { 'wait-for': { did: 'x', 'at-most': '1 day' }, happened: [{ b: { emial: 'welcome' } }] } }];
    expect(Steps.safeParse(nestedTypo).success).toBe(false);
  });

  it('have one entry for each kind, with help', () => {
    const all = ['email', 'wait', 'wait-for', 'branch', 'split', 'repeat', 'update', 'notify', 'enrol-in', 'webhook', 'exit'];
    expect(stepKinds.map((it) => it.kind)).toEqual(all);
    for (const { help } of stepKinds) expect(help).toMatch(/^[A-Z].*\.$/);
  });
});

const read = (text: string) => {
  const problems: { code: string; path: string; hint?: string }[] = [];
  const report = (path: YamlPath, problem: { code: string; hint?: string }) => {
    problems.push({ code: problem.code, path: path.join('.'), ...(problem.hint && { hint: problem.hint }) });
  };
  const steps = parseSteps(parseDocument(text).toJS(), ['steps'], { report, emails: new Set(['welcome', 'power-tips']), window: mornings });
  return { steps, problems };
};
