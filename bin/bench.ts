import './plain-errors.ts';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { Command } from 'commander';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { bundlesPart } from './bench/bundles.ts';
import { compilePart } from './bench/compile-many.ts';
import { consolePart } from './bench/console.ts';
import { costPart } from './bench/cost.ts';
import { endToEndPart } from './bench/end-to-end.ts';
import { enginesPart } from './bench/engines.ts';
import { eventsPart } from './bench/events.ts';
import { handlersPart } from './bench/handlers.ts';
import { loadPart } from './bench/load.ts';
import type { Part } from './bench/row.ts';
import { simulatorPart } from './bench/simulator.ts';
import { asMarkdown, asText, withResults } from './bench/write.ts';

/** Figures to compare run with run: counts and ratios are what counts, times tell the scale of this machine. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const benchmarks = 'docs/benchmarks.md';
const loaded = await loadMarketing('marketing');
const { compiled } = await compileMarketing(loaded);
const trial = compiled.find((it) => it.compiled.artifact.sequence === 'trial-nurture')?.compiled.artifact;
if (!loaded.live || !trial) throw new Error('marketing/ has errors: run npx baton check');
const { live } = loaded;

/** `BATON_BENCH_LEADS=100000,1000000` for the long runs of the simulator. */
const sizes = (process.env.BATON_BENCH_LEADS ?? '1000,10000').split(',').map(Number);

/** `BATON_LOAD_LEADS=5000` for a longer one. */
const loadLeads = Number(process.env.BATON_LOAD_LEADS ?? 200);

const parts: { readonly [name: string]: () => Promise<Part> } = {
  engines: enginesPart,
  compile: compilePart,
  handlers: () => handlersPart(live, compiled),
  bundles: bundlesPart,
  events: () => eventsPart(live, trial),
  'end-to-end': () => endToEndPart(live),
  cost: () => costPart(live),
  simulator: () => simulatorPart(live, sizes),
  load: () => loadPart(live, loadLeads),
  console: () => consolePart(live, compiled, Number(process.env.BATON_BENCH_CONSOLE_LEADS ?? 100_000)),
};

const options = new Command('bench')
  .description('cost beside one state a concern, the States runner beside another, compiling, bundles, handlers, end to end')
  .option('--json', 'all figures as JSON')
  .option('--only <parts>', `some of ${Object.keys(parts).join(', ')}, with commas between`)
  .option('--write', `put the results into ${benchmarks}; with --only console into docs/console.md`)
  .parse()
  .opts<{ readonly json?: true; readonly only?: string; readonly write?: true }>();

const wanted = options.only?.split(',') ?? Object.keys(parts);
const results: Record<string, Part> = {};
for (const name of wanted) {
  const part = parts[name];
  if (!part) throw new Error(`there is no part "${name}"; there are: ${Object.keys(parts).join(', ')}`);
  if (!options.json) console.error(`${name} …`);
  results[name] = await part();
  if (!options.json && results[name]) console.log(asText(results[name]));
}
const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version.slice(1)}`;
const all = Object.values(results);
/** The simulator takes long and is measured apart, and the console has a page of its own: each has its place. */
const apart = ['simulator', 'console'];
const places: readonly { readonly page: string; readonly place: string; readonly some: readonly Part[] }[] = [
  { page: benchmarks, place: 'bench', some: Object.entries(results).flatMap(([name, it]) => (apart.includes(name) ? [] : [it])) },
  { page: benchmarks, place: 'simulator', some: results.simulator ? [results.simulator] : [] },
  { page: 'docs/console.md', place: 'console', some: results.console ? [results.console] : [] },
];
if (options.json)
  console.log(
    JSON.stringify({ machine, ...Object.fromEntries(Object.entries(results).map(([name, it]) => [name, it.figures])) }, undefined, 2),
  );
if (options.write) {
  const command = `npm run bench -- --write${options.only ? ` --only ${options.only}` : ''}`;
  for (const { page, place, some } of places)
    if (some.length > 0) await writeFile(page, withResults(await readFile(page, 'utf8'), place, asMarkdown(some, { command, machine })));
}
for (const { what, value, target } of all.flatMap((it) => it.rows).filter((it) => it.target?.isMet === false && !it.target.isFar)) {
  console.error(`${what}: ${value}; the target is ${target?.words}`);
  process.exitCode = 1;
}
