import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { chromiumPath, howToGetChromium, launchChromium } from '#tests/helpers/chromium';
import { servePages } from '#tests/helpers/pages-world';

/** Every page that leads reach from their mail, at 375 and 800 pixels, light and dark, without JavaScript: `tsx bin/page-pictures.ts <folder> [locales]`. */
const [folder = '.baton/page-pictures', languages = 'en,de'] = process.argv.slice(2);
const executablePath = chromiumPath();
if (executablePath === undefined) {
  console.error(howToGetChromium);
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const pages = await servePages();
const browser = await launchChromium(executablePath);
let count = 0;

const press = (page: Page, form: number) => page.locator('form button').nth(form).click();

/** In the order in which one lead may come by them. */
const walk = async (page: Page, locale: string, shoot: (name: string) => Promise<void>) => {
  const leadId = await pages.aLead({ confirmed: false });
  const open = (purpose: 'unsubscribe' | 'preferences' | 'confirm') => page.goto(pages.linkTo(purpose, leadId, locale));
  await open('confirm');
  await shoot('confirm');
  await press(page, 0);
  await shoot('confirmed');
  await open('preferences');
  await shoot('preferences');
  await press(page, 1);
  await shoot('paused');
  await page.locator('input[type=checkbox]').first().check();
  await press(page, 0);
  await shoot('waiting');
  await open('unsubscribe');
  await shoot('leave');
  await press(page, 0);
  await shoot('left');
  await open('confirm');
  await shoot('nothing-to-confirm');
  await page.goto(`${pages.url}/u/cut-off`);
  await shoot('lost');
};

for (const width of [375, 800]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport: { width, height: 700 }, colorScheme, javaScriptEnabled: false });
    const page = await context.newPage();
    for (const locale of languages.split(',')) {
      await walk(page, locale, async (name) => {
        await page.screenshot({ path: join(folder, `${name}.${locale}.${width}.${colorScheme}.png`), fullPage: true });
        count++;
      });
    }
    await context.close();
  }
}
await browser.close();
await pages.stop();
console.log(`${count} pictures in ${folder}`);
