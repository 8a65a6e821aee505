import { cpus } from 'node:os';
import type { Behaviour } from '#core/behaviour/model';
import { usualBehaviour } from '#core/behaviour/model';
import type { LiveConfig } from '#core/config';
import { begin, compiledNurture, quiet } from '#local/plain-nurture';
import { blockSize, type Plan, type Version } from '#local/simulate/plan';
import { simulate } from '#local/simulate/simulate';
import { under } from '#local/simulate/tally';
import { mailCount } from './counts.ts';
import { number, type Part } from './row.ts';

/** 100,000 leads in 55 seconds on two cores. What is left to it: docs/decisions/0104-what-a-simulated-lead-costs.md. */
const mostMicroseconds = 1100;

/** The simulator as a part of the bench, on all cores. */
export const simulatorPart = async (live: LiveConfig, sizes: readonly number[]): Promise<Part> => {
  const figures = await simulatorFigures(live, sizes, cpus().length);
  const growth = figures.growthExponent;
  return {
    title: 'Simulator: 60 days, six e-mails a lead',
    rows: [
      ...figures.runs.map((it) => ({
        what: `${number(it.leads)} leads`,
        value: `${number(it.cpuMicrosecondsPerLead)} µs of CPU a lead: ${number(it.leadsPerCpuSecond)} leads a second and core; ${it.peakMemoryMb} MB`,
        // Of the longest run: the first blocks of each thread are those that its code is compiled in.
        ...(it === figures.runs.at(-1) && {
          target: {
            words: `at most ${number(mostMicroseconds)} µs of CPU a lead`,
            isMet: it.cpuMicrosecondsPerLead <= mostMicroseconds,
            isFar: true as const,
          },
        }),
      })),
      ...(growth === undefined
        ? []
        : [
            {
              what: 'growth of CPU time with the leads, as an exponent',
              value: number(growth),
              target: { words: 'at most 1.05', isMet: growth <= 1.05 },
            },
          ]),
      ...figures.handlers.map((it) => ({
        what: `${it.handler}: a call`,
        value: `${number(it.microsecondsEach)} µs of CPU, ${number(it.callsPerLead)} calls a lead`,
      })),
    ],
    figures,
  };
};

export type SimulatorFigures = {
  readonly leads: number;
  readonly wallSeconds: number;
  /** Of all threads: what others do on the machine at the same time matters less to it. */
  readonly cpuSeconds: number;
  readonly leadsPerSecond: number;
  readonly leadsPerCpuSecond: number;
  readonly cpuMicrosecondsPerLead: number;
  readonly peakMemoryMb: number;
};
export type SimulatorRun = {
  readonly runs: readonly SimulatorFigures[];
  /** Of CPU time, from the smallest to the largest run; 1: a lead costs the same however many there are. */
  readonly growthExponent?: number;
  /** `microsecondsEach`: of CPU, by its part of the time that the threads took, for they wait when others use the machine. */
  readonly handlers: readonly { readonly handler: string; readonly callsPerLead: number; readonly microsecondsEach: number }[];
};

const usual = usualBehaviour(['trial.started']);
/** Everybody begins, and nobody's address is dead: all six e-mails go. */
const everybodyBegins: Behaviour = {
  ...usual,
  personas: usual.personas.map((it) => ({
    ...it,
    unsubscribes: 0,
    complains: 0,
    replies: 0,
    events: [{ name: 'trial.started', on: 'arrive', chance: 1, afterSeconds: 0, withinSeconds: 3600 }],
  })),
  bounces: { dead: 0, full: 0, whileFull: 0 },
};

export const sixMailVersion = (live: LiveConfig): Version => ({ compiled: [compiledNurture(mailCount)], live: quiet(live), diagrams: [] });

export const sixMailPlan = (leads: number): Plan => ({
  seed: 'bench',
  startAt: begin,
  days: 60,
  list: 'bench',
  overDays: 0,
  leads,
  blockSize,
  behaviour: everybodyBegins,
  population: { count: leads, topics: { tips: 1 } },
  pauses: [],
});

/** So many leads over 60 days, six e-mails each, on so many threads. */
export const simulatorFigures = async (live: LiveConfig, sizes: readonly number[], workers: number): Promise<SimulatorRun> => {
  const version = sixMailVersion(live);
  const runs: SimulatorFigures[] = [];
  let handlers: SimulatorRun['handlers'] = [];
  for (const leads of sizes) {
    const begun = performance.now();
    const cpu = process.cpuUsage();
    let peak = 0;
    const done = await simulate(sixMailPlan(leads), [version], {
      workers,
      onProgress: () => {
        peak = Math.max(peak, process.memoryUsage.rss());
      },
    });
    const sent = under(done.tallies[0] ?? new Map(), 'mails').reduce((sum, it) => sum + it.count, 0);
    if (Math.abs(sent / leads - mailCount) > 0.05) throw new Error(`${sent / leads} mails a lead were sent instead of ${mailCount}`);
    const { user, system } = process.cpuUsage(cpu);
    const wallSeconds = (performance.now() - begun) / 1000;
    const cpuSeconds = (user + system) / 1e6;
    runs.push({
      leads,
      wallSeconds: rounded(wallSeconds),
      cpuSeconds: rounded(cpuSeconds),
      leadsPerSecond: Math.round(leads / wallSeconds),
      leadsPerCpuSecond: rounded(leads / cpuSeconds),
      cpuMicrosecondsPerLead: Math.round((cpuSeconds * 1e6) / leads),
      peakMemoryMb: Math.round(peak / 1e6),
    });
    const atWork = Math.min(1, cpuSeconds / (wallSeconds * workers));
    handlers = Object.entries(done.times)
      .map(([handler, { calls, milliseconds }]) => ({
        handler,
        callsPerLead: rounded(calls / leads),
        microsecondsEach: Math.round((milliseconds * 1000 * atWork) / calls),
      }))
      .sort((one, other) => other.callsPerLead * other.microsecondsEach - one.callsPerLead * one.microsecondsEach);
  }
  const [first, last] = [runs[0], runs.at(-1)];
  return { runs, handlers, ...(first && last && first !== last && { growthExponent: exponent(first, last) }) };
};

const exponent = (one: SimulatorFigures, other: SimulatorFigures): number =>
  rounded(Math.log(other.cpuSeconds / one.cpuSeconds) / Math.log(other.leads / one.leads));

const rounded = (value: number): number => Math.round(value * 100) / 100;
