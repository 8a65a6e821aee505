import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Asl, type Catcher, type State, type Task, targetsOf } from '#core/sequences/asl';
import { budgetOf } from '#core/sequences/budget';
import type { Compiled } from '#core/sequences/compile';
import { machineFaults, maxEvents, worstCaseOf } from '#core/sequences/limits';
import { located } from '#core/sequences/located';
import { pastArm, type Step } from '#core/sequences/model';
import { provePlans } from '#core/sequences/prove-plans';
import { stepOf } from '#core/sequences/rounds';
import { beginsElsewhere } from '#core/sequences/start';
import { anySequence, compile, email, sequenceOf, wait } from './sequences.ts';
import { faultsOf } from './valid-asl.ts';

const numRuns = 300;

describe('any sequence', () => {
  it('compiles to a machine without faults, whose plans are proved', () => {
    fc.assert(
      fc.property(anySequence, (sequence) => {
        const compiled = compile(sequence);
        expect(provePlans(compiled.asl)).toEqual([]);
        expect(machineFaults(compiled)).toEqual([]);
      }),
      { numRuns },
    );
  });

  it('is accepted by an independent validator', () => {
    fc.assert(
      fc.property(anySequence, (sequence) => {
        expect(faultsOf(compile(sequence).asl)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('ends on every path: only a Defer leads back, and a leg that begins elsewhere does not come again', () => {
    fc.assert(
      fc.property(anySequence, (sequence) => {
        const { asl } = compile(sequence);
        expect(onLoops(withoutRest(asl))).toEqual([]);
        const enter = asl.States.Enter;
        const away = Object.values(asl.States).filter((it) => it.Type === 'Task' && it.Catch.some(isElsewhere));
        expect(away).toEqual(asl.StartAt === 'Enter' || !enter ? [] : [asl.States[asl.StartAt]]);
        const last = Object.values(asl.States).filter((it) => targetsOf(it).length === 0);
        expect(last.map((it) => it.Type)).toEqual(['Succeed', 'Fail']);
      }),
      { numRuns },
    );
  });

  it('never reads a plan that its handlers did not give, and stays inside its budget', () => {
    fc.assert(
      fc.property(anySequence, fc.infiniteStream(fc.nat(1_000_000)), (sequence, dice) => {
        const compiled = compile(sequence);
        for (let run = 0; run < 5; run += 1) {
          const trace = runOnce(compiled, () => dice.next().value as number);
          expect(trace.length).toBeLessThanOrEqual(budgetOf(trace, compiled.asl));
        }
      }),
      { numRuns },
    );
  });

  it('lets an e-mail out only at once, or after a wait that was planned into its window', () => {
    fc.assert(
      fc.property(anySequence, (sequence) => {
        const { asl, artifact } = compile(sequence);
        const planned = new Map(
          Object.values(artifact.plans)
            .flat()
            .map((it) => [it.state, it]),
        );
        const emails = Object.values(artifact.emails).filter(({ step }) => !step.atOnce);
        const satOut = (before: string) =>
          before.startsWith('Plan ') ? artifact.plans[before]?.[0]?.state : artifact.fused?.[before]?.wait;
        const ways = emails.flatMap(({ step }) =>
          sourcesOf(step.id, asl).map((before) => ({ step, before: planned.get(satOut(before) ?? before) })),
        );
        for (const { step, before } of ways) {
          expect(before?.forEmail).toBe(true);
          expect(before?.window).toEqual(step.window);
        }
      }),
      { numRuns },
    );
  });

  it('compiles to the same bytes again, and to another version when anything changes', () => {
    fc.assert(
      fc.property(anySequence, (sequence) => {
        const compiled = compile(sequence);
        expect(compile(structuredClone(sequence))).toEqual(compiled);
        expect(compiled.artifact.version).toMatch(/^[0-9a-f]{16}$/);
        expect(compile({ ...sequence, priority: sequence.priority + 1 }).artifact.version).not.toBe(compiled.artifact.version);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the proof', () => {
  it('finds an edge that skips the plan', () => {
    const { asl, artifact } = compile(sequenceOf([email('hello'), email('more')]));
    expect(provePlans(asl, artifact.plans, artifact.fused)).toEqual([]);
    const enter = asl.States.Enter as Extract<State, { Type: 'Choice' }>;
    const skipping = { ...asl, States: { ...asl.States, Enter: { ...enter, Default: 'Hold more' } } };
    expect(provePlans(skipping)).toEqual(['Hold more can be reached without a fresh answer']);
  });

  it('finds a plan that is out of date', () => {
    const { asl } = compile(sequenceOf([email('hello'), wait('settle', 2), email('more'), email('last')]));
    for (const state of ['hello', 'Plan settle']) {
      const old = asl.States[state] as Extract<State, { Type: 'Task' }>;
      const twice = { ...asl, States: { ...asl.States, [state]: { ...old, Next: 'Hold last' } } };
      expect(provePlans(twice)).toEqual(['Hold last can be reached without a fresh answer']);
    }
  });

  it('finds a handler that was not told to plan', () => {
    const { asl, artifact } = compile(sequenceOf([email('hello'), wait('settle', 2), email('more')]));
    const { hello: _hello, ...others } = artifact.plans;
    expect(provePlans(asl, others, artifact.fused)).toEqual(['hello does not plan settle']);
  });

  it('finds a state and a sender that would both wait, or neither', () => {
    const { asl, artifact } = compile(sequenceOf([email('hello'), wait('settle', 2), email('more'), email('last')]));
    expect(provePlans(asl, artifact.plans)).toEqual(['hello and its sender do not agree on who waits']);
    const fused = { ...artifact.fused, more: { wait: 'settle', timeOutSeconds: 1 } };
    expect(provePlans(asl, artifact.plans, fused)).toEqual(['more and its sender do not agree on who waits']);
  });

  it('finds a state that reads the plan of another', () => {
    const { asl } = compile(sequenceOf([email('hello'), email('more')]));
    const hold = asl.States['Hold more'] as Extract<State, { Type: 'Task' }>;
    const crossed = {
      ...asl,
      States: { ...asl.States, 'Hold more': { ...hold, TimeoutSecondsPath: "$.plan.waits['Hold hello'].seconds" } },
    };
    expect(provePlans(crossed)).toEqual(['Hold more reads the plan of Hold hello']);
  });

  it('finds a state that sits out what nobody tells its function to plan, or another step’s wait, or two', () => {
    const { asl, artifact } = compile(sequenceOf([email('hello')]));
    const name = 'Plan hello';
    const hold = artifact.plans[name]?.[0];
    for (const plans of [[], [{ state: 'Hold more' }], [{ state: 'Hold hello' }, { state: 'hello' }]])
      expect(provePlans(asl, { ...artifact.plans, [name]: plans })).toEqual([`${name} does not plan the one wait that it sits out`]);
    expect(hold?.state).toBe('Hold hello');
    const keeping = { ...asl, States: { ...asl.States, [name]: { ...asl.States[name], ResultPath: '$.plan' } as State } };
    expect(provePlans(keeping, artifact.plans)).toEqual([`${name} keeps an answer whose plan is old`]);
  });
});

it('compiles 200 steps on five levels within what Step Functions allows', () => {
  const nested = (level: number, path: string): Step[] =>
    level === 0
      ? [email(`${path}-e`), wait(`${path}-w`, 1)]
      : [
          email(`${path}-e`),
          {
            kind: 'split',
            id: `${path}-s`,
            arms: ['a', 'b'].map((name) => ({ name, share: 50, holdout: false, steps: nested(level - 1, `${path}${name}`) })),
          },
        ];
  const steps = [...nested(5, 'x'), ...nested(4, 'y'), ...nested(2, 'z')];
  const sequence = sequenceOf(steps);
  const { artifact, asl } = compile(sequence);
  expect(artifact.stepIds.length).toBeGreaterThanOrEqual(200);
  expect(Math.max(...located(sequence.steps).map((it) => it.list.split('/').length - 1)) / 2).toBe(5);
  // Bytes of the definition, length of names, nothing unreachable: AWS takes 1 MB; an independent validator agrees.
  expect(machineFaults({ artifact, asl })).toEqual([]);
  expect(faultsOf(asl)).toEqual([]);
  expect(JSON.stringify(asl).length).toBeLessThan(1_000_000);
  expect(worstCaseOf(sequence).events).toBeLessThan(maxEvents);
  // How long it takes is for the bench to say: no more states than the steps are worth, so that it stays in proportion.
  expect(Object.keys(asl.States).length).toBeLessThan(5 * artifact.stepIds.length);
});

/** The states that take time from which one comes here, splits and branch choices looked through. */
const sourcesOf = (name: string, asl: Asl): readonly string[] =>
  Object.entries(asl.States)
    .filter(([, state]) => targetsOf(state).includes(name))
    .flatMap(([before, state]) => (state.Type === 'Choice' && before !== 'Enter' ? sourcesOf(before, asl) : [before]));

/** Taking away, again and again, what leads only to what is taken away leaves the loops. */
/** Entered for `$.rest` alone, and left with `$.error`, which closes the way in. */
const withoutRest = (asl: Asl): Asl => {
  const { Enter, Rest: _rest, ...states } = asl.States;
  if (!Enter) return asl;
  if (Enter.Type !== 'Choice') throw new Error('a machine enters by a choice');
  return { ...asl, States: { Enter: { ...Enter, Choices: Enter.Choices.filter((it) => it.Next !== 'Rest') }, ...states } };
};

const onLoops = (asl: Asl): readonly string[] => {
  const left = new Map(Object.entries(asl.States));
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const [name, state] of left) if (withoutDefer(state).every((it) => !left.has(it))) left.delete(name);
  }
  return [...left.keys()];
};

const isElsewhere = (it: Catcher) => it.ErrorEquals.includes('Elsewhere');
const withoutDefer = (state: State) =>
  state.Type === 'Task'
    ? targetsOf({ ...state, Catch: state.Catch.filter((it) => !it.ErrorEquals.includes('Defer') && !isElsewhere(it)) })
    : targetsOf(state);

/** Runs a machine by dice, answering as the handlers do: with exactly the waits that the artifact asks for. */
const runOnce = ({ asl, artifact }: Compiled, roll: () => number): readonly string[] => {
  const trace: string[] = [];
  const startAt = ['', ...artifact.stepIds][roll() % (artifact.stepIds.length + 1)] ?? '';
  let plan: Plan = { waits: [] };
  for (let at: string | undefined = asl.StartAt; at !== undefined; ) {
    trace.push(at);
    const state = asl.States[at] as State;
    expect(plan.waits).toEqual(expect.arrayContaining(plansReadBy(state)));
    const elsewhere = state.Type === 'Task' ? state.Catch.find(isElsewhere) : undefined;
    if (elsewhere && beginsElsewhere({ startAt, step: artifact.stepIds[0] ?? '' }, artifact)) {
      expect(trace).toEqual([asl.StartAt]);
      at = elsewhere.Next;
      continue;
    }
    if (state.Type === 'Task' && state.ResultPath === '$.plan') plan = answerOf(artifact, at, roll());
    at = nextOf(state, { startAt, arm: plan.arm ?? '' }, roll);
  }
  return trace;
};

const plansReadBy = (state: State) => (state.Type === 'Task' && state.TimeoutSecondsPath?.match(/waits\['(.+)'\]/)?.slice(1)) || [];

type Plan = { readonly waits: readonly string[]; readonly arm?: string };

const answerOf = (artifact: Compiled['artifact'], state: string, dice: number): Plan => {
  const arms = armsAnsweredAt(artifact, state);
  const arm = arms?.[dice % arms.length];
  const waits = artifact.plans[arm === undefined ? state : `${state}/${arm}`] ?? [];
  return { waits: waits.map((it) => it.state), ...(arm !== undefined && { arm }) };
};

/** Of a branch, of the question before a step, and of the one after a wait for the first of several things. */
const armsAnsweredAt = ({ branches, conditions, firsts }: Compiled['artifact'], state: string): readonly string[] | undefined => {
  if (state.startsWith('If ')) return ['yes', 'no'];
  if (state.startsWith('First of ')) return firsts?.[stepOf(state.slice('First of '.length))]?.arms.map((it) => it.name);
  const arms = branches[state]?.map((it) => it.name);
  return arms && conditions?.[state] ? [pastArm, ...arms] : arms;
};

const nextOf = (state: State, { startAt, arm }: { readonly startAt: string; readonly arm: string }, roll: () => number) => {
  if (state.Type === 'Task') return afterTask(state, roll());
  if (state.Type !== 'Choice') return undefined;
  const rule = state.Choices.find((it) => {
    if (it.Variable === '$.startAt') return it.StringEquals === startAt;
    return it.Variable === '$.plan.arm' ? it.StringEquals === arm : roll() % state.Choices.length === 0;
  });
  return rule?.Next ?? state.Default;
};

/** Mostly the time comes; now and then an event, and once in a while a stop. */
const afterTask = (state: Task, dice: number) => {
  const timedOut = state.Catch.find((it) => it.ErrorEquals.includes('States.Timeout'))?.Next;
  const halted = state.Catch.find((it) => it.ErrorEquals.includes('Halt'))?.Next;
  if (halted && dice % 17 === 0) return halted;
  return timedOut && dice % 3 > 0 ? timedOut : state.Next;
};
