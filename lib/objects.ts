import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { LiveConfig } from '#core/config';
import { handoffMachine } from '#core/handoff-machine';
import { artifactKey, checkedKey, consoleFileKey, currentKey, liveConfigKey, machineKey, waitLengthsKey } from '#core/object-keys';
import type { Problem } from '#core/problems';
import { canonicalJson } from '#core/sequences/canonical-json';
import type { Compiled } from '#core/sequences/compile';
import { type Lock, sortedUnion } from '#core/sequences/lock';
import { unpack } from '#lib/packed';

export type DeployedObjects = {
  /** Every machine that the stack must hold: sequences in force, and retired ones by the definition they left with. */
  readonly sequences: readonly { readonly sequence: string; readonly definitionKey: string }[];
  readonly handoffDefinitionKey: string;
};

/** The page of the console (web/bundle.ts). */
export type ConsolePage = { readonly html: string; readonly files: { readonly [path: string]: PageFile } };
type PageFile = { readonly body: string; readonly type: string; readonly isForever: boolean };

/** Writes the objects of the artifact bucket into a folder made anew. The same marketing folder, the same bytes. */
export const writeObjects = async (
  folder: string,
  compiled: readonly Compiled[],
  live: LiveConfig,
  lock: Lock,
  {
    console,
    stage,
  }: {
    readonly console?: { readonly page: ConsolePage; readonly problems: readonly Problem[] } | undefined;
    readonly stage?: string;
  } = {},
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
  for (const [path, file] of Object.entries(console ? filesOf(console.page) : {})) await write(consoleFileKey(path), stored(file));
  if (console) await write(checkedKey, console.problems);
  const retired = stillThere(lock, stage).map(({ sequence, version, machine }) => ({
    sequence,
    definitionKey: machineKey(sequence, version),
    machine,
  }));
  for (const { definitionKey, machine } of retired) await write(definitionKey, JSON.parse(unpack(machine)));
  const inForce = compiled.map(({ artifact }) => ({
    sequence: artifact.sequence,
    definitionKey: machineKey(artifact.sequence, artifact.version),
  }));
  const all = [...inForce, ...retired.map(({ machine: _kept, ...it }) => it)];
  return { sequences: all.sort((one, other) => (one.sequence < other.sequence ? -1 : 1)), handoffDefinitionKey };
};

/**
 * Retired sequences whose machines this stage must have: all that the lock can make, but for those forgotten there. One that a lock of
 * before has no machine for is left out: what there is of it stays, for machines are retained.
 */
const stillThere = ({ retired }: Lock, stage: string | undefined) =>
  Object.entries(retired).flatMap(([sequence, { version, machine, forgottenIn = [] }]) =>
    machine === undefined || (stage !== undefined && forgottenIn.includes(stage)) ? [] : [{ sequence, version, machine }],
  );

const filesOf = ({ html, files }: ConsolePage): { readonly [path: string]: PageFile } => ({
  ...files,
  '/console/index.html': { body: html, type: 'text/html; charset=utf-8', isForever: false },
});

/** Compressed once, here: nothing between the function and the browser does it. */
const stored = ({ body, type, isForever }: PageFile) => ({
  body: brotliCompressSync(body).toString('base64'),
  type,
  isForever,
  etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
});
