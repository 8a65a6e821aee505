import './plain-errors.ts';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadVersion } from '#cli/simulate/plan';
import { faultKinds } from '#local/prove/faults';
import { invariants, leadsPerSeed, runSeed, type Violation } from '#local/prove/run';
import { count } from '#local/report/words';
import { withResults } from './bench/write.ts';

/**
 * `npx tsx bin/reliability.ts [seeds] [file]`: proves the shipped sequences, and writes the figures into docs/reliability.md. Each seed
 * that is done is kept in the file: a run that was interrupted goes on there. For another version give another file.
 */
const [wanted = '1000', file = join(tmpdir(), 'baton-proof.ndjson')] = process.argv.slice(2);
const page = 'docs/reliability.md';
if (!/^[1-9]\d*$/.test(wanted)) throw new Error(`${wanted}: say how many seeds`);

type Done = {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly faults: { readonly [kind: string]: number };
  readonly invocations: number;
  readonly sends: number;
  readonly handoffs: number;
  readonly deadLetters: number;
};

const loaded = await loadVersion('marketing');
if ('problems' in loaded) throw new Error('marketing/ has errors');
const lists = loaded.version.compiled.flatMap(({ artifact: { enter } }) => ('imported' in enter.on ? [enter.on.imported] : []));
const proved = { ...loaded.version, behaviour: loaded.behaviour, list: lists[0] ?? 'proof' };

const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
const done = new Map(lines.filter((it) => it !== '').map((it) => [(JSON.parse(it) as Done).seed, JSON.parse(it) as Done]));
for (let seed = 1; seed <= Number(wanted); seed++) {
  if (done.has(seed)) continue;
  const outcome = await runSeed(seed, proved);
  const faults: Record<string, number> = {};
  for (const { kind } of outcome.faults) faults[kind] = (faults[kind] ?? 0) + 1;
  const line: Done = { ...outcome, faults };
  done.set(seed, line);
  appendFileSync(file, `${JSON.stringify(line)}\n`);
  if (seed % 50 === 0) console.error(`${seed} seeds`);
}

const all = [...done.values()].filter((it) => it.seed <= Number(wanted));
const sumOf = (name: 'invocations' | 'sends' | 'handoffs' | 'deadLetters') => count(all.reduce((sum, it) => sum + it[name], 0));
const timesOf = (kind: string): number => all.reduce((sum, it) => sum + (it.faults[kind] ?? 0), 0);
const kinds = Object.keys(faultKinds);
const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((it) => `| ${it.join(' | ')} |`).join('\n');

const results = [
  `\`npx tsx bin/reliability.ts ${all.length}\` on ${new Date().toISOString().slice(0, 10)}: ${count(all.length)} seeds, ${count(all.length * leadsPerSeed)} leads, ${sumOf('invocations')} calls of functions, ${sumOf('sends')} e-mails, ${sumOf('handoffs')} handoffs, ${sumOf('deadLetters')} dead letters.`,
  table(
    ['fault', 'times'],
    [...kinds.map((it) => [it, count(timesOf(it))]), ['**together**', count(kinds.reduce((sum, it) => sum + timesOf(it), 0))]],
  ),
  table(
    ['promise', 'seeds that broke it'],
    Object.entries(invariants).map(([name, what]) => [
      what,
      count(all.filter((it) => it.violations.some((one) => one.invariant === name)).length),
    ]),
  ),
].join('\n\n');
writeFileSync(page, withResults(readFileSync(page, 'utf8'), 'proof', results));
const broken = all.filter((it) => it.violations.length > 0);
for (const it of broken) console.error(`seed ${it.seed}: ${JSON.stringify(it.violations)}`);
if (broken.length > 0) process.exitCode = 1;
