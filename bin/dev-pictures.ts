import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { chromiumPath, howToGetChromium, launchChromium } from '#tests/helpers/chromium';

/** Screenshots of every view of a running `baton dev`: `tsx bin/dev-pictures.ts http://127.0.0.1:4400 docs/pictures [all]`. */
const [base = 'http://127.0.0.1:4400', folder = 'docs/pictures', which] = process.argv.slice(2);
/** Every view in every look; else as many as the docs show. */
const everything = which === 'all';

type Look = {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly dark?: true;
  readonly only?: readonly string[];
};
const looks: readonly Look[] = [
  { name: '', width: 1280, height: 860 },
  { name: '-dark', width: 1280, height: 860, dark: true, only: ['sequences'] },
  { name: '-phone', width: 375, height: 780, only: ['lead'] },
];

const first = async <T>(path: string): Promise<T> => (await (await fetch(`${base}${path}`)).json()) as T;

const views = async () => {
  const { mails } = await first<{ mails: { messageId: string; kind: string; opened: boolean }[] }>('/api/mails');
  const mail = mails.find((it) => it.kind === 'lead' && it.opened) ?? mails[0];
  const [task] = await first<{ leadId: string }[]>('/api/tasks');
  return [
    { name: 'start', path: '/' },
    { name: 'inbox', path: `/inbox/${mail?.messageId ?? ''}` },
    { name: 'leads', path: '/leads' },
    { name: 'lead', path: `/leads/${task?.leadId ?? ''}` },
    { name: 'sequences', path: '/sequences' },
    { name: 'tasks', path: '/tasks' },
  ];
};

const executablePath = chromiumPath();
if (executablePath === undefined) {
  console.error(howToGetChromium);
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const browser = await launchChromium(executablePath);
const settle = (page: Page) => page.waitForTimeout(900);
for (const look of looks) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.dark ? 'dark' : 'light',
  });
  const page = await context.newPage();
  for (const { name, path } of await views()) {
    if (look.only && !look.only.includes(name) && !everything) continue;
    await page.goto(`${base}${path}`);
    await settle(page);
    await page.screenshot({ path: `${folder}/dev-${name}${look.name}.png` });
  }
  await context.close();
}
await browser.close();
