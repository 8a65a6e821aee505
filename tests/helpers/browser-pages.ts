import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { chromiumPath, howToGetChromium, launchChromium } from './chromium.ts';
import { type ServedPages, servePages } from './pages-world.ts';

type Look = Parameters<Browser['newContext']>[0];
export type Opened = { readonly page: Page; readonly context: BrowserContext; readonly elsewhere: readonly string[] };
export type InBrowser = {
  readonly pages: () => ServedPages;
  /** A page without JavaScript, as some mail programs open it. Asking anything of anybody else is noted. */
  readonly open: (url: string, look?: Look) => Promise<Opened>;
};

/** Tests of our own pages on a phone's screen; skipped, with a line that says so, where there is no browser. */
export const describeInBrowser = (title: string, tests: (use: InBrowser) => void): void => {
  const executablePath = chromiumPath();
  if (executablePath === undefined) console.error(howToGetChromium);
  describe.skipIf(executablePath === undefined)(title, () => {
    let served: ServedPages | undefined;
    let browser: Browser | undefined;
    beforeAll(async () => {
      served = await servePages();
      browser = await launchChromium(executablePath ?? '');
    });
    afterAll(async () => {
      await browser?.close();
      await served?.stop();
    });
    const pages = (): ServedPages => {
      if (!served) throw new Error('the pages are not served yet');
      return served;
    };
    const open = async (url: string, look: Look = {}): Promise<Opened> => {
      if (!browser) throw new Error('the browser is not open yet');
      const elsewhere: string[] = [];
      const context = await browser.newContext({ viewport: { width: 375, height: 700 }, javaScriptEnabled: false, ...look });
      const page = await context.newPage();
      page.on('request', (request) => request.url().startsWith(pages().url) || elsewhere.push(request.url()));
      await page.goto(url);
      return { page, context, elsewhere };
    };
    tests({ pages, open });
  });
};
