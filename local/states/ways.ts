import type { State } from './definition.ts';

/** What AWS refuses too: a target that is missing, a state that nothing leads to, a machine that cannot end. */
export const wayProblems = (startAt: string, states: ReadonlyMap<string, State>): string[] => {
  if (!states.has(startAt)) return [`StartAt: there is no state ${JSON.stringify(startAt)}`];
  const missing = [...states.values()].flatMap((state) =>
    targetsOf(state)
      .filter((target) => !states.has(target))
      .map((target) => `state ${JSON.stringify(state.name)}: there is no state ${JSON.stringify(target)}`),
  );
  const reached = reachedFrom(startAt, states);
  const unreachable = [...states.keys()]
    .filter((name) => !reached.has(name))
    .map((name) => `state ${JSON.stringify(name)} is not reachable`);
  return [...missing, ...unreachable, ...([...states.values()].some(isTerminal) ? [] : ['no state ends the execution'])];
};

const reachedFrom = (startAt: string, states: ReadonlyMap<string, State>): ReadonlySet<string> => {
  // A set visits what is added while it is walked.
  const reached = new Set([startAt]);
  for (const name of reached) {
    const state = states.get(name);
    for (const target of state ? targetsOf(state) : []) reached.add(target);
  }
  return reached;
};

const isTerminal = (state: State) => state.kind !== 'Choice' && !('next' in state && state.next !== undefined);

const targetsOf = (state: State): string[] => {
  switch (state.kind) {
    case 'Choice':
      return [...state.rules.map((rule) => rule.next), ...(state.otherwise === undefined ? [] : [state.otherwise])];
    case 'Pass':
      return state.next === undefined ? [] : [state.next];
    case 'Task':
      return [...(state.next === undefined ? [] : [state.next]), ...state.catchers.map((catcher) => catcher.next)];
    case 'Succeed':
    case 'Fail':
      return [];
  }
};
