import { isAslError, permanentError } from '#core/errors';
import { currentKey, machineVersionKey } from '#core/object-keys';
import type { ReadObject } from './artifacts.ts';

/**
 * The ARN that runs exactly this version: a published version of the machine, as the deployment wrote it down
 * (docs/decisions/0021). Without a record (deployed by a Baton that published none) only the version in force may run, by the
 * machine as it stands: anything else would run steps that the lead was never promised.
 */
export const machineVersions = (read: ReadObject, machineOf: (sequence: string) => string) => {
  const known = new Map<string, string>();
  return async (sequence: string, version: string): Promise<string> => {
    const key = machineVersionKey(sequence, version);
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const text = await read(key).catch((error: unknown) => {
      if (isAslError(error, 'PermanentError')) return undefined;
      throw error;
    });
    if (text !== undefined) {
      const { machine } = JSON.parse(text) as { machine: string };
      known.set(key, machine);
      return machine;
    }
    const inForce = JSON.parse(await read(currentKey)) as readonly { sequence: string; version: string }[];
    if (inForce.some((it) => it.sequence === sequence && it.version === version)) return machineOf(sequence);
    throw permanentError(`version ${version} of ${sequence} was never published: its leads wait where they are`);
  };
};
