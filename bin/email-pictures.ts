import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compileMarketing } from '#cli/compile';
import { localePattern } from '#core/locale';
import { buildPreview } from '#local/preview/build-preview';
import { chromiumPath, howToGetChromium, launchChromium } from '#tests/helpers/chromium';

/** Every e-mail of `marketing/` as PNG, at 375 and 800 pixels, light and dark: `tsx bin/email-pictures.ts <folder>`. */
const [folder = '.baton/email-pictures', dir = 'marketing'] = process.argv.slice(2);
const executablePath = chromiumPath();
if (executablePath === undefined) {
  console.error(howToGetChromium);
  process.exit(1);
}
const { sequences } = await buildPreview(dir, compileMarketing);
const browser = await launchChromium(executablePath);
let count = 0;
for (const width of [375, 800]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, javaScriptEnabled: false, offline: true });
    const page = await context.newPage();
    for (const { sequence, emails } of sequences) {
      mkdirSync(join(folder, sequence), { recursive: true });
      for (const { step, mails } of emails) {
        for (const { sample, html } of mails.filter((it) => it.sample.id === 'known' || localePattern.test(it.sample.id))) {
          await page.setContent(html);
          const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
          if (wider !== 0) console.error(`${sequence}/${step} is ${String(wider)} pixels wider than a screen of ${width}`);
          await page.screenshot({ path: join(folder, sequence, `${step}.${sample.id}.${width}.${colorScheme}.png`), fullPage: true });
          count++;
        }
      }
    }
    await context.close();
  }
}
await browser.close();
console.log(`${count} pictures in ${folder}`);
