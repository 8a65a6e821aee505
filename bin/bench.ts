import { cpus } from 'node:os';
import { liquidTemplates } from '#adapters/email/liquid';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { composeEmail, sampleLinks } from '#core/email';
import { demoStart, runDemo } from '#local/demo';
import { memoryMap } from '#local/durable-map';
import { createStatesRunner } from '#local/states/runner';
import { bundleFigures } from './bench/bundles.ts';
import { costFigures, mostToSes } from './bench/cost.ts';
import { eventFigures } from './bench/events.ts';
import { simulatorFigures } from './bench/simulator.ts';

/** Figures to compare run with run on the same machine: counts and ratios are what counts, times tell the scale. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const isJson = process.argv.includes('--json');
/** `--leads 1000,100000`: the simulator at these sizes. `--simulator`: nothing but that. */
const sizesGiven = process.argv[process.argv.indexOf('--leads') + 1];
const sizes = process.argv.includes('--leads') ? (sizesGiven ?? '').split(',').map(Number) : [1000, 10_000];
const isSimulatorOnly = process.argv.includes('--simulator');

const loaded = await loadMarketing('marketing');
const { compiled } = await compileMarketing(loaded);
if (!loaded.live) throw new Error('marketing/ has errors: run npx baton check');
const { live } = loaded;

const tellSimulator = ({ runs, growthExponent, handlers }: Awaited<ReturnType<typeof simulatorFigures>>): void => {
  console.log('Simulator: 60 days, six e-mails a lead, every event that SES tells of them:');
  console.table(runs);
  if (growthExponent !== undefined) console.log(`CPU time grows with the leads to the power of ${growthExponent} (target: at most 1.05)`);
  console.table(handlers);
};

if (isSimulatorOnly) {
  const figures = await simulatorFigures(live, sizes, cpus().length);
  if (isJson) console.log(JSON.stringify({ node: process.version, cores: cpus().length, simulator: figures }, undefined, 2));
  else tellSimulator(figures);
  process.exit(0);
}

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
        topic: 'bench',
        links: sampleLinks(live.brand, 'bench'),
        templates,
      });
    }
  };
  fill();
  const begun = performance.now();
  for (let round = 0; round < rounds; round++) fill();
  return { emails: contents.length, microsecondsEach: Math.round(((performance.now() - begun) * 1000) / (rounds * contents.length)) };
};

const runner = await runnerFigures();
const world = await worldFigures();
const handlerTimes = Object.entries(timed)
  .map(([handler, { calls, milliseconds }]) => ({ handler, calls, microsecondsEach: Math.round((milliseconds * 1000) / calls) }))
  .sort((one, other) => other.calls - one.calls);
const render = renderFigures();
const bundles = await bundleFigures();
const cost = await costFigures(live);
const trial = compiled.find((it) => it.compiled.artifact.sequence === 'trial-nurture')?.compiled.artifact;
if (!trial) throw new Error('marketing/ has no trial-nurture');
const events = await eventFigures(live, trial);
const simulator = await simulatorFigures(live, sizes, cpus().length);
const figures = {
  node: process.version,
  cores: cpus().length,
  simulator,
  runner,
  world,
  handlers: handlerTimes,
  render,
  bundles,
  cost,
  events,
};

if (isJson) console.log(JSON.stringify(figures, undefined, 2));
else {
  console.log(`Node ${figures.node}, ${figures.cores} cores`);
  console.log(`States runner: ${runner.perSecond} transitions a second (${runner.transitions} counted)`);
  console.log(`Memory world: ${world.leadsPerSecond} leads a second (${world.leads} leads, ${world.emails} e-mails, 45 days)`);
  console.log(`Filling an e-mail: ${render.microsecondsEach} µs (${render.emails} e-mails)`);
  console.table(handlerTimes);
  tellSimulator(simulator);
  console.table(bundles.handlers);
  console.log(`send-email: import ${bundles.sendEmailToItsClients} times that of its SDK clients alone (target: at most 1.1)`);
  console.log('Clicks that score, through process-events (target: at most 4 writes and 2 reads each):');
  console.table(events);
  console.log(`Six mails to a lead, dollars for 1,000 leads, and all but SES as a part of SES (target: at most ${mostToSes}):`);
  console.table(
    Object.fromEntries(
      Object.entries(cost).map(([name, it]) => [
        name,
        { ...it.perThousandLeads, transitions: it.perLead.transitions, engineToSes: it.engineToSes },
      ]),
    ),
  );
}
if (cost.baton.engineToSes > mostToSes) {
  console.error(`six mails cost ${cost.baton.engineToSes} of SES's price beside SES; at most ${mostToSes} is the target`);
  process.exitCode = 1;
}
