import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { type DemoOptions, runDemo } from '#local/demo';

let folder = '';
let options: DemoOptions;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-demo-'));
  const lines = (await readFile('examples/leads.csv', 'utf8')).split('\n');
  await writeFile(join(folder, 'leads.csv'), lines.slice(0, 91).join('\n'));
  const marketing = await loadMarketing('marketing');
  const { compiled } = await compileMarketing(marketing);
  if (!marketing.live) throw new Error('marketing/ has errors');
  options = {
    compiled: compiled.map((it) => it.compiled),
    live: marketing.live,
    leadsFile: join(folder, 'leads.csv'),
    list: 'webinar',
    days: 30,
    seed: 'one',
    stack: 'memory',
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the demo', () => {
  /** Each seed once; to be the same it is run again. */
  const once = new Map<string, ReturnType<typeof runDemo>>();
  const reportOf = (seed: string) => {
    const report = once.get(seed) ?? runDemo({ ...options, seed });
    once.set(seed, report);
    return report;
  };

  it('says the same twice for one seed, and something else for another', async () => {
    const report = JSON.stringify(await reportOf('one'));
    expect(JSON.stringify(await runDemo(options))).toBe(report);
    expect(JSON.stringify(await reportOf('two'))).not.toBe(report);
  });

  it('says the same on Maps and on the embedded stack, to the last write unit', async () => {
    expect(await runDemo({ ...options, stack: 'embedded' })).toEqual(await reportOf('one'));
  });

  it('keeps its promises for many seeds, and hands off every lead that qualified', async () => {
    for (const seed of ['one', 'two', 'a', 'b', 'c', 'd', 'e']) {
      const report = await reportOf(seed);
      expect(report).toMatchObject({
        duplicateSends: 0,
        sendsAfterStop: 0,
        emailsOutsideWindow: 0,
        emailsOverCap: 0,
        transitionsOverBudget: 0,
        deadLetters: 0,
      });
      // Whom sales gave back may come again.
      expect(new Set(report.tasks.map((it) => it.leadId)).size).toBe(report.qualified);
      expect(report.transitionsPerEmailStep).toBeLessThanOrEqual(2);
      expect(report.tasks.every((it) => it.reasons.length > 0 && it.touches.length > 0)).toBe(true);
    }
  });
});
