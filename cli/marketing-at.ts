import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Works on another folder as it is, or on the marketing folder as it was at a git ref, laid out for as long as that takes. */
export const withMarketingAt = async <T>(version: string, dir: string, work: (folder: string) => Promise<T>): Promise<T> => {
  const isFolder = await stat(version).then(
    (it) => it.isDirectory(),
    () => false,
  );
  if (isFolder) return work(version);
  const temporary = await mkdtemp(join(tmpdir(), 'baton-marketing-'));
  try {
    const run = promisify(execFile);
    const archive = join(temporary, 'marketing.tar');
    // Run inside the folder, git archives that folder alone, wherever the shell stands.
    await run('git', ['-C', dir, 'archive', '--output', archive, version]).catch((error: Error & { stderr?: string }) => {
      const said = error.stderr?.trim().split('\n').at(-1) ?? error.message;
      throw new Error(`--against ${version}: there is no such folder, and no such git ref with ${dir} in it (${said})`);
    });
    await run('tar', ['-xf', archive, '-C', temporary]);
    return await work(temporary);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
};
