import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTests } from '#cli/test';
import { resultsInWords } from '#cli/test-text';
import { parseSpan, parseTime, spanInWords } from '#core/sequence-tests/times';

type Edit = readonly [file: string, from: string | RegExp, to: string];
const trial = 'sequences/trial-nurture/sequence.yaml';
const toSales = 'sequences/trial-nurture/tests/to-sales.yaml';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'baton-tests-'));
});
afterAll(() => rm(root, { recursive: true }));

let copies = 0;
/** The shipped folder with these edits; without its lock, which knows the steps as they are. */
const edited = async (...edits: readonly Edit[]): Promise<string> => {
  const dir = join(root, String(copies++));
  await cp('marketing', dir, { recursive: true });
  await rm(join(dir, 'baton.lock.json'));
  for (const [file, from, to] of edits) {
    const before = await readFile(join(dir, file), 'utf8');
    const after = before.replace(from, to);
    expect(after, `${file} has ${from}`).not.toBe(before);
    await writeFile(join(dir, file), after);
  }
  return dir;
};

describe('baton test', () => {
  it('passes what we ship, and comes by every step and arm of it', async () => {
    const report = await runTests(undefined, { dir: 'marketing' });
    expect(resultsInWords(report, { dir: 'marketing', coverage: true })).toContain(`${report.passed} passed, 0 failed`);
    expect(report.passed).toBeGreaterThanOrEqual(8);
    expect(report.coverage.flatMap((it) => it.missing)).toEqual([]);
  });

  it('plays a sequence that is switched off as it will be when it is on', async () => {
    const dir = await edited([trial, 'priority: 40', 'priority: 40\nenabled: false']);
    expect(await runTests('trial-nurture', { dir, only: 'a large builder' })).toMatchObject({ passed: 1, failed: 0 });
  });

  it.each<[string, Edit, string, RegExp]>([
    [
      'a longer wait',
      [trial, 'settle: { wait: 2 days }', 'settle: { wait: 3 days }'],
      '“bring-the-trades” went at another time',
      /Thu 2026-03-26 10:00/,
    ],
    ['other hours', [trial, 'tue-thu 09:00-11:00', 'tue-thu 14:00-15:00'], '“handover-story” went at another time', /09:00/],
    [
      'an e-mail that goes no more',
      [
        trial,
        '- bring-the-trades: { email: bring-the-trades }',
        '- bring-the-trades: { email: bring-the-trades, only-if: { field: country, is: FR } }',
      ],
      '“bring-the-trades” did not go',
      /2026-03-26/,
    ],
    [
      'one e-mail too many',
      [trial, '- settle: { wait: 2 days }', '- again: { email: welcome }\n  - settle: { wait: 2 days }'],
      '“again” went and is not expected',
      /nothing/,
    ],
    [
      'a rule that scores less',
      ['scoring.yaml', 'points: 12, at-most: [2 per day, 48 points]', 'points: 1'],
      'the lead was not handed to sales',
      /15:30/,
    ],
    ['a longer hold', ['scoring.yaml', 'hold: 30 minutes', 'hold: 3 hours'], 'the lead was handed to sales at another time', /15:30/],
    ['another seller', ['sales.yaml', 'weight: 2', 'away: [2026-03-01..2026-05-01]'], 'somebody else of sales got the lead', /jonas/],
    ['an expectation of another end', [toSales, 'ended: qualified', 'ended: goal'], 'the run ended otherwise', /goal/],
    ['an expectation of another stage', [toSales, 'stage: mql', 'stage: won'], 'the lead is in another stage', /won/],
    [
      'an e-mail that must not go',
      [toSales, 'handed-off:', 'not-sent: [handover-story]\n  handed-off:'],
      '“handover-story” went',
      /nothing/,
    ],
    ['a handoff that must not be', [toSales, /handed-off: .*\n {2}to: jonas/, 'handed-off: no'], 'the lead was handed to sales', /no/],
  ])('fails on %s, at the line and with what came instead', async (_what, edit, what, expected) => {
    const dir = await edited(edit);
    const report = await runTests('trial-nurture', { dir, only: 'to-sales' });
    expect(report.problems.filter((it) => it.severity === 'error')).toEqual([]);
    expect(report.failed).toBe(1);
    const mismatch = report.tests[0]?.mismatches.find((it) => it.what === what);
    expect(mismatch?.expected).toMatch(expected);
    expect(mismatch?.line).toBeGreaterThan(7);
    expect(resultsInWords(report, { dir, coverage: false })).toContain(`${toSales}:${mismatch?.line}:`);
  });

  it('says why an e-mail did not go', async () => {
    const dir = await edited([
      trial,
      '- bring-the-trades: { email: bring-the-trades }',
      '- bring-the-trades: { email: bring-the-trades, only-if: { field: country, is: FR } }',
    ]);
    const { tests } = await runTests('trial-nurture', { dir, only: 'to-sales' });
    expect(tests[0]?.mismatches[0]?.got).toContain('skipped: the condition under `only-if` does not hold');
  });

  it.each<[string, Edit, string]>([
    ['an unknown key', [toSales, 'expect:', 'expcet:'], 'unknown-key'],
    ['a step that is none', [toSales, '- welcome: 2026', '- wellcome: 2026'], 'unknown-name'],
    ['a topic that is none', [toSales, 'consent: [product-tips]', 'consent: [tips]'], 'unknown-name'],
    ['an arm that is none', [toSales, 'proof: story', 'proof: storey'], 'unknown-name'],
    ['a time that is none', [toSales, '2026-03-26 10:05', 'thursday'], 'not-a-time'],
    ['a timeline that runs backwards', [toSales, '2026-03-26 10:05', '2026-03-20 10:05'], 'not-in-order'],
    ['two things at once', [toSales, '{ did: project.created }', '{ did: project.created, visited: /x }'], 'not-one-act'],
    ['a zone that is none', [toSales, 'Europe/Berlin', 'Europe/Berlim'], 'unknown-time-zone'],
  ])('plays nothing with %s, and says where', async (_what, edit, code) => {
    const report = await runTests(undefined, { dir: await edited(edit) });
    expect(report.tests).toEqual([]);
    const problem = report.problems.find((it) => it.code === code);
    expect(problem).toMatchObject({ file: toSales, severity: 'error' });
    expect(problem?.line).toBeGreaterThan(1);
  });

  it('refuses a sequence that is none', async () => {
    await expect(runTests('trial', { dir: 'marketing' })).rejects.toThrow('there is no sequence "trial"; there are: trial-nurture');
  });
});

