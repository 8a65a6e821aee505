import type { Instant } from '#core/instant';
import type { DurableMap } from './durable-map.ts';

/** Something that a person will do: kept until done, so that a killed process does it after a restart. */
export type Action = {
  readonly id: string;
  readonly at: Instant;
  readonly leadId: string;
  /** `press`: the button on the page behind a link of a mail. */
  readonly do: 'press' | 'own-event' | 'import' | 'reply';
  readonly name?: string;
  readonly path?: string;
  readonly url?: string;
  /** `reply`: the mail that they write back. */
  readonly reply?: { readonly from: string; readonly to: string; readonly subject: string; readonly text: string };
  /** press: what is filled in. */
  readonly form?: { readonly [field: string]: string };
};

/** An agenda source of planned actions, earliest first, ties by id. `act` may be repeated after a crash. */
export const createActions = (actions: DurableMap<Action>, act: (action: Action) => Promise<void>) => {
  const order: Action[] = [...[...actions.entries()].map(([, action]) => action)].sort(byTime);
  return {
    name: 'actions',
    plan: (action: Action) => {
      if (actions.get(action.id)) return;
      actions.set(action.id, action);
      order.splice(placeOf(order, action), 0, action);
    },
    peek: (): Instant | undefined => order[0]?.at,
    runNext: async () => {
      const action = order[0];
      if (!action) return;
      await act(action);
      order.splice(order.indexOf(action), 1);
      actions.delete(action.id);
    },
    get size() {
      return order.length;
    },
  };
};

const byTime = (a: Action, b: Action) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1);

const placeOf = (order: readonly Action[], action: Action): number => {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = order[middle];
    if (other && byTime(other, action) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};
