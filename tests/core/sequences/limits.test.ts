import { describe, expect, it } from 'vitest';
import type { State } from '#core/sequences/asl';
import { budgetOf, transitionsPerEmailStep } from '#core/sequences/budget';
import { checkLegs } from '#core/sequences/legs';
import { checkCompiled, machineFaults, worstCaseOf } from '#core/sequences/limits';
import type { Sequence, Step } from '#core/sequences/model';
import { compile, email, sequenceOf, wait } from './sequences.ts';

const day = 86_400;
const codesOf = (sequence: Sequence) => {
  const codes: string[] = [];
  checkLegs(sequence, (_path, { code }) => codes.push(code));
  checkCompiled(compile(sequence), (_path, { code }) => codes.push(code));
  return codes;
};
const waits = (count: number, days: number) => Array.from({ length: count }, (_, index) => wait(`wait-${index}`, days));
const days = (sequence: Sequence) => worstCaseOf(sequence).seconds / day;

describe('a leg', () => {
  it('may not reach a year: what is inside one step cannot be cut, a wait of its own list can', () => {
    const inside = (steps: readonly Step[]): Step => ({
      kind: 'branch',
      id: 'size',
      arms: [
        { name: 'a', if: { kind: 'fit', atLeast: 1 }, steps },
        { name: 'b', steps: [] },
      ],
    });
    expect(codesOf(sequenceOf(waits(1, 365)))).toEqual([]);
    expect(codesOf(sequenceOf(waits(5, 365)))).toEqual([]);
    expect(codesOf(sequenceOf([inside(waits(1, 350))]))).toEqual([]);
    expect(codesOf(sequenceOf([wait('first', 200), inside(waits(1, 357)), email('last')]))).toEqual(['step-too-long']);
  });

  it('counts an e-mail as put off for as long as it may be', () => {
    const sequence = sequenceOf([email('hello')]);
    expect(days(sequence)).toBe(5 + 14 + 5);
    expect(days({ ...sequence, giveUpAfter: { seconds: day, deferrals: 1 } })).toBe(5 + 1 + 5);
  });

  it('counts the slower arm', () => {
    const step: Step = {
      kind: 'wait-for',
      id: 'project',
      atMostSeconds: 2 * day,
      since: 'enrolment',
      arms: [{ name: 'happened', awaits: 'did:x', steps: [] }],
      timedOut: [{ kind: 'wait', id: 'slow', length: { businessDays: 10 } }],
    };
    const { window: _window, ...sequence } = sequenceOf([step]);
    expect(days(sequence)).toBe(2 + 15 + 8 + 1);
  });

  it('may not outgrow its history', () => {
    const emails = Array.from({ length: 120 }, (_, index) => email(`mail-${index}`, { atOnce: true }));
    const short = { giveUpAfter: { seconds: 60, deferrals: 10 } };
    expect(codesOf(sequenceOf(emails.slice(0, 100), short))).toEqual([]);
    expect(compile(sequenceOf(emails.slice(0, 100), short)).asl.States['Next leg mail-99']).toBeUndefined();
    expect(codesOf(sequenceOf(emails, short))).toEqual([]);
    expect(Object.keys(compile(sequenceOf(emails, short)).asl.States).filter((it) => it.startsWith('Next leg'))).toHaveLength(1);
    const arms = [
      { name: 'a', if: { kind: 'fit' as const, atLeast: 1 }, steps: emails },
      { name: 'b', steps: [] },
    ];
    expect(codesOf(sequenceOf([{ kind: 'branch', id: 'size', arms }], short))).toEqual(['too-many-events']);
  });
});

describe('a fault of the compiler', () => {
  const compiled = compile(sequenceOf([wait('settle', 2)]));
  const faultsWith = (states: Record<string, State>) =>
    machineFaults({ ...compiled, asl: { ...compiled.asl, States: { ...compiled.asl.States, ...states } } });

  it('is none in what it compiles', () => {
    expect(faultsWith({})).toEqual([]);
  });
  it('is a state that nothing leads to', () => {
    expect(faultsWith({ lost: { Type: 'Succeed' } })).toEqual(['state lost cannot be reached']);
  });
  it('is a name that is too long', () => {
    expect(faultsWith({ ['x'.repeat(81)]: { Type: 'Succeed' } })).toContain(`state name ${'x'.repeat(81)} is longer than 80`);
  });
  it('is an input that nobody gives', () => {
    const choice: State = { Type: 'Choice', Choices: [{ Variable: '$.weather', StringEquals: 'fine', Next: 'End' }], Default: 'End' };
    expect(faultsWith({ settle: choice })).toContain('$.weather is read and nothing provides it');
  });
  it('is a definition that is too big', () => {
    expect(faultsWith({ settle: { Type: 'Succeed', Comment: 'x'.repeat(1_000_000) } })[0]).toMatch(/^state|^the definition has/);
    expect(faultsWith({ settle: { Type: 'Succeed', Comment: 'x'.repeat(1_000_000) } }).join()).toContain('the definition has');
  });
});

describe('the budget', () => {
  const { asl } = compile(sequenceOf([email('hello', { atOnce: true }), wait('settle', 2), email('more')]));

  it('is one for the end of an enrolment, none when it ends with an e-mail, and two for an e-mail with its wait', () => {
    const trace = ['hello', 'Plan settle', 'more'];
    expect(budgetOf(trace, asl)).toBe(3);
    expect(transitionsPerEmailStep(trace, asl)).toBe(1.5);
  });
  it('is one more for a leg that begins elsewhere', () => {
    expect(budgetOf(['hello', 'Enter', 'Plan settle', 'more'], asl)).toBe(4);
  });
  it('is one for a plan that is sat out where it is made, and one for a hold that was planned before', () => {
    const held = compile(sequenceOf([email('hello'), email('more')])).asl;
    expect(budgetOf(['Plan hello', 'hello', 'Hold more', 'more'], held)).toBe(4);
  });
  it('covers a stop', () => {
    expect(budgetOf(['hello', 'Plan settle', 'Route'], asl)).toBe(3);
  });
  it('covers a deferral but for the e-mail that comes again', () => {
    const trace = ['hello', 'Plan hello', 'hello', 'Route'];
    expect(trace.length - budgetOf(trace, asl)).toBe(1);
  });
  it('is two for a branch and one for a split', () => {
    const arms = (steps: readonly Step[]) => [
      { name: 'a', share: 50, holdout: false, if: { kind: 'fit' as const, atLeast: 1 }, steps },
      { name: 'b', share: 50, holdout: false, steps: [] },
    ];
    const both = compile(
      sequenceOf([
        { kind: 'branch', id: 'size', arms: arms([]) },
        { kind: 'split', id: 'proof', arms: arms([]) },
      ]),
    ).asl;
    expect(budgetOf(['Enter', 'size', 'size?', 'proof', 'End'], both)).toBe(5);
  });
  it('knows no e-mails where none was entered', () => {
    expect(transitionsPerEmailStep(['Enter', 'Route'], asl)).toBeUndefined();
  });
  it('refuses a trace of another machine', () => {
    expect(() => budgetOf(['Elsewhere'], asl)).toThrow('there is no state Elsewhere');
  });
});
