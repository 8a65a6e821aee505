import type { Due } from './execution.ts';

/** What is due when, one entry a key: a binary heap by (time, sequence). */
export type Agenda = {
  /** Replaces what was due for the key. */
  schedule(key: string, due: Due): void;
  cancel(key: string): void;
  earliest(): Due | undefined;
  /** Removes and gives the earliest key that is due at `now`. */
  take(now: number): string | undefined;
  readonly size: number;
};

export const createAgenda = (): Agenda => {
  let heap: Entry[] = [];
  const live = new Map<string, Entry>();

  // A replaced entry stays in the heap until it surfaces or dead ones prevail: cheaper than finding it.
  const dropDead = () => {
    while (heap[0]?.isDead) pop(heap);
  };
  const kill = (key: string) => {
    const entry = live.get(key);
    if (entry) entry.isDead = true;
    live.delete(key);
  };
  return {
    schedule: (key, due) => {
      kill(key);
      const entry = { key, at: due.at, sequence: due.sequence, isDead: false };
      live.set(key, entry);
      push(heap, entry);
      if (heap.length > 1024 && heap.length > 2 * live.size) heap = [...live.values()].sort(byDue);
    },
    cancel: kill,
    earliest: () => {
      dropDead();
      return heap[0];
    },
    take: (now) => {
      dropDead();
      if (!heap[0] || heap[0].at > now) return undefined;
      const { key } = heap[0];
      pop(heap);
      live.delete(key);
      return key;
    },
    get size() {
      return live.size;
    },
  };
};

type Entry = { readonly key: string; readonly at: number; readonly sequence: number; isDead: boolean };

const byDue = (a: Entry, b: Entry) => a.at - b.at || a.sequence - b.sequence;

const push = (heap: Entry[], entry: Entry) => {
  let place = heap.length;
  while (place > 0) {
    const parentPlace = (place - 1) >> 1;
    const parent = heap[parentPlace];
    if (!parent || byDue(parent, entry) <= 0) break;
    heap[place] = parent;
    place = parentPlace;
  }
  heap[place] = entry;
};

const pop = (heap: Entry[]) => {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let place = 0;
  for (;;) {
    const childPlace = earlierChild(heap, place);
    const child = heap[childPlace];
    if (!child || byDue(last, child) <= 0) break;
    heap[place] = child;
    place = childPlace;
  }
  heap[place] = last;
};

const earlierChild = (heap: readonly Entry[], place: number): number => {
  const left = heap[2 * place + 1];
  const right = heap[2 * place + 2];
  return right && left && byDue(right, left) < 0 ? 2 * place + 2 : 2 * place + 1;
};
