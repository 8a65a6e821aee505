import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importedMail } from '#adapters/email/imported-mail';
import { importSequence } from '#cli/import-sequence';
import { formats } from '#core/importers/foreign';
import { eventOf, fieldOf, secondsInYaml, secondsOfIso, slugOf, wholeShares } from '#core/importers/words';

const folder = mkdtempSync(join(tmpdir(), 'baton-import-'));
const out = join(folder, 'marketing');
beforeAll(() => {
  cpSync('marketing', out, { recursive: true });
  for (const it of ['sequences', 'baton.lock.json']) rmSync(join(out, it), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

const fixture = (format: string) => `tests/fixtures/importers/${format}.json`;
const file = (name: string, data: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof data === 'string' ? data : JSON.stringify(data));
  return path;
};

describe.each(formats)('a journey of %s', (format) => {
  it('is recognised, becomes a sequence that checks and compiles, and says what did not come over', async () => {
    const { report, problems, states, folder: written } = await importSequence(fixture(format), { out, topic: 'product-tips' });
    expect(report.format).toBe(format);
    expect(problems.filter((it) => it.severity === 'error')).toEqual([]);
    await expect(readFileSync(join(written, 'sequence.yaml'), 'utf8')).toMatchFileSnapshot(`../fixtures/importers/${format}.sequence.yaml`);
    await expect(readFileSync(join(written, 'imported.md'), 'utf8')).toMatchFileSnapshot(`../fixtures/importers/${format}.imported.md`);
    expect(states).toBeGreaterThan(report.emails.length);
    expect(report.steps.length).toBeGreaterThan(report.emails.length);
    expect(report.notes.length).toBeGreaterThan(0);
    for (const note of report.notes) expect(note.why).not.toBe('');
  });
});

describe('importing', () => {
  it('never writes over a sequence that is there', async () => {
    await expect(importSequence(fixture('mailshot'), { out, as: 'trial-expiring' })).rejects.toThrow(/already; say another id with --as/);
  });

  it('takes the owner, the topic and the id that it is given, and asks about the topic otherwise', async () => {
    const { report, folder: written } = await importSequence(fixture('mailshot'), {
      out,
      as: 'another',
      owner: 'kim@lintel.example',
      topic: 'events',
    });
    expect(readFileSync(join(written, 'sequence.yaml'), 'utf8')).toMatch(/sequence: another\nowner: kim@lintel\.example\ntopic: events/);
    expect(report.notes.map((it) => it.activity)).not.toContain('topic');
    const { report: asked } = await importSequence(fixture('mailshot'), { out, as: 'one-more' });
    expect(asked.notes).toContainEqual({ activity: 'topic', fate: 'changed', why: expect.stringContaining('product-tips') });
  });

  it.each([
    ['nothing.json', undefined, /there is no file/],
    ['sequence.config.ts', 'export default {}', /is not JSON; of mailshot's sequence\.config\.ts make JSON first: npx tsx/],
    ['other.json', { hello: 'there' }, /none of the formats that are understood: pinpoint, mautic, dittofeed, mailshot/],
    ['broken.json', { JourneyResponse: { Activities: { a: { WAIT: 'soon' } } } }, /is not what pinpoint exports(.|\n)*Name/],
    ['empty.json', { JourneyResponse: { Name: 'x', Activities: { a: { SMS: {} } } } }, /nothing in it becomes a step/],
  ])('says what is wrong with %s', async (name, data, words) => {
    const path = data === undefined ? join(folder, name) : file(name, data);
    await expect(importSequence(path, { out })).rejects.toThrow(words);
  });
});

describe('the text of an imported mail', () => {
  it('has our merge fields, no condition, and no second link to leave', () => {
    const { markdown, notes } = importedMail({
      label: 'x',
      subject: 'Hi {{ user.firstName | default: "you" }}',
      html: '<p>Dear {{Attributes.LastName}}, {{ user.email }}</p>{% if a %}<p>pro</p>{% endif %}<a href="{{ unsubscribeUrl }}">Leave</a><a href="javascript:x">no</a> {{ a.b[0] }}',
    });
    expect(markdown).toContain("Hi {{ lead.first-name | default: 'you' }}");
    expect(markdown).toContain("Dear {{ lead.last-name | default: '' }}, {{ lead.email }}");
    expect(markdown).not.toMatch(/Leave|javascript|a\.b|\{%/);
    expect(notes).toEqual([
      'a condition in its text was taken out, so that its words stand for everybody now: {% if a %}',
      'of its text this was left out: {{ a.b[0] }}',
    ]);
  });
});

describe('words', () => {
  it('become names, events, fields, lengths and shares of ours', () => {
    expect(['Über uns', '2nd Mail!', 'camelCase', '', 'x'.repeat(40)].map((it) => slugOf(it))).toEqual([
      'uber-uns',
      'step-2nd-mail',
      'camel-case',
      'step',
      'x'.repeat(32),
    ]);
    expect(['Trial.Started', 'ORDER_PLACED', '_session.start'].map(eventOf)).toEqual(['trial.started', 'order-placed', 'session.start']);
    expect(['firstname', 'FirstName', 'first_name', 'planTier'].map(fieldOf)).toEqual([
      'first-name',
      'first-name',
      'first-name',
      'plan-tier',
    ]);
    expect([0, 90, 3600, 172_800, 604_800, 5400].map(secondsInYaml)).toEqual([
      undefined,
      '90 seconds',
      '1 hour',
      '2 days',
      '1 week',
      '90 minutes',
    ]);
    expect(['P2D', 'PT1H30M', 'P1W', 'P', '2 days'].map(secondsOfIso)).toEqual([172_800, 5400, 604_800, undefined, undefined]);
    for (const shares of [
      [1, 1, 1],
      [50, 33, 17],
      [99.6, 0.4],
      [0, 100],
      [3, 3, 3, 3, 3, 3, 3],
    ])
      expect(wholeShares(shares).reduce((sum, it) => sum + it, 0)).toBe(100);
    expect(wholeShares([99.6, 0.4])).toEqual([99, 1]);
  });
});
