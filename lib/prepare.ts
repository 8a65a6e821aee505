import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LiveConfig } from '#core/config';
import { projectRoot } from '#lib/bundle';
import type { DeployedObjects } from '#lib/objects';

/** A marketing folder, compiled and bundled: what the stacks are made from. */
export type Prepared = DeployedObjects & {
  readonly brand: Pick<LiveConfig['brand'], 'sender' | 'links' | 'replies'>;
  /** Folder with one folder a handler (lib/bundle.ts). */
  readonly bundles: string;
  /** Folder with the objects of the artifact bucket (lib/objects.ts). */
  readonly objects: string;
};

/** Where `bin/prepare.ts` writes what the constructs read. */
export const preparedFile = 'prepared.json';

/**
 * Checks and compiles a marketing folder and bundles every function, in a process of its own: constructs are made in one go, and
 * compiling waits for files. What is wrong with the folder is printed and thrown. Writes under `.baton/deploy` of the working folder.
 */
export const prepare = (
  marketing: string,
  { stage, console = false }: { readonly stage: string; readonly console?: boolean },
): Prepared => {
  const folder = resolve('.baton/deploy');
  const { status, error } = spawnSync(
    process.execPath,
    [
      '--import',
      import.meta.resolve('tsx'),
      join(projectRoot, 'bin/prepare.ts'),
      resolve(marketing),
      folder,
      stage,
      ...(console ? ['console'] : []),
    ],
    // Standard output is the app's own: some tools read it.
    { stdio: ['ignore', 2, 2] },
  );
  if (status !== 0) throw new Error(`the folder ${marketing} is not deployed: run npx baton check --dir ${marketing}`, { cause: error });
  return JSON.parse(readFileSync(join(folder, preparedFile), 'utf8')) as Prepared;
};
