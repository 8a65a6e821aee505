import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LiveConfig } from '#core/config';
import { handoffMachine } from '#core/handoff-machine';
import { artifactKey, currentKey, liveConfigKey, machineKey, waitLengthsKey } from '#core/object-keys';
import { canonicalJson } from '#core/sequences/canonical-json';
import type { Compiled } from '#core/sequences/compile';
import { type Lock, sortedUnion } from '#core/sequences/lock';

export type DeployedObjects = {
  /** Every machine that the stack must hold: sequences in force, and retired ones by the definition they left with. */
  readonly sequences: readonly { readonly sequence: string; readonly definitionKey: string }[];
  readonly handoffDefinitionKey: string;
};

/** Writes the objects of the artifact bucket into a folder made anew. The same marketing folder, the same bytes. */
export const writeObjects = async (
  folder: string,
  compiled: readonly Compiled[],
  live: LiveConfig,
  lock: Lock,
): Promise<DeployedObjects> => {
  await rm(folder, { recursive: true, force: true });
  const write = async (key: string, content: unknown) => {
    const path = join(folder, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${canonicalJson(content)}\n`);
  };
  for (const { artifact, asl } of compiled) {
    await write(artifactKey(artifact.sequence, artifact.version), artifact);
    await write(machineKey(artifact.sequence, artifact.version), asl);
  }
  const handoff = handoffMachine();
  const handoffDefinitionKey = machineKey('_handoff', createHash('sha256').update(canonicalJson(handoff)).digest('hex').slice(0, 16));
  await write(handoffDefinitionKey, handoff);
  await write(
    currentKey,
    compiled.map(({ artifact }) => ({ sequence: artifact.sequence, version: artifact.version })),
  );
  await write(liveConfigKey, live);
  await write(
    waitLengthsKey,
    sortedUnion(
      lock.waitLengths ?? [],
      compiled.flatMap((it) => it.artifact.waitLengths),
    ),
  );
  const retired = Object.entries(lock.retired).map(([sequence, { version }]) => ({
    sequence,
    definitionKey: machineKey(sequence, version),
  }));
  const inForce = compiled.map(({ artifact }) => ({
    sequence: artifact.sequence,
    definitionKey: machineKey(artifact.sequence, artifact.version),
  }));
  return { sequences: [...inForce, ...retired].sort((one, other) => (one.sequence < other.sequence ? -1 : 1)), handoffDefinitionKey };
};
