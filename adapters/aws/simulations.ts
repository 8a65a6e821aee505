import { remembered } from '#adapters/remembered';
import type { SimulationFile } from '#core/console/outside';
import type { SimulationRow } from '#core/console/views';
import { isAslError } from '#core/errors';
import { isRehearsalName, rehearsalKey, rehearsalsKey } from '#core/object-keys';
import type { Clock, Simulations } from '#core/ports';
import type { ReadObject } from './artifacts.ts';

/** Rehearsals that `baton simulate --publish` put into the artifact bucket; what was added is seen within a minute. */
export const objectSimulations = (read: ReadObject, clock: Clock): Simulations => {
  const list = remembered(clock, async () => JSON.parse((await textAt(read, rehearsalsKey)) ?? '[]') as readonly SimulationRow[]);
  return {
    list,
    find: async (name) => {
      const text = isRehearsalName(name) ? await textAt(read, rehearsalKey(name)) : undefined;
      return text === undefined ? undefined : (JSON.parse(text) as SimulationFile);
    },
  };
};

/** undefined: there is none. */
export const textAt = async (read: ReadObject, key: string): Promise<string | undefined> => {
  try {
    return await read(key);
  } catch (error) {
    if (isAslError(error, 'PermanentError')) return undefined;
    throw error;
  }
};
