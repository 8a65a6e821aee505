import { expect, it } from 'vitest';
import { compileAll } from '#core/sequences/compile-all';
import { emptyLock } from '#core/sequences/lock';
import type { Sequence } from '#core/sequences/model';
import { compile, digest, email, sequenceOf, wait } from './sequences.ts';

const content = { subject: '', preheader: '', html: '', text: '' };
const codes: string[] = [];
const toCompile = (sequence: Sequence, emails = {}) => ({
  sequence,
  emails,
  report: (_path: unknown, { code }: { code: string }) => codes.push(code),
});

it('compiles every sequence, and says what the lock must be', () => {
  const one = sequenceOf([wait('settle', 2)], { id: 'one' });
  const two = sequenceOf([wait('breathe', 2)], { id: 'two' });
  const { compiled, lock } = compileAll([toCompile(one), toCompile(two)], emptyLock, digest);
  expect(compiled.map((it) => it.compiled)).toEqual([compile(one), compile(two)]);
  expect(Object.keys(lock.sequences)).toEqual(['one', 'two']);
});

it('leaves out a sequence whose e-mails could not be compiled, or that has no steps', () => {
  const all = [toCompile(sequenceOf([email('hello'), email('more')]), { hello: content }), toCompile(sequenceOf([], { id: 'empty' }))];
  expect(compileAll(all, emptyLock, digest).compiled).toEqual([]);
});

it('reports a rename and a limit, each at its sequence', () => {
  codes.length = 0;
  const arms = [
    { name: 'a', if: { kind: 'fit' as const, atLeast: 1 }, steps: [wait('long', 360)] },
    { name: 'b', steps: [] },
  ];
  const tooLong = { kind: 'branch' as const, id: 'size', arms };
  const { lock } = compileAll([toCompile(sequenceOf([wait('settle', 2)]))], emptyLock, digest);
  compileAll([toCompile(sequenceOf([wait('settled', 2)])), toCompile(sequenceOf([tooLong], { id: 'other' }))], lock, digest);
  expect(codes).toEqual(['renamed-step', 'step-too-long']);
});
