import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoReport } from '#local/demo-report';
import { randomOf } from '#local/prove/gate';

const kills = 8;
const seed = Number(process.env.BATON_KILL_SEED ?? Date.now() % 1_000_000);

let folder = '';
let list = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-kill-'));
  list = join(folder, 'leads.csv');
  const lines = (await readFile('examples/leads.csv', 'utf8')).split('\n');
  await writeFile(list, lines.slice(0, 61).join('\n'));
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

/** By lead: its runs with their endings and mails, and its tasks. */
const outcomes = ({ runs, tasks }: DemoReport) => {
  const byLead = new Map<string, unknown[]>();
  const add = (leadId: string, fact: unknown) => byLead.set(leadId, [...(byLead.get(leadId) ?? []), fact]);
  for (const { leadId, sequence, ending, sent } of runs) add(leadId, [sequence, ending, sent.toSorted()]);
  for (const { leadId, taskId, rep } of tasks) add(leadId, [taskId, rep]);
  return byLead;
};

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
    const touched = new Set(report.runs.filter((it) => it.unknown.length > 0).map((it) => it.leadId));
    console.info(`killed ${killed} times, seed ${seed}; ${report.unknownSends} sends unknown`);
    // The last kills may come after its end.
    expect(killed).toBeGreaterThanOrEqual(kills - 3);
    expect(report.duplicateSends).toBe(0);
    expect(report.sendsAfterStop).toBe(0);
    expect(report.emailsOutsideWindow).toBe(0);
    expect(report.deadLetters).toBe(0);
    // One process sends one mail at a time, so a kill can leave at most one in doubt.
    expect(report.unknownSends).toBeLessThanOrEqual(killed);
    expect(report.leads).toBe(undisturbed?.leads);
    const expected = outcomes(undisturbed as DemoReport);
    const actual = outcomes(report);
    expect(new Set(actual.keys())).toEqual(new Set(expected.keys()));
    // Whoever missed a mail of which nobody knows may have gone another way: people answer to what they get. And what is
    // delivered again comes three minutes later, which may once meet a wait that has just ended.
    const differing = [...expected].filter(
      ([leadId, facts]) => !touched.has(leadId) && JSON.stringify(actual.get(leadId)) !== JSON.stringify(facts),
    );
    expect(differing.length, JSON.stringify(differing)).toBeLessThanOrEqual(1);
  }, 300_000);
});
