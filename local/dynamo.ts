import { fork } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export type LocalDynamo = { readonly endpoint: string; stop(): Promise<void> };

const attempts = 40;

/**
 * dynalite in a child process on loopback: a core of its own, and it goes when we go. With a folder the tables are on
 * disk and survive a kill; a predecessor that is still closing holds the lock for a moment, so starting is tried again.
 */
export const startDynamo = async (folder?: string): Promise<LocalDynamo> => {
  if (folder !== undefined && !existsSync(folder)) mkdirSync(folder, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(folder);
    } catch (error) {
      if (attempt === attempts) throw error;
      await sleep(100);
    }
  }
};

const start = (folder: string | undefined): Promise<LocalDynamo> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./dynamo-child.mjs', import.meta.url)), folder === undefined ? [] : [folder], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    let trouble = '';
    child.stderr?.on('data', (data: Buffer) => {
      trouble += data.toString();
    });
    child.once('exit', (code) => reject(new Error(`the local DynamoDB ended with ${code}: ${trouble.slice(0, 500)}`)));
    child.once('message', (message) => {
      const { port } = message as { port: number };
      resolve({
        endpoint: `http://127.0.0.1:${port}`,
        stop: () =>
          new Promise((stopped) => {
            child.removeAllListeners('exit');
            child.once('exit', () => stopped());
            child.disconnect();
          }),
      });
    });
  });