describe('times in tests', () => {
  const zone = 'America/New_York';
  it.each([
    ['2026-03-23 14:00', '2026-03-23T18:00:00.000Z'],
    ['2026-03-23 9:05', '2026-03-23T13:05:00.000Z'],
    ['2026-03-23 14:00 +01:00', '2026-03-23T13:00:00.000Z'],
    ['2026-03-23T14:00Z', '2026-03-23T14:00:00.000Z'],
    ['+ 2 days 3 hours', '2026-03-25T03:00:00.000Z'],
    // The clocks skip it: it moves forward.
    ['2026-03-08 02:30', '2026-03-08T07:30:00.000Z'],
    ['2026-13-01 10:00', undefined],
    ['+ a while', undefined],
    ['tomorrow', undefined],
  ])('%s', (text, expected) => {
    expect(parseTime(text, zone, '2026-03-23T00:00:00.000Z')).toBe(expected);
  });

  it('may be stretches', () => {
    expect(parseSpan('2026-03-08', zone)).toEqual({ from: '2026-03-08T05:00:00.000Z', to: '2026-03-09T04:00:00.000Z' });
    expect(parseSpan('2026-03-23 10:00..11:00', zone)).toEqual({ from: '2026-03-23T14:00:00.000Z', to: '2026-03-23T15:00:00.000Z' });
    expect(parseSpan('2026-03-23..2026-03-24', zone)?.to).toBe('2026-03-25T04:00:00.000Z');
    expect(parseSpan('2026-03-23 11:00..10:00', zone)).toBeUndefined();
    for (const written of [
      'Mon 2026-03-23',
      'Mon 2026-03-23 10:00..11:00',
      'Mon 2026-03-23 10:00',
      'Mon 2026-03-23 10:00 .. Tue 2026-03-24 09:00',
    ])
      expect(spanInWords(parseSpan(written.replace(/[A-Z][a-z]{2} /g, ''), zone) ?? { from: '', to: '' }, zone)).toBe(written);
    expect(spanInWords(parseSpan('2026-03-23..2026-03-24', zone) ?? { from: '', to: '' }, zone)).toBe('Mon 2026-03-23 .. Tue 2026-03-24');
    expect(spanInWords({ from: '2026-03-23T14:00:00.000Z', to: '2026-03-23T14:02:00.000Z' }, zone)).toBe('Mon 2026-03-23 10:00');
  });
});
