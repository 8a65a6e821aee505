import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser on this machine, or undefined. `BATON_CHROMIUM` names another one. */
export const chromiumPath = (): string | undefined =>
  [process.env.BATON_CHROMIUM ?? '', ...places].find((it) => it !== '' && existsSync(it));

/** Said when page tests are skipped. */
export const howToGetChromium =
  'SKIPPED: page tests need Chromium. Debian and Ubuntu: apt-get install chromium. Elsewhere: install Chrome or Chromium and set BATON_CHROMIUM to its path.';

/** Quiet and offline: without these it looks up its maker's hosts at every start. */
export const launchChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
