import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoReport } from '#local/demo-report';
import { randomOf } from '#tests/helpers/chaos';

const kills = 30;
const seed = Number(process.env.BATON_KILL_SEED ?? Date.now() % 1_000_000);

let folder = '';
let list = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-kill-'));
  list = join(folder, 'leads.csv');
  const lines = (await readFile('examples/leads.csv', 'utf8')).split('\n');
  await writeFile(list, lines.slice(0, 121).join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the demo; with `afterMilliseconds` it is killed that long after its first sign of work. undefined: it was killed. */
const demo = (state: string | undefined, afterMilliseconds?: number): Promise<DemoReport | undefined> =>
  new Promise((resolve, reject) => {
    const more = state === undefined ? ['--stack', 'memory'] : ['--folder', state];
    const child = spawn(process.execPath, ['--import', 'tsx', 'bin/demo.ts', '--json', '--days', '24', '--leads', list, ...more], {
      env: { ...process.env, BATON_DEMO_SIGNS: '1' },
    });
    let out = '';
    let trouble = '';
    let timer: NodeJS.Timeout | undefined;
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      trouble += data.toString();
      if (afterMilliseconds !== undefined && trouble.includes('day ')) timer ??= setTimeout(() => child.kill('SIGKILL'), afterMilliseconds);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') resolve(undefined);
      else if (code === 0) resolve(JSON.parse(out) as DemoReport);
      else reject(new Error(`the demo ended with ${code}: ${trouble.slice(-2000)}`));
    });
  });

const endingOf = (report: DemoReport) => ({
  leads: report.leads,
  enrolments: report.enrolments,
  emailsSent: report.emailsSent,
  qualified: report.qualified,
  salesTasks: new Set(report.tasks.map((it) => it.taskId)).size,
  sequences: report.sequences.map(({ sequence, endings, steps }) => ({ sequence, endings, sent: steps.map((it) => [it.step, it.sent]) })),
});

describe('a process that is killed again and again', () => {
  it('sends nothing twice, loses nobody, and ends as if nothing had happened', async () => {
    const undisturbed = await demo(undefined);
    const random = randomOf(seed);
    let killed = 0;
    let report: DemoReport | undefined;
    while (!report) {
      report = await demo(join(folder, 'state'), killed < kills ? Math.floor(random() * 900) : undefined);
      if (!report) killed++;
    }
    console.info(`killed ${killed} times, seed ${seed}`);
    expect(killed).toBeGreaterThanOrEqual(12);
    expect(report.duplicateSends).toBe(0);
    expect(report.sendsAfterStop).toBe(0);
    expect(report.emailsOutsideWindow).toBe(0);
    expect(report.deadLetters).toBe(0);
    expect(undisturbed && endingOf(report)).toEqual(undisturbed && endingOf(undisturbed));
  }, 300_000);
});
