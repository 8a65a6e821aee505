import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const mostBytes = 512 * 1024 * 1024;

export type FolderAt = { readonly dir: string; readonly close: () => Promise<void> };

/** A folder by its path, or `dir` as it was at a git ref, in a temporary place. Throws in words when it is neither. */
export const folderAt = async (refOrFolder: string, dir: string): Promise<FolderAt> => {
  const isFolder = await stat(refOrFolder).then(
    (it) => it.isDirectory(),
    () => false,
  );
  if (isFolder) return { dir: refOrFolder, close: async () => undefined };
  if (refOrFolder.startsWith('-')) throw new Error(`${refOrFolder} is neither a folder nor a git ref`);
  const prefix = await git(dir, ['rev-parse', '--show-prefix']);
  const tree = `${refOrFolder}:${prefix.trim()}`;
  const tar = await run('git', ['-C', resolve(dir), 'archive', '--format=tar', tree], { encoding: 'buffer', maxBuffer: mostBytes }).catch(
    () => {
      throw new Error(
        `${refOrFolder} is neither a folder nor a git ref that has ${dir}; in CI, check out the whole history (fetch-depth: 0)`,
      );
    },
  );
  const folder = await mkdtemp(join(tmpdir(), 'baton-at-'));
  const file = join(folder, 'at.tar');
  await writeFile(file, tar.stdout);
  await run('tar', ['-xf', file, '-C', folder]);
  await rm(file);
  return { dir: folder, close: () => rm(folder, { recursive: true, force: true }) };
};

const git = async (dir: string, args: readonly string[]): Promise<string> => {
  try {
    return (await run('git', ['-C', resolve(dir), ...args])).stdout;
  } catch {
    throw new Error(`${dir} is in no git repository: name a folder with --against`);
  }
};
