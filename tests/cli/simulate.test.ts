import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it, vi } from 'vitest';
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
    [['--map', 'own'], /name the list, too/],
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

describe('baton simulate with a list of somebody else’s columns', () => {
  const dir = join(folder, 'marketing');
  const list = join(folder, 'own.csv');
  const mapping = `list: webinar
email: Mail
columns: { Vorname: first-name }
consent: { topic: events, if: { column: Newsletter, is: [Ja] }, at: { column: Seit, format: DD.MM.YYYY }, source: fair }
`;
  const rows = [
    'a@one.example;Kim;ja;03.02.2026',
    'b@one.example;Jo;nein;03.02.2026',
    'c@one.example;=1+1;ja;03.12.2026',
    'nobody;Al;ja;03.02.2026',
  ];

  it('reads them by its mapping, and says what was not taken and when it is', async () => {
    cpSync('marketing', dir, { recursive: true });
    mkdirSync(join(dir, 'imports'));
    writeFileSync(join(dir, 'imports/own.yaml'), mapping);
    writeFileSync(list, ['Mail;Vorname;Newsletter;Seit', ...rows].join('\n'));
    await expect(simulate('--dir', dir, '--leads', list, '--map', 'onw')).rejects.toThrow(/no imports\/onw\.yaml.*did you mean "own"/);
    const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await simulate('--dir', dir, '--leads', list, '--map', 'own', '--days', '1', '--workers', '1').finally(() => (process.exitCode = 0));
    const text = said.mock.calls.flat().join('\n');
    vi.restoreAllMocks();
    expect(text).toMatch(/^3 leads over 1 day from 2026-03-02/);
    expect(text).toContain('1 row left out: this is not an e-mail address');
    expect(text).toContain('1 value not taken from Seit: the time of consent lies in the future');
    expect(text).toContain('1 value not taken from Vorname: it looks like a spreadsheet formula');
    expect(text).toContain('The rehearsal begins on 2026-03-02; --start <day> sets another day.');
    expect(text).toContain('webinar-follow-up: 1 run;');
    expect(text).toContain('trial-nurture: nobody entered it\n');
    expect(text).toContain('2  webinar-follow-up: the lead never agreed to this topic');
  });
});
