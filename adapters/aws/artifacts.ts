import { remembered } from '#adapters/remembered';
import type { LiveConfig } from '#core/config';
import { isAslError } from '#core/errors';
import { artifactKey, currentKey, liveConfigKey, waitLengthsKey } from '#core/object-keys';
import type { Artifacts, Clock, Config } from '#core/ports';
import type { Artifact } from '#core/sequences/model';

/** Reads the text of an object; throws PermanentError when there is none. */
export type ReadObject = (key: string) => Promise<string>;

/** Artifacts are immutable, so one that was read stays read; the list of current ones is live. */
export const objectArtifacts = (read: ReadObject, clock: Clock): Artifacts & { readonly waitLengths: () => Promise<readonly number[]> } => {
  const known = new Map<string, Promise<Artifact>>();
  const get = (sequence: string, version: string): Promise<Artifact> => {
    const key = artifactKey(sequence, version);
    const reading = known.get(key) ?? read(key).then((text) => JSON.parse(text) as Artifact);
    known.set(key, reading);
    reading.catch(() => known.delete(key));
    return reading;
  };
  const deployed = remembered(clock, async () => JSON.parse(await read(currentKey)) as readonly { sequence: string; version: string }[]);
  const current = async () => Promise.all((await deployed()).map((it) => get(it.sequence, it.version)));
  const newest = async (sequence: string) => {
    const found = (await deployed()).find((it) => it.sequence === sequence);
    return found && get(sequence, found.version);
  };
  /** Of every version there ever was; of those in force, where no deployment has written that down yet. */
  const waitLengths = remembered(clock, async () => {
    const text = await read(waitLengthsKey).catch((error: unknown) => {
      if (isAslError(error, 'PermanentError')) return '[]';
      throw error;
    });
    return [...(JSON.parse(text) as number[]), ...(await current()).flatMap((it) => it.waitLengths)];
  });
  return { get, current, newest, waitLengths };
};

export const objectConfig = (read: ReadObject, clock: Clock): Config => ({
  live: remembered(clock, async () => JSON.parse(await read(liveConfigKey)) as LiveConfig),
});
