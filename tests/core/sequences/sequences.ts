import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type Compiled, compileSequence } from '#core/sequences/compile';
import type { CompiledEmail, SendWindow, Sequence, Step } from '#core/sequences/model';
import { armsOf, everyStep, mapArms } from '#core/sequences/plan';

export const digest = (text: string) => createHash('sha256').update(text).digest('hex');

export const mornings: SendWindow = { days: [2, 3, 4], fromMinute: 540, toMinute: 660, zone: 'lead' };
export const weekends: SendWindow = { days: [6, 7], fromMinute: 600, toMinute: 720, zone: 'lead' };

export const sequenceOf = (steps: readonly Step[], rest: Partial<Sequence> = {}): Sequence => ({
  id: 'trial-nurture',
  owner: 'ana@northwind.example',
  topic: 'product-tips',
  lawfulBasis: 'consent',
  priority: 40,
  enter: { on: { event: 'trial.started' }, again: 'never' },
  exits: [{ event: 'subscription.started', as: 'goal' }],
  giveUpAfter: { seconds: 1_209_600, deferrals: 10 },
  window: mornings,
  steps,
  ...rest,
});

export const email = (id: string, rest: Partial<Extract<Step, { kind: 'email' }>> = {}): Step => ({
  kind: 'email',
  id,
  email: id,
  atOnce: false,
  ...rest,
});
export const wait = (id: string, days: number): Step => ({ kind: 'wait', id, length: { seconds: days * 86_400 } });

const content = (step: string): CompiledEmail => ({ subject: step, preheader: '', html: `<p>${step}</p>`, text: step });

export const compile = (sequence: Sequence): Compiled => {
  const emails = everyStep(sequence.steps).filter((step) => step.kind === 'email');
  return compileSequence(sequence, Object.fromEntries(emails.map((step) => [step.id, content(step.id)])), digest);
};

/** A step whose id is still to be given. */
type Nameless = (name: () => string) => Step;
type List = readonly Nameless[];

const named = (list: List, name: () => string): readonly Step[] => list.map((it) => it(name));

const { list } = fc.letrec<{ list: List; full: List; step: Nameless }>((tie) => ({
  list: fc.array(tie('step'), { maxLength: 4, depthIdentifier: 'steps' }),
  full: fc.array(tie('step'), { minLength: 1, maxLength: 5, depthIdentifier: 'steps' }),
  step: fc.oneof(
    { depthIdentifier: 'steps', maxDepth: 4, depthSize: 'small' },
    fc.record({ atOnce: fc.boolean(), window: fc.option(fc.constantFrom(mornings, weekends), { nil: undefined }) }).map(
      ({ atOnce, window }): Nameless =>
        (name) =>
          email(name(), { atOnce, ...(window && !atOnce && { window }) }),
    ),
    fc.oneof(fc.record({ seconds: fc.integer({ min: 1, max: 900_000 }) }), fc.record({ businessDays: fc.integer({ min: 1, max: 9 }) })).map(
      (length): Nameless =>
        (name) => ({ kind: 'wait', id: name(), length }),
    ),
    fc
      .record({
        since: fc.constantFrom('enrolment' as const, 'here' as const),
        arms: fc.array(tie('list'), { minLength: 1, maxLength: 3 }),
        timedOut: tie('list'),
      })
      .map(
        ({ since, arms, timedOut }): Nameless =>
          (name) => ({
            kind: 'wait-for',
            id: name(),
            arms: arms.map((steps, index) => ({
              name: arms.length === 1 ? 'happened' : `arm-${index}`,
              awaits: `did:project.created-${index}`,
              steps: named(steps, name),
            })),
            atMostSeconds: 432_000,
            since,
            timedOut: named(timedOut, name),
          }),
      ),
    fc.record({ times: fc.integer({ min: 2, max: 4 }), asks: fc.boolean(), steps: tie('full') }).map(
      ({ times, asks, steps }): Nameless =>
        (name) => ({
          kind: 'repeat',
          id: name(),
          times,
          ...(asks && { until: { kind: 'stage', in: ['engaged'] } }),
          steps: named(steps, name),
        }),
    ),
    tie('step').map(
      (step): Nameless =>
        (name) => ({ ...step(name), onlyIf: { kind: 'stage', in: ['lead'] } }),
    ),
    fc.array(tie('list'), { minLength: 2, maxLength: 3 }).map(
      (arms): Nameless =>
        (name) => ({
          kind: 'branch',
          id: name(),
          arms: arms.map((steps, index) => ({
            name: `arm-${index}`,
            ...(index < arms.length - 1 && { if: { kind: 'fit' as const, atLeast: index } }),
            steps: named(steps, name),
          })),
        }),
    ),
    fc.array(tie('list'), { minLength: 1, maxLength: 3 }).map(
      (arms): Nameless =>
        (name) => ({
          kind: 'split',
          id: name(),
          arms: [
            { name: 'nothing', share: 10, holdout: true, steps: [] },
            ...arms.map((steps, index) => ({ name: `arm-${index}`, share: 90 / arms.length, holdout: false, steps: named(steps, name) })),
          ],
        }),
    ),
    fc.constantFrom('engaged' as const, 'won' as const).map(
      (stage): Nameless =>
        (name) => ({ kind: 'update', id: name(), stage }),
    ),
    fc.constantFrom('goal' as const, 'exit' as const).map(
      (as): Nameless =>
        (name) => ({ kind: 'exit', id: name(), as }),
    ),
  ),
}));

/** Only what a parsed sequence can be: nothing stands behind a step that lets nobody through. */
const withoutUnreachable = (steps: readonly Step[]): readonly Step[] => {
  const kept: Step[] = [];
  for (const step of steps) {
    const inner = cleaned(step);
    kept.push(inner);
    if (endsHere(inner)) break;
  }
  return kept;
};

const cleaned = (step: Step): Step => mapArms(step, withoutUnreachable);

const endsHere = (step: Step): boolean => {
  if (step.onlyIf) return false;
  const arms = armsOf(step);
  return step.kind === 'exit' || (arms.length > 0 && arms.every((arm) => arm.some(endsHere)));
};

/** Any sequence that could have been parsed. */
export const anySequence = fc
  .record({ steps: list.filter((it) => it.length > 0), window: fc.option(fc.constantFrom(mornings, weekends), { nil: undefined }) })
  .map(({ steps, window }) => {
    let count = 0;
    const name = () => {
      count += 1;
      return `step-${count}`;
    };
    const { window: _window, ...rest } = sequenceOf(withoutUnreachable(named(steps, name)));
    return { ...rest, ...(window && { window }) } as Sequence;
  });
