import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineInput, machineLength, sharedMachine, transitionsOfRun } from './machine.ts';
import { number, type Part, timesOf } from './row.ts';
import { measureOurs } from './run-ours.ts';

const folder = 'tests/node24';
const node24 = join(folder, 'node_modules/.bin/node');
const leastTimes = 5;
const [ourRuns, theirRuns, warmUp] = [1500, 400, 50];
/** They take turns, so that a busy moment meets both. */
const rounds = 3;

/** The States runner, and beside it aws-local-stepfunctions: the same machine, on the same Node, in turns. */
export const enginesPart = async (): Promise<Part> => {
  const here = await measureOurs(ourRuns);
  const own = { what: `States runner on Node ${process.version.slice(1)}: transitions a CPU second`, value: number(here.perCpuSecond) };
  if (!existsSync(node24)) {
    const value = `not run: npm ci --prefix ${folder}`;
    return { title: 'The States runner', rows: [own, { what: 'beside aws-local-stepfunctions', value }], figures: { here } };
  }
  const turns = Array.from({ length: rounds }, () => ({ ours: ours(), theirs: theirs() }));
  const median = (of: (turn: (typeof turns)[number]) => number) =>
    turns.map(of).sort((one, other) => one - other)[Math.floor(rounds / 2)] ?? 0;
  const [ourRate, theirRate] = [median((it) => it.ours.perCpuSecond), median((it) => it.theirs.perCpuSecond)];
  const times = timesOf(ourRate, theirRate);
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/aws-local-stepfunctions/package.json'), 'utf8')) as {
    version: string;
  };
  const node = turns[0]?.ours.node ?? '';
  return {
    title: 'The States runner',
    rows: [
      own,
      { what: `the same on Node ${node.slice(1)}, median of ${rounds}`, value: number(ourRate) },
      { what: `aws-local-stepfunctions ${version} on Node ${node.slice(1)}, median of ${rounds}`, value: number(theirRate) },
      {
        what: `the one to the other, on a machine of ${machineLength} splits and calls`,
        value: `${times} times`,
        target: { words: `at least ${leastTimes} times`, isMet: times >= leastTimes },
      },
    ],
    figures: { here, node, ourRate, theirRate, times, version, turns },
  };
};

const ours = (): { readonly node: string; readonly perCpuSecond: number } =>
  run(node24, ['--import', 'tsx', 'bin/bench/run-ours.ts', String(ourRuns)], '') as { node: string; perCpuSecond: number };

type Timed = { readonly seconds: number; readonly cpuSeconds: number };

/** The better of its runs one after the other and all at once. */
const theirs = (): { readonly node: string; readonly perCpuSecond: number } => {
  const given = { asl: sharedMachine(machineLength), input: machineInput, runs: theirRuns, warmUp };
  const { node, alone, together } = run(node24, [join(folder, 'bench-other-engine.mjs')], JSON.stringify(given)) as {
    node: string;
    alone: Timed;
    together: Timed;
  };
  return { node, perCpuSecond: Math.round((theirRuns * transitionsOfRun) / Math.min(alone.cpuSeconds, together.cpuSeconds)) };
};

const run = (command: string, args: readonly string[], input: string): unknown => {
  const { stdout, stderr, status } = spawnSync(command, args, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr.slice(0, 500)}`);
  return JSON.parse(stdout);
};
