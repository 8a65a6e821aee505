/** Thrown where a process dies: before an effect, or after it with the answer lost. */
export class Crash extends Error {
  override name = 'Crash';
}

/** A small seeded generator (mulberry32): the schedule of a run is a function of its seed alone. */
export const randomOf = (seed: number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

export type Random = ReturnType<typeof randomOf>;

/**
 * Runs actors one effect at a time in a random order. Every port call stops at the gate twice: before and after its
 * effect; there it may lose its turn for long, or die.
 */
export const createGate = (random: Random, crashes: { left: number; readonly rate: number }) => {
  const waiting: (() => void)[] = [];
  const stop = () => new Promise<void>((resolve) => waiting.push(resolve));
  const mayCrash = () => {
    if (crashes.left <= 0 || random() >= crashes.rate) return;
    crashes.left--;
    throw new Crash('the process died here');
  };
  return {
    get waiting() {
      return waiting.length;
    },
    pass: async <T>(effect: () => Promise<T> | T): Promise<T> => {
      await stop();
      mayCrash();
      const result = await effect();
      await stop();
      mayCrash();
      return result;
    },
    /** A turn in which nothing happens. */
    linger: stop,
    /** `stay`: how likely it is the one who came last, so that others lose their turn for long. */
    letOneGo: async (stay = 0) => {
      const chosen = stay > 0 && random() < stay ? waiting.length - 1 : Math.floor(random() * waiting.length);
      const [next] = waiting.splice(chosen, 1);
      next?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
};

export type Gate = ReturnType<typeof createGate>;
