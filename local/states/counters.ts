/** Transitions: every state entered and every retry, as AWS bills them. */
export type Transitions = {
  readonly total: number;
  readonly machines: { readonly [machine: string]: { readonly total: number; readonly states: { readonly [state: string]: number } } };
};

export type Counters = { count(machine: string, state: string): void; read(): Transitions };

export const createCounters = (): Counters => {
  const machines = new Map<string, Map<string, number>>();
  return {
    count: (machine, state) => {
      let states = machines.get(machine);
      if (!states) {
        states = new Map();
        machines.set(machine, states);
      }
      states.set(state, (states.get(state) ?? 0) + 1);
    },
    read: () => {
      const rows = [...machines].map(
        ([machine, states]) => [machine, { total: sum(states.values()), states: Object.fromEntries(states) }] as const,
      );
      return { total: sum(rows.map(([, row]) => row.total)), machines: Object.fromEntries(rows) };
    },
  };
};

const sum = (numbers: Iterable<number>) => {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
};
