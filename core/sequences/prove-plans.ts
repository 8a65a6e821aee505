import type { Asl, Choice, State, Task } from './asl.ts';
import { resources } from './asl.ts';
import type { Artifact } from './model.ts';

/**
 * Proves, from the emitted ASL alone, that no machine reads a plan that is not there: a missing path is a States.Runtime
 * that nothing can catch. An answer fills `$.plan` until the next state that takes time. So every edge into a state that
 * reads its plan must come, through choices only, straight from an answer; given the artifact's plans, that answer must
 * name the state. Returns what is wrong, in words.
 */
export const provePlans = (asl: Asl, plans?: Artifact['plans'], fused?: Artifact['fused']): readonly string[] => [
  ...unread(asl, plans),
  ...(plans ? [...fusedFaults(asl, plans, fused ?? {}), ...sittingFaults(asl, plans)] : []),
];

const unread = (asl: Asl, plans?: Artifact['plans']): readonly string[] => {
  const arriving = answersOnArrival(asl);
  return Object.entries(asl.States).flatMap(([name, state]) => {
    const read = [...new Set(planPathsOf(state))];
    if (read.length === 0) return [];
    const wrong = read.filter((waitState) => waitState !== name && `${waitState}?` !== name).map((it) => `${name} reads the plan of ${it}`);
    const missing = [...(arriving.get(name) ?? [])].flatMap((answer) => {
      if (answer === nothing) return [`${name} can be reached without a fresh answer`];
      const isNamed = !plans || read.every((waitState) => plans[answer]?.some((it) => it.state === waitState));
      return isNamed ? [] : [`${answer} does not plan ${read.join(', ')}`];
    });
    return [...wrong, ...missing];
  });
};

/**
 * What a sender must know of an e-mail whose state sits out the wait behind it: when that ends. Such a state takes no plan out of the
 * answer, which comes when the plan is old; one that takes it must not be answered so late.
 */
const fusedFaults = (asl: Asl, plans: Artifact['plans'], fused: NonNullable<Artifact['fused']>): readonly string[] =>
  Object.entries(asl.States).flatMap(([name, state]) => {
    if (state.Type !== 'Task' || state.Resource !== resources.sendToQueue) return [];
    const wait = fused[name]?.wait;
    if ((wait !== undefined) !== (state.ResultPath === null)) return [`${name} and its sender do not agree on who waits`];
    return wait === undefined || plans[name]?.some((it) => it.state === wait) ? [] : [`${name} does not plan ${wait}`];
  });

/** What plan-step must know of a state that sits out what it plans: which one wait that is. It too takes no plan out of so late an answer. */
const sittingFaults = (asl: Asl, plans: Artifact['plans']): readonly string[] =>
  Object.entries(asl.States).flatMap(([name, state]) => {
    if (state.Type !== 'Task' || state.Resource !== resources.ask) return [];
    const step = name.replace(/^Plan /, '');
    const waits = plans[name] ?? [];
    const isOne = waits.length === 1 && waits.every((it) => it.state === step || it.state === `Hold ${step}`);
    return [
      ...(isOne ? [] : [`${name} does not plan the one wait that it sits out`]),
      ...(state.ResultPath === null ? [] : [`${name} keeps an answer whose plan is old`]),
    ];
  });

/** Stands for no answer, or one that is out of date. */
const nothing = '';

/** Per state, whose answer may be the freshest on arrival: a fixed point over all edges. */
const answersOnArrival = (asl: Asl): ReadonlyMap<string, ReadonlySet<string>> => {
  const arriving = new Map<string, ReadonlySet<string>>([[asl.StartAt, new Set([nothing])]]);
  const open = [asl.StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const { to, answers } of edgesOf(name, stateOf(asl, name), arriving.get(name) ?? new Set())) {
      const known = arriving.get(to);
      const joined = new Set([...(known ?? []), ...answers]);
      if (known?.size === joined.size) continue;
      arriving.set(to, joined);
      open.push(to);
    }
  }
  return arriving;
};

const stateOf = (asl: Asl, name: string): State => {
  const state = asl.States[name];
  if (!state) throw new TypeError(`there is no state ${name}`);
  return state;
};

type Edge = { readonly to: string; readonly answers: Iterable<string> };

const edgesOf = (name: string, state: State, arriving: ReadonlySet<string>): readonly Edge[] => {
  switch (state.Type) {
    case 'Task':
      return [
        ...(state.Next === undefined ? [] : [{ to: state.Next, answers: [isAnswer(state) ? name : nothing] }]),
        ...state.Catch.map((it) => ({ to: it.Next, answers: [nothing] })),
      ];
    case 'Choice':
      return choiceEdges(state, arriving);
    case 'Succeed':
    case 'Fail':
      return [];
  }
};

/** A choice takes no time. One on `$.plan.arm` tells which arm was answered; its default is its last arm. */
const choiceEdges = (state: Choice, arriving: ReadonlySet<string>): readonly Edge[] => {
  const isArm = state.Choices.some((it) => it.Variable === '$.plan.arm');
  const through = (arm = '') => (isArm ? [...arriving].map((it) => (it === nothing ? it : `${it}/${arm}`)) : arriving);
  return [
    ...state.Choices.map((it) => ({ to: it.Next, answers: through(it.StringEquals) })),
    { to: state.Default, answers: through(state.Choices.at(-1)?.StringEquals) },
  ];
};

const isAnswer = (task: Task) =>
  task.ResultPath === '$.plan' && (task.Resource === resources.sendToQueue || task.Resource === resources.invoke);

const planPathsOf = (state: State): readonly string[] =>
  [...JSON.stringify(state).matchAll(/\$\.plan\.waits\['([^']+)'\]/g)].flatMap((match) => match[1] ?? []);
