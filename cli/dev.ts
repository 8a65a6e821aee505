import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { serve } from '@hono/node-server';
import { type Command, InvalidArgumentError } from 'commander';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { problemsInWords } from '#cli/problems-text';
import { type Instant, toInstant } from '#core/instant';
import type { Speed } from '#local/dev/api';
import { openDevWorld } from '#local/dev/dev-world';
import { startDriver } from '#local/dev/driver';
import { bundlePage } from '#local/dev/page';
import { devServer } from '#local/dev/server';

type Options = {
  readonly dir: string;
  readonly data: string;
  readonly port: number;
  readonly leads: string;
  readonly list: string;
  readonly speed?: Speed;
  readonly from?: Instant;
  readonly fresh?: true;
  readonly json?: true;
};

export const register = (program: Command): void => {
  program
    .command('dev')
    .description('the whole of Baton running on this machine, with a page to play on: inbox, leads, sequences, sales tasks')
    .option('--dir <folder>', 'the marketing folder', 'marketing')
    .option('--data <folder>', 'where everything is kept between two starts', '.baton/dev')
    .option('--port <n>', 'port on 127.0.0.1; 0: any that is free', portNumber, 4400)
    .option('--leads <file>', 'the sample list', 'examples/leads.csv')
    .option('--list <name>', 'the name that the sample list is imported under', 'webinar')
    .option('--speed <name>', 'paused, real, hour (an hour a second) or day (a day a second)', speedName)
    .option('--from <time>', 'where time begins in a new folder, e.g. 2026-03-02T09:00:00Z; else now', instant)
    .option('--fresh', 'forget what was kept and begin anew')
    .option('--json', 'say where the page is as JSON')
    .action(async (options: Options) => {
      process.exitCode = await run(options);
    });
};

const run = async (options: Options): Promise<number> => {
  // The SDK asks for Node 22 from 2027 on; on AWS the handlers run on 24, here on what the user has.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const marketing = await loadMarketing(options.dir);
  const { compiled, problems } = await compileMarketing(marketing);
  if (problems.some((it) => it.severity === 'error') || !marketing.live) {
    console.error(problemsInWords(problems, options.dir));
    return 1;
  }
  if (options.fresh) rmSync(options.data, { recursive: true, force: true });
  const unlock = lock(options.data);
  if (!unlock) {
    console.error(`another baton dev keeps its data in ${options.data}; stop it, or name another folder with --data`);
    return 1;
  }
  try {
    const { live } = marketing;
    const startAt = options.from ?? toInstant(Date.now());
    const sample = { file: options.leads, list: options.list };
    const dev = await openDevWorld({ compiled, live, folder: options.data, stack: 'embedded', startAt, sample, seed: 'baton dev' });
    const driver = startDriver(dev, dev.world.journal.map('dev-driver'));
    if (options.speed) driver.setSpeed(options.speed);
    const app = devServer(dev, driver, await bundlePage());
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: options.port });
    const outcome = await served(server, options);
    await driver.stop();
    await dev.world.stop();
    return outcome;
  } finally {
    unlock();
  }
};

/** Until a signal asks to stop, or the port cannot be had. */
const served = (server: ReturnType<typeof serve>, { json, data, port }: Options): Promise<number> =>
  new Promise((resolve) => {
    server.once('listening', () => {
      const address = server.address();
      const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
      console.log(
        json
          ? JSON.stringify({ url, data })
          : `Baton is running at ${url}\nEverything is kept in ${data}. Stop with Ctrl+C, start again and it goes on.`,
      );
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      console.error(error.code === 'EADDRINUSE' ? `port ${port} is taken; try --port 0` : `the page could not be served: ${error.message}`);
      resolve(1);
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        if ('closeAllConnections' in server) server.closeAllConnections();
        server.close(() => resolve(0));
      });
    }
  });

/** Two processes on one folder would both send. The file names the process, so that one that was killed holds nothing up. */
const lock = (folder: string): (() => void) | undefined => {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'in-use');
  if (existsSync(path) && isAlive(Number(readFileSync(path, 'utf8')))) return undefined;
  rmSync(path, { force: true });
  const file = openSync(path, 'wx');
  writeSync(file, String(process.pid));
  closeSync(file);
  return () => rmSync(path, { force: true });
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(basename('baton')) : true;
  } catch {
    return false;
  }
};

const portNumber = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('a port number, 0 to 65535');
  return port;
};

const instant = (text: string): Instant => {
  const epoch = Date.parse(text);
  if (Number.isNaN(epoch)) throw new InvalidArgumentError('a time such as 2026-03-02T09:00:00Z');
  return toInstant(epoch);
};

const speedName = (text: string): Speed => {
  if (text !== 'paused' && text !== 'real' && text !== 'hour' && text !== 'day')
    throw new InvalidArgumentError('paused, real, hour or day');
  return text;
};
