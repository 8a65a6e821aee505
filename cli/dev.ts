import { serve } from '@hono/node-server';
import { type Command, InvalidArgumentError } from 'commander';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { problemsInWords } from '#cli/problems-text';
import { portNumber, untilStopped } from '#cli/serve';
import { type Instant, toInstant } from '#core/instant';
import type { Problem } from '#core/problems';
import type { Speed } from '#local/dev/api';
import { type DevOptions, openDevWorld } from '#local/dev/dev-world';
import { startDriver } from '#local/dev/driver';
import { emptyFolder, lockFolder } from '#local/dev/lock';
import { devServer } from '#local/dev/server';
import { bundleConsole } from '#web/bundle';

type Options = {
  readonly dir: string;
  readonly data: string;
  readonly port: number;
  readonly leads: string;
  readonly list: string;
  readonly speed?: Speed;
  readonly from?: Instant;
  readonly people: boolean;
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
    .option('--speed <name>', 'how fast time passes: real, 1h or 1d (so much each second), or paused; else as it was left', speedName)
    .option('--from <time>', 'where time begins in a new folder, e.g. 2026-03-02T09:00:00Z; else now', instant)
    .option('--no-people', 'leads of the sample list do nothing unless you do it for them')
    .option('--fresh', 'forget what was kept and begin anew')
    .option('--json', 'say where the page is as JSON')
    .action(async (options: Options) => {
      process.exitCode = await run(options);
    });
};

const run = async (options: Options): Promise<number> => {
  const marketing = await loadMarketing(options.dir);
  const { compiled, live, problems } = await compileMarketing(marketing);
  if (problems.some((it) => it.severity === 'error') || !live) {
    console.error(problemsInWords(problems, options.dir));
    return 1;
  }
  const unlock = lockFolder(options.data);
  if (!unlock) {
    console.error(`another baton dev keeps its data in ${options.data}; stop it, or name another folder with --data`);
    return 1;
  }
  if (options.fresh) emptyFolder(options.data);
  try {
    return await serveDev(options, compiled, live, problems);
  } finally {
    unlock();
  }
};

const serveDev = async (
  options: Options,
  compiled: DevOptions['compiled'],
  live: DevOptions['live'],
  problems: readonly Problem[],
): Promise<number> => {
  const { data: folder, people, port } = options;
  const startAt = options.from ?? toInstant(Date.now());
  const sample = { file: options.leads, list: options.list };
  const dev = await openDevWorld({ compiled, live, folder, people, stack: 'embedded', startAt, sample, seed: 'baton dev' });
  const driver = startDriver(dev, dev.world.journal.map('dev-driver'), { speed: 'real' });
  // Named again at a restart, it is no new wish: a jump ahead goes on.
  if (options.speed && options.speed !== driver.speed()) driver.setSpeed(options.speed);
  const app = devServer(dev, driver, await bundleConsole(), problems);
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port });
  // A world that breaks must not look as if it ran: nothing is lost, and starting again goes on.
  const outcome = await Promise.race([untilStopped(server, port, saying(options)), driver.running.then(() => 0)]);
  await driver.stop();
  await dev.world.stop();
  return outcome;
};

const saying =
  ({ json, data }: Options) =>
  (url: string): void =>
    console.log(
      json
        ? JSON.stringify({ url, data })
        : `Baton is running at ${url}\nEverything is kept in ${data}. Stop with Ctrl+C, start again and it goes on.`,
    );

const instant = (text: string): Instant => {
  const epoch = Date.parse(text);
  if (Number.isNaN(epoch)) throw new InvalidArgumentError('a time such as 2026-03-02T09:00:00Z');
  return toInstant(epoch);
};

const speeds: { readonly [name: string]: Speed } = { real: 'real', '1h': 'hour', hour: 'hour', '1d': 'day', day: 'day', paused: 'paused' };

const speedName = (text: string): Speed => {
  const speed = speeds[text];
  if (speed === undefined) throw new InvalidArgumentError('real, 1h, 1d or paused');
  return speed;
};
