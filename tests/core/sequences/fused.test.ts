import { describe, expect, it } from 'vitest';
import { resources } from '#core/sequences/asl';
import { shortestFused } from '#core/sequences/fused';
import type { Step } from '#core/sequences/model';
import { isWithin } from '#core/sequences/timed';
import { compile, email, sequenceOf, wait } from './sequences.ts';

const day = 86_400;
const fusedOf = (...steps: Step[]) => compile(sequenceOf(steps)).artifact.fused;
const seconds = (length: number): Step => ({ kind: 'wait', id: 'settle', length: { seconds: length } });

describe('a wait is sat out by the state of the e-mail before it', () => {
  it.each<[string, Step]>([
    ['of days', wait('settle', 2)],
    ['of business days', { kind: 'wait', id: 'settle', length: { businessDays: 3 } }],
    ['just long enough for a timer', seconds(shortestFused)],
  ])('%s', (_what, step) => {
    expect(fusedOf(email('hello'), step, email('more'))).toMatchObject({ hello: { wait: 'settle', speaks: true } });
  });

  it.each<[string, Step]>([
    ['shorter than a timer is exact', seconds(shortestFused - 1)],
    ['that not everybody waits', { ...wait('settle', 2), onlyIf: { kind: 'fit', atLeast: 1 } }],
    [
      'until a day of the lead',
      {
        kind: 'wait',
        id: 'settle',
        length: { until: { field: 'renewal', plusDays: 0, atMinute: 540, yearly: false, atMostSeconds: 180 * day, otherwise: 'go-on' } },
      },
    ],
    [
      'for something',
      {
        kind: 'wait-for',
        id: 'settle',
        atMostSeconds: day,
        since: 'enrolment',
        arms: [{ name: 'happened', awaits: 'did:x', steps: [] }],
        timedOut: [],
      },
    ],
  ])('but not one %s', (_what, step) => {
    expect(fusedOf(email('hello'), step, email('more'))).toBeUndefined();
  });

  it('not where the machine is cut, nor behind anything but an e-mail', () => {
    const long = Array.from({ length: 12 }, (_, at) => [email(`mail-${at}`), wait(`wait-${at}`, 60)]).flat();
    const { artifact, asl } = compile(sequenceOf(long));
    const cuts = Object.keys(asl.States).flatMap((it) => (it.startsWith('Next leg ') ? it.slice('Next leg '.length) : []));
    expect(cuts.length).toBeGreaterThan(0);
    for (const { wait: fused } of Object.values(artifact.fused ?? {})) expect(cuts).not.toContain(fused);
    expect(fusedOf(wait('first', 1), wait('second', 1), email('more'))).toBeUndefined();
  });

  it('in every round of a repeat, and in every arm that leads to it', () => {
    const repeat: Step = { kind: 'repeat', id: 'again', times: 3, steps: [email('hello'), wait('settle', 2)] };
    expect(fusedOf(repeat)).toMatchObject({ hello: { wait: 'settle' }, 'hello@2': { wait: 'settle@2' }, 'hello@3': { wait: 'settle@3' } });
  });

  it('says that an e-mail follows only where one does', () => {
    expect(fusedOf(email('hello'), wait('settle', 2))?.hello).not.toHaveProperty('speaks');
  });
});

describe('the state', () => {
  const { asl, artifact } = compile(sequenceOf([email('hello'), wait('settle', 2), email('more')]));
  const hello = asl.States.hello;

  it('goes on to what comes after the wait, and leaves it to the machine when it may last too long', () => {
    expect(hello).toMatchObject({ Next: 'more', ResultPath: null });
    const ways = hello?.Type === 'Task' ? hello.Catch.map((it) => [it.ErrorEquals[0], it.Next]) : [];
    expect(ways).toEqual([
      ['Halt', 'Route'],
      ['Defer', 'Plan hello'],
      ['Apart', 'Plan settle'],
      ['States.ALL', 'Failed'],
    ]);
  });

  it('lasts for as long as the wait may, and the queue may be behind', () => {
    const fused = artifact.fused?.hello;
    expect(fused?.timeOutSeconds).toBeGreaterThan((2 + 7 + 15) * day);
    expect(hello).toMatchObject({ TimeoutSeconds: fused?.timeOutSeconds });
    const at = '2026-03-02T09:00:00.000Z';
    const within = (due: string) => fused && isWithin(fused, at, due);
    expect([within('2026-03-04T09:00:00.000Z'), within('2026-04-04T09:00:00.000Z')]).toEqual([true, false]);
  });

  it('leaves whoever begins there to a state that plans the wait and sits it out', () => {
    expect(asl.States.settle).toBeUndefined();
    expect(asl.States['Plan settle']).toMatchObject({ Resource: resources.ask, ResultPath: null, Next: 'more' });
    expect(artifact.onward.settle).toEqual({ next: 'more' });
  });
});
