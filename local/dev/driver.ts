import { setTimeout as sleep } from 'node:timers/promises';
import { addSeconds, type Instant, toEpoch, toInstant } from '#core/instant';
import type { DurableMap } from '#local/durable-map';
import type { Speed } from './api.ts';
import type { DevWorld } from './dev-world.ts';

export type Driver = {
  readonly speed: () => Speed;
  readonly runningTo: () => Instant | undefined;
  setSpeed(speed: Speed): void;
  /** Runs ahead as fast as it goes, then on at the speed that is set. */
  runTo(at: Instant): void;
  /** Does something to the world while nothing else runs in it. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Does what is due now, for a moment at most; the rest follows by itself. */
  settle(): Promise<void>;
  /** Ends with `stop`, or throws what went wrong in the world. */
  readonly running: Promise<void>;
  stop(): Promise<void>;
};

/** `aheadMilliseconds`: of the wall's clock, in real time. */
type Kept = { readonly speed: Speed; readonly runTo?: Instant; readonly aheadMilliseconds?: number };
type DriverOptions = { readonly speed?: Speed; readonly wallClock?: () => number };

const secondsAWallSecond: { readonly [speed in Speed]: number } = { paused: 0, real: 1, hour: 3600, day: 86_400 };
/** A slice of work: the page is answered between two of them. */
const sliceMilliseconds = 40;
const settleMilliseconds = 400;
const beatMilliseconds = 50;

/** Drives the world's clock beside the server. What was asked for is kept, so that a restart goes on with it. */
export const startDriver = (
  { world, hasten }: Pick<DevWorld, 'world' | 'hasten'>,
  kept: DurableMap<Kept>,
  { speed: firstSpeed = 'paused', wallClock = Date.now }: DriverOptions = {},
): Driver => {
  const { clock } = world;
  const turns = createTurns();
  let state: Kept = kept.get('driver') ?? anchored({ speed: firstSpeed }, clock.now(), wallClock());
  let stopped = false;
  let last = wallClock();
  /** The time is written down as well: passing alone does not. */
  const keep = (next: Kept) => {
    clock.set(clock.now());
    state = anchored(next, clock.now(), wallClock());
    kept.set('driver', state);
  };
  const slice = async (elapsedSeconds: number): Promise<boolean> => {
    const end = state.runTo ?? targetOf(state, clock.now(), elapsedSeconds, wallClock());
    const next = world.nextAt();
    if (end <= clock.now() && state.runTo === undefined && (next === undefined || next > clock.now())) return false;
    hasten(state.runTo !== undefined || state.speed !== 'real');
    const result = await world.runUntil(end, stopAfter(sliceMilliseconds));
    // Another wish may have come meanwhile: only the one that was fulfilled is struck off.
    if (result === 'done' && state.runTo !== undefined && state.runTo <= clock.now()) keep({ speed: state.speed });
    return result === 'stopped' || state.runTo !== undefined;
  };
  const beat = async () => {
    const now = wallClock();
    const elapsed = Math.min(1, (now - last) / 1000);
    last = now;
    const isBehind = await turns.take(() => slice(elapsed));
    await sleep(isBehind ? 1 : beatMilliseconds);
  };
  const running = (async () => {
    while (!stopped) await beat();
  })();
  return {
    speed: () => state.speed,
    runningTo: () => state.runTo,
    setSpeed: (speed) => keep({ speed, ...(speed !== 'paused' && state.runTo !== undefined && { runTo: state.runTo }) }),
    runTo: (runTo) => keep({ speed: state.speed, runTo }),
    exclusively: turns.take,
    settle: () =>
      turns.take(async () => {
        await world.runUntil(clock.now(), stopAfter(settleMilliseconds));
        clock.set(clock.now());
      }),
    running,
    stop: async () => {
      stopped = true;
      await running.catch(() => undefined);
      clock.set(clock.now());
    },
  };
};

/** In real time the clock keeps its distance from the wall's, so that a restart catches up and a jump ahead does not halt it. */
const anchored = ({ speed, runTo }: Kept, now: Instant, wall: number): Kept => ({
  speed,
  ...(runTo !== undefined && { runTo }),
  ...(speed === 'real' && { aheadMilliseconds: toEpoch(now) - wall }),
});

const targetOf = ({ speed, aheadMilliseconds = 0 }: Kept, now: Instant, elapsedSeconds: number, wall: number): Instant =>
  speed === 'real'
    ? toInstant(Math.max(toEpoch(now), wall + aheadMilliseconds))
    : addSeconds(now, elapsedSeconds * secondsAWallSecond[speed]);

const stopAfter = (milliseconds: number) => {
  const until = performance.now() + milliseconds;
  return () => (performance.now() > until ? ('stop' as const) : undefined);
};

/** One after the other, in the order in which they asked. */
const createTurns = () => {
  let turn: Promise<unknown> = Promise.resolve();
  return {
    take: <T>(work: () => Promise<T>): Promise<T> => {
      const mine = turn.then(work, work);
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
};
