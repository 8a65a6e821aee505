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
  stop(): Promise<void>;
};

type Kept = { readonly speed: Speed; readonly runTo?: Instant };
const secondsAWallSecond: { readonly [speed in Speed]: number } = { paused: 0, real: 1, hour: 3600, day: 86_400 };
/** A slice of work: the page is answered between two of them. */
const sliceMilliseconds = 40;
const beatMilliseconds = 50;

/** Drives the world's clock beside the server. What was asked for is kept, so that a restart goes on with it. */
export const startDriver = (
  { world, hasten }: Pick<DevWorld, 'world' | 'hasten'>,
  kept: DurableMap<Kept>,
  wallClock: () => number = Date.now,
): Driver => {
  let { speed, runTo } = kept.get('driver') ?? ({ speed: 'paused' } as Kept);
  let stopped = false;
  let last = wallClock();
  let turn: Promise<unknown> = Promise.resolve();
  const keep = () => kept.set('driver', { speed, ...(runTo !== undefined && { runTo }) });
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const targetAt = (elapsedSeconds: number): Instant => {
    const now = world.clock.now();
    if (runTo !== undefined) return runTo;
    // In real time virtual time is the wall's: after a stop it catches up.
    if (speed === 'real') return toInstant(Math.max(toEpoch(now), wallClock()));
    return addSeconds(now, elapsedSeconds * secondsAWallSecond[speed]);
  };
  const slice = async (elapsedSeconds: number): Promise<boolean> => {
    const end = targetAt(elapsedSeconds);
    if (end <= world.clock.now() && runTo === undefined) return false;
    hasten(runTo !== undefined || speed !== 'real');
    const until = performance.now() + sliceMilliseconds;
    const result = await world.runUntil(end, () => (performance.now() > until ? 'stop' : undefined));
    if (result === 'done' && runTo !== undefined && runTo <= world.clock.now()) {
      runTo = undefined;
      keep();
    }
    return result === 'stopped' || runTo !== undefined;
  };
  const loop = (async () => {
    while (!stopped) {
      const now = wallClock();
      const elapsed = Math.min(1, (now - last) / 1000);
      last = now;
      const isBehind = await exclusively(() => slice(elapsed));
      await sleep(isBehind ? 1 : beatMilliseconds);
    }
  })();
  return {
    speed: () => speed,
    runningTo: () => runTo,
    setSpeed: (wanted) => {
      speed = wanted;
      if (wanted === 'paused') runTo = undefined;
      keep();
    },
    runTo: (at) => {
      runTo = at;
      keep();
    },
    exclusively,
    stop: async () => {
      stopped = true;
      await loop;
    },
  };
};
