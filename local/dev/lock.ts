import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const lockName = 'in-use';

/** Two processes on one folder would both send. The file names the process, so that one that was killed holds nothing up. */
export const lockFolder = (folder: string): (() => void) | undefined => {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, lockName);
  if (existsSync(path) && isAlive(Number(readFileSync(path, 'utf8')))) return undefined;
  rmSync(path, { force: true });
  const file = openSync(path, 'wx');
  writeSync(file, String(process.pid));
  closeSync(file);
  return () => rmSync(path, { force: true });
};

/** Only what a locked folder holds: another process may not be asked to forget. */
export const emptyFolder = (folder: string): void => {
  for (const name of readdirSync(folder)) if (name !== lockName) rmSync(join(folder, name), { recursive: true, force: true });
};

/** Numbers are given out again: what bears this one now must be ours. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('baton') : true;
  } catch {
    return false;
  }
};
