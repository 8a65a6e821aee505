import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { register } from '#cli/simulate';

const folder = mkdtempSync(join(tmpdir(), 'baton-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const simulate = async (...args: string[]): Promise<void> => {
  const program = new Command().exitOverride();
  register(program);
  await program.parseAsync(['node', 'baton', 'simulate', ...args]);
};

/** Hours may go by before a large rehearsal ends: what is wrong with the question is said before it begins. */
describe('baton simulate, before it begins', () => {
  it.each([
    [['--sla', '4'], /say --capacity too/],
    [['--capacity', 'jon=4'], /reps of sales\.yaml \(jonas, ruth, dana, owen\), not jon=4/],
    [['--html', join(folder, 'nowhere', 'plan.html')], /plan\.html cannot be written: there is no folder/],
    [['--leads', join(folder, 'no.csv')], /--leads: there is no file/],
    [['--replay', join(folder, 'no.ndjson')], /--replay: there is no file/],
    [['--markdown', 'changes.md'], /say against what/],
  ])('says what is wrong with %j', async (args, words) => {
    await expect(simulate(...args, '--population', '1000000')).rejects.toThrow(args.includes('--leads') ? /not both/ : words);
    if (args.includes('--leads')) await expect(simulate(...args)).rejects.toThrow(words);
  });

  it('says what is wrong with a population file', async () => {
    const file = join(folder, 'people.yaml');
    writeFileSync(file, 'count: many\n');
    await expect(simulate('--population', file)).rejects.toThrow(/count/);
  });
});
