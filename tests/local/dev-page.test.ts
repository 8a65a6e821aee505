import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadList } from '#local/dev/api';
import { chromiumPath, howToGetChromium, launchChromium } from '#tests/helpers/chromium';
import { type DevProcess, startDev } from '#tests/helpers/dev-process';

const executablePath = chromiumPath();
if (executablePath === undefined) console.error(howToGetChromium);

describe.skipIf(executablePath === undefined)('the page of baton dev, in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-dev-page-'));
  const troubles: string[] = [];
  const elsewhere: string[] = [];
  let dev: DevProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    dev = await startDev(['--data', folder, '--port', '0', '--speed', 'paused']);
    browser = await launchChromium(executablePath ?? '');
    page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
    });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(dev.url) && !request.url().startsWith('data:')) elsewhere.push(request.url());
    });
    await page.goto(dev.url);
  });

  afterAll(async () => {
    await browser?.close();
    await dev?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const nav = (name: string) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();

  it('takes in one lead by its form', async () => {
    await page.getByLabel('E-mail address').fill('kim@example.com');
    await page.getByLabel('First name').fill('Kim');
    await page.getByLabel('Employees').fill('120');
    await page.getByLabel('Begins').selectOption({ label: 'trial-nurture: does trial.started' });
    await page.getByRole('button', { name: 'Add the lead' }).click();
    await page.getByText('kim@example.com is in').waitFor();
  });

  it('says what is wrong with an address', async () => {
    await page.getByLabel('E-mail address').fill('a@b');
    await page.getByRole('button', { name: 'Add the lead' }).click();
    await page.getByText('this is not an e-mail address').waitFor();
  });

  it('shows the first mail as its reader sees it, without running it', async () => {
    await nav('Inbox');
    await page.getByRole('link', { name: /kim@example.com/ }).click();
    const frame = page.frameLocator('iframe[title="The mail as it is read"]');
    await frame.getByText('Hi Kim').waitFor();
    await page.getByRole('tab', { name: 'Text' }).click();
    await page.locator('pre', { hasText: 'Hi Kim' }).waitFor();
    await page.getByRole('tab', { name: 'Headers' }).click();
    await page.getByRole('rowheader', { name: 'List-Unsubscribe-Post' }).waitFor();
  });

  it('lets one open it and follow a link, and tells of both', async () => {
    await page.getByRole('button', { name: 'Open it' }).click();
    await page
      .getByRole('button', { name: /^Click/ })
      .first()
      .click();
    const events = page.getByRole('list', { name: 'Events of this mail' });
    await events.getByText('opened').waitFor();
    await events.getByText('clicked').waitFor();
  });

  it('tells the lead’s story, and what comes next', async () => {
    await page.getByRole('link', { name: 'kim@example.com' }).last().click();
    await page.getByRole('heading', { name: 'What comes next' }).waitFor();
    await page.getByText('followed a link in “welcome”').waitFor();
    await page
      .getByText(/“settle” is over/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Visit /pricing' }).click();
    await page.getByText('looked at /pricing').waitFor();
    await page.getByText('looked at the prices').waitFor();
  });

  it('lets days pass, and draws where leads are', async () => {
    await page.getByRole('button', { name: '+1 day' }).click();
    await nav('Sequences');
    await page.locator('.diagram svg').getByText('1 sent · 1 opened · 1 clicked').waitFor({ timeout: 20_000 });
  });

  it('pauses a sequence, says so on every page, and resumes it', async () => {
    await nav('Sequences');
    await page.getByRole('link', { name: /^trial-nurture/ }).click();
    await page.getByRole('button', { name: 'Pause it' }).click();
    await page.getByRole('heading', { name: 'Paused' }).waitFor();
    await nav('Leads');
    await page.getByRole('link', { name: 'See why' }).click();
    await page.getByText('paused by hand').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause it' }).waitFor();
  });

  it('shows the page that the mail’s link leads to, which changes nothing by being looked at', async () => {
    await nav('Inbox');
    await page
      .getByRole('link', { name: /kim@example.com/ })
      .first()
      .click();
    const path = await page.getByRole('link', { name: 'leave', exact: true }).getAttribute('href');
    const other = await browser.newPage();
    await other.goto(`${dev.url}${path}`);
    await other.getByRole('button').waitFor();
    await other.close();
    expect((await dev.get<LeadList>('/leads?search=kim')).leads[0]?.where).not.toContain('unsubscribed');
  });

  it('stops when the reader leaves', async () => {
    await nav('Inbox');
    await page
      .getByRole('link', { name: /kim@example.com/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Unsubscribe' }).click();
    await page.getByRole('link', { name: 'kim@example.com' }).last().click();
    await page.getByText('trial-nurture was stopped').waitFor();
    await page.getByText('the lead left this topic', { exact: true }).waitFor();
  });

  it('imports the sample list, runs a fortnight, and has tasks for sales', async () => {
    await nav('Start');
    await page.getByRole('button', { name: 'Import the sample list' }).click();
    await page.getByText('The sample list is in').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: '+1 week' }).click();
    await nav('Sales tasks');
    await page.getByRole('heading', { name: 'Why now' }).first().waitFor({ timeout: 90_000 });
    await page.getByRole('link', { name: 'the brief' }).first().click();
    await page.frameLocator('iframe').getByText('is ready for a talk').waitFor();
  }, 150_000);

  it('finds leads, works on a phone, and by keyboard', async () => {
    await nav('Leads');
    await page.getByRole('searchbox').fill('kim@');
    await page.getByRole('row', { name: /Kim/ }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    await page.setViewportSize({ width: 375, height: 780 });
    for (const path of ['/', '/inbox', '/leads', '/sequences', '/tasks']) {
      await page.goto(`${dev.url}${path}`);
      await page.waitForTimeout(400);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(`${path} ${wider}`).toBe(`${path} 0`);
    }
    await page.goto(dev.url);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Skip to the content');
  });

  it('says so when Baton has stopped', async () => {
    await dev.stop();
    await page.getByRole('alert').getByText('Baton does not answer').waitFor();
  });

  it('had no error on the way, and asked nobody else for anything', () => {
    expect(elsewhere).toEqual([]);
    // The browser itself notes what was refused on purpose above, and the stop.
    expect(troubles.filter((it) => !/400 \(Bad Request\)|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/.test(it))).toEqual(
      [],
    );
  });
});
