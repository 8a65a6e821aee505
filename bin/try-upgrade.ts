import './plain-errors.ts';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * `npx tsx bin/try-upgrade.ts <git ref>`: leads through the embedded stack of that older release, on its rows and machines; then
 * today's release takes over, then the older one again (a rollback), then today's to the end. Every turn is a process of its own with
 * that release's code. Exits with 1 when a lead got a mail twice, or is in no run and in none that ended.
 */
const ref = process.argv[2];
if (ref === undefined) throw new Error('say which release to come from: a git ref');
const folder = mkdtempSync(join(tmpdir(), 'baton-upgrade-'));
const checkout = join(folder, 'older');
execFileSync('git', ['worktree', 'add', '--detach', checkout, ref], { stdio: 'ignore' });
try {
  symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
  copyFileSync('bin/upgrade-phase.ts', join(checkout, 'bin/upgrade-phase.ts'));
  type Turn = {
    readonly mails: readonly { to: string; step: string }[];
    readonly open: readonly string[];
    readonly versions: Record<string, string>;
  };
  const turn = (cwd: string, from: number, count: number, days: number): Turn => {
    const args = ['--import', 'tsx', 'bin/upgrade-phase.ts', join(folder, 'data'), ...[from, count, days].map(String)];
    const out = execFileSync(process.execPath, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    console.error(`a turn of ${cwd} is over`);
    return JSON.parse(out.trim().split('\n').at(-1) ?? '') as Turn;
  };
  const each = 4;
  const turns = [
    ['older', turn(checkout, 0, each, 2)],
    ['today', turn('.', each, each, 4)],
    ['older again', turn(checkout, 2 * each, each, 6)],
    ['today to the end', turn('.', 3 * each, 0, 75)],
  ] as const;
  for (const [name, { mails, open }] of turns) console.log(`${name}: ${mails.length} mails so far, ${open.length} leads in a run`);
  const { mails, open, versions } = turns[3][1];
  const counts = new Map<string, number>();
  // Sales and the team get mail of their own, as often as there is something to say.
  for (const { to, step } of mails.filter((it) => it.to.startsWith('lead-')))
    counts.set(`${to} ${step}`, (counts.get(`${to} ${step}`) ?? 0) + 1);
  const twice = [...counts].filter(([, count]) => count > 1);
  const entered = Object.keys(versions).length;
  console.log(
    `from ${ref}: ${3 * each} leads, ${entered} entered, on ${new Set(Object.values(versions)).size} versions; ${twice.length} mails twice, ${open.length} runs open`,
  );
  for (const [what, count] of twice) console.error(`${what}: ${count} times`);
  if (twice.length > 0 || open.length > 0 || entered < 3 * each) process.exitCode = 1;
} finally {
  execFileSync('git', ['worktree', 'remove', '--force', checkout]);
  rmSync(folder, { recursive: true, force: true });
}
