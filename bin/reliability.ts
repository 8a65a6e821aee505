import { readFile, writeFile } from 'node:fs/promises';
import { loadVersion } from '#cli/simulate/plan';
import { faultKinds } from '#local/prove/faults';
import { type Proof, prove } from '#local/prove/prove';
import { invariants } from '#local/prove/run';
import { count } from '#local/report/words';
import { withResults } from './bench/write.ts';

/**
 * `npx tsx bin/reliability.ts [seeds] [first seed]`: proves the shipped sequences and writes the figures into docs/reliability.md.
 * Hours for thousands of seeds on a machine that does other things as well.
 */
const [seeds = '1000', firstSeed = '1'] = process.argv.slice(2);
const page = 'docs/reliability.md';

const loaded = await loadVersion('marketing');
if ('problems' in loaded) throw new Error('marketing/ has errors');
const lists = loaded.version.compiled.flatMap(({ artifact: { enter } }) => ('imported' in enter.on ? [enter.on.imported] : []));
const proof = await prove(
  { ...loaded.version, behaviour: loaded.behaviour, list: lists[0] ?? 'proof' },
  { seeds: Number(seeds), firstSeed: Number(firstSeed) },
  { progress: (done, broken) => void (done % 50 === 0 && console.error(`${done} seeds, ${broken} broken`)) },
);

const asMarkdown = (it: Proof): string =>
  [
    `\`npx tsx bin/reliability.ts ${it.seeds} ${it.firstSeed}\` on ${new Date().toISOString().slice(0, 10)}: ${count(it.seeds)} seeds, ${count(it.leads)} leads, ${count(it.invocations)} calls of functions, ${count(it.sends)} e-mails, ${count(it.handoffs)} handoffs, ${count(it.deadLetters)} dead letters.`,
    table(
      ['fault', 'times'],
      [...Object.keys(faultKinds), 'together'].map((kind) => [kind, count(timesOf(it, kind))]),
    ),
    table(
      ['promise', 'seeds that broke it'],
      Object.entries(invariants).map(([name, what]) => [what, count(it.violations[name as keyof typeof invariants])]),
    ),
  ].join('\n\n');

const timesOf = ({ faults }: Proof, kind: string): number =>
  kind === 'together' ? Object.values(faults).reduce((sum, it) => sum + it, 0) : faults[kind as keyof typeof faults];

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((it) => `| ${it.join(' | ')} |`).join('\n');

await writeFile(page, withResults(await readFile(page, 'utf8'), 'proof', asMarkdown(proof)));
if (proof.found.length > 0) {
  console.error(JSON.stringify(proof.found, undefined, 2));
  process.exitCode = 1;
}
