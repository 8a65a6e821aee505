import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmationLanguages } from '#adapters/email/confirmation-mail';
import { compileMarketing } from '#cli/compile';
import { confirmationStep } from '#core/sequences/confirmation';
import { buildPreview, type Preview } from '#local/preview/build-preview';
import { previewFiles } from '#local/preview/pages';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-preview-'));
  await cp('marketing', join(folder, 'marketing'), { recursive: true });
  const plain = await readFile('marketing/sequences/trial-nurture/emails/welcome.md', 'utf8');
  const german = plain.replace(/^subject:.*$/m, 'subject: "Willkommen, {{ lead.first-name | default: \'schön\' }}"');
  await writeFile(join(folder, 'marketing/sequences/trial-nurture/emails/welcome.de.md'), german);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['bin/baton.mjs', 'preview', '--dir', join(folder, 'marketing'), '--json', ...args]);
const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));

describe('the gallery', () => {
  let preview: Preview;
  beforeAll(async () => {
    preview = await buildPreview(join(folder, 'marketing'), compileMarketing);
  });

  it('shows every e-mail for every sample lead, and for a reader of each language', () => {
    const emails = preview.sequences.flatMap((it) => it.emails);
    expect(emails, 'fourteen of the sequences, and one for each topic that asks to confirm').toHaveLength(16);
    for (const { step, mails } of emails) {
      const languages =
        step === confirmationStep ? confirmationLanguages.filter((it) => it !== 'en').toSorted() : step === 'welcome' ? ['de'] : [];
      const expected = ['known', 'unknown', 'long', ...languages];
      expect(mails.map((it) => it.sample.id)).toEqual(expected);
    }
    const welcome = emails.find((it) => it.step === 'welcome')?.mails ?? [];
    expect(welcome.find((it) => it.sample.id === 'de')?.subject).toBe('Willkommen, Kim');
    expect(welcome.find((it) => it.sample.id === 'known')?.subject).not.toContain('Willkommen');
  });

  it('is plain files that link to each other, load nothing from elsewhere and run nothing', async () => {
    const files = await previewFiles(preview, { isLive: false });
    const paths = new Set(files.map((it) => it.path));
    for (const { path, content } of files.filter((it) => !it.path.endsWith('.frame.html'))) {
      expect(content).not.toMatch(/<script|<link\b/);
      for (const [, target = ''] of content.matchAll(/(?:href|src)="([^"#]+)"/g))
        expect(paths).toContain(new URL(target, `https://x/${path}`).pathname.slice(1));
      for (const [frame] of content.matchAll(/<iframe[^>]*>/g)) expect(frame).toContain('sandbox=""');
    }
  });

  it('lets no name out of its text', async () => {
    const files = await previewFiles(preview, { isLive: false });
    for (const { content } of files) expect(content).not.toContain('<Builders>');
  });
});

describe('baton preview', () => {
  it('writes the gallery into a folder, and fails when an e-mail is missing from it', async () => {
    const out = join(folder, 'out');
    expect(await ended(run(['--out', out]))).toBe(0);
    expect(await readFile(join(out, 'trial-nurture/welcome.de.frame.html'), 'utf8')).toContain('Hi Kim');
    const broken = join(folder, 'marketing/sequences/trial-nurture/emails/welcome.de.md');
    const good = await readFile(broken, 'utf8');
    await writeFile(broken, good.replace('Hi ', 'Hi {{ lead.first-nam }} '));
    expect(await ended(run(['--out', out]))).toBe(1);
    expect(await readFile(join(out, 'index.html'), 'utf8')).toContain('welcome.de.md');
    await writeFile(broken, good);
  }, 60_000);

  it('shows an edit by itself', async () => {
    const child = run(['--port', '0']);
    const { where } = await new Promise<{ where: string }>((resolve) => {
      if (child.stdout) createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as { where: string }));
    });
    try {
      const frame = `${where}/trial-nurture/welcome.known.frame.html`;
      const shown = await fetch(frame);
      expect(shown.headers.get('content-security-policy')).toContain('sandbox');
      const changes = await fetch(`${where}/changes`);
      const file = join(folder, 'marketing/sequences/trial-nurture/emails/welcome.md');
      await writeFile(file, (await readFile(file, 'utf8')).replace('Your trial is open.', 'Your trial has just been opened.'));
      const { value } = await (changes.body as ReadableStream<Uint8Array>).getReader().read();
      expect(new TextDecoder().decode(value)).toContain('event: changed');
      expect(await (await fetch(frame)).text()).toContain('has just been opened');
      expect((await fetch(`${where}/../../package.json`)).status).toBe(404);
    } finally {
      const done = ended(child);
      child.kill('SIGTERM');
      expect(await done).toBe(0);
    }
  }, 60_000);
});
