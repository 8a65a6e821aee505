import './plain-errors.ts';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { demoInWords } from '#cli/demo-text';
import { diagramOf } from '#core/sequences/diagram';
import { runDemo } from '#local/demo';

type Options = {
  readonly json?: true;
  readonly html?: string;
  readonly seed: string;
  readonly days: number;
  readonly leads: string;
  readonly dir: string;
  readonly stack: 'embedded' | 'memory';
  readonly folder?: string;
};

const wholeDays = (text: string): number => {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3650) throw new InvalidArgumentError('a whole number of days, 1 to 3650');
  return days;
};

const stackName = (text: string): Options['stack'] => {
  if (text !== 'embedded' && text !== 'memory') throw new InvalidArgumentError('embedded or memory');
  return text;
};

const options = new Command('demo')
  .description('leads from a CSV through every sequence, in virtual time, on this machine')
  .option('--json', 'the whole report as JSON')
  .option('--html <file>', 'the whole report with charts, as one file for a browser')
  .option('--seed <text>', 'another seed, other people', 'baton')
  .option('--days <n>', 'virtual days', wholeDays, 45)
  .option('--leads <file>', 'the list to import', 'examples/leads.csv')
  .option('--dir <folder>', 'the marketing folder', 'marketing')
  .option('--stack <name>', 'embedded: real SDK clients on local services; memory: the same handlers on Maps', stackName, 'embedded')
  .option('--folder <folder>', 'keep all state there; a killed run goes on where it was')
  .parse()
  .opts<Options>();

// The SDK asks for Node 22 from 2027 on; on AWS the handlers run on 24, here on what the user has.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const begun = performance.now();
const marketing = await loadMarketing(options.dir);
const { compiled, live, problems } = await compileMarketing(marketing);
const errors = problems.filter((it) => it.severity === 'error');
if (errors.length > 0 || !live) {
  console.error(`${options.dir} has ${errors.length} errors: run npx baton check --dir ${options.dir}`);
  process.exit(1);
}
const bar = new SingleBar(
  { format: '{bar} day {value} of {total} · {duration_formatted}', stream: process.stderr, noTTYOutput: false, hideCursor: true },
  Presets.shades_classic,
);
if (process.stderr.isTTY) bar.start(options.days, 0);
else if (!options.json) console.error(`running ${options.days} virtual days …`);
const diagrams = compiled.map((it) => diagramOf(it.sequence));
const report = await runDemo({
  compiled: compiled.map((it) => it.compiled),
  live,
  diagrams,
  leadsFile: options.leads,
  list: 'webinar',
  days: options.days,
  seed: options.seed,
  stack: options.stack,
  onProgress: (day) => {
    if (process.stderr.isTTY) bar.update(day);
    else if (!options.json ? day % 9 === 0 : process.env.BATON_DEMO_SIGNS) console.error(`  day ${day}`);
  },
  ...(options.folder !== undefined && { folder: options.folder }),
});
if (process.stderr.isTTY) {
  bar.update(options.days);
  bar.stop();
}
const wallSeconds = Math.round((performance.now() - begun) / 100) / 10;
console.log(options.json ? JSON.stringify({ ...report, wallSeconds }, undefined, 2) : demoInWords(report, wallSeconds));
if (options.html !== undefined) {
  // Only here: the chart library takes a while to load.
  const { reportHtml } = await import('#local/report/html');
  await writeFile(options.html, reportHtml(report, diagrams));
  console.error(`\nThe report with charts is in ${resolve(options.html)}: open it in any browser.`);
}
