import type { LiveConfig } from '#core/config';
import { addSeconds, type Instant } from '#core/instant';
import { artifactKey, currentKey, liveConfigKey } from '#core/object-keys';
import type { Artifacts, Clock, Config } from '#core/ports';
import type { Artifact } from '#core/sequences/model';

/** Reads the text of an object; throws PermanentError when there is none. */
export type ReadObject = (key: string) => Promise<string>;

/** What was read this long ago is read again: a deployment shows within a minute, a busy function reads twice a minute. */
const freshSeconds = 30;

/** Artifacts are immutable, so one that was read stays read; the list of current ones is live. */
export const objectArtifacts = (read: ReadObject, clock: Clock): Artifacts => {
  const known = new Map<string, Promise<Artifact>>();
  const get = (sequence: string, version: string): Promise<Artifact> => {
    const key = artifactKey(sequence, version);
    const reading = known.get(key) ?? read(key).then((text) => JSON.parse(text) as Artifact);
    known.set(key, reading);
    reading.catch(() => known.delete(key));
    return reading;
  };
  const current = remembered(clock, async () => {
    const list = JSON.parse(await read(currentKey)) as readonly { sequence: string; version: string }[];
    return Promise.all(list.map((it) => get(it.sequence, it.version)));
  });
  return { get, current };
};

export const objectConfig = (read: ReadObject, clock: Clock): Config => ({
  live: remembered(clock, async () => JSON.parse(await read(liveConfigKey)) as LiveConfig),
});

/** Reads anew what is older than half a minute. */
export const remembered = <T>(clock: Clock, read: () => Promise<T>): (() => Promise<T>) => {
  let known: { readonly until: Instant; readonly value: T } | undefined;
  return async () => {
    const now = clock.now();
    if (!known || known.until <= now) known = { until: addSeconds(now, freshSeconds), value: await read() };
    return known.value;
  };
};
