import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { chromiumPath, howToGetChromium, launchChromium } from '#tests/helpers/chromium';
import { playedConsole } from './console/played.ts';

/** Screenshots of every view of the console, light, dark and on a phone: `npm run pictures [folder]`. */
const [folder = 'docs/pictures/console'] = process.argv.slice(2);

const looks = [
  { name: '', width: 1280, height: 800, colorScheme: 'light' },
  { name: '-dark', width: 1280, height: 800, colorScheme: 'dark' },
  { name: '-phone', width: 375, height: 780, colorScheme: 'light' },
] as const;

const settle = async (page: Page): Promise<void> => {
  await page.locator('main h1').waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
  await page.waitForTimeout(250);
};

/** What is looked at in the view: a mail, a day in the middle. */
const act = async (page: Page, name: string): Promise<void> => {
  if (name === 'rehearsal') await page.getByRole('slider').fill('16');
  if (name === 'mails') await page.locator('.rows a').nth(2).click();
  if (name === 'mails') await page.waitForTimeout(600);
};

/** As WebP, a third of the size: the browser can write it. */
const smaller = async (tool: Page, png: Buffer): Promise<Buffer> =>
  Buffer.from(
    await tool.evaluate(async (source) => {
      const image = new Image();
      image.src = `data:image/png;base64,${source}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.width;
      canvas.height = image.height;
      canvas.getContext('2d')?.drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', 0.85).split(',')[1] ?? '';
    }, png.toString('base64')),
    'base64',
  );

const executablePath = chromiumPath();
if (executablePath === undefined) {
  console.error(howToGetChromium);
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const { url, views, stop } = await playedConsole();
const browser = await launchChromium(executablePath);
const tool = await browser.newPage();
for (const { name: look, width, height, colorScheme } of looks) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'en-IE', reducedMotion: 'reduce' });
  const page = await context.newPage();
  for (const { name, path } of views) {
    await page.goto(`${url}${path}`);
    await settle(page);
    await act(page, name);
    const picture = await page.screenshot({ fullPage: name === 'operations' });
    writeFileSync(`${folder}/${name}${look}.webp`, await smaller(tool, picture));
    if (name === 'mails' && look === '') writeFileSync(`${folder}/../dev-inbox.png`, picture);
  }
  await context.close();
}
await browser.close();
await stop();
process.exit(0);
