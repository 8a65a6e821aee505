import { addSeconds, type Instant } from '#core/instant';
import type { SettableClock } from './clock.ts';
import type { DurableMap } from './durable-map.ts';

/** Something with work to do at certain times. `runNext` does the earliest piece of it. */
export type Source = { readonly name: string; peek(): Instant | undefined; runNext(): Promise<void> };

/**
 * Does everything that is due, one piece at a time, the earliest first, ties in the order of the sources. The clock jumps
 * from piece to piece; as nothing runs beside anything else, the same input gives the same run.
 */
export const createAgenda = (clock: SettableClock, sources: readonly Source[]) => {
  const earliest = (): { source: Source; at: Instant } | undefined => {
    let found: Source | undefined;
    let first = '';
    for (const source of sources) {
      const at = source.peek();
      if (at === undefined || (found && at >= first)) continue;
      found = source;
      first = at;
    }
    return found && { source: found, at: first };
  };
  return {
    /**
     * Until `end`, or until nothing is due before it; then the clock stands at `end`. `onPiece` is asked before each piece:
     * 'stop' leaves the rest for another call.
     */
    runUntil: async (end: Instant, onPiece?: (now: Instant) => 'stop' | undefined): Promise<'done' | 'stopped'> => {
      for (let next = earliest(); next && next.at <= end; next = earliest()) {
        if (onPiece?.(next.at) === 'stop') return 'stopped';
        clock.set(next.at);
        await next.source.runNext();
      }
      clock.pass(end);
      return 'done';
    },
    /** When the next piece is due; sources by the names in `except` do not count. */
    nextAt: (except: readonly string[] = []): Instant | undefined =>
      sources
        .filter((it) => !except.includes(it.name))
        .flatMap((it) => it.peek() ?? [])
        .sort()[0],
  };
};

/** `everySeconds` is asked each time: it may change with how fast time passes. */
export type Tick = { readonly name: string; readonly everySeconds: () => number; readonly run: () => Promise<void> };

/** Recurring work. The next time of each is kept, so that a restart neither skips nor doubles one. */
export const createTicks = (
  next: DurableMap<Instant>,
  clock: SettableClock,
  ticks: readonly Tick[],
): Source & {
  /** What was put off while time passed fast comes when it would have come otherwise. */
  readonly catchUp: () => void;
} => {
  for (const tick of ticks) if (!next.get(tick.name)) next.set(tick.name, addSeconds(clock.now(), tick.everySeconds()));
  let known: { readonly tick: Tick; readonly at: Instant } | undefined;
  const due = () => {
    known ??= ticks.map((tick) => ({ tick, at: next.get(tick.name) ?? clock.now() })).reduce((best, it) => (it.at < best.at ? it : best));
    return known;
  };
  return {
    name: 'ticks',
    peek: () => (ticks.length === 0 ? undefined : due().at),
    runNext: async () => {
      const { tick, at } = due();
      await tick.run();
      next.set(tick.name, addSeconds(at, tick.everySeconds()));
      known = undefined;
    },
    catchUp: () => {
      for (const { name, everySeconds } of ticks) {
        const latest = addSeconds(clock.now(), everySeconds());
        if ((next.get(name) ?? latest) > latest) next.set(name, latest);
      }
      known = undefined;
    },
  };
};
