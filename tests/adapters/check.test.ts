import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMarketing } from '#adapters/files/load-marketing';
import { compileMarketing } from '#cli/compile';
import { sortedProblems } from '#core/marketing';
import type { Problem } from '#core/problems';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'baton-check-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

let count = 0;
type Edit = readonly [file: string, from: string | RegExp, to: string];

/** The shipped folder with some edits, and what check says of it. */
const problemsAfter = async (...edits: readonly Edit[]): Promise<readonly Problem[]> => {
  const dir = join(root, String(count++));
  await cp('marketing', dir, { recursive: true });
  for (const [file, from, to] of edits) {
    const before = await readFile(join(dir, file), 'utf8');
    const after = before.replace(from, to);
    expect(after, `${file} has ${from}`).not.toBe(before);
    await writeFile(join(dir, file), after);
  }
  const marketing = await loadMarketing(dir);
  return sortedProblems((await compileMarketing(marketing)).problems);
};

const trial = 'sequences/trial-nurture/sequence.yaml';
const aForm = 'forms/walkthrough.yaml';
const welcome = 'sequences/trial-nurture/emails/welcome.md';

describe('baton check', () => {
  it('finds nothing wrong with what we ship', async () => {
    expect(await problemsAfter()).toEqual([]);
  });

  it.each<[string, string, Edit]>([
    ['a list that nobody wrote', 'unknown-list', ['scoring.yaml', 'in: competitors', 'in: competitor']],
    ['a topic that nobody declared', 'unknown-topic', [trial, 'topic: product-tips', 'topic: product-tip']],
    ['an unknown time zone', 'unknown-time-zone', ['brand.yaml', 'time-zone: Europe/Dublin', 'time-zone: Europe/Doublin']],
    ['two steps of one name', 'duplicate-step', [trial, '- breathe: { wait', '- settle: { wait']],
    ['an unknown key', 'unknown-key', [trial, 'priority: 40', 'prioritty: 40']],
    ['a key of a later release', 'unknown-key', ['brand.yaml', 'company:', 'capital: { emails: 2 }\ncompany:']],
    ['a country without a calendar', 'unknown-country', ['brand.yaml', 'countries: [IE, GB', 'countries: [IE, XQ']],
    ['a part of a country that is none', 'unknown-country', ['brand.yaml', 'countries: [IE, GB', 'countries: [IE, DE-BX, GB']],
    ['holidays of a country that is not named', 'unknown-country', ['brand.yaml', 'otherwise: IE', 'otherwise: ES']],
    ['a cap without a period', 'missing', ['brand.yaml', 'cap: { emails: 4, per: 7 days }', 'cap: { emails: 4 }']],
    ['a gap that is no duration', 'not-understood', ['brand.yaml', 'gap: 20 hours', 'gap: a while']],
    ['a way to be capped that is none', 'not-allowed', [trial, 'priority: 40', 'priority: 40\nwhen-capped: drop']],
    [
      'a migration to a step that is not there',
      'unknown-step',
      [trial, 'priority: 40', 'migrate: { from: all, steps: { hello: welcom } }\npriority: 40'],
    ],
    ['a migration from a version that is none', 'bad-version', [trial, 'priority: 40', 'migrate: { from: v1 }\npriority: 40']],
    ['a migration with an unknown key', 'unknown-key', [trial, 'priority: 40', 'migrate: { from: all, step: {} }\npriority: 40']],
    ['a kind of consent that is none', 'not-allowed', ['brand.yaml', /consent: opt-in/, 'consent: opt-out']],
    ['no postal address', 'missing', ['brand.yaml', /postal-address: .*\n/, '']],
    ['a missing template', 'missing-template', [trial, '{ email: welcome, at: once }', '{ email: wellcome, at: once }']],
    ['a wait-for without a time-out', 'no-time-out', [trial, 'did: project.created, at-most: 5 days', 'did: project.created']],
    ['shares that do not total 100', 'shares-total', [trial, 'share: 10, holdout', 'share: 15, holdout']],
    [
      'a step that nobody can reach',
      'unreachable-step',
      [trial, '  - settle: { wait: 2 days }', '  - leave: { exit: true }\n  - settle: { wait: 2 days }'],
    ],
    ['a renamed step without was', 'renamed-step', [trial, '- settle: { wait: 2 days }', '- calm: { wait: 2 days }']],
    [
      'a merge field without a default',
      'merge-field-without-default',
      [welcome, /\{\{ lead\.first-name \| default: '[^']*' \}\}/, '{{ lead.first-name }}'],
    ],
    ['no unsubscribe link in the layout', 'no-unsubscribe-path', ['layout.mjml', /\{\{ ?unsubscribe-url ?\}\}/g, 'https://example.com']],
    [
      'a score that opens alone could reach',
      'opens-alone',
      ['scoring.yaml', '{ on: opened, points: 1, at-most: 1 per day', '{ on: opened, points: 3, at-most: 1 per day'],
    ],
    ['a duration that is none', 'bad-duration', [trial, 'settle: { wait: 2 days }', 'settle: { wait: 2 fortnights }']],
    ['an exit on the event that lets leads in', 'exit-on-entry', [trial, 'on: subscription.started', 'on: trial.started']],
    [
      'a window inside the quiet hours',
      'window-never-opens',
      [trial, 'send: tue-thu 09:00-11:00 lead time', 'send: tue-thu 21:00-23:00 lead time'],
    ],
    ['a condition on a mail that is not there', 'unknown-email-step', [trial, 'clicked: retention-money', 'clicked: retention-mony']],
    ['two people of one name', 'duplicate', ['sales.yaml', 'rep: ruth', 'rep: jonas']],
    ['a form for a topic that is none', 'unknown-topic', [aForm, 'topic: events', 'topic: event']],
    ['a form with a key that is not known', 'unknown-key', [aForm, 'redirect:', 'redirct:']],
    ['a form that goes on to a page without https', 'invalid', [aForm, 'https://lintel.example/thanks', 'http://lintel.example/thanks']],
    ['a form that asks for a proof of consent', 'bad-field', [aForm, 'company: {', 'consent-at: {']],
    ['a site with a path', 'not-an-origin', ['brand.yaml', /sites: \[?.*\n/, 'sites: [https://lintel.example/shop]\n']],
    ['text that is no YAML', 'not-yaml', ['scoring.yaml', 'fit:', 'fit: [']],
  ])('refuses %s', async (_, code, edit) => {
    const problems = await problemsAfter(edit);
    const found = problems.filter((it) => it.severity === 'error');
    expect(found.map((it) => it.code)).toContain(code);
    const problem = found.find((it) => it.code === code);
    expect(problem?.line).toBeGreaterThan(0);
    expect(problem?.what.length).toBeGreaterThan(10);
  });

  it('says file, line, column, what it got, what is allowed and what was meant', async () => {
    const [problem] = await problemsAfter([trial, 'topic: product-tips', 'topic: product-tip']);
    const line = (await readFile(`marketing/${trial}`, 'utf8')).split('\n').findIndex((it) => it.startsWith('topic:')) + 1;
    expect(problem).toEqual({
      severity: 'error',
      file: trial,
      line,
      column: 8,
      code: 'unknown-topic',
      what: 'there is no such topic in brand.yaml',
      got: 'product-tip',
      allowed: 'product-tips, events',
      hint: 'did you mean "product-tips"?',
    });
  });

  it('says what is allowed and meant inside a step, and does not call its e-mails unused', async () => {
    const problems = await problemsAfter([trial, 'project.created, at-most: 5 days', 'project.created, at-mst: 5 days']);
    expect(problems.map((it) => it.code)).toEqual(['unknown-key']);
    expect(problems[0]).toMatchObject({ allowed: expect.stringContaining('at-most'), hint: 'did you mean "at-most"?' });
  });

  it('says where a form is wrong, and what was meant', async () => {
    const [problem] = await problemsAfter([aForm, 'topic: events', 'topic: event']);
    const line = (await readFile(`marketing/${aForm}`, 'utf8')).split('\n').findIndex((it) => it.includes('topic:')) + 1;
    expect(problem).toMatchObject({ file: aForm, line, column: 10, got: 'event', hint: 'did you mean "events"?' });
  });

  it('warns of forms that stand nowhere, and knows none by a name that no address can have', async () => {
    const warned = await problemsAfter(['brand.yaml', /sites:.*\n/, '']);
    expect(warned).toMatchObject([{ severity: 'warning', file: aForm, code: 'no-sites' }]);
    const dir = join(root, 'names');
    await cp('marketing', dir, { recursive: true });
    await cp(join(dir, aForm), join(dir, 'forms/My Form.yaml'));
    await cp(join(dir, aForm), join(dir, 'forms/demo.yml'));
    const { problems, live } = await loadMarketing(dir);
    expect(problems.map((it) => [it.code, it.got])).toEqual([
      ['unknown-file', 'My Form.yaml'],
      ['unknown-file', 'demo.yml'],
    ]);
    expect(Object.keys(live?.forms ?? {})).toEqual(['walkthrough']);
  });

  it.each<[string, string, string, Edit]>([
    ['a tab', 'not-yaml', 'a line begins with a tab', [trial, '\n  - breathe:', '\n\t- breathe:']],
    ['a key twice', 'not-yaml', 'this key stands here twice', [trial, 'priority: 40', 'priority: 40\npriority: 50']],
    ['a brace that stays open', 'not-yaml', 'this { is not closed', [trial, '{ wait: 3 days }', '{ wait: 3 days']],
    ['a quotation mark that stays open', 'not-yaml', 'this quotation mark is not closed', ['brand.yaml', 'company: ', 'company: "']],
    ['a key twice above an e-mail', 'not-yaml', 'this key stands here twice', [welcome, 'subject:', 'subject: Hi\nsubject:']],
    ['a currency that is none', 'unknown-currency', 'this is no currency', [welcome, /$/, "\n{{ 12 | money: 'EURO' }}\n"]],
    [
      'a date format that is none',
      'unknown-date-format',
      'no date is written like this',
      [welcome, /$/, "\n{{ '2026-01-02' | date: '%d.%m.%Y' }}\n"],
    ],
    [
      'a label and its link apart',
      'torn-link',
      'a space stands between a label and its link, so both are shown as they are written',
      [welcome, /$/, '\n[here is more] (https://lintel.example/more)\n'],
    ],
    ['a link to nothing', 'relative-link', 'this link leads nowhere from an inbox', [welcome, /$/, '\n[here is more]()\n']],
  ])('says %s in plain words, and where', async (_what, code, what, edit) => {
    const problems = await problemsAfter(edit);
    const [file, from, to] = edit;
    const before = await readFile(`marketing/${file}`, 'utf8');
    const changed =
      before
        .replace(from, to)
        .split('\n')
        .findIndex((line, at) => line !== before.split('\n')[at]) + 1;
    const found = problems.find((it) => it.code === code);
    expect(found, JSON.stringify(problems)).toMatchObject({ file, what });
    expect([changed, changed + 1]).toContain(found?.line);
    expect(problems).toHaveLength(1);
  });

  it('offers the zone that was meant, and a share without its sign', async () => {
    const problems = await problemsAfter(
      ['brand.yaml', 'time-zone: Europe/Dublin', 'time-zone: Europe/Dubln'],
      [trial, 'share: 10, holdout', 'share: 10%, holdout'],
    );
    const hints = problems.flatMap(({ code, hint }) => (['unknown-time-zone', 'wrong-type'].includes(code) ? [hint] : []));
    expect(hints).toEqual(['did you mean "Europe/Dublin"?', 'write it without %: 10, or 0.1 where a part of 1 is asked for']);
  });

  it('says what is wrong in the e-mails, and of topics, while other files have errors', async () => {
    const link: Edit = [welcome, /$/, '\n[the plans](/plans)\n'];
    const topic: Edit = [trial, 'topic: product-tips', 'topic: product-tip'];
    const codes = async (...edits: readonly Edit[]) => (await problemsAfter(...edits)).map((it) => it.code);
    expect(await codes(link, topic, ['scoring.yaml', 'points: 20', 'points: many'])).toEqual([
      'wrong-type',
      'relative-link',
      'unknown-topic',
    ]);
    expect(await codes(link, [trial, 'owner:', 'ownr:'])).toEqual(['relative-link', 'missing', 'unknown-key']);
    expect(await codes(link, ['brand.yaml', 'time-zone: Europe/Dublin', 'time-zone: Nowhere'])).toEqual(['unknown-time-zone']);
  });

  it('warns of files that nothing reads, and refuses letters that are not UTF-8', async () => {
    const dir = join(root, 'odd');
    await cp('marketing', dir, { recursive: true });
    const files = [
      'README.md',
      'notes/plan.md',
      'people.yaml',
      'scorng.yaml',
      'pages/de.yml',
      'sequences/trial-nurture/welcome.md',
      'partails/a.md',
    ];
    for (const it of ['notes', 'pages', 'partails']) await mkdir(join(dir, it));
    for (const it of files) await writeFile(join(dir, it), 'x: 1');
    await writeFile(join(dir, welcome), Buffer.from('---\nsubject: Hi\n---\nA Caf\xe9', 'latin1'));
    const { problems } = await loadMarketing(dir);
    expect(problems.map(({ severity, code, file, line, column, hint }) => [severity, code, file, line, column, hint])).toEqual([
      ['warning', 'unread-file', 'pages/de.yml', 1, 1, 'did you mean "de.yaml"?'],
      ['warning', 'unread-file', 'partails/a.md', 1, 1, 'did you mean "partials"?'],
      ['warning', 'unread-file', 'scorng.yaml', 1, 1, 'did you mean "scoring.yaml"?'],
      ['error', 'not-utf8', welcome, 4, 6, undefined],
      ['warning', 'unread-file', 'sequences/trial-nurture/welcome.md', 1, 1, undefined],
    ]);
  });

  it('reports everything at once, of every file', async () => {
    const problems = await problemsAfter(
      [trial, 'priority: 40', 'prioritty: 40'],
      ['sales.yaml', 'rep: ruth', 'rep: jonas'],
      ['brand.yaml', 'company:', 'compani:'],
    );
    expect(new Set(problems.map((it) => it.file))).toEqual(new Set(['brand.yaml', 'sales.yaml', trial]));
  });

  it('never throws, whatever stands in a file', async () => {
    const dir = join(root, 'fuzz');
    // One e-mail is enough: all are compiled anew each time, whatever else is wrong.
    const isNeeded = (path: string) => !/webinar-follow-up|emails\/(?!welcome)/.test(path);
    await cp('marketing', dir, { recursive: true, filter: isNeeded });
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 120 }),
      fc.json({ maxDepth: 3 }),
      fc
        .array(fc.constantFrom('a: ', '- ', '  ', '\n', '[', '}', '&x ', '*x', '!!js ', '"', '|', '1', 'steps:', 'enter:', '{ if: '), {
          maxLength: 30,
        })
        .map((it) => it.join('')),
    );
    const files = fc.constantFrom('brand.yaml', 'scoring.yaml', 'sales.yaml', trial, welcome, 'layout.mjml', 'baton.lock.json');
    await fc.assert(
      fc.asyncProperty(files, texts, async (file, text) => {
        const before = await readFile(join('marketing', file), 'utf8');
        await writeFile(join(dir, file), text);
        const marketing = await loadMarketing(dir);
        await compileMarketing(marketing);
        await writeFile(join(dir, file), before);
        for (const problem of marketing.problems) expect(problem.line).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });

  it('says so when the folder is not there', async () => {
    await expect(loadMarketing(join(root, 'nowhere'))).rejects.toThrow('there is no folder');
  });
});
