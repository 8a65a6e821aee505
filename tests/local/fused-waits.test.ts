import { expect, it } from 'vitest';
import type { FusedWait } from '#core/sequences/model';
import { withFusedWaits } from '#local/report/fused-waits';

const fused: { readonly [step: string]: FusedWait } = { hello: { wait: 'settle', timeOutSeconds: 1 } };
const all = () => true;

it.each<[string, readonly string[], () => boolean, readonly string[]]>([
  ['a run that waits', ['hello'], all, ['hello', 'settle']],
  ['a run whose mail has not gone', ['hello'], () => false, ['hello']],
  ['a run that went on', ['hello', 'more'], all, ['hello', 'settle', 'more']],
  [
    'a mail that was put off',
    ['hello', 'Plan hello', 'Hold hello', 'hello'],
    all,
    ['hello', 'Plan hello', 'Hold hello', 'hello', 'settle'],
  ],
  ['a leg that begins elsewhere', ['hello', 'Enter', 'more'], all, ['hello', 'Enter', 'more']],
  ['a machine from before', ['more', 'settle', 'last'], all, ['more', 'settle', 'last']],
])('%s comes by the wait as if it had a state', (_what, states, isSettled, expected) => {
  expect(withFusedWaits(states, fused, isSettled)).toEqual(expected);
});
