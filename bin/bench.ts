import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { liquidTemplates } from '#adapters/email/liquid';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { composeEmail } from '#core/email';
import { demoStart, runDemo } from '#local/demo';
import { memoryMap } from '#local/durable-map';
import { createStatesRunner } from '#local/states/runner';

/** Figures to compare run with run on the same machine: counts and ratios are what counts, times tell the scale. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const isJson = process.argv.includes('--json');

const handlers = [
  'lambdas/steps/send-email.ts',
  'lambdas/steps/enrol.ts',
  'lambdas/steps/plan-step.ts',
  'lambdas/steps/evaluate-branch.ts',
  'lambdas/events/process-events.ts',
  'lambdas/events/wake.ts',
  'lambdas/sales/confirm-handoff.ts',
  'lambdas/sales/notify-sales.ts',
  'lambdas/api/pages.ts',
  'lambdas/ticks/reconcile-sends.ts',
  'lambdas/ticks/watchdog.ts',
];

const loaded = await loadMarketing('marketing');
const { compiled } = await compileMarketing(loaded);
if (!loaded.live) throw new Error('marketing/ has errors: run npx baton check');
const { live } = loaded;

/** A machine of one split after the other, so that nothing but the runner is at work. */
const runnerFigures = async () => {
  const length = 100;
  const States = Object.fromEntries([
    ...Array.from({ length }, (_, at) => [
      `s${at}`,
      {
        Type: 'Choice',
        Choices: [{ Variable: '$.arm', StringEquals: 'no', Next: 'End' }],
        Default: at + 1 < length ? `s${at + 1}` : 'End',
      },
    ]),
    ['End', { Type: 'Succeed' }],
  ]);
  const refuse = async () => {
    throw new Error('this machine calls nothing');
  };
  const runner = createStatesRunner({
    clock: { now: () => demoStart },
    executions: memoryMap(),
    seed: 'bench',
    invoke: refuse,
    sendMessage: refuse,
    updateItem: refuse,
  });
  runner.deploy('bench', { StartAt: 's0', States }, {});
  const begun = performance.now();
  for (let at = 0; at < 2000; at++) runner.startExecution({ stateMachine: 'bench', name: `run-${at}`, input: '{"arm":"yes"}' });
  while (runner.peek() !== undefined) await runner.runNext();
  const seconds = (performance.now() - begun) / 1000;
  return { transitions: runner.transitions().total, perSecond: Math.round(runner.transitions().total / seconds) };
};

const worldFigures = async () => {
  const begun = performance.now();
  const report = await runDemo({
    compiled: compiled.map((it) => it.compiled),
    live,
    leadsFile: 'examples/leads.csv',
    list: 'webinar',
    days: 45,
    seed: 'baton',
    stack: 'memory',
    onEnd: (meter) => Object.assign(timed, meter.handlers),
  });
  const seconds = (performance.now() - begun) / 1000;
  return { leads: report.leads, emails: report.emailsSent, leadsPerSecond: Math.round(report.leads / seconds), usage: report.usage };
};
const timed: Record<string, { calls: number; milliseconds: number }> = {};

const renderFigures = () => {
  const templates = liquidTemplates();
  const contents = compiled.flatMap((it) => Object.entries(it.compiled.artifact.emails));
  const lead = {
    leadId: 'bench',
    email: 'kim@example.com',
    fields: { 'first-name': 'Kim', company: 'Example' },
    stage: 'lead' as const,
    createdAt: demoStart,
    consents: {},
    active: {},
    handoffs: 0,
  };
  const rounds = 200;
  const fill = () => {
    for (const [step, { content }] of contents) {
      composeEmail({
        content,
        brand: live.brand,
        lead,
        sequence: 'bench',
        key: { leadId: 'bench', enrolmentId: 'bench', step, round: 1 },
        unsubscribeUrl: 'https://go.example.com/u/bench',
        templates,
      });
    }
  };
  fill();
  const begun = performance.now();
  for (let round = 0; round < rounds; round++) fill();
  return { emails: contents.length, microsecondsEach: Math.round(((performance.now() - begun) * 1000) / (rounds * contents.length)) };
};

const bundleFigures = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'baton-bench-'));
  try {
    const figures = [];
    for (const entry of handlers) {
      const outfile = join(folder, `${basename(entry, '.ts')}.mjs`);
      await build({
        entryPoints: [entry],
        outfile,
        bundle: true,
        minify: true,
        format: 'esm',
        platform: 'node',
        target: 'node24',
        legalComments: 'none',
        logLevel: 'error',
        banner: { js: requireBanner },
      });
      figures.push({
        handler: basename(entry, '.ts'),
        kilobytes: Math.round((await stat(outfile)).size / 1024),
        coldImportMilliseconds: coldImport(outfile),
      });
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** CommonJS parts inside a bundle of modules still call `require`. */
const requireBanner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Median of five fresh processes, from before the import to the first look at AWS ports (which loads the SDK). */
const coldImport = (file: string): number => {
  const script = `const t = performance.now(); const { handler } = await import(${JSON.stringify(file)}); await handler({ Records: [] }, {}).catch(() => {}); console.log(performance.now() - t);`;
  const times = Array.from({ length: 5 }, () =>
    Number(
      spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
        env: { ...process.env, AWS_REGION: 'us-east-1' },
      })
        .stdout.trim()
        .split('\n')
        .at(-1),
    ),
  ).sort((one, other) => one - other);
  return Math.round(times[2] ?? 0);
};

const runner = await runnerFigures();
const world = await worldFigures();
const handlerTimes = Object.entries(timed)
  .map(([handler, { calls, milliseconds }]) => ({ handler, calls, microsecondsEach: Math.round((milliseconds * 1000) / calls) }))
  .sort((one, other) => other.calls - one.calls);
const render = renderFigures();
const bundles = await bundleFigures();
const figures = { node: process.version, cores: cpus().length, runner, world, handlers: handlerTimes, render, bundles };

if (isJson) console.log(JSON.stringify(figures, undefined, 2));
else {
  console.log(`Node ${figures.node}, ${figures.cores} cores`);
  console.log(`States runner: ${runner.perSecond} transitions a second (${runner.transitions} counted)`);
  console.log(`Memory world: ${world.leadsPerSecond} leads a second (${world.leads} leads, ${world.emails} e-mails, 45 days)`);
  console.log(`Filling an e-mail: ${render.microsecondsEach} µs (${render.emails} e-mails)`);
  console.table(handlerTimes);
  console.table(bundles);
}
